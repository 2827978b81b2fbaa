// Goods that take more than a scan: one of several with a code, without a code, with a deposit, with
// a number of their own; and the last action taken back by one key.
import assert from "node:assert/strict";
import { startHub } from "./hub.mjs";
import { SCREENS, scene, sit, startBrowser } from "./cashier.mjs";
import { look } from "./eyes.mjs";
import { COLA, DEPARTMENTS, lineCatalogue, PHONE, SHARED, WATER } from "./goods.mjs";

/** @typedef {import("./cashier.mjs").Cashier} Cashier */

const SMALL = { width: 800, height: 480 };

/** @param {import("node:test").TestContext} context @param {string} album */
async function atWork(context, album) {
  const hub = await startHub(context, { more: DEPARTMENTS });
  const cashier = await sit(await startBrowser(context), hub.url, album);
  await cashier.begin("1");
  await cashier.importCatalogue(lineCatalogue());
  return cashier;
}

/** On every screen. @param {Cashier} cashier @param {string} name @param {string[]} faults */
async function everywhere(cashier, name, faults) {
  for (const [screen, size] of Object.entries({ ...SCREENS, small: SMALL })) {
    await cashier.page.setViewportSize(size);
    await look(cashier, `${name}-${screen}`, faults);
  }
  await cashier.page.setViewportSize(SCREENS.desk);
}

scene("the cashier chooses among the items of one barcode", async (context) => {
  const cashier = await atWork(context, "choose");
  /** @type {string[]} */
  const faults = [];
  await cashier.scan(SHARED);
  await cashier.page.waitForSelector("[data-choose=S2]");
  await everywhere(cashier, "1-asked", faults);
  await cashier.press("2");
  await cashier.lines(1);
  await cashier.total("35");
  // Arrows and Enter; and Escape puts it away.
  await cashier.scan(SHARED);
  await cashier.page.waitForSelector("[data-choose=S2]");
  await cashier.press("ArrowDown");
  await cashier.press("ArrowUp");
  await cashier.press("Enter");
  await cashier.lines(2);
  await cashier.total("65");
  await cashier.scan(SHARED);
  await cashier.page.waitForSelector("[data-choose=S1]");
  await cashier.press("Escape");
  await cashier.gone("[role=dialog]");
  await cashier.lines(2);
  // The same again goes onto its line; a finger does it too.
  await cashier.scan(SHARED);
  await cashier.page.click("[data-choose=S1]");
  await cashier.total("95");
  await cashier.lines(2);
  // A price enquiry names all of them.
  await cashier.press("F11");
  await cashier.page.waitForSelector("[role=dialog]");
  await cashier.scan(SHARED);
  await cashier.page.waitForSelector("[data-choose=S1]");
  await everywhere(cashier, "2-prices", faults);
  await cashier.press("2");
  await cashier.page.waitForSelector("[data-price-of=S2]");
  await cashier.shot("3-price");
  await cashier.page.click("[data-do=sell-it]");
  await cashier.lines(3);
  await cashier.total("130");
  assert.deepEqual(faults, []);
});

scene("goods without a code are sold by the key of their department", async (context) => {
  const cashier = await atWork(context, "department");
  /** @type {string[]} */
  const faults = [];
  await cashier.page.waitForSelector("[data-department=熟食]");
  await everywhere(cashier, "1-keys", faults);
  // The price first, as at any register.
  await cashier.type("2*45");
  await cashier.page.click("[data-department=熟食]");
  await cashier.total("90");
  await cashier.press("+");
  await cashier.page.waitForSelector("[role=dialog] [name=amount]");
  await cashier.page.click(".choice:has([name=department][value=蔬果])");
  await cashier.page.fill("[name=amount]", "33");
  await everywhere(cashier, "2-asked", faults);
  await cashier.press("Enter");
  await cashier.lines(2);
  await cashier.total("123");
  await cashier.type("501");
  await cashier.page.click("[data-department=熟食]");
  await cashier.page.waitForSelector("[data-refusal=amount_out_of_range]");
  await cashier.shot("3-too-dear");
  assert.deepEqual(faults, []);
});

scene("a deposit goes with its goods and a piece waits for its number", async (context) => {
  const cashier = await atWork(context, "deposit");
  /** @type {string[]} */
  const faults = [];
  await cashier.scan(COLA);
  await cashier.scan(COLA);
  await cashier.total("54");
  await cashier.lines(2);
  await cashier.scan(PHONE);
  await cashier.page.waitForSelector("[role=dialog] [name=serial]");
  await everywhere(cashier, "1-number", faults);
  // The box bears its barcode too.
  await cashier.scan(PHONE);
  await cashier.page.waitForSelector(".form-error");
  await cashier.press("Escape");
  await cashier.gone("[role=dialog]");
  await cashier.page.waitForSelector("[data-serial-of]");
  await everywhere(cashier, "2-wanted", faults);
  await cashier.press("F9");
  await cashier.at("payment");
  await cashier.press("Enter");
  await cashier.page.waitForSelector("[role=dialog] [name=serial]");
  await cashier.scan("356938035643809");
  await cashier.gone("[role=dialog]");
  await cashier.press("F2");
  await cashier.type("9000");
  await cashier.press("Enter");
  await cashier.page.waitForSelector("[data-given='1']");
  await everywhere(cashier, "3-paid-in-part", faults);
  // One key takes the last payment back, and no line with it.
  await cashier.press("F7");
  await cashier.gone("[data-given='1']");
  // The register shows it before its answer is here; until then no other payment is taken.
  await cashier.page.waitForSelector("[data-do=tender]:enabled");
  await cashier.press("F7");
  await cashier.press("Enter");
  await cashier.at("receipt");
  await cashier.page.waitForSelector("text=/356938035643809/");
  await cashier.shot("4-receipt");
  await cashier.press("Enter");
  await cashier.at("product");
  await cashier.scan(WATER);
  await cashier.scan(COLA);
  await cashier.lines(3);
  await cashier.press("F7");
  await cashier.total("15");
  await cashier.shot("5-both-undone");
  assert.deepEqual(faults, []);
});
