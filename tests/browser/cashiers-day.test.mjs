// A cashier's day at two registers, from the first float to the close of the day, step by step; a
// picture of every screen that tells something, and what a machine has against it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { CASHIER, MANAGER, startHub } from "./hub.mjs";
import { SCREENS, scene, sit, startBrowser } from "./cashier.mjs";
import { COFFEE, TEA, WATER, tender } from "./goods.mjs";
import { Register } from "./register.mjs";

/** 啤酒 45, from 18 years on. */
const BEER = "0420000000105";
/** Who sells at the second register: a made-up person. */
const SECOND = { operator: "c2", name: "黃怡君", pin: "719350" };
const SMALL = { width: 800, height: 480 };

/** Who counts is not shown what should be there; cards are taken by hand. */
const SETTINGS = `
[till]
is_blind = true
${tender("cash", "cash")}${tender("card", "card")}${tender("voucher", "voucher")}`;

/** The demonstration store's goods, and beer. */
function goods() {
  const demo = readFileSync(new URL("../../hub/assets/demo-catalogue.csv", import.meta.url), "utf8");
  const [header, ...lines] = demo.trimEnd().split("\n");
  const beer = `B0001,${BEER},,啤酒 330ml,酒類,啤酒,,,piece,45,taxable,,,,,18`;
  return [`${header},age_min`, ...lines.map((line) => `${line},`), beer, ""].join("\n");
}

/** @param {Register} one @param {Register} two */
async function morning(one, two) {
  await one.see("closed");
  await one.openTill("3000");
  await one.see("open");
  await two.openTill("2000");
  // 40 of 100.
  await one.cashier.scan(WATER);
  await one.cashier.scan(TEA);
  await one.cashier.total("40");
  await one.see("sale");
  await one.toPayment();
  await one.see("payment");
  await one.give("F2", "100");
  await one.done("60");
  await one.see("receipt");
  await one.next();
  await one.cashier.press("F11");
  await one.page.waitForSelector("[role=dialog]");
  await one.cashier.scan(COFFEE);
  await one.page.waitForSelector("[data-price-of]");
  await one.see("price-enquiry");
  await one.cashier.press("Escape");
  await one.cashier.gone("[role=dialog]");
  // Two coffees: a card for 100, a reload, and the rest in cash.
  await two.cashier.scan(COFFEE);
  await two.cashier.total("60");
  await two.cashier.press("F4");
  await two.page.waitForSelector("[role=dialog]");
  await two.page.fill("[name=quantity]", "2");
  await two.see("quantity");
  await two.cashier.press("Enter");
  await two.cashier.total("120");
  await two.see("sale");
  await two.toPayment();
  await two.give("F3", "100");
  await two.page.waitForSelector("[data-given='1']");
  await two.page.waitForSelector("[data-due='20']");
  await two.see("half-paid");
  await two.page.reload();
  await two.cashier.at("payment");
  await two.page.waitForSelector("[data-given='1']");
  await two.page.waitForSelector("[data-due='20']");
  await two.give("F2", "");
  await two.done("0");
  await two.see("receipt");
  await two.next();
}

/** @param {Register} one @param {Register} two */
async function noon(one, two) {
  // Beer: nobody pays before the cashier has seen that the customer is old enough.
  await one.cashier.scan(BEER);
  await one.page.waitForSelector("[data-age='18']");
  await one.see("age");
  await one.cashier.press("Home");
  await one.cashier.gone("[data-age]");
  await one.toPayment();
  await one.give("F4", "40");
  await one.page.waitForSelector("[data-due='5']");
  await one.give("F2", "");
  await one.done("0");
  await one.next();
  // A dented coffee: 10 per cent off, if somebody allows it.
  await one.cashier.scan(COFFEE);
  await one.cashier.total("60");
  await one.cashier.press("F6");
  await one.page.waitForSelector("[role=dialog]");
  await one.page.fill("[name=value]", "10");
  await one.see("discount");
  await one.cashier.press("Enter");
  await one.page.waitForSelector("[data-approval=lower_price]");
  await one.see("approval");
  await one.approve("lower_price");
  await one.cashier.total("54");
  await one.see("lowered");
  await one.toPayment();
  await one.give("F2", "60");
  await one.done("6");
  await one.next();
  // Put aside at 1; at 2 a tea is left out, brought back, left out.
  for (const code of [WATER, WATER, TEA]) await one.cashier.scan(code);
  await one.cashier.lines(2);
  await one.cashier.press("PageDown");
  await one.page.waitForSelector("[data-total='0']");
  await two.page.waitForSelector("[data-do=retrieve]:not([disabled])");
  await two.cashier.press("PageUp");
  await two.page.waitForSelector("[data-suspended]");
  await two.see("suspended");
  await two.cashier.press("Enter");
  await two.cashier.total("55");
  await two.cashier.press("F3");
  await two.page.waitForSelector("[role=dialog]");
  await two.see("take-out");
  await two.cashier.press("Enter");
  await two.cashier.total("30");
  await two.cashier.press("F7");
  await two.cashier.total("55");
  await two.cashier.press("F3");
  await two.page.waitForSelector("[role=dialog]");
  await two.cashier.press("Enter");
  await two.cashier.total("30");
  await two.toPayment();
  await two.give("F2", "50");
  await two.done("20");
  await two.next();
}

/** @param {Register} one @param {Register} two */
async function undone(one, two) {
  await one.cashier.scan(WATER);
  await one.cashier.total("15");
  await one.toPayment();
  await one.give("F2", "");
  await one.done("0");
  await one.cashier.press("F3");
  await one.page.waitForSelector("[role=dialog]");
  await one.see("undo-sale");
  await one.cashier.press("Enter");
  await one.approve("post_void");
  await one.cashier.at("product");
  await one.see("undone");
  // A coffee comes back.
  await two.menu("return");
  await two.page.waitForSelector("[role=dialog]");
  await two.cashier.scan(COFFEE);
  await two.page.waitForFunction(() => {
    const field = document.querySelector("[role=dialog] [name=code]");
    return field instanceof HTMLInputElement && field.value !== "";
  });
  await two.see("return");
  await two.cashier.press("Enter");
  await two.cashier.total("-60");
  await two.toPayment();
  await two.see("paying-out");
  await two.give("F2", "");
  await two.cashier.at("receipt");
  await two.see("paid-out");
  await two.next();
  // Somebody has no money with them.
  await one.cashier.scan(COFFEE);
  await one.cashier.total("60");
  await one.cashier.press("F8");
  await one.page.waitForSelector("[role=dialog]");
  await one.see("give-up");
  await one.cashier.press("Enter");
  await one.cashier.total("0");
}

/** @param {Register} one @param {Register} two */
async function money(one, two) {
  await one.page.click("[data-do=menu]");
  await one.page.waitForSelector("[data-menu=till]");
  await one.see("menu");
  await one.page.click("[data-menu=till]");
  await one.page.waitForSelector("[data-till=open]");
  // Counted blindly: what should be there is not shown.
  assert.equal(await one.page.locator("[data-expected]").count(), 0);
  await one.see("till");
  await one.deed("no_sale", "", "change");
  await one.approve("no_sale");
  await one.deed("pickup", "1000");
  await one.cashier.gone("[data-form=pickup]");
  await one.deed("paid_out", "120", "supplier");
  await one.approve("paid_out");
  await two.menu("till");
  await two.page.waitForSelector("[data-till=open]");
  await two.see("till");
  await two.page.click("[data-deed=loan]");
  await two.page.waitForSelector("[data-form=loan]");
  await two.see("loan");
  await two.page.fill("input[name=amount]", "500");
  await two.page.click("[data-do=till]");
  await two.approve("loan");
  await two.deed("paid_in", "100", "deposit");
  await two.approve("paid_in");
  await two.cashier.press("Escape");
  // The X report, on the screen and on paper.
  await one.page.click("[data-deed=report]");
  await one.approve("see_expected");
  await one.page.waitForSelector("[data-x] [data-total='139']");
  await one.page.click("[data-do=print-x]");
  await one.approve("see_expected");
  await one.page.waitForSelector("[data-paper=x] [data-print=done]");
  // 3000 + 40 + 5 + 54 − 1000 − 120.
  assert.match(await one.page.innerText("[data-paper=x] .receipt-paper"), /1,979/);
  await one.see("x");
}

/** @param {Register} one @param {Register} two */
async function evening(one, two) {
  // Five are missing.
  await one.page.click("[data-deed=count]");
  for (const [note, pieces] of Object.entries({ 1000: 1, 500: 1, 100: 4, 50: 1, 10: 2, 1: 4 })) {
    await one.page.fill(`input[name='note-${note}']`, String(pieces));
  }
  await one.page.fill("input[name=other-voucher]", "40");
  assert.match(await one.page.innerText("[data-counted]"), /1,974/);
  await one.see("count");
  await one.page.click("[data-form=count] [data-do=till]");
  await one.cashier.gone("[data-form=count]");
  await one.page.click("[data-deed=close]");
  await one.page.waitForSelector("[data-z='1'] [data-closing=cash]");
  assert.match(await one.page.innerText("[data-closing=cash]"), /−NT\$5/);
  await one.page.waitForSelector("[data-paper=z] [data-print=done]");
  await one.see("z");
  await one.page.click("[data-do=copy-report]");
  // The journal finds the dented coffee.
  await two.menu("receipts");
  await two.page.fill("[name=amount]", "54");
  await two.page.click("[data-do=find]");
  await two.page.waitForFunction(() => document.querySelectorAll("[data-receipt-of]").length === 1);
  await two.page.waitForSelector("[data-receipt=yes]");
  await two.see("journal");
  await two.page.click("[data-do=copy-zh]");
  await two.cashier.press("Escape");
  await two.cashier.at("product");
  await two.cashier.scan(WATER);
  await two.cashier.total("15");
  await two.cashier.press("Pause");
  await two.cashier.at("locked");
  await two.see("locked");
  await two.page.fill("[name=pin]", SECOND.pin);
  await two.cashier.press("Enter");
  await two.cashier.at("product");
}

/** @param {Register} one @param {Register} two */
async function closed(one, two) {
  await one.signOff();
  await one.cashier.signOn(MANAGER, "till");
  await one.menu("day");
  await one.page.waitForSelector("[data-total]");
  await one.page.click("[data-do=close-day]");
  await one.page.waitForSelector(".form-error");
  await one.see("day-waits");
  await one.page.click("[data-do=force-day]");
  await one.page.waitForSelector("[data-forces='2']");
  await one.see("day-forced");
  await one.cashier.press("Enter");
  await one.page.waitForSelector("[data-day='']");
  // 40 + 120 + 45 + 54 + 30 + 15 − 15 − 60
  await one.page.waitForSelector("[data-total='229']");
  await one.see("day-closed");
  await one.page.click("[data-do=show-z][data-of='2 1']");
  await one.page.waitForSelector("[data-paper=z] [data-print=done]");
  await one.page.locator("[data-paper=z]").scrollIntoViewIfNeeded();
  await one.see("forced-z");
  // The register that was left alone is closed, and says so.
  await two.page.waitForSelector("[data-till=closed], [data-total='0']");
  await two.see("closed-from-elsewhere");
}

scene("a cashier's day at two registers", async (context) => {
  const hub = await startHub(context, { http: SETTINGS, till: "shared" });
  const browser = await startBrowser(context);
  /** @type {string[]} */
  const faults = [];
  const first = await sit(browser, hub.url, "day-1", { viewport: SCREENS.desk });
  const second = await sit(browser, hub.url, "day-2", { language: "en", viewport: SMALL });
  const [one, two] = [new Register(first, faults), new Register(second, faults)];
  await first.open();
  await first.at("claim");
  await one.see("claim");
  await first.claim("1");
  await first.at("sign-on");
  await one.see("sign-on");
  await first.signOn(MANAGER, "till");
  await first.addCashier();
  const { operator: id, name, pin } = SECOND;
  const data = { id, name, pin, role: "cashier" };
  assert.equal((await first.api.post(`${hub.url}/api/v1/operators`, { data })).status(), 201);
  await first.importCatalogue(goods());
  await one.signOff();
  await first.signOn(CASHIER, "till");
  await second.open();
  await second.claim("2");
  await two.see("sign-on");
  await second.signOn(SECOND, "till");
  await two.see("closed");

  await morning(one, two);
  await noon(one, two);
  await undone(one, two);
  await money(one, two);
  await evening(one, two);
  await closed(one, two);
  assert.deepEqual(faults, []);
});
