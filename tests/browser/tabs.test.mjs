// Several tabs and several browsers at one register.
import assert from "node:assert/strict";
import { CASHIER, startHub } from "./hub.mjs";
import { scene, sit, startBrowser } from "./cashier.mjs";
import { COFFEE, TEA, WATER } from "./goods.mjs";

/** @typedef {import("./cashier.mjs").Cashier} Cashier */

const TABS = 8;

/** What old and small browsers lack. */
const LACKS = {
  "with a shared worker": () => {},
  "without shared workers": () => { Reflect.deleteProperty(window, "SharedWorker"); },
};

for (const [which, lack] of Object.entries(LACKS)) {
  scene(`eight tabs ${which} stay live`, async (context) => {
    const hub = await startHub(context);
    const browser = await startBrowser(context);
    const first = await sit(browser, hub.url, "eight-tabs");
    await first.page.context().addInitScript(lack);
    await first.begin();
    /** @type {Set<import("playwright-core").Request>} */
    const streams = new Set();
    const isStream = (/** @type {import("playwright-core").Request} */ request) =>
      request.url().endsWith("/api/v1/live");
    first.page.context().on("request", (request) => {
      if (isStream(request)) streams.add(request);
    });
    const ended = (/** @type {import("playwright-core").Request} */ request) =>
      void streams.delete(request);
    first.page.context().on("requestfinished", ended);
    first.page.context().on("requestfailed", ended);

    const tabs = [first];
    while (tabs.length < TABS) tabs.push(await first.anotherTab());
    for (const [at, tab] of tabs.entries()) {
      await tab.scan(at % 2 ? WATER : TEA);
      await Promise.all(tabs.map((one) => one.lines(at + 1)));
    }
    // Requests of every tab are answered: the streams have not taken all connections.
    await Promise.all(tabs.map(({ page }) => page.evaluate(() => fetch("/api/v1/register"))));
    assert.ok(streams.size <= 1, `${streams.size} tabs hold a stream`);

    // The tab that led is closed: another takes over, and everybody still hears.
    await first.page.close();
    const rest = tabs.slice(1);
    await rest[0].scan(COFFEE);
    await Promise.all(rest.map((one) => one.lines(TABS + 1)));
    await rest[0].page.reload();
    await rest[0].lines(TABS + 1);
    await rest[1].scan(COFFEE);
    await Promise.all(rest.map((one) => one.total("280")));
    hub.signal("SIGSTOP");
    await Promise.all(rest.map(({ page }) => page.waitForSelector("[data-bar=silent]")));
    hub.signal("SIGCONT");
    await Promise.all(rest.map((one) => one.gone("[data-bar]")));
  });
}

scene("a second browser takes the register over, and the first is told", async (context) => {
  const hub = await startHub(context);
  const browser = await startBrowser(context);
  const first = await sit(browser, hub.url, "take-over-first");
  await first.begin();
  await first.scan(TEA);
  await first.lines(1);

  const second = await sit(browser, hub.url, "take-over-second");
  await second.begin();
  // The basket is the register's, not the browser's.
  await second.lines(1);
  await first.page.waitForSelector("[data-notice=workstation_taken_over]");
  await first.shot("1-told");
  await first.scan(WATER);
  await second.scan(COFFEE);
  await second.lines(2);
  await second.total("85");

  // And back, with a manager's PIN; the hub is not called silent meanwhile.
  await first.press("Enter");
  await first.at("claim");
  assert.equal(await first.page.locator("[data-bar]").count(), 0);
  await first.claim("1");
  await first.signOn();
  await first.lines(2);
  await second.page.waitForSelector("[data-notice=workstation_taken_over]");
});

scene("signing off waits for the basket, and the next cashier begins clean", async (context) => {
  const hub = await startHub(context);
  const cashier = await sit(await startBrowser(context), hub.url, "sign-off");
  const { page } = cashier;
  await cashier.begin();
  await cashier.addCashier();
  const other = await cashier.anotherTab();
  await cashier.scan(TEA);
  await cashier.lines(1);
  await cashier.press("F10");
  await page.waitForSelector("[data-menu=sign_off]:disabled");
  await cashier.shot("1-open");
  await cashier.press("Escape");
  await cashier.press("F8");
  await page.waitForSelector("[role=dialog]");
  await cashier.press("Enter");
  await cashier.lines(0);
  await cashier.press("F10");
  await page.click("[data-menu=sign_off]");
  await cashier.at("sign-on");
  await other.at("sign-on");
  // Nobody sells without a name.
  await cashier.scan(TEA);
  await page.fill("[name=operator]", CASHIER.operator);
  await page.fill("[name=pin]", "000000");
  await cashier.press("Enter");
  await page.waitForSelector(".form-error:not(:empty)");
  await cashier.shot("2-wrong-pin");
  await cashier.signOn(CASHIER);
  await other.at("product");
  await cashier.lines(0);
  await page.waitForSelector(`.header-operator >> text=${CASHIER.name}`);
  await cashier.press("F10");
  await page.waitForSelector("[data-menu=sign_off]");
  assert.equal(await page.locator("[data-menu=operators]").count(), 0);
});
