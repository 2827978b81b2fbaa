// Money is taken: quick amounts, another country's cash, vouchers, the buyer's invoice, and a card
// at a real terminal that says yes, no, or nothing at all.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { CASHIER, HUB, MANAGER, startHub } from "./hub.mjs";
import { SCREENS, scene, sit, startBrowser } from "./cashier.mjs";
import { look } from "./eyes.mjs";
import { WATER, tender } from "./goods.mjs";

/** @typedef {import("node:test").TestContext} TestContext */
/** @typedef {import("playwright-core").Page} Page */

const TERMINAL = join(dirname(HUB), "tested-terminal");
const noTerminal = existsSync(TERMINAL) ? null : `no terminal at ${TERMINAL}`;
/** At 95. */
const MILK = "0410000000427";

const TENDERS = [
  tender("cash", "cash", 'rounding = { step = "10", rounding = "half_up" }'),
  tender("card", "card"),
  tender("voucher", "voucher", "keeps_excess = true"),
  tender("usd", "foreign", 'foreign = { currency = "USD", rate = "31.5" }'),
].join("");

const TOURS = [
  { album: "payment-small", language: "en", viewport: { width: 800, height: 480 } },
  { album: "payment-desk", language: "zh-TW", viewport: SCREENS.desk },
  { album: "payment-tablet", language: "zh-TW", viewport: SCREENS.tablet },
];

for (const { album, language, viewport } of TOURS) {
  scene(`any mix pays, and the invoice is the buyer's: ${album}`, async (context) => {
    const hub = await startHub(context, { http: TENDERS });
    const browser = await startBrowser(context);
    const manager = await sit(browser, hub.url, album, { language, viewport });
    const { page } = manager;
    /** @type {string[]} */
    const faults = [];
    const see = (/** @type {string} */ name) => look(manager, name, faults);
    await manager.begin();
    for (const code of [MILK, WATER, WATER, WATER, WATER]) await manager.scan(code);
    await manager.lines(2);
    await manager.total("155");
    await page.click("[data-do=pay]");

    // The next notes cover it, and the exact key is what coins can pay.
    await page.waitForSelector("[data-due='155']");
    assert.match(await page.innerText("[data-quick=exact]"), /160/);
    assert.deepEqual(await quick(page), ["exact", "200", "500", "1000", "2000"]);
    await see("01-cash");

    // A telephone's barcode is for the invoice; the rest is asked by a key.
    await manager.scan("/17MEWYP");
    await page.waitForSelector("[data-do=buyer][data-carrier='/17MEWYP']");
    await page.click("[data-do=buyer]");
    await page.fill("[name=ban]", "12345678");
    await page.click("[data-do=yes]");
    await page.waitForSelector("[data-refusal=bad_ban]");
    await manager.press("Escape");
    await page.click("[data-do=buyer]");
    await see("02-buyer");
    await manager.scan("04595252");
    assert.equal(await page.inputValue("[name=ban]"), "04595252");
    await page.click("[data-do=yes]");
    await page.waitForSelector("[data-do=buyer][data-ban='04595252'][data-carrier='/17MEWYP']");
    await page.reload();
    await page.waitForSelector("[data-do=pay]");
    await page.click("[data-do=pay]");
    await page.waitForSelector("[data-do=buyer][data-ban='04595252'][data-carrier='/17MEWYP']");

    // Dollars of another country, part of it; a voucher whose rest lapses; and the rest.
    await page.click("[data-tender=usd]");
    assert.deepEqual(await quick(page), ["5.00", "6.00", "10.00", "20.00", "50.00", "100.00"]);
    await page.click("[data-do=tender]");
    await page.waitForSelector(".form-error");
    await manager.type("2");
    await page.waitForSelector("[data-local='63']");
    await see("03-dollars");
    await page.click("[data-do=tender]");
    await page.waitForSelector("[data-given='1']");
    await page.waitForSelector("[data-due='92']");
    await page.click("[data-tender=voucher]");
    await manager.type("100");
    await page.waitForSelector("[data-over='8']");
    await see("04-voucher");
    for (const key of ["Backspace", "Backspace", "Backspace"]) await manager.press(key);
    await manager.type("50");
    await page.click("[data-do=tender]");
    await page.waitForSelector("[data-given='2']");
    await page.waitForSelector("[data-due='42']");
    await see("05-two-given");
    // It is handed back, and the rest is cash: what is over comes back.
    await page.click("[data-given='2'] button");
    await page.waitForSelector("[data-due='92']");
    await page.click("[data-tender=cash]");
    await page.click("[data-quick='200']");
    await manager.at("receipt");
    assert.match(await page.innerText(".change"), /110/);
    await page.waitForFunction(() => document.body.innerText.includes("04595252"));
    assert.ok(!(await page.innerText("body")).includes("17MEWYP"), "a carrier is on no paper");
    assert.deepEqual(faults, []);
  });
}

for (const { album, language, viewport } of TOURS) {
  scene(`a card is declined, taken, unknown and resolved: ${album}`, async (context) => {
    const terminal = await startTerminal(context);
    const hub = await startHub(context, {
      http: `\n[[devices]]\nid = "t1"\nkind = "card_terminal"\nport = "tcp:${terminal}"\nregisters = [1]\nanswer_s = 3\n`,
    });
    const browser = await startBrowser(context);
    const cashier = await sit(browser, hub.url, `card-${album}`, { language, viewport });
    const { page } = cashier;
    /** @type {string[]} */
    const faults = [];
    const see = (/** @type {string} */ name) => look(cashier, name, faults);
    await cashier.begin();
    await cashier.addCashier();
    await cashier.press("F10");
    await page.click("[data-menu=sign_off]:enabled");
    await cashier.signOn(CASHIER);
    for (const code of [MILK, MILK, WATER]) await cashier.scan(code);
    await cashier.total("205");
    await page.click("[data-do=pay]");
    await page.click("[data-tender=card]");

    // The simulated terminal goes by the amount: 51 is declined, 52 is taken and never said,
    // 54 is never heard of.
    await card(cashier, "51");
    await page.waitForSelector("[data-refusal=card_declined]");
    await page.waitForSelector("[data-due='205']");
    await see("01-declined");
    await cashier.press("Escape");

    await card(cashier, "52");
    await page.waitForSelector("[data-card=awaiting]");
    await see("02-awaiting");
    await page.waitForSelector("[data-card=unknown]");
    await see("03-unknown");
    await page.click("[data-do=inquire]");
    await page.waitForSelector("[data-given='1']");
    await page.waitForSelector("[data-due='153']");
    assert.match(await page.innerText("[data-given='1']"), /1111/);

    // The store is killed while the terminal has it: nobody knows, until somebody who may says so.
    await card(cashier, "54");
    await page.waitForSelector("[data-card=awaiting]");
    await hub.kill();
    await hub.start();
    await page.waitForSelector("[data-card=unknown]");
    await page.selectOption("[name=card-reason]", "not_charged");
    await page.click("[data-do=was-not-charged]");
    await page.waitForSelector("[data-approval=resolve_card]");
    await see("04-resolved-by");
    await page.fill("[data-approval] [name=operator]", MANAGER.operator);
    await page.fill("[data-approval] [name=pin]", MANAGER.pin);
    await cashier.press("Enter");
    await cashier.gone("[data-card]");
    await page.waitForSelector("[data-due='153']");
    await cashier.press("Escape");

    await page.click("[data-tender=card]");
    await page.click("[data-quick=exact]");
    await page.waitForSelector("[data-card=unknown]");
    await page.click("[data-do=inquire]");
    await page.waitForSelector("[data-refusal=card_declined]");
    await cashier.press("Escape");
    await page.click("[data-tender=cash]");
    await page.click("[data-quick='200']");
    await cashier.at("receipt");
    assert.deepEqual(faults, []);
  }, noTerminal);
}

/** @param {Page} page */
const quick = (page) => page.$$eval("[data-quick]", (keys) =>
  keys.map((key) => key.getAttribute("data-quick")));

/** Types an amount and hands the card over. @param {import("./cashier.mjs").Cashier} cashier @param {string} amount */
async function card(cashier, amount) {
  await cashier.type(amount);
  await cashier.page.waitForSelector(`[data-entry='${amount}']`);
  await cashier.page.click("[data-do=tender]");
}

/** The simulated terminal, which outlives the hubs. @param {TestContext} context */
async function startTerminal(context) {
  const child = spawn(TERMINAL, { stdio: ["pipe", "pipe", "inherit"] });
  context.after(() => { child.stdin.end(); });
  for await (const line of createInterface({ input: child.stdout })) return line.trim();
  throw new Error("the terminal does not start");
}
