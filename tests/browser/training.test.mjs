// Training: marked on every screen and paper, and nothing of it counts.
import assert from "node:assert/strict";
import { CASHIER, MANAGER, startHub } from "./hub.mjs";
import { SCREENS, scene, sit, startBrowser } from "./cashier.mjs";
import { look } from "./eyes.mjs";

const WATER = "0410000000014";

const TOURS = [
  { album: "training-small", language: "en", viewport: { width: 800, height: 480 } },
  { album: "training-desk", language: "zh-TW", viewport: SCREENS.desk },
];

for (const { album, language, viewport } of TOURS) {
  scene(`a new cashier trains, and the store has sold nothing: ${album}`, async (context) => {
    const hub = await startHub(context);
    const browser = await startBrowser(context);
    const cashier = await sit(browser, hub.url, album, { language, viewport });
    const { page } = cashier;
    /** @type {string[]} */
    const faults = [];
    const see = (/** @type {string} */ name) => look(cashier, name, faults);
    const menu = async (/** @type {string} */ entry) => {
      await page.click("[data-do=menu]");
      await page.click(`[data-menu=${entry}]`);
    };
    await cashier.open();
    await cashier.claim("1");
    await cashier.signOn(MANAGER);
    await cashier.addCashier();
    const paired = await cashier.api.post(`${hub.url}/api/v1/register/customer-screen/code`);
    const customer = await sit(browser, `${hub.url}/customer`, `${album}-customer`, { language });
    await customer.open();
    await customer.page.fill("[name=code]", (await paired.json()).code);
    await customer.press("Enter");
    await customer.page.waitForSelector("[data-showing=welcome]");
    await menu("sign_off");
    await cashier.signOn(CASHIER);

    // A cashier needs somebody who may let them.
    await menu("train");
    await page.fill("[data-approval] [name=operator]", MANAGER.operator);
    await page.fill("[data-approval] [name=pin]", MANAGER.pin);
    await cashier.press("Enter");
    await page.waitForSelector("[data-training=yes] .training");
    await customer.page.waitForSelector(".training");

    await cashier.scan(WATER);
    await cashier.lines(1);
    await cashier.total("15");
    await see("01-sale");
    await customer.page.waitForSelector("[data-total='15']");
    await customer.shot("01-basket");
    // The screen comes back in training, with the basket.
    await page.reload();
    await page.waitForSelector("[data-training=yes]");
    await cashier.lines(1);
    await cashier.press("F9");
    await cashier.at("payment");
    await see("02-payment");
    await cashier.press("Enter");
    await cashier.at("receipt");
    await page.waitForSelector("text=TRAINING - NOT A RECEIPT");
    await see("03-receipt");
    await cashier.press("Enter");
    await cashier.at("product");

    await menu("train_end");
    await page.waitForSelector("[data-training=no]");
    await customer.page.waitForSelector(".training", { state: "detached" });
    const { receipts } = await (await cashier.api.get(`${hub.url}/api/v1/receipts`)).json();
    assert.deepEqual(receipts, []);
    await cashier.scan(WATER);
    await cashier.lines(1);
    await see("04-real");
    assert.deepEqual(faults, []);
  });
}
