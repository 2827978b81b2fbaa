// Who may do what at one screen: a second person's approval, a lock, a change of cashier, badges.
import assert from "node:assert/strict";
import { SCREENS, scene, sit, startBrowser } from "./cashier.mjs";
import { look } from "./eyes.mjs";
import { CASHIER, MANAGER, startHub } from "./hub.mjs";

/** @typedef {import("./cashier.mjs").Cashier} Cashier */

const WATER = "0410000000014";
const SMALL = { width: 800, height: 480 };

/** @param {Cashier} cashier */
async function signOff(cashier) {
  await cashier.press("F10");
  await cashier.page.click("[data-menu=sign_off]:enabled");
  await cashier.at("sign-on");
}

scene("a second person approves at the cashier's screen, who stays signed on", async (context) => {
  const hub = await startHub(context);
  const browser = await startBrowser(context);
  const cashier = await sit(browser, hub.url, "approval");
  const { page } = cashier;
  /** @type {string[]} */
  const faults = [];
  await cashier.begin();
  await cashier.addCashier();
  await signOff(cashier);
  await cashier.signOn(CASHIER);
  await cashier.press("Insert");
  await page.click("[data-do=employee]");
  await page.waitForSelector("[data-approval=employee_purchase]");
  await look(cashier, "1-asked", faults);
  await page.setViewportSize(SMALL);
  await look(cashier, "2-asked-small", faults);
  await page.setViewportSize(SCREENS.phone);
  await look(cashier, "3-asked-phone", faults);
  await page.setViewportSize(SCREENS.desk);
  // Nobody comes: it is refused, and nothing has changed.
  await cashier.press("Escape");
  await page.waitForSelector("[data-refusal=permission_needed]");
  await page.waitForSelector("[data-do=employee][aria-checked=false]");
  await cashier.press("Escape");
  await cashier.gone("[data-refusal]");
  await page.click("[data-do=employee]");
  await page.waitForSelector("[data-approval]");
  // A wrong PIN is said there, and the right one does it.
  await page.fill("[data-approval] [name=operator]", MANAGER.operator);
  await page.fill("[data-approval] [name=pin]", "777123");
  await cashier.press("Enter");
  await page.waitForSelector("[data-approval] .form-error:not(:empty)");
  await page.fill("[data-approval] [name=pin]", MANAGER.pin);
  await cashier.press("Enter");
  await cashier.gone("[data-approval]");
  await page.waitForSelector("[data-do=employee][aria-checked=true]");
  await cashier.press("Escape");
  await cashier.gone("[role=dialog]");
  assert.equal(await page.textContent(".header-operator"), CASHIER.name);
  assert.deepEqual(faults, []);
});

scene("a screen locks, its cashier goes on, and another takes the basket over", async (context) => {
  const hub = await startHub(context);
  const browser = await startBrowser(context);
  const cashier = await sit(browser, hub.url, "lock");
  const { page } = cashier;
  /** @type {string[]} */
  const faults = [];
  await cashier.begin();
  await cashier.addCashier();
  await signOff(cashier);
  await cashier.signOn(CASHIER);
  await cashier.scan(WATER);
  await cashier.total("15");
  await cashier.press("Pause");
  await cashier.at("locked");
  await look(cashier, "1-locked", faults);
  for (const [name, size] of Object.entries({ small: SMALL, phone: SCREENS.phone })) {
    await page.setViewportSize(size);
    await look(cashier, `2-locked-${name}`, faults);
  }
  await page.setViewportSize(SCREENS.desk);
  // Another tab of the browser is locked too, and neither a reload nor a scan opens it.
  const tab = await cashier.anotherTab("lock-tab");
  await tab.at("locked");
  await page.reload();
  await cashier.at("locked");
  await cashier.scan(WATER);
  await page.waitForSelector(".form-error:not(:empty)");
  assert.match(await page.textContent(".form-error") ?? "", /識別證/);
  await page.fill("[name=pin]", CASHIER.pin);
  await cashier.press("Enter");
  await cashier.at("product");
  await tab.at("product");
  await cashier.total("15");
  await cashier.press("Pause");
  await cashier.at("locked");
  await page.fill("[name=operator]", MANAGER.operator);
  await page.fill("[name=pin]", MANAGER.pin);
  await cashier.press("Enter");
  await cashier.at("product");
  await cashier.total("15");
  assert.equal(await page.textContent(".header-operator"), MANAGER.name);
  await cashier.scan(WATER);
  await cashier.total("30");
  await cashier.shot("3-taken-over");
  assert.deepEqual(faults, []);
});

scene("a badge is made, signs on and is taken away; a PIN is changed", async (context) => {
  const hub = await startHub(context);
  const browser = await startBrowser(context);
  const cashier = await sit(browser, hub.url, "badge");
  const { page } = cashier;
  /** @type {string[]} */
  const faults = [];
  await cashier.begin();
  await cashier.addCashier();
  await cashier.press("F10");
  await look(cashier, "1-menu", faults);
  await page.click("[data-menu=operators]");
  await cashier.at("operators");
  await page.click(`[data-give-badge=${CASHIER.operator}]`);
  const sheet = page.locator("[data-badge]");
  await sheet.waitFor();
  const badge = await sheet.getAttribute("data-badge") ?? "";
  assert.match(badge, /^SB[0-9A-Z]{16}$/);
  await look(cashier, "2-badge", faults);
  await cashier.press("Escape");
  await page.waitForSelector(`[data-take-badge=${CASHIER.operator}]`);
  await look(cashier, "3-people", faults);
  await page.setViewportSize(SCREENS.phone);
  await look(cashier, "4-people-phone", faults);
  await page.setViewportSize(SCREENS.desk);
  await signOff(cashier);
  await look(cashier, "5-sign-on", faults);
  await cashier.scan(badge);
  await cashier.at("product");
  assert.equal(await page.textContent(".header-operator"), CASHIER.name);
  await cashier.press("F10");
  await page.click("[data-menu=pin]");
  await page.fill("[name=pin]", CASHIER.pin);
  await page.fill("[name=new-pin]", "602847");
  await page.fill("[name=pin-again]", "602847");
  await look(cashier, "6-pin", faults);
  await cashier.press("Enter");
  await cashier.gone("[role=dialog]");
  await cashier.press("Pause");
  await cashier.at("locked");
  await page.fill("[name=pin]", "602847");
  await cashier.press("Enter");
  await cashier.at("product");
  assert.deepEqual(faults, []);
});
