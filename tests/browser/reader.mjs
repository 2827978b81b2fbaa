// A person who reads headquarters' page.
import { Cashier, scene as sceneAtTill, SCREENS } from "./cashier.mjs";
import { ADMIN, noHeadquarters } from "./hq.mjs";

/** @typedef {import("playwright-core").Browser} Browser */

export const WALL = { width: 1920, height: 1080 };

/**
 * A test with people before headquarters' page and, where it needs them, at tills.
 * @param {string} name
 * @param {(context: import("node:test").TestContext) => Promise<void>} play
 */
export const scene = (name, play) => sceneAtTill(name, play, noHeadquarters);

export class Reader extends Cashier {
  /** @param {{ id: string, password: string }} [who] */
  async signIn(who = ADMIN) {
    await this.open();
    await this.at("sign-in");
    await this.page.fill("[name=user]", who.id);
    await this.page.fill("[name=password]", who.password);
    await this.press("Enter");
    await this.whole();
  }

  /** Waits until the chain is shown. */
  async whole() {
    await this.page.waitForSelector("[data-ready=yes]");
  }

  /** Somewhere else on the page. @param {string} hash */
  async go(hash) {
    await this.page.evaluate((to) => { location.hash = to; }, hash);
  }

  /** Waits until the chain's total is this, in minor units. @param {number} net */
  async net(net) {
    await this.page.waitForSelector(`[data-figure=net][data-value="${net}"]`);
  }

  /** Waits until a store is there, away or neither. @param {string} store @param {string} state */
  async store(store, state) {
    await this.page.waitForSelector(`[data-store="${store}"] [data-online=${state}]`);
  }
}

/**
 * A browser window with a reader before it.
 * @param {Browser} browser
 * @param {string} url
 * @param {string} album
 * @param {import("playwright-core").BrowserContextOptions & { language?: string }} [options]
 */
export async function readAt(browser, url, album, { language, ...options } = {}) {
  const context = await browser.newContext({
    viewport: SCREENS.desk, locale: "zh-TW", timezoneId: "Asia/Taipei", ...options,
  });
  if (language) {
    await context.addInitScript((tag) => localStorage.setItem("hub.language", tag), language);
  }
  return new Reader(await context.newPage(), url, album);
}
