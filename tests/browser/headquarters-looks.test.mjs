// Every screen of headquarters' page as people meet it: a phone, a desk, a wall; both languages.
import assert from "node:assert/strict";
import { ADMIN, startHeadquarters } from "./hq.mjs";
import { startHub } from "./hub.mjs";
import { SCREENS, sit, startBrowser } from "./cashier.mjs";
import { look, whole } from "./eyes.mjs";
import { TEA, WATER } from "./goods.mjs";
import { readAt, scene, WALL } from "./reader.mjs";

/** @typedef {import("./reader.mjs").Reader} Reader */
/** @typedef {(name: string) => Promise<void>} See */

const TOURS = [
  { album: "hq-desk-zh", language: "zh-TW", viewport: SCREENS.desk, colorScheme: "light" },
  { album: "hq-desk-en", language: "en", viewport: SCREENS.desk, colorScheme: "dark" },
  { album: "hq-phone-zh", language: "zh-TW", viewport: SCREENS.phone, colorScheme: "dark" },
  { album: "hq-phone-en", language: "en", viewport: SCREENS.phone, colorScheme: "light" },
  { album: "hq-wall-zh", language: "zh-TW", viewport: WALL, colorScheme: "dark" },
  { album: "hq-wall-en", language: "en", viewport: WALL, colorScheme: "light" },
];

/** As long as names of stores get. */
const LONG_NAME = "高雄左營新光三越百貨公司地下二樓超市門市";

const REASONS = 'price = ["damaged"]\nreturn = ["defective"]\nabandon = ["customer_left"]\n';

for (const { album, language, viewport, colorScheme } of TOURS) {
  scene(`headquarters is readable and within reach: ${album}`, async (context) => {
    const hq = await startHeadquarters(context, { isSetUp: false });
    const browser = await startBrowser(context);
    const reader = await readAt(browser, hq.url, album, {
      language, viewport, colorScheme: /** @type {"light" | "dark"} */ (colorScheme),
      reducedMotion: "no-preference",
    });
    /** @type {string[]} */
    const faults = [];
    const see = (/** @type {string} */ name) => whole(reader, viewport, () =>
      look(reader, name, faults));
    await entrance(reader, hq, see);
    const link = await hq.addStore("S-1", LONG_NAME, "南區");
    await hq.addStore("S-2", "信義門市", "北區");
    const hub = await startHub(context, { link });
    const till = await sit(browser, hub.url, `${album}-till`);
    await till.begin();
    for (const code of [TEA, WATER, TEA]) await till.scan(code);
    await till.lines(3);
    await till.press("F9");
    await till.at("payment");
    await till.page.click("[data-quick='100']");
    await till.at("receipt");
    await reader.net(65);
    await reader.store("S-1", "yes");
    await hq.pushPolicy({ "reasons.toml": REASONS });
    await reader.page.waitForSelector("[data-store='S-1'] [data-policy='1']");
    await screens(reader, see);
    await hub.kill();
    await reader.go("#/");
    await reader.store("S-1", "no");
    await see("13-offline");
    await reader.page.goto(`${hq.url}/?wall`);
    await reader.page.waitForSelector("[data-screen=wall] canvas");
    await see("14-wall");
    await hq.kill();
    await reader.page.waitForSelector("[data-bar=silent]");
    await see("15-silent");
    assert.deepEqual(faults, []);
  });
}

/** @param {Reader} reader @param {import("./hq.mjs").Headquarters} hq @param {See} see */
async function entrance(reader, hq, see) {
  const { page } = reader;
  await reader.open();
  await reader.at("setup");
  await see("01-setup");
  await hq.setUp();
  await reader.open();
  await reader.at("sign-in");
  await page.fill("[name=user]", ADMIN.id);
  await page.fill("[name=password]", "not the password");
  await reader.press("Enter");
  await page.waitForSelector(".form-error:not(:empty)");
  await see("02-refused");
  await reader.signIn();
  await page.waitForSelector("[data-nothing=yes]");
  await see("03-nothing");
}

/** @param {Reader} reader @param {See} see */
async function screens(reader, see) {
  const { page } = reader;
  await page.waitForSelector("[data-block=hours] canvas");
  await see("04-chain");
  await page.click("[data-do=hours-table] summary");
  await page.waitForSelector("[data-hour]");
  await see("05-hours-table");
  await page.click("[data-do=menu] summary");
  await page.waitForSelector("[data-do=sign-out]");
  await see("06-menu");
  await reader.press("Escape");
  for (const [tab, waitFor] of [["overview", "canvas"], ["goods", "[data-block=items] [data-group]"],
    ["operators", "[data-group]"], ["stock", "[data-item]"], ["link", "[data-stream]"]]) {
    await reader.go(`#/store/S-1/${tab}`);
    await page.waitForSelector(`[data-tab=${tab}][aria-current]`);
    await page.waitForSelector(waitFor);
    await see(`07-store-${tab}`);
  }
  await reader.go("#/store/S-2");
  await page.waitForSelector("[data-block=last-sales]");
  await see("08-store-that-never-was");
  await reader.go("#/");
  await page.click("[data-block=last-sales] [data-sale] a");
  await page.waitForSelector("[data-paper]");
  await see("09-sale");
  for (const [place, waitFor] of [["policy", "[data-bundle] [data-standing=in_force]"],
    ["aside", "[data-nothing]"], ["people", "[data-user]"]]) {
    await reader.go(`#/${place}`);
    await reader.at(place);
    await page.waitForSelector(waitFor);
    if (place === "people") await page.selectOption("[name=new-role]", "region");
    await see(`10-${place}`);
  }
  await reader.go("#/?day=2026-01-02");
  await page.waitForSelector("[data-nothing=yes] [data-do=last-day]");
  await see("11-another-day");
  await page.click("[data-do=today]");
  await page.waitForSelector("[data-today=yes]");
  await reader.go("#/store/nowhere");
  await page.waitForSelector("[data-failed=unknown_store]");
  await see("12-unknown-store");
}
