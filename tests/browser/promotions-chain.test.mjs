// A promotion's whole way: sent by headquarters, said at the till, taken by key and by touch,
// priced, explained, printed, and seen at headquarters.
import assert from "node:assert/strict";
import { startHeadquarters } from "./hq.mjs";
import { startHub } from "./hub.mjs";
import { sit, startBrowser } from "./cashier.mjs";
import { TEA } from "./goods.mjs";
import { MILK, prompted, PROMOTIONS, receipt, saves, WINE } from "./promotions.mjs";
import { readAt, scene } from "./reader.mjs";

/** @typedef {import("./cashier.mjs").Cashier} Cashier */

/**
 * Opens the explanation, sees that this promotion was used and what is next best, and closes it.
 * @param {Cashier} cashier @param {string} of
 */
async function explained(cashier, of) {
  await cashier.press("=");
  await cashier.page.waitForSelector("[data-explained=proven]");
  await cashier.page.waitForSelector(`[data-used-promotion="${of}"] [data-runner-up]`);
  await cashier.press("Escape");
  await cashier.gone("[role=dialog]");
}

/** Takes cash for all of it, reads the receipt and is there for the next. @param {Cashier} cashier */
async function printed(cashier) {
  await cashier.press("F9");
  await cashier.at("payment");
  await cashier.press("Enter");
  await cashier.at("receipt");
  const paper = await receipt(cashier);
  await cashier.press("Escape");
  await cashier.at("product");
  return paper;
}

scene("three promotions of headquarters: said, taken, priced, explained, printed, seen there",
  async (context) => {
    const hq = await startHeadquarters(context);
    const hub = await startHub(context, { link: await hq.addStore("S-1", "信義門市", "北區") });
    const browser = await startBrowser(context);
    const reader = await readAt(browser, hq.url, "promotion-hq");
    await reader.signIn();
    // A chain's amounts are in the currency of its stores.
    await reader.store("S-1", "yes");
    await hq.pushPolicy({ "promotions.toml": PROMOTIONS });
    await reader.page.waitForSelector("[data-store='S-1'] [data-policy='1']");
    const cashier = await sit(browser, hub.url, "promotion-chain");
    const { page } = cashier;
    await cashier.begin();

    // 再買一件 8 折, by key.
    await cashier.scan(MILK);
    const second = await prompted(cashier, "milk-second");
    await cashier.press("F5");
    await cashier.total(second.after);
    await saves(cashier, "milk-second", "19");
    await explained(cashier, "milk-second");
    assert.match(await printed(cashier), /鮮乳第二件 8 折 -19/);

    // 紅配綠, by touch.
    await cashier.scan(TEA);
    const pair = await prompted(cashier, "red-green");
    await page.click(".prompt-best [data-do=take-prompt]");
    await cashier.total(pair.after);
    await explained(cashier, "red-green");
    assert.match(await printed(cashier), /紅配綠 49 元 -\d+/);

    // 滿 5,000 折 100, by what the customer brings besides.
    await cashier.type("12*");
    await cashier.scan(WINE);
    await cashier.total("4788");
    assert.match((await prompted(cashier, "five-thousand")).text, /212.*折.*100/);
    await cashier.scan(WINE);
    await cashier.total("5087");
    await explained(cashier, "five-thousand");
    assert.match(await printed(cashier), /滿 5,000 折 100 -100/);

    // Which sells best, and what was said for it.
    for (const [of, net] of [["milk-second", "171"], ["red-green", pair.after],
      ["five-thousand", "5087"]]) {
      await reader.page.waitForSelector(
        `[data-block=promotions] [data-promotion="${of}"][data-net="${net}"]`);
    }
    await reader.shot("1-best");
    await reader.go("#/promotions");
    for (const of of ["milk-second", "red-green", "five-thousand"]) {
      await reader.page.waitForSelector(`[data-promotion="${of}"][data-taken='1']`);
    }
    await reader.shot("2-promotions");
  });
