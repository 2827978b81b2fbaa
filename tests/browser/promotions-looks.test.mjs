// What promotions bring to the screen as people meet it: pictures for people to look at, and what
// a machine can check.
import assert from "node:assert/strict";
import { startHub } from "./hub.mjs";
import { SCREENS, scene, sit, startBrowser } from "./cashier.mjs";
import { look } from "./eyes.mjs";
import { TEA, WATER } from "./goods.mjs";
import { CHIPS, MILK, prompted, PROMOTIONS, WINE } from "./promotions.mjs";

const TOURS = [
  { album: "promo-desk-zh", language: "zh-TW", viewport: SCREENS.desk, colorScheme: "light" },
  { album: "promo-desk-en", language: "en", viewport: SCREENS.desk, colorScheme: "dark" },
  { album: "promo-tablet-zh", language: "zh-TW", viewport: SCREENS.tablet, colorScheme: "dark" },
  { album: "promo-tablet-en", language: "en", viewport: SCREENS.tablet, colorScheme: "light" },
  { album: "promo-phone-zh", language: "zh-TW", viewport: SCREENS.phone, colorScheme: "light" },
  { album: "promo-phone-en", language: "en", viewport: SCREENS.phone, colorScheme: "dark" },
];

for (const { album, language, viewport, colorScheme } of TOURS) {
  scene(`promotions are readable and within reach: ${album}`, async (context) => {
    const hub = await startHub(context, { promotions: PROMOTIONS });
    const cashier = await sit(await startBrowser(context), hub.url, album, {
      language, viewport, colorScheme: /** @type {"light" | "dark"} */ (colorScheme),
      reducedMotion: "no-preference",
    });
    const { page } = cashier;
    /** @type {string[]} */
    const faults = [];
    const see = (/** @type {string} */ name) => look(cashier, name, faults);
    await cashier.begin();
    await cashier.press("Insert");
    await page.waitForSelector("[name=coupon]:focus");
    await see("1-customer");
    await page.fill("[name=member]", "M-1203");
    await page.fill("[name=tier]", "gold");
    await cashier.press("Enter");
    await page.waitForSelector("[data-member='M-1203']");
    await cashier.scan(MILK);
    await prompted(cashier, "milk-second");
    await see("2-prompt");
    // Much at once: lowered lines, several prompts, an offer, a coupon that is used.
    for (const code of [MILK, WATER, TEA, CHIPS, TEA, MILK, WINE, WINE, WINE]) {
      await cashier.scan(code);
    }
    await page.waitForSelector("[data-offer=card]");
    await page.waitForSelector(".prompt:not(.prompt-best)", { state: "attached" });
    await cashier.press("Insert");
    await page.waitForSelector("[name=coupon]:focus");
    await cashier.scan("SAVE20");
    await page.waitForSelector("[data-withdraw=SAVE20]");
    await see("3-coupon");
    await cashier.press("Escape");
    await page.waitForSelector(".chip[data-used='1']");
    await page.waitForSelector(".prompt-best");
    await see("4-much");
    const isSeen = await page.locator("[data-do=pay]").evaluate((button) =>
      button.getBoundingClientRect().bottom <= innerHeight);
    assert.ok(isSeen, "the way to pay is out of sight");
    await cashier.press("=");
    await page.waitForSelector("[data-explained]");
    await see("5-explained");
    await cashier.press("Escape");
    await cashier.gone("[role=dialog]");
    await page.click("[data-offer=card]");
    await page.waitForSelector("[data-intended=card]");
    await see("6-by-card");
    await page.click("[data-intended=card]");
    await cashier.gone("[data-intended]");
    await cashier.press("F9");
    await cashier.at("payment");
    await page.waitForSelector("[data-tender=card] small");
    await see("7-payment");
    await cashier.press("Enter");
    await cashier.at("receipt");
    await page.waitForSelector("[data-print=done]");
    await see("8-receipt");
    assert.deepEqual(faults, []);
  });
}
