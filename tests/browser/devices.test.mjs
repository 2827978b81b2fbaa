// Setting devices up: adding one, trying it, taking it away, over a restart and a spoilt file.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CASHIER, startHub } from "./hub.mjs";
import { scene, SCREENS, sit, startBrowser } from "./cashier.mjs";
import { look, whole } from "./eyes.mjs";

/** @typedef {import("./cashier.mjs").Cashier} Cashier */

const SMALL = { width: 800, height: 480 };

/** Opens the screen by the menu. @param {Cashier} cashier */
async function open(cashier) {
  await cashier.page.click("[data-do=menu]");
  await cashier.page.click("[data-menu=devices]");
  await cashier.at("devices");
  await cashier.page.waitForSelector("[data-source]");
}

/**
 * Writes a device down and saves it.
 * @param {Cashier} cashier @param {Record<string, string>} fields
 */
async function fill({ page }, { registers = "", ...fields }) {
  await page.waitForSelector("[data-form=device]");
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`[data-form=device] [name=${name}]`);
    const isChoice = await field.evaluate((element) => element.tagName === "SELECT");
    if (isChoice) await field.selectOption(value);
    else await field.fill(value);
  }
  for (const number of registers.split(" ").filter(Boolean)) {
    await page.click(`label.choice:has([name=registers][value="${number}"])`);
  }
  await page.click("[data-do=save-device]");
}

/** @param {Cashier} cashier @param {string} id @param {string} condition */
const is = ({ page }, id, condition) =>
  page.waitForSelector(`[data-device="${id}"] [data-condition=${condition}]`);

scene("a manager adds a printer and its drawer, tries them, and takes one away", async (context) => {
  const hub = await startHub(context);
  const browser = await startBrowser(context);
  const manager = await sit(browser, hub.url, "devices");
  const { page } = manager;
  /** @type {string[]} */
  const faults = [];
  await manager.begin();
  await open(manager);
  await is(manager, "receipt", "ready");
  assert.equal(await page.getAttribute("[data-source]", "data-source"), "settings");
  await look(manager, "1-demonstration", faults);

  // A port that is none is refused where it is typed; then it is one.
  await page.click("[data-do=add-device]");
  await fill(manager, { port: "somewhere", registers: "1" });
  await page.waitForSelector("[data-form=device] .form-error >> text=somewhere");
  await look(manager, "2-refused", faults);
  await fill(manager, { port: "simulated" });
  await is(manager, "printer-1", "ready");
  assert.equal(await page.getAttribute("[data-source]", "data-source"), "screen");
  await page.click("[data-try='printer-1 test_page']");
  await page.waitForSelector("[data-tried=printer-1] >> text=測試頁已印出");
  await page.click("[data-do=add-device]");
  await fill(manager, { kind: "cash_drawer", id: "till", registers: "1", printer: "printer-1" });
  await page.click("[data-try='till open_drawer']");
  await page.waitForSelector("[data-tried=till] >> text=已送出");
  const simulators = await (await manager.api.get(`${hub.url}/api/v1/simulators`)).json();
  const printer = simulators.find((/** @type {any} */ one) => one.id === "printer-1");
  assert.equal(printer.printer.receipts, 1, "the page came out once");
  assert.deepEqual(printer.printer.drawers, [true, false]);

  // Looked for, taken away, and back.
  await page.click("[data-do=scan-devices]");
  await page.waitForSelector("[data-looked=yes]");
  await page.click("[data-remove=printer-1]");
  await page.waitForSelector("[data-removed]");
  await page.click("[data-do=undo-remove]");
  await is(manager, "printer-1", "ready");
  await whole(manager, SCREENS.desk, () => look(manager, "3-set-up", faults));
  await page.setViewportSize(SMALL);
  await look(manager, "4-small", faults);
  await page.click("[data-edit=printer-1]");
  await whole(manager, SMALL, () => look(manager, "5-small-form", faults));

  // What was set holds after a restart.
  await hub.kill();
  await hub.start();
  await page.setViewportSize(SCREENS.desk);
  await manager.open();
  await manager.at("product");
  await open(manager);
  await is(manager, "printer-1", "ready");
  assert.deepEqual(faults, []);
});

scene("a badge at a scanner of the hub signs on at the register that it belongs to", async (context) => {
  const more = `[[devices]]\nid = "gun"\nkind = "scanner"\nport = "simulated"\nregisters = [1]\n`;
  const hub = await startHub(context, { more });
  const browser = await startBrowser(context);
  const cashier = await sit(browser, hub.url, "hub-badge");
  const other = await sit(browser, hub.url, "hub-badge-other");
  await cashier.begin();
  await cashier.addCashier();
  await other.begin("2");
  const made = await cashier.api.post(`${hub.url}/api/v1/operators/${CASHIER.operator}/badge`);
  const { badge } = await made.json();
  await cashier.press("F10");
  await cashier.page.click("[data-menu=sign_off]:enabled");
  await cashier.at("sign-on");
  // The screen on which a register is claimed is nobody's sign-on.
  const data = { action: "scan", code: badge };
  const scan = () => other.api.post(`${hub.url}/api/v1/simulators/gun`, { data });
  await cashier.page.click(".entrance-foot button.quiet");
  await cashier.at("claim");
  await scan();
  await cashier.page.click("form button:not(.primary)");
  await cashier.at("sign-on");
  await scan();
  await cashier.at("product");
  assert.equal(await cashier.page.textContent(".header-operator"), CASHIER.name);
  await other.at("product");
  assert.equal(await other.page.locator("[data-refusal]").count(), 0);
});

scene("a spoilt file of devices is said, and the store sells by its settings", async (context) => {
  const hub = await startHub(context);
  const browser = await startBrowser(context);
  const manager = await sit(browser, hub.url, "devices-spoilt", { language: "en" });
  const { page } = manager;
  const file = join(hub.data, "devices.json");
  await manager.begin();
  await open(manager);
  await page.click("[data-do=add-device]");
  await fill(manager, { port: "simulated", registers: "1" });
  await is(manager, "printer-1", "ready");
  await hub.kill();
  assert.equal(JSON.parse(readFileSync(file, "utf8")).length, 1, "the hub's own is in no list");
  writeFileSync(file, "[{");
  await hub.start();
  await manager.open();
  await manager.at("product");
  await open(manager);
  await page.waitForSelector("[data-device-fault]");
  await is(manager, "receipt", "ready");
  assert.equal(await page.$("[data-device=printer-1]"), null);
  /** @type {string[]} */
  const faults = [];
  await look(manager, "1-spoilt", faults);
  // Saved again, it is whole.
  assert.equal(await page.$("[data-edit=receipt]"), null);
  await page.click("[data-do=add-device]");
  await fill(manager, { port: "simulated", registers: "1" });
  await manager.gone("[data-device-fault]");
  assert.equal(JSON.parse(readFileSync(file, "utf8")).length, 1);
  assert.deepEqual(faults, []);
});

scene("a device that is not there is said in the header, with what to do", async (context) => {
  const more = `[[devices]]\nid = "front"\nkind = "receipt_printer"\nport = "tcp:127.0.0.1:9"\n`;
  const hub = await startHub(context, { more });
  const browser = await startBrowser(context);
  const cashier = await sit(browser, hub.url, "devices-absent", { language: "en" });
  const { page } = cashier;
  /** @type {string[]} */
  const faults = [];
  await cashier.begin();
  await page.waitForSelector("[data-do=device-troubles][data-device=front]");
  await page.setViewportSize(SMALL);
  await look(cashier, "1-chip", faults);
  await page.click("[data-do=device-troubles]");
  await page.waitForSelector("[data-trouble=front] .what-to-do >> text=Look at its power");
  await look(cashier, "2-what-to-do", faults);
  await page.click("[role=dialog] [data-do=devices]");
  await cashier.at("devices");
  await is(cashier, "front", "absent");
  await page.click("[data-try='front test_page']");
  await page.waitForSelector("[data-tried=front] >> text=does not answer");
  assert.deepEqual(faults, []);
});
