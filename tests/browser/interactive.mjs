// How soon a register's page can be worked with on a cold cache, in a store of 50,000 items and,
// beside it, in the demonstration store: `node tests/browser/interactive.mjs` prints it. Nothing
// fails by it: machines differ.
import { performance } from "node:perf_hooks";
import { Hub } from "./hub.mjs";
import { Cashier, SCREENS, skip } from "./cashier.mjs";
import { WATER } from "./goods.mjs";

const ITEMS = 50_000;
const RUNS = 12;
/** What is wanted of a register, in milliseconds. */
const WANTED_MS = 1000;

/** A barcode of this store's own. @param {number} at */
function code(at) {
  const digits = `2990000${String(at).padStart(5, "0")}`;
  const sum = [...digits].reduce((so, digit, place) => so + Number(digit) * (place % 2 ? 3 : 1), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

function catalogue() {
  const rows = Array.from({ length: ITEMS }, (_, at) =>
    `I${at},${code(at)},商品 ${at} 號 500ml,部門 ${at % 40},piece,${10 + (at % 900)}`);
  return ["item,barcodes,description,department,unit,price", ...rows, ""].join("\n");
}

/** @param {number[]} sorted @param {number} part */
const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

/**
 * One visit with nothing kept: until the search field is there, and until a first scan is answered.
 * @param {import("playwright-core").Browser} browser
 * @param {Hub} hub
 * @param {Awaited<ReturnType<import("playwright-core").BrowserContext["storageState"]>>} state
 * @param {string} scanned
 */
async function visit(browser, hub, state, scanned) {
  const context = await browser.newContext({
    viewport: SCREENS.desk, locale: "zh-TW", storageState: state,
  });
  const cashier = new Cashier(await context.newPage(), hub.url, "interactive");
  const begun = performance.now();
  await cashier.page.goto(hub.url, { waitUntil: "commit" });
  await cashier.at("product");
  await cashier.page.waitForSelector("[name=search]");
  const interactive = performance.now() - begun;
  await cashier.scan(scanned);
  await cashier.page.waitForFunction(() => document.querySelectorAll("[data-line]").length > 0
    && document.querySelectorAll("[data-waiting]").length === 0);
  const answered = performance.now() - begun;
  await cashier.press("F8");
  await cashier.page.waitForSelector("[role=dialog]");
  await cashier.press("Enter");
  await cashier.total("0");
  await context.close();
  return { interactive, scanned: answered };
}

/**
 * A store at work with somebody signed on, and what their browser keeps of it.
 * @param {import("playwright-core").Browser} browser
 * @param {string | null} csv what it sells; the demonstration store's goods if nothing is said
 */
async function open(browser, csv) {
  const hub = new Hub("", undefined, undefined, "none", "");
  await hub.start();
  await hub.setUp();
  const context = await browser.newContext({ viewport: SCREENS.desk, locale: "zh-TW" });
  const cashier = new Cashier(await context.newPage(), hub.url, "interactive");
  await cashier.begin();
  if (csv) await cashier.importCatalogue(csv);
  const state = await context.storageState();
  await context.close();
  return { hub, state };
}

async function measure() {
  if (skip) throw new Error(String(skip));
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"],
  });
  /** @type {Awaited<ReturnType<typeof open>>[]} */
  const stores = [];
  try {
    stores.push(await open(browser, catalogue()), await open(browser, null));
    const scanned = [code(ITEMS - 1), WATER];
    /** @type {{ interactive: number, scanned: number }[][]} */
    const runs = [[], []];
    // In turn, so that whatever else the machine does falls on both.
    for (let run = 0; run < RUNS; run += 1) {
      for (const [which, { hub, state }] of stores.entries()) {
        runs[which]?.push(await visit(browser, hub, state, scanned[which] ?? ""));
      }
    }
    console.log(`${RUNS} visits on a cold cache, wanted ${WANTED_MS} ms`);
    for (const [which, name] of [`${ITEMS} items`, "demonstration"].entries()) {
      for (const what of /** @type {const} */ (["interactive", "scanned"])) {
        const times = (runs[which] ?? []).map((run) => run[what]).sort((one, two) => one - two);
        const [half, most] = [0.5, 0.95].map((part) => Math.round(at(times, part) ?? 0));
        console.log(`| ${name} | ${what} | p50 ${half} ms | p95 ${most} ms |`);
      }
    }
  } finally {
    await browser.close();
    for (const { hub } of stores) await hub.remove();
  }
}

await measure();
