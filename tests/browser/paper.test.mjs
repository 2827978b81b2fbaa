// Paper on every screen: the receipt, the customer's own page and screen, the electronic journal.
import assert from "node:assert/strict";
import { startHub } from "./hub.mjs";
import { scene, SCREENS, sit, startBrowser } from "./cashier.mjs";
import { look } from "./eyes.mjs";
import { COFFEE, TEA, WATER } from "./goods.mjs";

/** @typedef {import("./cashier.mjs").Cashier} Cashier */
/** @typedef {import("playwright-core").Page} Page */

const SMALL = { width: 800, height: 480 };

/**
 * Sells and answers the receipt as the hub tells it.
 * @param {Cashier} cashier
 * @param {string[]} codes
 */
async function sell(cashier, codes) {
  const { page } = cashier;
  for (const code of codes) await cashier.scan(code);
  await cashier.lines(codes.length);
  await cashier.press("F9");
  await cashier.at("payment");
  await page.click("[data-quick='500']");
  await cashier.at("receipt");
  await page.waitForSelector("[data-receipt=yes]");
  const get = async (/** @type {string} */ path) =>
    (await cashier.api.get(`${cashier.url}/api/v1${path}`)).json();
  const { last_sale: last } = await get("/register");
  return get(`/transactions/${last.transaction_id}/receipt`);
}

/** The cells of the codes that a page draws, read off its pixels. @param {Page} page */
function drawn(page) {
  return page.$$eval(".receipt-paper .paper-symbol", (symbols) => symbols.map((symbol) => {
    const path = /** @type {SVGPathElement} */ (symbol.querySelector("path"));
    const { width, height } = /** @type {SVGSVGElement} */ (symbol).viewBox.baseVal;
    const at = (/** @type {number} */ x, /** @type {number} */ y) =>
      path.isPointInFill(new DOMPoint(x + 0.5, y + 0.5)) ? "1" : "0";
    return Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (_, x) => at(x, y)).join(""));
  }));
}

scene("what is printed is what is shown, and a customer opens it by its code", async (context) => {
  const hub = await startHub(context);
  const browser = await startBrowser(context);
  const cashier = await sit(browser, hub.url, "paper");
  /** @type {string[]} */
  const faults = [];
  await cashier.open();
  await cashier.claim("1");
  await cashier.signOn();
  const told = await sell(cashier, [WATER, TEA, COFFEE]);
  await look(cashier, "1-receipt", faults);
  const symbols = told.rows.filter((/** @type {any} */ row) => row.row === "symbol");
  assert.equal(symbols.length, 2, "the return code and the number's bar code");
  assert.deepEqual(await drawn(cashier.page), symbols.map((/** @type {any} */ row) => row.cells));

  // The customer's telephone: no cookie of ours, no script.
  const phone = await sit(browser, told.online.address, "telephone", {
    viewport: SCREENS.phone, javaScriptEnabled: false,
  });
  const { page } = await phone.open();
  assert.match(await page.textContent(".receipt-paper") ?? "", /現煮拿鐵/);
  await phone.shot("1-chinese");
  await page.click("text=English");
  assert.match(await page.textContent(".receipt-paper") ?? "", /TOTAL/);
  await phone.shot("2-english");
  const wrong = told.online.address.replace(/.$/,
    (/** @type {string} */ last) => last === "0" ? "1" : "0");
  assert.equal((await page.goto(wrong))?.status(), 404);
  await page.waitForSelector("[data-code=receipt_gone]");
  assert.deepEqual(await page.context().cookies(), []);
  assert.deepEqual(faults, []);
});

scene("a receipt is found by what is known of it and printed again as a copy", async (context) => {
  const hub = await startHub(context);
  const browser = await startBrowser(context);
  /** @type {string[]} */
  const faults = [];
  const cashier = await sit(browser, hub.url, "journal");
  const { page } = cashier;
  await cashier.open();
  await cashier.claim("1");
  await cashier.signOn();
  await sell(cashier, [WATER]);
  await sell(cashier, [WATER, TEA]);
  await cashier.press("F10");
  await page.click("[data-menu=receipts]");
  await cashier.at("receipts");
  await page.waitForSelector("[data-receipt-of='1-2']");
  await cashier.scan(TEA);
  await page.waitForSelector("[data-receipt-of='1-1']", { state: "detached" });
  await page.waitForSelector("[data-receipt=yes]");
  await look(cashier, "1-by-item", faults);
  await page.fill("[name=item]", "");
  await page.fill("[name=amount]", "15");
  await page.click("[data-do=find]");
  await page.waitForSelector("[data-receipt-of='1-2']", { state: "detached" });
  await page.waitForSelector("[data-receipt-of='1-1'][aria-pressed=true]");
  await page.click("[data-do=copy-en]");
  await page.waitForSelector("text=副本已送到印表機");
  for (const [name, viewport] of Object.entries({ ...SCREENS, small: SMALL })) {
    await page.setViewportSize(viewport);
    await look(cashier, `2-${name}`, faults);
  }
  await page.setViewportSize(SCREENS.desk);
  await page.fill("[name=amount]", "a lot");
  await page.click("[data-do=find]");
  await page.waitForSelector(".form-error");
  assert.deepEqual(faults, []);
});

scene("the customer sees what is scanned, what is due and what comes back", async (context) => {
  const hub = await startHub(context);
  const browser = await startBrowser(context);
  /** @type {string[]} */
  const faults = [];
  const cashier = await sit(browser, hub.url, "till-side");
  await cashier.open();
  await cashier.claim("1");
  await cashier.signOn();
  await cashier.press("F10");
  await cashier.page.click("[data-menu=customer_screen]");
  await cashier.page.waitForSelector(".pairing-code:not([data-code=''])");
  await look(cashier, "1-code", faults);
  const code = await cashier.page.getAttribute(".pairing-code", "data-code") ?? "";
  await cashier.press("Escape");

  const customer = await sit(browser, `${hub.url}/customer`, "customer", { viewport: SMALL });
  const { page } = customer;
  await customer.open();
  const showing = (/** @type {string} */ what) => page.waitForSelector(`[data-showing=${what}]`);
  await showing("pairing");
  await look(customer, "1-pairing", faults);
  await page.fill("[name=code]", code === "000000" ? "000001" : "000000");
  await page.click(".pairing button");
  await page.waitForSelector(".problem");
  await page.fill("[name=code]", code);
  await page.click(".pairing button");
  await showing("welcome");
  await look(customer, "2-welcome", faults);
  await cashier.scan(WATER);
  await cashier.scan(COFFEE);
  await page.waitForSelector("[data-total='75']");
  await showing("basket");
  for (const [name, viewport] of Object.entries({ ...SCREENS, small: SMALL })) {
    await page.setViewportSize(viewport);
    await look(customer, `3-basket-${name}`, faults);
  }
  await cashier.press("F9");
  await cashier.at("payment");
  await cashier.page.click("[data-quick='500']");
  await cashier.at("receipt");
  await showing("thanks");
  await page.waitForSelector("[data-change='425']");
  await look(customer, "4-thanks", faults);
  assert.doesNotMatch(await page.textContent(".customer") ?? "", /林店長|m1/, "nothing personal");

  // It stays this register's screen, and shows at once that nobody is heard.
  await page.reload();
  await showing("welcome");
  await hub.kill();
  await showing("unheard");
  await look(customer, "5-unheard", faults);
  assert.deepEqual(faults, []);
});
