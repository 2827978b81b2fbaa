// People at headquarters: looked after by the keyboard alone, and what ends with a change.
import assert from "node:assert/strict";
import { get } from "node:http";
import { ADMIN, READER, startHeadquarters } from "./hq.mjs";
import { startBrowser } from "./cashier.mjs";
import { readAt, scene } from "./reader.mjs";

/** @typedef {import("./reader.mjs").Reader} Reader */

/** Live views that one session may have. */
const VIEWS_MAX = 8;

/** The keys that lead to what a selector names. @param {Reader} reader @param {string} selector */
async function reach(reader, selector) {
  for (let steps = 0; steps < 80; steps += 1) {
    const isThere = (/** @type {string} */ wanted) => document.activeElement?.matches(wanted);
    if (await reader.page.evaluate(isThere, selector)) return;
    await reader.press("Tab");
  }
  assert.fail(`${selector} was not reached`);
}

/** @param {import("node:test").TestContext} context @param {string} album */
async function twoPeople(context, album) {
  const hq = await startHeadquarters(context);
  await hq.addStore("S-1", "信義門市", "北區");
  await hq.addStore("S-2", "左營門市", "南區");
  await hq.ask("POST", "/users", { ...READER, role: "store", scope: ["S-2"] });
  const browser = await startBrowser(context);
  const admin = await readAt(browser, hq.url, `${album}-admin`);
  await admin.signIn();
  const reader = await readAt(browser, hq.url, `${album}-reader`);
  await reader.signIn(READER);
  await reader.page.waitForSelector("[data-store='S-2']");
  return { hq, admin, reader };
}

scene("somebody is changed, signed out and taken off by the keyboard alone", async (context) => {
  const { admin, reader } = await twoPeople(context, "people");
  const { page } = admin;
  const own = `[data-user="${READER.id}"] [data-do=change-person]`;
  await admin.go("#/people");
  await page.waitForSelector(own);
  await reach(admin, own);
  await admin.press("Enter");
  // The name has the focus; another region, and the reader sees another chain once signed in.
  await page.waitForSelector("[data-block=change-person] [name=new-name]:focus");
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText("陳區長");
  await reach(admin, "[name=new-role]");
  await page.keyboard.press("ArrowUp");
  assert.equal(await page.inputValue("[name=new-role]"), "region");
  await reach(admin, "[name=scope][value='北區']");
  await page.keyboard.press("Space");
  await admin.shot("1-change");
  await reach(admin, "[data-do=save-person]");
  await admin.press("Enter");
  await page.waitForSelector("[data-news=yes]");
  await page.waitForSelector(`[data-user="${READER.id}"]:has-text("陳區長"):has-text("北區")`);
  // Whoever was signed in is not any more, at once.
  await reader.at("sign-in");
  await reader.signIn(READER);
  await reader.page.waitForSelector("[data-store='S-1']");
  assert.equal(await reader.page.locator("[data-store]").count(), 1);

  // Everything grave is asked first: Escape and the key of before mean no.
  await page.waitForSelector(`${own}:focus`);
  await admin.press("Enter");
  await page.waitForSelector("[data-block=change-person] [name=new-name]:focus");
  await reach(admin, "[data-do=end-sessions]");
  await admin.press("Enter");
  await page.waitForSelector("dialog [data-do=no]:focus");
  await admin.press("Escape");
  await admin.gone("dialog");
  await page.waitForSelector("[data-do=end-sessions]:focus");
  await admin.press("Enter");
  await page.waitForSelector("dialog [data-do=no]:focus");
  await reach(admin, "dialog [data-do=yes]");
  await admin.shot("2-ask-sign-out");
  await admin.press("Enter");
  await reader.at("sign-in");
  await reader.signIn(READER);

  await page.waitForSelector(`${own}:focus`);
  await admin.press("Enter");
  await page.waitForSelector("[data-block=change-person] [name=new-name]:focus");
  await reach(admin, "[data-do=remove-person]");
  await admin.press("Enter");
  await page.waitForSelector("dialog [data-do=no]:focus");
  await admin.press("Enter");
  await admin.gone("dialog");
  await admin.press("Enter");
  await reach(admin, "dialog [data-do=yes]");
  await admin.press("Enter");
  await admin.gone(`[data-user="${READER.id}"]`);
  await page.waitForSelector("[data-block=people] [data-nothing=yes]");
  await admin.shot("3-alone");
  await reader.at("sign-in");

  // The last administrator stays, and is told what to do first.
  await page.click(`[data-user="${ADMIN.id}"] [data-do=change-person]`);
  await page.click("[data-do=remove-person]");
  await page.click("dialog [data-do=yes]");
  await page.waitForSelector("[data-block=change-person] .form-error:not(:empty)");
  await admin.shot("4-last-administrator");
  await admin.press("Escape");
  await page.waitForSelector("[data-block=add-person]");
});

scene("an administrator who gives themselves another password signs in again", async (context) => {
  const { admin } = await twoPeople(context, "own");
  await admin.go("#/people");
  await admin.page.click(`[data-user="${ADMIN.id}"] [data-do=change-person]`);
  await admin.page.fill("[name=new-password]", "thirteen-cups-of-tea");
  await admin.press("Enter");
  await admin.at("sign-in");
  await admin.signIn({ ...ADMIN, password: "thirteen-cups-of-tea" });
});

scene("of too many live windows the oldest says so, and is live again when asked", async (context) => {
  const { hq, admin } = await twoPeople(context, "windows");
  const cookies = await admin.page.context().cookies();
  const Cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  /** Another window's stream: ends when the server ends it.
   * @returns {Promise<import("node:http").IncomingMessage>} */
  const open = () => new Promise((resolve, reject) => {
    const request = get(`${hq.url}/api/v1/live`, { headers: { Cookie } }, (response) => {
      response.once("data", () => resolve(response));
    });
    request.once("error", reject);
  });
  /** @type {import("node:http").IncomingMessage[]} */
  const others = [];
  for (let at = 0; at < VIEWS_MAX; at += 1) others.push(await open());
  const { page } = admin;
  await page.waitForSelector("[data-bar=replaced]");
  await admin.shot("1-replaced");
  const oldest = new Promise((resolve) => others[0]?.once("end", resolve));
  others[0]?.resume();
  await page.click("[data-do=go-on-here]");
  await admin.gone("[data-bar]");
  await oldest;
  await hq.addStore("S-3", "板橋門市", "北區");
  await page.waitForSelector("[data-store='S-3']");
  for (const other of others) other.destroy();
});
