// Headquarters' page where things are the matter: forks, alerts, what was kept aside, and names that
// are hard on a page. A phone, a desk, a wall; both languages.
import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { READER, startHeadquarters } from "./hq.mjs";
import { startHub } from "./hub.mjs";
import { SCREENS, sit, startBrowser } from "./cashier.mjs";
import { look, whole } from "./eyes.mjs";
import { hardCatalogue, HOSTILE, HOSTILE_NAME, LONG } from "./goods.mjs";
import { publish } from "./publisher.mjs";
import { readAt, scene, WALL } from "./reader.mjs";

/** @typedef {import("./reader.mjs").Reader} Reader */
/** @typedef {import("./cashier.mjs").Cashier} Cashier */
/** @typedef {import("./hub.mjs").Hub} Hub */

const TOURS = [
  { album: "hq-trouble-desk-zh", language: "zh-TW", viewport: SCREENS.desk, colorScheme: "light" },
  { album: "hq-trouble-desk-en", language: "en", viewport: SCREENS.desk, colorScheme: "dark" },
  { album: "hq-trouble-phone-zh", language: "zh-TW", viewport: SCREENS.phone, colorScheme: "dark" },
  { album: "hq-trouble-phone-en", language: "en", viewport: SCREENS.phone, colorScheme: "light" },
  { album: "hq-trouble-wall-zh", language: "zh-TW", viewport: WALL, colorScheme: "dark" },
  { album: "hq-trouble-wall-en", language: "en", viewport: WALL, colorScheme: "light" },
];

/** Written from the right, with a mark that turns what follows around. */
const RTL_NAME = "متجر \u202eالشرق";
const ENDLESS_NAME = "Superlongunbrokenname".repeat(10).slice(0, 200);
/** An id may be whatever has at most 64 bytes. */
const HOSTILE_ID = `"><img src=x onerror=alert(1)>`;
const HOSTILE_PIN = "591736";

for (const { album, language, viewport, colorScheme } of TOURS) {
  scene(`trouble and hard names are readable: ${album}`, async (context) => {
    const hq = await startHeadquarters(context);
    const link = await hq.addStore("S-1", HOSTILE_NAME, RTL_NAME);
    await hq.addStore("S-2", RTL_NAME, "<b>南區</b>");
    await hq.addStore("S-3", ENDLESS_NAME, ENDLESS_NAME);
    await hq.ask("POST", "/users", {
      ...READER, id: HOSTILE_ID, name: RTL_NAME, role: "store", scope: ["S-1", "S-2", "S-3"],
    });
    const hub = await startHub(context, { link });
    const browser = await startBrowser(context);
    const till = await sit(browser, hub.url, `${album}-till`);
    await till.begin();
    await till.importCatalogue(hardCatalogue());
    await runsLow(till);
    const reader = await readAt(browser, hq.url, album, {
      language, viewport, colorScheme: /** @type {"light" | "dark"} */ (colorScheme),
      reducedMotion: "no-preference",
    });
    await reader.signIn();
    await sellAs(till, HOSTILE_ID);
    await reader.page.waitForSelector("[data-figure=sales][data-value='1']");
    await forks(hub, till, reader);
    await publish(link.file, "state/link", `{"<script>": ${"9".repeat(300)}`);
    await reader.page.waitForSelector("[data-place=aside] .count");
    /** @type {string[]} */
    const faults = [];
    const see = (/** @type {string} */ name) => whole(reader, viewport, () =>
      look(reader, name, faults));
    await screens(reader, see);
    await reader.page.goto(`${hq.url}/?wall`);
    await reader.page.waitForSelector("[data-screen=wall] canvas");
    await see("9-wall");
    assert.deepEqual(faults, []);
  });
}

/** Stock below its level, of the item with the hostile name. @param {Cashier} till */
async function runsLow(till) {
  const pieces = (/** @type {number} */ n) => ({ amount: String(n), unit: "piece" });
  const id = (/** @type {number} */ n) => `01939f2e-7b1c-7c8a-9d53-0a4f6c1d2e${n}`;
  const [levels, counted, hired] = [
    await till.api.put(`${till.url}/api/v1/stock/safety`, { data: {
      command_id: id(10),
      levels: [{ item: "X0001", safety_stock: pieces(5), clear_at: pieces(9) }],
    } }),
    await till.api.post(`${till.url}/api/v1/stock/movements`, { data: {
      command_id: id(11), item: "X0001", kind: "counted", quantity: pieces(4), reason: "count",
    } }),
    await till.api.post(`${till.url}/api/v1/operators`, { data: {
      id: HOSTILE_ID, name: HOSTILE_NAME, role: "cashier", pin: HOSTILE_PIN,
    } }),
  ];
  for (const done of [levels, counted, hired]) assert.equal(done.status(), 201, await done.text());
}

/** @param {Cashier} till @param {string} operator */
async function sellAs(till, operator) {
  assert.equal((await till.api.delete(`${till.url}/api/v1/session`)).status(), 204);
  await till.signOn({ operator, pin: HOSTILE_PIN });
  await sell(till);
}

/** @param {Cashier} till */
async function sell(till) {
  for (const code of [HOSTILE, LONG]) await till.scan(code);
  await till.lines(2);
  await till.press("F9");
  await till.at("payment");
  await till.press("Enter");
  await till.at("receipt");
  await till.press("Escape");
  await till.at("product");
}

/** An old file that is copied over the new one, and then a journal that is put back from a backup.
 * @param {Hub} hub @param {Cashier} till @param {Reader} reader */
async function forks(hub, till, reader) {
  const { page } = reader;
  const copy = join(hub.dir, "copy");
  await hub.kill();
  cpSync(hub.data, copy, { recursive: true });
  await hub.start();
  await till.gone("[data-bar]");
  await sell(till);
  await page.waitForSelector("[data-figure=sales][data-value='2']");
  await hub.kill();
  rmSync(hub.data, { recursive: true });
  cpSync(copy, hub.data, { recursive: true });
  await hub.start();
  await page.waitForSelector("[data-fork=diverged]");
  const backup = join(hub.dir, "backup.db");
  await hub.backUp(backup);
  await hub.kill();
  await hub.restore(backup);
  await hub.start();
  await page.waitForSelector("[data-fork=restored]");
}

/** @param {Reader} reader @param {(name: string) => Promise<void>} see */
async function screens(reader, see) {
  const { page } = reader;
  const hard = async () => {
    assert.equal(await page.locator("main img, main script, main b").count(), 0, "markup in a name");
    assert.notEqual(await page.title(), "pwned");
  };
  await page.waitForSelector("[data-block=alerts] [data-alert=X0001]");
  await page.waitForSelector("[data-block=hours] canvas");
  await see("1-chain");
  await hard();
  for (const [tab, waitFor] of [["goods", "[data-block=items] [data-group=X0001]"],
    ["operators", "[data-group]"], ["stock", "[data-item=X0001]"],
    ["link", "[data-fork=restored], [data-stream]"]]) {
    await reader.go(`#/store/S-1/${tab}`);
    await page.waitForSelector(`[data-tab=${tab}][aria-current]`);
    await page.waitForSelector(/** @type {string} */ (waitFor));
    await see(`2-store-${tab}`);
    await hard();
  }
  await reader.go("#/store/S-3");
  await page.waitForSelector("[data-block=last-sales]");
  await see("3-endless-name");
  await reader.go("#/");
  await page.click("[data-block=last-sales] [data-sale] a");
  await page.waitForSelector("[data-paper]");
  await see("4-sale");
  await hard();
  await reader.go("#/aside");
  await page.waitForSelector("[data-aside-code=malformed]");
  await see("5-aside");
  await hard();
  await reader.go("#/people");
  await page.waitForSelector("[data-user]");
  await see("6-people");
  await page.locator("[data-user]", { hasText: "onerror" }).locator("button").click();
  await page.waitForSelector("[data-block=change-person]");
  await see("7-change");
  await page.click("[data-do=remove-person]");
  await page.waitForSelector("dialog[open]");
  await see("8-ask-first");
  await hard();
  await reader.press("Escape");
  await reader.gone("dialog");
}
