// The simulated devices beside a register that sells: what is done to them is seen there.
import assert from "node:assert/strict";
import { startHub } from "./hub.mjs";
import { scene, SCREENS, sit, startBrowser } from "./cashier.mjs";
import { look } from "./eyes.mjs";
import { TEA } from "./goods.mjs";

/** @typedef {import("./cashier.mjs").Cashier} Cashier */

const SMALL = { width: 800, height: 480 };

/** Another tab of the same browser, at the simulators. @param {Cashier} cashier */
async function beside(cashier) {
  const tab = await cashier.anotherTab(`${cashier.album}-simulators`);
  await tab.page.goto(`${tab.url}/simulators`);
  await tab.page.waitForSelector("[data-simulator]");
  return tab;
}

/** Sells a bottle of tea; the screen of its receipt stays. @param {Cashier} cashier */
async function sell(cashier) {
  const { page } = cashier;
  await cashier.scan(TEA);
  await cashier.lines(1);
  await cashier.press("F9");
  await cashier.at("payment");
  await page.click("[data-quick='100']");
  await cashier.at("receipt");
}

/** @param {Cashier} tab @param {string} what */
const set = ({ page }, what) => page.click(`[data-set="${what}"]`);

/** How many receipts the printer has cut off. @param {Cashier} tab @param {number} count */
const cut = ({ page }, count) => page.waitForSelector(`[data-receipts="${count}"]`);

scene("paper that is out is said and waits; put in, it prints once", async (context) => {
  const hub = await startHub(context);
  const browser = await startBrowser(context);
  const cashier = await sit(browser, hub.url, "paper-out");
  const { page } = cashier;
  /** @type {string[]} */
  const faults = [];
  await cashier.begin();
  const tab = await beside(cashier);
  await look(tab, "1-new", faults);
  await set(tab, "printer paper_out");
  await page.waitForSelector("[data-do=device-troubles][data-device=receipt]");
  await page.waitForSelector("[data-notice=printer_paper_out]");
  await sell(cashier);
  await page.waitForSelector("[data-print=queued]");
  await look(cashier, "2-waits", faults);
  await page.click("[data-do=device-troubles]");
  await page.click("[role=dialog] [data-do=papers]");
  await cashier.at("papers");
  await page.waitForSelector("[data-paper][data-state=queued]");
  await look(cashier, "3-papers", faults);

  await set(tab, "printer online");
  await cut(tab, 1);
  await page.waitForSelector("[data-papers='0']");
  await cashier.gone("[data-notice=printer_paper_out]");
  await cashier.gone("[data-do=device-troubles]");
  // The paper is a picture, as wide as it is printed; the drawer came out with the sale.
  const picture = tab.page.locator(".roll img");
  await picture.waitFor();
  await tab.page.waitForFunction(() =>
    (/** @type {HTMLImageElement | null} */ (document.querySelector(".roll img"))
      ?.naturalWidth ?? 0) > 500);
  await tab.page.waitForSelector("[data-drawer='1 open']");
  await look(tab, "4-printed", faults);
  await tab.page.setViewportSize(SMALL);
  await look(tab, "5-small", faults);
  await tab.page.click("[data-do=drawer-1]");
  await tab.page.waitForSelector("[data-drawer='1 shut']");
  // The next sale is the second receipt: none came twice.
  await page.keyboard.press("Escape");
  await cashier.at("product");
  await sell(cashier);
  await cut(tab, 2);
  await page.waitForSelector("[data-print=done]");
  await tab.page.waitForSelector("[data-receipts='2']");
  assert.deepEqual(faults, []);
});

scene("a cable pulled while it prints leaves a paper that a person settles", async (context) => {
  const hub = await startHub(context, { more: "[printer]\nbytes_per_s = 3000\n" });
  const browser = await startBrowser(context);
  const cashier = await sit(browser, hub.url, "unplugged", { language: "en" });
  const { page } = cashier;
  /** @type {string[]} */
  const faults = [];
  await cashier.begin();
  const tab = await beside(cashier);
  await sell(cashier);
  await tab.page.waitForSelector("text=Printing …");
  await set(tab, "cable unplugged");
  await page.waitForSelector("[data-notice=receipt_unknown]");
  await page.waitForSelector("[data-print=unknown]");
  await page.click("[data-do=papers]");
  await cashier.at("papers");
  await page.waitForSelector("[data-paper][data-state=unknown]");
  await page.setViewportSize(SMALL);
  await look(cashier, "1-unknown", faults);
  await set(tab, "cable none");
  await cashier.gone("[data-do=device-troubles]");
  await page.click("[data-came-out]");
  await page.waitForSelector("[data-papers='0']");
  await cashier.gone("[data-notice=receipt_unknown]");

  // Again, and this time it is printed as a copy.
  await page.setViewportSize(SCREENS.desk);
  await page.keyboard.press("Escape");
  await cashier.at("product");
  await sell(cashier);
  await tab.page.waitForSelector("text=Printing …");
  await set(tab, "cable unplugged");
  await page.waitForSelector("[data-notice=receipt_unknown]");
  await set(tab, "cable none");
  await page.click("[data-do=papers]");
  await page.click("[data-again]");
  await page.waitForSelector("[data-paper][data-state=printing], [data-paper][data-state=queued]");
  await cashier.gone("[data-notice=receipt_unknown]");
  await page.waitForSelector("[data-papers='0']");
  assert.deepEqual(faults, []);
});

scene("a card terminal asks a person, who approves at its keys", async (context) => {
  const more = `[[devices]]\nid = "edc"\nkind = "card_terminal"\nport = "simulated"\n`
    + `registers = [1]\n`;
  const hub = await startHub(context, { more });
  const browser = await startBrowser(context);
  const cashier = await sit(browser, hub.url, "terminal", { language: "en" });
  const { page } = cashier;
  /** @type {string[]} */
  const faults = [];
  await cashier.begin();
  const tab = await beside(cashier);
  await tab.page.click("label.switch");
  await tab.page.waitForFunction(() =>
    /** @type {HTMLInputElement} */ (document.querySelector("[name=awaits]")).checked);
  await cashier.scan(TEA);
  await cashier.lines(1);
  await cashier.press("F9");
  await cashier.at("payment");
  await page.click("[data-tender=card]");
  await page.click("[data-do=tender]");
  await tab.page.waitForSelector("[data-asks]:not([data-asks=''])");
  await look(tab, "1-asks", faults);
  await set(tab, "trick approve");
  await cashier.total("0");
  await page.click("[data-do=tender]");
  await cashier.at("receipt");
  await tab.page.waitForSelector("[data-slips='1']");
  assert.deepEqual(faults, []);
});

scene("nobody without a session handles the simulators; an empty store says so", async (context) => {
  const hub = await startHub(context, { more: "[printer]\nkind = \"none\"\n" });
  const browser = await startBrowser(context);
  const stranger = await sit(browser, hub.url, "stranger");
  /** @type {string[]} */
  const faults = [];
  await stranger.page.goto(`${hub.url}/simulators`);
  await stranger.page.waitForSelector("[data-trouble=not_signed_in]");
  await look(stranger, "1-signed-out", faults);
  for (const [method, path] of [["GET", ""], ["POST", "/receipt"], ["GET", "/receipt/paper.png"]]) {
    const answer = await fetch(`${hub.url}/api/v1/simulators${path}`, { method });
    assert.equal(answer.status, 401, `${method} ${path}`);
  }
  await stranger.begin();
  await stranger.page.goto(`${hub.url}/simulators`);
  await stranger.page.waitForSelector("[data-empty]");
  await look(stranger, "2-none", faults);
  assert.deepEqual(faults, []);
});
