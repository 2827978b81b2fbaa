// Which promotion sells best, as people at headquarters see it: a phone, a desk, both languages;
// while it changes, and by those who may see a part only.
import assert from "node:assert/strict";
import { READER, startHeadquarters } from "./hq.mjs";
import { startHub } from "./hub.mjs";
import { SCREENS, sit, startBrowser } from "./cashier.mjs";
import { look, whole } from "./eyes.mjs";
import { TEA } from "./goods.mjs";
import { CHIPS, MILK, PROMOTIONS } from "./promotions.mjs";
import { readAt, scene } from "./reader.mjs";

/** @typedef {import("./cashier.mjs").Cashier} Cashier */
/** @typedef {import("./reader.mjs").Reader} Reader */

const TOURS = [
  { album: "hq-promotions-desk-zh", language: "zh-TW", viewport: SCREENS.desk, dark: false },
  { album: "hq-promotions-desk-en", language: "en", viewport: SCREENS.desk, dark: true },
  { album: "hq-promotions-phone-zh", language: "zh-TW", viewport: SCREENS.phone, dark: true },
  { album: "hq-promotions-phone-en", language: "en", viewport: SCREENS.phone, dark: false },
];

/** As long as names of stores get. */
const LONG_NAME = "高雄左營新光三越百貨公司地下二樓超市門市";
const ORDERS = ["discount", "units", "conversion", "net"];

/** A chain of two stores with promotions in force, and somebody at the till of the first.
 * @param {import("node:test").TestContext} context @param {string} album */
async function chain(context, album) {
  const hq = await startHeadquarters(context);
  const link = await hq.addStore("S-1", LONG_NAME, "南區");
  await hq.addStore("S-2", "信義門市", "北區");
  const hub = await startHub(context, { link });
  const browser = await startBrowser(context);
  return { hq, hub, browser, till: () => sit(browser, hub.url, `${album}-till`) };
}

/** Puts the promotions in force; a store has said its currency when it is there.
 * @param {import("./hq.mjs").Headquarters} hq @param {Reader} reader */
async function inForce(hq, reader) {
  await reader.store("S-1", "yes");
  await hq.pushPolicy({ "promotions.toml": PROMOTIONS });
  await reader.page.waitForSelector("[data-store='S-1'] [data-policy='1']");
}

/** Sells for cash, at this price. @param {Cashier} till @param {string} total @param {string[]} codes */
async function sell(till, total, ...codes) {
  for (const code of codes) await till.scan(code);
  await till.total(total);
  await till.press("F9");
  await till.at("payment");
  await till.press("Enter");
  await till.at("receipt");
  await till.press("Escape");
  await till.at("product");
}

/** Ids of the promotions that are listed, in order. @param {Reader} reader */
const listed = ({ page }) => page.$$eval("table.promotions [data-promotion]",
  (rows) => rows.map((row) => row.getAttribute("data-promotion")));

for (const { album, language, viewport, dark } of TOURS) {
  scene(`promotions at headquarters are readable and within reach: ${album}`, async (context) => {
    const { hq, browser, till: sitDown } = await chain(context, album);
    const reader = await readAt(browser, hq.url, album, {
      language, viewport, colorScheme: dark ? "dark" : "light",
    });
    /** @type {string[]} */
    const faults = [];
    const see = (/** @type {string} */ name) => whole(reader, viewport, () =>
      look(reader, name, faults));
    const { page } = reader;
    await reader.signIn();
    await inForce(hq, reader);
    await reader.go("#/promotions");
    await page.waitForSelector("[data-nothing=promotions]");
    await see("01-nothing");
    const till = await sitDown();
    await till.begin();
    await sell(till, "171", MILK, MILK);
    await sell(till, "49", TEA, CHIPS);
    await sell(till, "49", TEA, CHIPS);
    await page.waitForSelector("[data-promotion='red-green'][data-baskets='2']");
    await see("02-promotions");
    for (const order of ORDERS) {
      await page.click(`[data-order=${order}]`);
      await page.waitForSelector(`[data-order=${order}][aria-pressed=true]`);
      assert.deepEqual((await listed(reader)).sort(), ["milk-second", "red-green"]);
    }
    assert.deepEqual(await listed(reader), ["milk-second", "red-green"], "171 before 98");
    await page.click("[data-order=units]");
    await page.waitForFunction(() => document.querySelector("table.promotions [data-promotion]")
      ?.getAttribute("data-promotion") === "red-green");
    await page.click("[data-period='7']");
    await page.waitForSelector("[data-period='7'][aria-pressed=true]");
    await see("03-a-week-by-units");
    await page.click("table.promotions [data-promotion='milk-second'] a");
    await page.waitForSelector("[data-figure='promotion-net'][data-value='171']");
    await page.waitForSelector("[data-block='promotion-days'] canvas");
    await page.waitForSelector("[data-promotion-store='S-1'][data-net='171']");
    await page.click("[data-do='days-table'] summary");
    await page.waitForSelector("[data-promotion-day][data-net='171']");
    await see("04-one");
    await page.click("[data-promotion-store='S-1'] a");
    await page.waitForSelector("[data-tab=promotions][aria-current]");
    await page.waitForSelector("table.promotions [data-promotion='milk-second']");
    await see("05-store");
    await reader.go("#/");
    await page.waitForSelector("[data-block=promotions] [data-promotion='red-green']");
    await see("06-chain");
    await page.click("[data-block=last-sales] [data-total='171'] a");
    const off = language === "en" ? "Second milk 20 % off" : "鮮乳第二件 8 折";
    await page.locator(".paper-off", { hasText: off }).first().waitFor();
    await see("07-sale");
    await reader.go("#/promotions/nothing-of-the-kind");
    await page.waitForSelector("[data-nothing=promotion]");
    await see("08-unknown");
    assert.deepEqual(faults, []);
  });
}

scene("promotions change while somebody looks, and nobody sees those of a store that is not theirs",
  async (context) => {
    const { hq, browser, till: sitDown } = await chain(context, "hq-promotions");
    const { id, name, password } = READER;
    const role = { role: "store", scope: ["S-2"] };
    await hq.ask("POST", "/users", { id, name, password, ...role });
    const [all, part] = await Promise.all([readAt(browser, hq.url, "hq-promotions-all"),
      readAt(browser, hq.url, "hq-promotions-part")]);
    await all.signIn();
    await part.signIn(READER);
    await inForce(hq, all);
    await all.go("#/promotions/milk-second");
    await all.page.waitForSelector("[data-nothing=promotion]");
    await part.go("#/promotions");
    await part.page.waitForSelector("[data-nothing=promotions]");
    const till = await sitDown();
    await till.begin();
    for (const net of ["171", "342"]) {
      await sell(till, "171", MILK, MILK);
      await all.page.waitForSelector(`[data-figure='promotion-net'][data-value='${net}']`);
      await all.page.waitForSelector(`[data-promotion-store='S-1'][data-net='${net}']`);
    }
    assert.ok(await part.page.$("[data-nothing=promotions]"), "of another store");
    await part.go("#/promotions/milk-second");
    await part.page.waitForSelector("[data-nothing=promotion]");
    await part.go("#/store/S-1/promotions");
    await part.page.waitForSelector("[data-failed=unknown_store]");
  });
