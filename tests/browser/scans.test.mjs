// Whatever customers and cashiers hold in front of the scanner between goods is taken as what it is.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startHub } from "./hub.mjs";
import { SCREENS, scene, sit, startBrowser } from "./cashier.mjs";
import { look } from "./eyes.mjs";
import { TEA, WATER } from "./goods.mjs";
import { PROMOTIONS, saves } from "./promotions.mjs";

/** A made-up carrier, of the shape that telephones show. */
const CARRIER = "/AB12+.C";
const MEMBER = "2990012345679";
const MEMBER_CARDS = `[barcodes]\nmember_cards = [{ prefix = "29900", characters = 13 }]\n`;

/** Why no code can be read off paper here; null where one can. */
const noReader = spawnSync("zbarimg", ["--version"]).error ? "zbarimg is not installed" : null;

/**
 * The signed code on the paper of the store's printer, once its only receipt is printed.
 * @param {import("./cashier.mjs").Cashier} cashier
 * @param {string} picture where the paper is put
 */
async function signedCode({ page }, picture) {
  const address = new URL("/api/v1/simulators/receipt/paper.png", page.url()).href;
  // A reader needs some tenths of a second for a look: that is pause enough.
  for (;;) {
    const paper = await page.request.get(address);
    if (paper.ok()) writeFileSync(picture, await paper.body());
    const read = paper.ok() ? spawnSync("zbarimg", ["--quiet", "--raw", picture]).stdout : "";
    const code = /^RC1:[A-Z2-7]+$/m.exec(String(read))?.[0];
    if (code) return code;
  }
}

scene("what a customer shows between goods is theirs and no goods", async (context) => {
  const hub = await startHub(context, { promotions: PROMOTIONS, more: MEMBER_CARDS });
  const browser = await startBrowser(context);
  const cashier = await sit(browser, hub.url, "scans");
  const { page } = cashier;
  await cashier.begin("1");

  // Before the first goods, as many customers hold their telephone out.
  await cashier.scan(CARRIER);
  await page.waitForSelector(`.chip[data-carrier="${CARRIER}"]`);
  await cashier.shot("1-carrier-first");
  for (let bottle = 0; bottle < 7; bottle += 1) await cashier.scan(WATER);
  await cashier.total("105");
  await cashier.scan("SAVE20");
  await saves(cashier, "coupon-twenty", "20");
  await cashier.scan(MEMBER);
  await page.waitForSelector(`[data-member="${MEMBER}"]`);
  await cashier.total("70");
  // A donation that its scanner says is a Code 39 stands beside the carrier.
  await cashier.scan("]A08999");
  await page.waitForSelector(`.chip[data-donation="8999"][data-carrier="${CARRIER}"]`);
  assert.equal(await page.locator("[data-line]").count(), 1, "nothing of it is goods");
  assert.equal(await page.locator("[data-refusal]").count(), 0);
  /** @type {string[]} */
  const faults = [];
  for (const [name, size] of Object.entries({ ...SCREENS, small: { width: 800, height: 480 } })) {
    await page.setViewportSize(size);
    await cashier.shot(`2-shown-${name}`);
    await look(cashier, `2-shown-${name}`, faults);
  }
  assert.deepEqual(faults, []);
  await page.setViewportSize(SCREENS.desk);

  // What nothing can be done with is said, and what it is of is not.
  await cashier.scan("SB0123456789ABCDEF");
  await page.waitForSelector("[data-refusal=badge_not_wanted]");
  assert.doesNotMatch(await page.textContent("body") ?? "", /SB0123/);
  await cashier.press("Escape");
  await cashier.scan("11512XF000012349876");
  await page.waitForSelector("[data-refusal=scanned_invoice]");
  await cashier.shot("3-invoice");
  await cashier.press("Escape");
  await cashier.scan(`]d201${`0${WATER}`}17200101`);
  await page.waitForSelector("[data-refusal=goods_expired]");
  await cashier.shot("4-expired");
  await cashier.press("Escape");
  await cashier.total("70");
});

scene("a receipt that is scanned between goods is looked up", async (context) => {
  const hub = await startHub(context);
  const browser = await startBrowser(context);
  const cashier = await sit(browser, hub.url, "receipt-scan");
  const { page } = cashier;
  await cashier.begin("1");
  const sell = async (/** @type {string} */ goods) => {
    await cashier.scan(goods);
    await cashier.press("F9");
    await cashier.at("payment");
    await cashier.press("Enter");
    await cashier.at("receipt");
  };
  await sell(WATER);
  const code = await signedCode(cashier, join(hub.dir, "paper.png"));
  await sell(TEA);
  await cashier.scan(WATER);
  await cashier.at("product");
  await cashier.total("15");
  await cashier.scan(code);
  await cashier.at("receipts");
  await page.waitForSelector(".journal-one:has-text('1-1')");
  assert.equal(await page.locator("[data-receipt-of]").count(), 1);
  await cashier.shot("1-found");
  // One that somebody changed is not believed, and says so.
  await cashier.scan(`${code.slice(0, -1)}${code.endsWith("A") ? "B" : "A"}`);
  await page.waitForSelector("[role=alert]");
  await cashier.shot("2-not-ours");
  await cashier.press("Escape");
  await cashier.at("product");
  await cashier.total("15");
}, noReader);
