// Every screen as people meet it: pictures for people to look at, and what a machine can check.
import assert from "node:assert/strict";
import { startHub } from "./hub.mjs";
import { SCREENS, scene, sit, startBrowser } from "./cashier.mjs";
import { look } from "./eyes.mjs";
import { hardCatalogue, LONG, TEA, UNKNOWN, WATER, WEIGHED } from "./goods.mjs";

/** @typedef {import("./cashier.mjs").Cashier} Cashier */

const LINES = 60;

const TOURS = [
  { album: "desk-zh", language: "zh-TW", viewport: SCREENS.desk, colorScheme: "light" },
  { album: "desk-en", language: "en", viewport: SCREENS.desk, colorScheme: "dark" },
  { album: "tablet-zh", language: "zh-TW", viewport: SCREENS.tablet, colorScheme: "dark" },
  { album: "tablet-en", language: "en", viewport: SCREENS.tablet, colorScheme: "light" },
  { album: "phone-zh", language: "zh-TW", viewport: SCREENS.phone, colorScheme: "light" },
  { album: "phone-en", language: "en", viewport: SCREENS.phone, colorScheme: "dark" },
];

for (const { album, language, viewport, colorScheme } of TOURS) {
  scene(`every screen is readable and within reach: ${album}`, async (context) => {
    const hub = await startHub(context, { isSetUp: false });
    const browser = await startBrowser(context);
    const cashier = await sit(browser, hub.url, `look-${album}`, {
      language, viewport, colorScheme: /** @type {"light" | "dark"} */ (colorScheme),
      reducedMotion: "no-preference",
    });
    /** @type {string[]} */
    const faults = [];
    const see = (/** @type {string} */ name) => look(cashier, name, faults);
    await cashier.open();
    await cashier.at("setup");
    await see("01-setup");
    await hub.setUp();
    await cashier.open();
    await cashier.at("claim");
    await see("02-claim");
    await cashier.claim("1");
    await cashier.at("sign-on");
    await see("03-sign-on");
    await cashier.signOn();
    await see("04-empty");
    await cashier.importCatalogue(hardCatalogue());
    await basket(cashier, see);
    await questions(cashier, see);
    await paying(cashier, see);
    await refund(cashier, see);
    await office(cashier, see);
    await trouble(cashier, hub, see);
    assert.deepEqual(faults, []);
  });
}

/** @typedef {(name: string) => Promise<void>} See */

/** @param {Cashier} cashier @param {See} see */
async function basket(cashier, see) {
  const { page } = cashier;
  await cashier.scan(LONG);
  await cashier.lines(1);
  for (let line = 2; line <= LINES; line += 1) await cashier.scan(line % 2 ? TEA : WATER);
  await cashier.lines(LINES);
  await see("05-sixty-lines");
  // The last line is in sight without anybody's help.
  const isSeen = await page.locator("[data-line]").last().evaluate((line) => {
    const box = line.getBoundingClientRect();
    const list = line.parentElement?.getBoundingClientRect();
    return list !== undefined && box.bottom <= list.bottom + 1 && box.top >= list.top - 1;
  });
  assert.ok(isSeen, "the line just scanned is out of sight");
  await cashier.press("F2");
  await page.keyboard.insertText("茶");
  await page.waitForSelector(".found-item");
  await see("06-search");
  await page.fill("[name=search]", "沒有這種東西");
  await page.waitForSelector(".found-none");
  await see("07-nothing-found");
  await cashier.press("Escape");
  await cashier.press("F8");
  await page.waitForSelector("[role=dialog]");
  await see("08-abandon");
  await cashier.press("Enter");
  await cashier.lines(0);
}

/** @param {Cashier} cashier @param {See} see */
async function questions(cashier, see) {
  const { page } = cashier;
  await cashier.scan(WATER);
  await cashier.scan(TEA);
  await cashier.scan(LONG);
  await cashier.lines(3);
  for (const [key, name] of [["F4", "09-quantity"], ["F6", "10-discount"], ["F3", "11-void"],
    ["F10", "12-menu"], ["F1", "13-keys"]]) {
    await cashier.press(key);
    await page.waitForSelector("[role=dialog]");
    await see(name);
    if (key !== "F3") await cashier.press("Escape");
    else await cashier.press("Enter");
    await cashier.gone("[role=dialog]");
  }
  await cashier.scan(WEIGHED);
  await page.waitForSelector("[name=weight]");
  await see("14-weight");
  await cashier.type("1.25");
  await cashier.press("Enter");
  await cashier.lines(4);
  await cashier.press("F6");
  await page.click(".choice:has([name=scope][value=basket])");
  await page.focus("[name=value]");
  await cashier.type("10");
  await cashier.press("Enter");
  await page.waitForSelector(".summary-off");
  await see("15-basket");
}

/** @param {Cashier} cashier @param {See} see */
async function paying(cashier, see) {
  const { page } = cashier;
  await cashier.press("F9");
  await cashier.at("payment");
  await see("16-payment");
  await cashier.press("F3");
  await page.waitForSelector("[name=reference]");
  await cashier.type("20");
  await page.waitForSelector("[data-entry='20']");
  await see("17-card");
  await cashier.press("Enter");
  await page.waitForSelector("[data-given]");
  await cashier.press("F2");
  await cashier.type("500");
  await page.waitForSelector("[data-entry='500']");
  await see("18-mixed");
  await cashier.press("Enter");
  await cashier.at("receipt");
  await page.waitForSelector("[data-print=done]");
  await see("19-receipt");
  await cashier.press("Escape");
  await cashier.at("product");
  await page.waitForSelector(".last-sale");
  await see("20-between-customers");
}

/** @param {Cashier} cashier @param {See} see */
async function refund(cashier, see) {
  const { page } = cashier;
  await cashier.press("F10");
  await page.click("[data-menu=return]");
  await page.waitForSelector("[name=code]");
  await cashier.scan(TEA);
  await page.waitForFunction((code) => {
    const field = document.querySelector("[name=code]");
    return field instanceof HTMLInputElement && field.value === code;
  }, TEA);
  await see("21-return");
  await cashier.press("Enter");
  await cashier.lines(1);
  await see("22-returned");
  await cashier.press("F9");
  await cashier.at("payment");
  await see("23-pay-out");
  await cashier.press("Enter");
  await cashier.at("receipt");
  await page.waitForSelector("[data-print=done]");
  await see("24-paid-out");
  await cashier.press("Escape");
}

/** @param {Cashier} cashier @param {See} see */
async function office(cashier, see) {
  const { page } = cashier;
  for (const [entry, name] of [["stock", "25-stock"], ["alerts", "26-alerts"],
    ["operators", "27-operators"]]) {
    await cashier.press("F10");
    await page.click(`[data-menu=${entry}]`);
    await cashier.at(entry);
    await page.waitForSelector(".table, .hint");
    await see(name);
  }
  await cashier.press("Escape");
  await cashier.at("product");
}

/** @param {Cashier} cashier @param {import("./hub.mjs").Hub} hub @param {See} see */
async function trouble(cashier, hub, see) {
  const { page } = cashier;
  await cashier.scan(TEA);
  await cashier.scan(UNKNOWN);
  await page.waitForSelector("[data-refusal=unknown_barcode]");
  await see("28-refused");
  await cashier.press("Escape");
  hub.signal("SIGSTOP");
  await cashier.scan(WATER);
  await page.waitForSelector("[data-bar=silent]");
  await page.waitForSelector("[data-waiting]");
  await see("29-silent");
  hub.signal("SIGCONT");
  await cashier.gone("[data-bar]");
  await cashier.lines(2);
  const other = await sit(/** @type {any} */ (page.context().browser()), hub.url, "look-other");
  await other.begin();
  await page.waitForSelector("[data-notice=workstation_taken_over]");
  await see("30-taken-over");
  await cashier.press("Enter");
  await cashier.at("claim");
  await see("31-claim-again");
}
