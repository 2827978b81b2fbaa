// Hands on the page: a keyboard alone, fingers alone, a scanner at bad moments.
import assert from "node:assert/strict";
import { startHub } from "./hub.mjs";
import { SCREENS, scene, sit, startBrowser } from "./cashier.mjs";
import {
  COFFEE, hardCatalogue, HOSTILE, HOSTILE_NAME, NO_PRICE, TEA, UNKNOWN, WATER, WEIGHED,
} from "./goods.mjs";

/** @typedef {import("node:test").TestContext} TestContext */
/** @typedef {import("./cashier.mjs").Cashier} Cashier */

/**
 * @param {TestContext} context @param {string} album
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
async function selling(context, album, options) {
  const hub = await startHub(context);
  const cashier = await sit(await startBrowser(context), hub.url, album, options);
  await cashier.begin();
  return cashier;
}

/** Presses Tab until this has the focus. @param {Cashier} cashier @param {string} selector */
async function tabTo(cashier, selector) {
  for (let steps = 0; steps < 40; steps += 1) {
    await cashier.press("Tab");
    if (await cashier.page.evaluate((it) => document.activeElement?.matches(it), selector)) return;
  }
  assert.fail(`Tab does not reach ${selector}`);
}

scene("a whole sale by keyboard alone", async (context) => {
  const cashier = await selling(context, "keyboard");
  const { page } = cashier;
  await cashier.type(WATER);
  await cashier.press("Enter");
  await cashier.lines(1);
  await cashier.type("2*");
  await cashier.type(TEA);
  await cashier.press("Enter");
  await cashier.total("65");
  // The line above, its quantity.
  await cashier.press("ArrowUp");
  await cashier.press("F4");
  await page.waitForSelector("[name=quantity]:focus");
  await cashier.type("4");
  await cashier.press("Enter");
  await cashier.total("110");
  await cashier.press("F6");
  await page.waitForSelector("[name=value]:focus");
  await cashier.type("10");
  await cashier.press("Enter");
  await cashier.total("104");
  // Buttons are reached by Tab and pressed by the space bar, too.
  await tabTo(cashier, "[data-do=undo]");
  await cashier.press(" ");
  await cashier.total("110");
  await cashier.press("F9");
  await cashier.at("payment");
  await cashier.type("200");
  await page.waitForSelector("[data-entry='200']");
  await cashier.press("Enter");
  await cashier.at("receipt");
  await page.waitForSelector("[data-change='90']");
});

scene("a whole sale by fingers alone, on a phone", async (context) => {
  const cashier = await selling(context, "touch",
    { viewport: SCREENS.phone, hasTouch: true, isMobile: true });
  const { page } = cashier;
  await page.tap("[name=search]");
  await page.keyboard.insertText("拿鐵");
  await page.tap(".found-item >> text=現煮拿鐵 大杯");
  await cashier.lines(1);
  await page.tap("[data-do=quantity]");
  await page.tap(".dialog .key >> text=3");
  await page.tap(".dialog [data-do=yes]");
  await cashier.total("180");
  await page.tap("[data-do=discount]");
  await page.tap(".dialog .choice:has-text('即期品')");
  await page.tap(".dialog .key >> text=5");
  await page.tap(".dialog .key >> text=0");
  await cashier.shot("1-discount");
  await page.tap(".dialog [data-do=yes]");
  await cashier.total("90");
  await page.tap("[data-do=undo]");
  await cashier.total("180");
  await page.tap("[data-do=pay]");
  await cashier.at("payment");
  for (const key of ["2", "00"]) await page.tap(`.keypad .key >> text="${key}"`);
  await cashier.shot("2-payment");
  await page.tap("[data-do=tender]");
  await cashier.at("receipt");
  await page.waitForSelector("[data-change='20']");
  await cashier.shot("3-receipt");
  await page.tap("[data-do=next]");
  await cashier.at("product");
});

scene("a double tap is one tap", async (context) => {
  const cashier = await selling(context, "double-tap");
  const { page } = cashier;
  await cashier.scan(TEA);
  await cashier.lines(1);
  // A question stays open: the second tap is neither for it nor for what lies around it.
  await page.dblclick("[data-do=void]");
  await page.locator("[data-do=yes]").click({ trial: true });
  await cashier.press("Escape");
  await cashier.gone("[role=dialog]");
  /** Clicks twice; says what is under the finger as the next screen comes up. */
  const twice = async (/** @type {string} */ selector, /** @type {string} */ next) => {
    await page.locator(selector).click({ trial: true });
    const box = await page.locator(selector).boundingBox();
    assert.ok(box);
    const at = { x: box.x + box.width / 2, y: box.y + box.height / 2, next };
    const under = page.evaluate(({ x, y, next: wanted }) => new Promise((resolve) => {
      const look = () => {
        if (!document.querySelector(`[data-screen="${wanted}"]`)) return;
        observer.disconnect();
        requestAnimationFrame(() => {
          resolve(document.elementFromPoint(x, y)?.closest("button")?.textContent ?? null);
        });
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { subtree: true, attributes: true, childList: true });
    }), at);
    await page.mouse.click(at.x, at.y);
    await page.mouse.click(at.x, at.y);
    return under;
  };
  assert.equal(await twice("[data-do=pay]", "payment"), null);
  await cashier.at("payment");
  assert.equal(await twice("[data-quick='500']", "receipt"), null);
  await cashier.at("receipt");
  await page.waitForSelector("[data-change='475']");
  await page.waitForSelector("[data-number='1']");
  await page.waitForSelector("[data-receipt=yes]");
  // A finger that rests on Enter means it once.
  await page.locator("[data-do=next]").click({ trial: true });
  await page.keyboard.down("Enter");
  await page.keyboard.down("Enter");
  await page.keyboard.up("Enter");
  await cashier.at("product");
});

scene("a scan at a bad moment is read whole or refused aloud, never typed", async (context) => {
  const cashier = await selling(context, "bad-moment");
  const { page } = cashier;
  // Faster than the answers come.
  for (const code of [WATER, TEA, WATER, TEA, COFFEE]) await cashier.scan(code);
  await cashier.lines(5);
  await cashier.total("140");
  // F9 before the last answer is there.
  await Promise.all([cashier.scan(COFFEE), cashier.press("F9")]);
  await cashier.at("payment");
  await cashier.press("Escape");
  await cashier.at("product");
  await cashier.press("F7");
  await cashier.lines(5);
  // While somebody searches: what was typed stays, the scan is sold.
  await cashier.press("F2");
  await page.keyboard.insertText("咖");
  await cashier.scan(WATER);
  await cashier.lines(6);
  assert.equal(await page.inputValue("[name=search]"), "咖");
  await cashier.press("Escape");
  // While an input method takes every key for its own.
  await cashier.press("F2");
  await cashier.scanComposed(WATER, "ㄢㄅㄆ");
  await cashier.total("170");
  assert.equal(await page.inputValue("[name=search]"), "");
  // On a machine that stutters, in a field and in none.
  await cashier.scanStuttering(TEA, [4, 9]);
  await cashier.lines(7);
  assert.equal(await page.inputValue("[name=search]"), "");
  await cashier.press("F2");
  await cashier.scanStuttering(WATER, [4, 9]);
  await cashier.lines(8);
  assert.equal(await page.inputValue("[name=search]"), "");
  await cashier.press("Escape");
  // While a question is open.
  await cashier.press("F4");
  await page.waitForSelector("[name=quantity]:focus");
  await cashier.scan(TEA);
  await page.waitForSelector("[data-refusal=question_open]");
  assert.equal(await page.inputValue("[name=quantity]"), "");
  await cashier.shot("1-question-open");
  await cashier.press("Escape");
  await cashier.gone("[data-refusal]");
  await cashier.press("Escape");
  await cashier.gone("[role=dialog]");
  // A code that nobody sells: said, and nothing else.
  await cashier.scan(UNKNOWN);
  await page.waitForSelector("[data-refusal=unknown_barcode]");
  await page.waitForSelector("html[data-refused=odd], html[data-refused=even]");
  await cashier.shot("2-unknown");
  await cashier.lines(8);
  await cashier.press("Escape");
  // While the money is taken: the sale goes on, nothing is taken for the amount.
  await cashier.press("F9");
  await cashier.at("payment");
  await cashier.scan(COFFEE);
  await cashier.at("product");
  await cashier.lines(9);
  await cashier.total("270");
  // A barcode typed as an amount is no amount of money.
  await cashier.press("F9");
  await cashier.at("payment");
  await cashier.type("41000000");
  await cashier.press("Enter");
  await page.waitForSelector(".form-error:not(:empty)");
  await cashier.shot("3-too-much");
  assert.equal(await page.locator("[data-given]").count(), 0);
});

scene("what has no price or is sold by weight is asked for, one at a time", async (context) => {
  const hub = await startHub(context);
  const cashier = await sit(await startBrowser(context), hub.url, "asked-for");
  const { page } = cashier;
  await cashier.begin();
  await cashier.importCatalogue(hardCatalogue());
  await cashier.scan(NO_PRICE);
  await page.waitForSelector("[name=price]:focus");
  await cashier.shot("1-price");
  await cashier.type("35");
  await cashier.press("Enter");
  await cashier.lines(1);
  await cashier.total("35");
  // All three are scanned before the first is answered.
  hub.signal("SIGSTOP");
  for (const code of [WEIGHED, NO_PRICE, TEA]) await cashier.scan(code);
  hub.signal("SIGCONT");
  await page.waitForSelector("[name=weight]:focus");
  await page.waitForSelector("[data-refusal=no_price]");
  await cashier.lines(2);
  await cashier.press("Escape");
  await cashier.gone("[data-refusal]");
  await cashier.type("0.5");
  await cashier.press("Enter");
  await cashier.lines(3);
  await cashier.total("85");
});

scene("keys that roll over each other are all typed", async (context) => {
  const cashier = await selling(context, "rollover");
  // Two keys in 30 ms, then a pause: they are shown in order, into the field that opened for them.
  await cashier.roll("te");
  await cashier.page.waitForFunction(() =>
    document.querySelector("[name=search]")?.matches(":focus"));
  await cashier.page.waitForFunction(() => {
    const field = document.querySelector("[name=search]");
    return field instanceof HTMLInputElement && field.value === "te";
  });
});

scene("a name is text, whatever is in it", async (context) => {
  const cashier = await selling(context, "hostile-name");
  const { page } = cashier;
  await cashier.importCatalogue(hardCatalogue());
  await cashier.scan(HOSTILE);
  await cashier.lines(1);
  await page.waitForSelector(`.line-name >> text=${HOSTILE_NAME}`);
  await cashier.press("F2");
  await page.keyboard.insertText("<img");
  await page.waitForSelector(".found-item");
  await cashier.press("Escape");
  for (const key of ["F3", "F4", "F6"]) {
    await cashier.press(key);
    await page.waitForSelector("[role=dialog]");
    await cashier.press("Escape");
    await cashier.gone("[role=dialog]");
  }
  await cashier.press("F9");
  await cashier.at("payment");
  await cashier.press("Enter");
  await page.waitForSelector("[data-receipt=yes]");
  await cashier.press("F10");
  await page.click("[data-menu=stock]");
  await page.fill("[name=stock-search]", "<img");
  await page.waitForSelector(".table td >> text=<img");
  assert.equal(await page.locator("main img, main b").count(), 0);
  assert.doesNotMatch(await page.title(), /pwned/);
});
