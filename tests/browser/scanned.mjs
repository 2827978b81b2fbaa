// How soon a scan at a serial line stands on the screen: `node tests/browser/scanned.mjs` prints it.
// The scanner is a simulated one at a real pseudo-terminal; the clock is the page's own,
// from before the simulator is asked to send until the line stands in the page and until the frame
// behind it. Nothing fails by it: machines differ.
import { Hub } from "./hub.mjs";
import { Cashier, SCREENS, skip } from "./cashier.mjs";
import { TEA } from "./goods.mjs";

const SCANS = 200;
/** Lines of a basket, which is then emptied. */
const BASKET = 6;
/** What is wanted of a scan, in milliseconds. */
const WANTED_MS = 30;

const SCANNER = `
[printer]
kind = "none"
[[devices]]
id = "gun"
kind = "scanner"
port = "simulated"
registers = [1]
`;

/** @typedef {{ heard: number, stood: number, drawn: number }} Times milliseconds since it began */

/**
 * Scans once at the simulated scanner, and waits until the basket has the priced line.
 * @param {Cashier} cashier
 * @returns {Promise<Times>}
 */
const scan = ({ page }) => page.evaluate((code) => new Promise((resolve, refuse) => {
  const shown = () => document.querySelector(".lines")?.textContent ?? "";
  const [begun, before] = [performance.now(), shown()];
  const since = () => performance.now() - begun;
  let heard = 0;
  const watcher = new MutationObserver(() => {
    if (document.querySelector("[data-waiting]") || shown() === before) return;
    watcher.disconnect();
    const stood = since();
    requestAnimationFrame(() => setTimeout(() => resolve({ heard, stood, drawn: since() })));
  });
  watcher.observe(document.body, { subtree: true, childList: true, characterData: true });
  void fetch("/api/v1/simulators/gun", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ action: "scan", code }),
  }).then((answer) => {
    heard = since();
    if (!answer.ok) refuse(new Error(`the simulator: ${answer.status}`));
  }, refuse);
}), TEA);

/** Takes the basket away. @param {Cashier} cashier */
async function empty(cashier) {
  await cashier.press("F8");
  await cashier.page.waitForSelector("[role=dialog]");
  await cashier.press("Enter");
  await cashier.total("0");
}

/** @param {number[]} times @param {number} part */
function at(times, part) {
  const sorted = times.toSorted((one, two) => one - two);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(1);
}

async function measure() {
  if (skip) throw new Error(String(skip));
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"],
  });
  const hub = new Hub("", undefined, undefined, "none", SCANNER);
  try {
    await hub.start();
    await hub.setUp();
    const context = await browser.newContext({ viewport: SCREENS.desk, locale: "zh-TW" });
    const cashier = new Cashier(await context.newPage(), hub.url, "scanned");
    await cashier.begin();
    /** @type {Times[]} */
    const times = [];
    while (times.length < SCANS) {
      times.push(await scan(cashier));
      if (times.length % BASKET === 0) await empty(cashier);
    }
    console.log(`${SCANS} scans at a serial line, baskets of ${BASKET}, wanted p99 ${WANTED_MS} ms`);
    for (const [name, what] of /** @type {const} */ ([
      ["the simulator has sent and answered", "heard"],
      ["the priced line stands in the page", "stood"],
      ["its frame is drawn", "drawn"],
    ])) {
      const [half, most] = [0.5, 0.99].map((part) => at(times.map((one) => one[what]), part));
      console.log(`| ${name} | p50 ${half} ms | p99 ${most} ms |`);
    }
  } finally {
    await browser.close();
    await hub.remove();
  }
}

await measure();
