// The till and the business day, as a cashier meets them.
import assert from "node:assert/strict";
import { MANAGER, startHub } from "./hub.mjs";
import { SCREENS, scene, sit, startBrowser } from "./cashier.mjs";
import { look } from "./eyes.mjs";

const TOURS = [
  { album: "till-small", language: "en", viewport: { width: 800, height: 480 } },
  { album: "till-desk", language: "zh-TW", viewport: SCREENS.desk },
  { album: "till-phone", language: "zh-TW", viewport: SCREENS.phone },
];

for (const { album, language, viewport } of TOURS) {
  scene(`a till is opened, counted and closed, and the day with it: ${album}`, async (context) => {
    const hub = await startHub(context, { http: "", till: "shared" });
    const browser = await startBrowser(context);
    const manager = await sit(browser, hub.url, album, { language, viewport });
    const { page } = manager;
    /** @type {string[]} */
    const faults = [];
    const see = (/** @type {string} */ name) => look(manager, name, faults);
    const deed = (/** @type {string} */ name) => page.click(`[data-deed=${name}]`);
    await manager.open();
    await manager.claim("1");
    await manager.signOn(MANAGER, "till");

    // Nothing is sold before the till is open.
    await page.waitForSelector("[data-form=open]");
    await see("01-closed");
    await page.fill("input[name=amount]", "3000");
    await page.click("[data-do=till]");
    await page.waitForSelector("[data-screen=product]");

    await menu(page, "till");
    await page.waitForSelector("[data-expected=cash]");
    await see("02-open");
    await deed("paid_out");
    await page.fill("input[name=amount]", "480");
    await page.click("[data-reason=supplier]");
    await see("03-paid-out");
    await page.click("[data-do=till]");
    await page.waitForSelector("[data-form=paid_out]", { state: "detached" });
    assert.match(await page.innerText("[data-expected=cash]"), /2,520/);
    await deed("report");
    await page.waitForSelector("[data-x] [data-total]");
    await see("04-x");

    // A close needs a count, and says by how much it is off.
    await deed("close");
    await page.waitForSelector(".form-error");
    await deed("count");
    await page.fill("input[name='note-1000']", "2");
    await page.fill("input[name='note-500']", "1");
    assert.match(await page.innerText("[data-counted]"), /2,500/);
    await see("05-count");
    await page.click("[data-form=count] [data-do=till]");
    await page.waitForSelector("[data-form=count]", { state: "detached" });
    await deed("close");
    await page.waitForSelector("[data-z='1'] [data-closing=cash]");
    assert.match(await page.innerText("[data-closing=cash]"), /−NT\$20/);
    await see("06-z");

    await menu(page, "day");
    await page.waitForSelector("[data-total]");
    await see("07-day");
    await page.click("[data-do=close-day]");
    await page.waitForSelector("[data-day='']");
    assert.deepEqual(faults, []);
  });
}

/** @param {import("playwright-core").Page} page @param {string} entry */
async function menu(page, entry) {
  await page.click("[data-do=menu]");
  await page.click(`[data-menu=${entry}]`);
}
