// A basket that is put aside at one register and sold at another, and a sale that is undone.
import assert from "node:assert/strict";
import { startHub } from "./hub.mjs";
import { SCREENS, scene, sit, startBrowser } from "./cashier.mjs";
import { look } from "./eyes.mjs";
import { TEA, WATER } from "./goods.mjs";

scene("a basket goes aside at one register and on at another", async (context) => {
  const hub = await startHub(context);
  const browser = await startBrowser(context);
  const first = await sit(browser, hub.url, "line-1");
  await first.begin("1");
  const second = await sit(browser, hub.url, "line-2");
  await second.begin("2");

  await first.scan(WATER);
  await first.scan(TEA);
  await first.lines(2);
  await first.total("40");
  await first.shot("1-selling");
  await first.press("PageDown");
  await first.page.waitForSelector("[data-total='0']");
  // The other register sees it without asking.
  await second.page.waitForSelector("[data-do=retrieve]:not([disabled])");
  await second.shot("2-one-aside");
  await second.press("PageUp");
  await second.at("suspended");
  await second.page.waitForSelector("[data-suspended]");
  await second.shot("3-suspended");
  /** @type {string[]} */
  const faults = [];
  for (const [name, size] of Object.entries({ ...SCREENS, small: { width: 800, height: 480 } })) {
    await second.page.setViewportSize(size);
    await second.shot(`4-suspended-${name}`);
    await look(second, `5-suspended-${name}`, faults);
  }
  assert.deepEqual(faults, []);
  await second.page.setViewportSize(SCREENS.desk);
  await second.press("Enter");
  await second.at("product");
  await second.lines(2);
  await second.total("40");
  await first.page.waitForSelector("[data-do=retrieve][disabled]");

  await second.press("F9");
  await second.at("payment");
  await second.press("Enter");
  await second.at("receipt");
  await second.shot("5-receipt");
  await second.press("F3");
  await second.page.waitForSelector("[role=dialog]");
  await second.shot("6-undo");
  await second.press("Enter");
  await second.at("product");
  await second.page.waitForSelector("text=/40/");
  await second.shot("7-undone");
});

scene("a price is asked for and nothing is sold", async (context) => {
  const hub = await startHub(context);
  const browser = await startBrowser(context);
  const cashier = await sit(browser, hub.url, "price");
  await cashier.begin("1");
  await cashier.press("F11");
  await cashier.page.waitForSelector("[role=dialog]");
  await cashier.scan(WATER);
  await cashier.page.waitForSelector("[data-price-of]");
  assert.match(await cashier.page.textContent("[data-price-of]") ?? "", /15/);
  await cashier.shot("1-price");
  await cashier.press("Escape");
  await cashier.gone("[role=dialog]");
  await cashier.lines(0);
  for (const [name, size] of Object.entries({ ...SCREENS, small: { width: 800, height: 480 } })) {
    await cashier.page.setViewportSize(size);
    await cashier.shot(`2-product-${name}`);
  }
});
