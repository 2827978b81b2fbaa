// The API's description in a browser, under the policy of the hub's own pages and without a network.
import assert from "node:assert/strict";
import { MANAGER, startHub } from "./hub.mjs";
import { scene, startBrowser } from "./cashier.mjs";

scene("the API's description is shown and nothing is loaded from elsewhere", async (context) => {
  const hub = await startHub(context);
  const browser = await startBrowser(context);
  const page = await browser.newPage();
  /** @type {string[]} */
  const faults = [];
  /** @type {string[]} */
  const elsewhere = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(hub.url) && !/^(data|blob):/.test(url)) elsewhere.push(url);
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    // Swagger styles one thing within its markup; our policy blocks that and nothing is missed.
    const isExpected = /^(Failed to load resource|Applying inline style)/.test(message.text());
    if (message.type() === "error" && !isExpected) faults.push(message.text());
  });
  // Without a session there is nothing to see.
  const refused = await page.goto(`${hub.url}/api/docs`);
  assert.equal(refused?.status(), 401);
  faults.length = 0;
  const signIn = {
    operator: MANAGER.operator, pin: MANAGER.pin, command_id: "01939f2e-7b1c-7c8a-9d53-0a4f6c1d2e3f",
  };
  const signedIn = await page.context().request.post(`${hub.url}/api/v1/session`, {
    data: signIn, headers: { origin: hub.url },
  });
  assert.equal(signedIn.status(), 200);
  await page.goto(`${hub.url}/api/docs`);
  await page.waitForSelector("#operations-session-who");
  assert.equal(await page.locator(".title", { hasText: "Store hub" }).count(), 1);
  const described = await page.evaluate(async () => {
    const document = await (await fetch("/api/openapi.json")).json();
    return Object.values(document.paths).flatMap((path) => Object.keys(path)).length;
  });
  assert.equal(await page.locator(".opblock").count(), described);
  // It can be tried: the page asks with the session that the browser has.
  await page.click("#operations-session-who .opblock-summary-control");
  await page.click("#operations-session-who .try-out__btn");
  await page.click("#operations-session-who .execute");
  await page.waitForSelector("#operations-session-who .live-responses-table .response-col_status");
  const status = page.locator("#operations-session-who .live-responses-table .response-col_status");
  assert.match(await status.last().innerText(), /200/);
  assert.deepEqual(elsewhere, []);
  assert.deepEqual(faults, []);
});
