// The simulated devices beside a register that sells: what is done to them is seen there.
import assert from "node:assert/strict";
import { startHub } from "./hub.mjs";
import { PATIENCE_MS, scene, SCREENS, sit, startBrowser } from "./cashier.mjs";
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
  await page.waitForSelector("[data-due='0']");
  await page.click("[data-do=tender]");
  await cashier.at("receipt");
  await tab.page.waitForSelector("[data-slips='1']");
  assert.deepEqual(faults, []);
});

const COUNTER = `
[[devices]]
id = "gun"
kind = "scanner"
port = "simulated"
registers = [1]
[[devices]]
id = "scale"
kind = "scale"
port = "simulated"
registers = [1]
[[devices]]
id = "pole"
kind = "customer_display"
port = "simulated"
registers = [1]
[[devices]]
id = "lamps"
kind = "signal"
port = "simulated"
`;

scene("a whole counter: a scan sells, the display follows, the scale weighs, lamps tell",
  async (context) => {
    const hub = await startHub(context, { more: COUNTER });
    const browser = await startBrowser(context);
    const cashier = await sit(browser, hub.url, "counter", { language: "en" });
    const { page } = cashier;
    /** @type {string[]} */
    const faults = [];
    await cashier.begin();
    const tab = await beside(cashier);
    await tab.page.waitForSelector("[data-lamp='green on']");
    await tab.page.fill("[data-simulator=gun] [name=code]", TEA);
    await tab.page.keyboard.press("Enter");
    await cashier.lines(1);
    await tab.page.waitForSelector("[data-display=pole] >> text=/TOTAL +25/");

    // A weight to drag, by keys as well; the hub hears it over the line.
    const scale = tab.page.locator("[data-simulator=scale]");
    await scale.locator("[data-set='load 1000']").click();
    await tab.page.waitForSelector("[data-load='1000']");
    await scale.locator("[name=load]").press("ArrowRight");
    await tab.page.waitForSelector("[data-load='1005']");
    await page.click("[data-do=menu]");
    await page.click("[data-menu=devices]");
    const weighed = page.locator("[data-tried=scale]");
    await page.waitForSelector("[data-try='scale weigh']");
    await assertSoon(page, async () => {
      await page.click("[data-try='scale weigh']");
      await page.waitForSelector("[data-try='scale weigh']:not([disabled])");
      return (await weighed.textContent())?.startsWith("1.005") ?? false;
    });

    await tab.page.click("[data-do=door]");
    await tab.page.waitForSelector("text=The door is open");
    const printer = tab.page.locator("[data-simulator=receipt]");
    await printer.locator("[data-set='printer paper_out']").click();
    await tab.page.waitForSelector("[data-lamp='red on']");
    await tab.page.setViewportSize({ width: 1280, height: 1700 });
    await tab.page.evaluate(() => scrollTo(0, 0));
    await look(tab, "1-counter", faults);
    await tab.page.setViewportSize(SMALL);
    await look(tab, "2-small", faults);
    await tab.page.locator("[data-simulator=lamps] [data-set='cable unplugged']").click();
    await page.waitForSelector("[data-device=lamps] [data-condition=absent]");
    assert.deepEqual(faults, []);
  });

/**
 * Tries until something holds, for as long as the page would wait.
 * @param {import("playwright-core").Page} page @param {() => Promise<boolean>} holds
 */
async function assertSoon(page, holds) {
  const until = Date.now() + PATIENCE_MS;
  while (!await holds()) {
    assert.ok(Date.now() < until, `still not at ${page.url()}`);
  }
}

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
