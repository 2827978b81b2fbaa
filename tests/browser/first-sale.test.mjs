// The first sale of a new store, from the set-up code to the receipt, as a person sees it.
import assert from "node:assert/strict";
import { MANAGER, startHub } from "./hub.mjs";
import { scene, sit, startBrowser } from "./cashier.mjs";
import { TEA, WATER } from "./goods.mjs";

/** @typedef {import("./cashier.mjs").Cashier} Cashier */


const HOST = "hub.store.test";
const NAMED = `allowed_hosts = ["${HOST}"]\n`;

/** @param {Cashier} cashier @param {string} code */
async function makeManager(cashier, code) {
  const { page } = cashier;
  await cashier.at("setup");
  await cashier.shot("1-setup");
  await page.fill("[name=code]", code.toLowerCase());
  await page.fill("[name=operator]", MANAGER.operator);
  await page.fill("[name=name]", MANAGER.name);
  await page.fill("[name=pin]", MANAGER.pin);
  await page.fill("[name=pin-again]", MANAGER.pin);
  await cashier.press("Enter");
}

/** From an empty basket to the receipt. @param {Cashier} cashier */
async function sell(cashier) {
  const { page } = cashier;
  await cashier.scan(WATER);
  await cashier.lines(1);
  await cashier.total("15");
  // The same code again joins the line.
  await cashier.scan(WATER);
  await cashier.total("30");
  await cashier.lines(1);
  await cashier.scan(TEA);
  await cashier.lines(2);

  await page.reload();
  await cashier.at("product");
  await cashier.lines(2);
  await cashier.total("55");

  // By name, as an input method types it; then by a code that is typed.
  await cashier.press("F2");
  await page.keyboard.insertText("現煮拿鐵");
  await page.waitForSelector(".found-item >> text=現煮拿鐵 大杯");
  await cashier.shot("4-search");
  await cashier.press("Enter");
  await cashier.lines(3);
  await cashier.total("115");
  await cashier.type(WATER);
  await cashier.press("Enter");
  await cashier.lines(4);
  await cashier.total("130");

  // Three of the last line; then it is voided, and that is undone.
  await cashier.type("3*");
  await cashier.press("Enter");
  await cashier.total("160");
  await cashier.press("F3");
  await page.waitForSelector("[role=dialog]");
  await cashier.press("Enter");
  await cashier.total("115");
  await cashier.press("F7");
  await cashier.total("160");

  await cashier.press("F6");
  await page.waitForSelector("[role=dialog]");
  await page.click(".choice:has([name=scope][value=basket])");
  await page.click(".choice:has([name=reason][value=goodwill])");
  await page.focus("[name=value]");
  await cashier.type("10");
  await cashier.shot("5-discount");
  await cashier.press("Enter");
  await cashier.total("144");
  await cashier.shot("6-product");

  await cashier.press("F9");
  await cashier.at("payment");
  await cashier.shot("7-payment");
  await page.click("[data-quick='500']");
  await cashier.at("receipt");
  await page.waitForSelector("[data-change='356']");
  await page.waitForSelector("[data-receipt=yes]");
  await cashier.shot("8-receipt");
  const receipt = await page.textContent(".receipt-paper");
  assert.match(receipt ?? "", /144/);
  assert.match(receipt ?? "", /356/);
  assert.match(receipt ?? "", /現煮拿鐵/);

  // The next customer's first scan is enough.
  await cashier.scan(TEA);
  await cashier.at("product");
  await cashier.lines(1);
  await cashier.total("25");
}

const PLACES = /** @type {const} */ ([["first-sale", null], ["first-sale-by-name", HOST]]);
for (const [album, host] of PLACES) {
  const where = host ? "under a host name, where the context is not secure" : "at the hub itself";
  scene(`the first sale ${where}`, async (context) => {
    const hub = await startHub(context, { isSetUp: false, http: host ? NAMED : "" });
    const rules = host ? [`--host-resolver-rules=MAP ${host} 127.0.0.1`] : [];
    const browser = await startBrowser(context, rules);
    const url = host ? hub.url.replace("127.0.0.1", host) : hub.url;
    const cashier = await sit(browser, url, album);
    await cashier.open();
    const has = await cashier.page.evaluate(() => ({
      isSecure: isSecureContext, uuid: "randomUUID" in crypto, locks: "locks" in navigator,
      serviceWorker: "serviceWorker" in navigator,
    }));
    const isLocal = host === null;
    assert.deepEqual(has,
      { isSecure: isLocal, uuid: isLocal, locks: isLocal, serviceWorker: isLocal });
    await makeManager(cashier, hub.setUpCode);
    await cashier.at("claim");
    await cashier.shot("2-claim");
    await cashier.claim("2");
    await cashier.at("sign-on");
    await cashier.shot("3-sign-on");
    await cashier.signOn();
    await sell(cashier);
  });
}
