// Finding goods without a code: by initials, in a category, by a tap or by keys.
import assert from "node:assert/strict";
import { MANAGER, startHub } from "./hub.mjs";
import { SCREENS, scene, sit, startBrowser } from "./cashier.mjs";
import { look } from "./eyes.mjs";

const TOURS = [
  { album: "tiles-small", language: "en", viewport: { width: 800, height: 480 } },
  { album: "tiles-desk", language: "zh-TW", viewport: SCREENS.desk },
  { album: "tiles-tablet", language: "zh-TW", viewport: SCREENS.tablet },
];

for (const { album, language, viewport } of TOURS) {
  scene(`goods are found by initials and in their category: ${album}`, async (context) => {
    const hub = await startHub(context);
    const browser = await startBrowser(context);
    const cashier = await sit(browser, hub.url, album, { language, viewport });
    const { page } = cashier;
    /** @type {string[]} */
    const faults = [];
    const see = (/** @type {string} */ name) => look(cashier, name, faults);
    await cashier.open();
    await cashier.claim("1");
    await cashier.signOn(MANAGER);

    // Pinyin as it is typed, zhuyin as the keyboard of an input method writes it.
    await page.waitForSelector("[data-category='飲料']");
    await see("01-closed");
    await cashier.type("xznt");
    await page.waitForSelector(".found-item");
    await cashier.press("Escape");
    await cashier.press("F2");
    await page.keyboard.insertText("ㄒㄓㄋ");
    await page.waitForSelector(".found-item >> text=現煮拿鐵 大杯");
    await see("02-initials");
    await cashier.press("Enter");
    await cashier.lines(1);

    // A department, a category of it, an item; the category stays for the next one.
    await page.click("[data-category='飲料']");
    await page.waitForSelector("[data-turn=next]");
    await see("03-department");
    await page.click("[data-turn=next]");
    await page.waitForSelector("[data-turn=previous]:not(:disabled)");
    await page.click("[data-category='茶飲']");
    await page.click("[data-tile=D0009]");
    await cashier.lines(2);
    await page.waitForSelector("[data-tile=D0009]");
    await see("04-category");

    // The same from the keyboard: the second department, its first item, and out again.
    await page.click("[data-do=close-tiles]");
    await cashier.gone("[data-tile]");
    await cashier.press("End");
    await cashier.press("ArrowRight");
    const second = await page.evaluate(() => document.activeElement?.textContent?.trim());
    await cashier.press("Enter");
    await page.waitForSelector("[data-tile]");
    assert.equal(await page.innerText(".tile-category[aria-pressed=true]"), second);
    const rows = await page.locator(".tiles [data-row]").count();
    for (let row = rows - 2; row > 0; row -= 1) await cashier.press("ArrowDown");
    await cashier.press("Enter");
    await cashier.lines(3);
    await cashier.press("Escape");
    await cashier.gone("[data-tile]");
    assert.deepEqual(faults, []);
  });
}
