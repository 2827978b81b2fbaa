// Promotions at the till: said in time, taken by one key or touch, priced, explained, printed.
import assert from "node:assert/strict";
import { startHub } from "./hub.mjs";
import { SCREENS, scene, sit, startBrowser } from "./cashier.mjs";
import { COFFEE, TEA, UNKNOWN, WATER } from "./goods.mjs";
import { CHIPS, MILK, prompted, PROMOTIONS, receipt, saves, WINE } from "./promotions.mjs";

/** @typedef {import("./cashier.mjs").Cashier} Cashier */

/**
 * @param {import("node:test").TestContext} context @param {string} album
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
async function selling(context, album, options) {
  const hub = await startHub(context, { promotions: PROMOTIONS });
  const cashier = await sit(await startBrowser(context), hub.url, album, options);
  await cashier.begin();
  return cashier;
}

/** Takes cash for all of it. @param {Cashier} cashier */
async function payCash(cashier) {
  await cashier.press("F9");
  await cashier.at("payment");
  await cashier.press("Enter");
  await cashier.at("receipt");
}

scene("the second one is said, taken by one key, and priced as was said", async (context) => {
  const cashier = await selling(context, "promotion-key");
  const { page } = cashier;
  await cashier.scan(MILK);
  await cashier.total("95");
  const second = await prompted(cashier, "milk-second");
  assert.match(second.text, /再買 1 件.*鮮乳.*NT\$95.*省 NT\$19/);
  assert.equal(second.after, "171");
  await cashier.shot("1-prompted");
  await cashier.press("F5");
  await cashier.total(second.after);
  await saves(cashier, "milk-second", "19");
  // Under its line, by name.
  const under = page.locator("[data-line] [data-off=milk-second]").first();
  assert.match(await under.textContent() ?? "", /鮮乳第二件 8 折\s*−/);
  // The same code still joins its line: what promotions took off is no cashier's discount.
  const lines = await page.locator("[data-line]").count();
  await cashier.scan(MILK);
  await cashier.total("266");
  assert.equal(await page.locator("[data-line]").count(), lines);
  await payCash(cashier);
  const paper = await receipt(cashier);
  assert.match(paper, /鮮乳第二件 8 折 -19/);
  await cashier.shot("2-receipt");
});

scene("what was declined is not said again to this customer, and to the next it is",
  async (context) => {
    const cashier = await selling(context, "promotion-declined");
    const { page } = cashier;
    await cashier.scan(TEA);
    const asked = await prompted(cashier, "red-green");
    assert.match(asked.text, /省 NT\$/);
    await cashier.press("F12");
    await cashier.gone(`[data-prompt="${asked.id}"]`);
    // Another prompt says that the hub has thought about the basket as it now is.
    await cashier.scan(MILK);
    await page.waitForSelector("[data-of=milk-second][data-after='196']");
    assert.equal(await page.locator(`[data-prompt="${asked.id}"]`).count(), 0);
    await cashier.shot("1-declined");
    await payCash(cashier);
    await cashier.press("Escape");
    await cashier.at("product");
    await cashier.scan(TEA);
    assert.equal((await prompted(cashier, "red-green")).id, asked.id);
  });

scene("red and green are brought together by a finger on a phone", async (context) => {
  const cashier = await selling(context, "promotion-touch",
    { viewport: SCREENS.phone, hasTouch: true, isMobile: true });
  const { page } = cashier;
  await cashier.scan(TEA);
  await cashier.total("25");
  const pair = await prompted(cashier, "red-green");
  assert.equal(pair.after, "49");
  await page.tap(".prompt-best [data-do=take-prompt]");
  await cashier.total("49");
  await page.locator("[data-together] dd").waitFor();
  assert.equal(await page.locator("[data-line] [data-off=red-green]").count(), 2);
  await cashier.shot("1-taken");
  // One more of each, scanned: priced without being asked for.
  await cashier.scan(TEA);
  await cashier.scan(CHIPS);
  await cashier.total("98");
  await page.tap("[data-do=pay]");
  await cashier.at("payment");
  await page.tap("[data-quick='100']");
  await cashier.at("receipt");
  const paper = await receipt(cashier);
  assert.match(paper, /紅配綠 49 元 -\d+/);
});

scene("what is missing to a threshold is said, reached, explained, and dearer without the card",
  async (context) => {
    const cashier = await selling(context, "promotion-order");
    const { page } = cashier;
    await cashier.type("12*");
    await cashier.scan(WINE);
    await cashier.total("4788");
    assert.match((await prompted(cashier, "five-thousand")).text, /再 212 元折 100/);
    await cashier.shot("1-missing");
    await cashier.scan(WINE);
    await cashier.total("5087");
    await saves(cashier, "five-thousand", "100");
    await cashier.press("=");
    await page.waitForSelector("[data-explained=proven]");
    await page.waitForSelector("[data-used-promotion=five-thousand] [data-runner-up]");
    const why = await page.textContent("[data-unused-promotion=card-fifty]");
    assert.match(why ?? "", /刷卡滿 1,000 折 50.*\S/);
    await cashier.shot("2-explained");
    await cashier.press("Escape");
    await cashier.gone("[role=dialog]");
    const offer = page.locator("[data-offer=card]");
    assert.match(await offer.textContent() ?? "", /50/);
    await offer.click();
    await cashier.total("5037");
    await page.waitForSelector("[data-intended=card]");
    await cashier.press("F9");
    await cashier.at("payment");
    await page.waitForSelector("[data-tender=card][aria-selected=true]");
    await page.waitForSelector("[data-due='5037']");
    // Whoever pays cash after all pays the price for cash, and sees it before.
    await cashier.press("F2");
    await page.waitForSelector("[data-due='5087']");
    await cashier.press("F3");
    await page.waitForSelector("[data-due='5037']");
    await cashier.shot("3-by-card");
    await page.locator("[data-do=tender]:enabled").waitFor();
    await cashier.press("Enter");
    await cashier.at("receipt");
    const paper = await receipt(cashier);
    assert.match(paper, /滿 5,000 折 100 -100/);
    assert.match(paper, /刷卡滿 1,000 折 50 -50/);
    assert.match(paper, /5,?037/);
  });

scene("coupons and members are asked for, shown, and taken back", async (context) => {
  const cashier = await selling(context, "promotion-customer");
  const { page } = cashier;
  // Before the first scan.
  await cashier.press("Insert");
  await page.waitForSelector("[name=coupon]:focus");
  await page.fill("[name=member]", "M-1203");
  await cashier.press("Enter");
  await page.waitForSelector("[data-member='M-1203']");
  await cashier.scan(WATER);
  await cashier.total("10");
  // Scanned into the question, which stays open for the next one.
  await cashier.press("Insert");
  await page.waitForSelector("[name=coupon]:focus");
  await cashier.scan("SAVE20");
  await page.waitForSelector("[data-withdraw=SAVE20]");
  await cashier.shot("1-coupon");
  await cashier.press("Escape");
  await page.waitForSelector(".chip[data-coupons='1'][data-used='0']");
  await cashier.scan(WINE);
  await cashier.total("389");
  await page.waitForSelector(".chip[data-coupons='1'][data-used='1']");
  await saves(cashier, "coupon-twenty", "20");
  await cashier.shot("2-used");
  await cashier.press("Insert");
  await page.click("[data-withdraw=SAVE20]");
  await cashier.total("409");
  await page.click("[data-do=forget-member]");
  await cashier.total("414");
  await page.fill("[name=coupon]", UNKNOWN);
  await cashier.press("Enter");
  await page.waitForSelector("[data-refusal=coupon_unknown]");
  await cashier.shot("3-refused");
});

scene("prompts take their room from the lines, never from the line just scanned",
  async (context) => {
    const cashier = await selling(context, "promotion-room", { viewport: SCREENS.tablet });
    for (let line = 1; line <= 12; line += 1) await cashier.scan(line % 2 ? WATER : COFFEE);
    await cashier.lines(12);
    assert.equal(await cashier.page.locator(".prompt").count(), 0);
    await cashier.scan(TEA);
    await prompted(cashier, "red-green");
    await cashier.shot("1-last-line");
    await cashier.page.waitForFunction(() => {
      const line = document.querySelector("[data-line][aria-current=true]");
      const list = line?.parentElement?.getBoundingClientRect();
      const box = line?.getBoundingClientRect();
      return box && list && box.bottom <= list.bottom + 1 && box.top >= list.top - 1;
    });
  });

scene("a prompt that has just come up takes neither key nor tap", async (context) => {
  const cashier = await selling(context, "promotion-guard");
  const { page } = cashier;
  await cashier.scan(MILK);
  await prompted(cashier, "milk-second");
  // The second press meets whatever prompt comes up instead, before anybody can have read it.
  await cashier.press("F12");
  await cashier.gone("[data-of=milk-second]");
  await page.evaluate(() => {
    const seen = () => {
      const best = document.querySelector(".prompt-best");
      if (!best) return;
      observer.disconnect();
      dispatchEvent(new KeyboardEvent("keydown", { key: "F5", cancelable: true }));
      requestAnimationFrame(() => {
        const button = best.querySelector("[data-do=decline-prompt]");
        const { x, y } = /** @type {Element} */ (button).getBoundingClientRect();
        const under = document.elementFromPoint(x + 5, y + 5)?.closest("button");
        Object.assign(window, { cameUp: true, under: under?.textContent ?? "nothing" });
      });
    };
    const observer = new MutationObserver(seen);
    observer.observe(document, { subtree: true, childList: true });
  });
  await cashier.scan(TEA);
  await cashier.total("120");
  await page.waitForFunction(() => "cameUp" in window);
  assert.equal(await page.evaluate(() => Reflect.get(window, "under")), "nothing");
  await prompted(cashier, "red-green");
  await cashier.total("120");
});
