// A person at a browser: Chromium as Debian ships it, a scanner, fingers.
import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { CASHIER, MANAGER, noHub } from "./hub.mjs";

/** @typedef {import("node:test").TestContext} TestContext */
/** @typedef {import("playwright-core").Browser} Browser */
/** @typedef {import("playwright-core").BrowserContext} BrowserContext */
/** @typedef {import("playwright-core").Page} Page */

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const ARTEFACTS = process.env.STORE_TESTS_ARTEFACTS
  ?? fileURLToPath(new URL("../../target/artefacts", import.meta.url));
/** How long a condition may take to come true before the test gives up, in milliseconds. */
export const PATIENCE_MS = 30_000;

const playwright = await import("playwright-core").catch(() => null);

/** Why these tests cannot run here; false where they can. */
export const skip = (!playwright && "npm could not install playwright-core")
  || (!existsSync(CHROMIUM) && `no Chromium at ${CHROMIUM}`)
  || noHub
  || false;

export const SCREENS = {
  desk: { width: 1280, height: 800 },
  tablet: { width: 1024, height: 768 },
  phone: { width: 390, height: 844 },
};

/** What a scanner leaves between two keys, and a quick person, in milliseconds. */
const SCANNER_PACE_MS = 6;
const PERSON_PACE_MS = 110;

/** @type {Set<Cashier>} everybody in the test that runs */
const present = new Set();

/**
 * A test with people in it: where it fails, what each of them saw is kept as a picture.
 * @param {string} name
 * @param {(context: TestContext) => Promise<void>} play
 * @param {string | null} [missing] what else it cannot do without
 */
export function scene(name, play, missing = null) {
  test(name, { skip: skip || missing || false, timeout: 8 * PATIENCE_MS }, async (context) => {
    present.clear();
    try {
      await play(context);
      for (const { faults } of present) assert.deepEqual(faults, []);
    } catch (error) {
      const seen = [...present].map((one, at) => one.shot(`failed-${at + 1}`).catch(() => {}));
      await Promise.all(seen);
      throw error;
    }
  });
}

/**
 * A browser that is closed when the test is over.
 * @param {TestContext} context
 * @param {string[]} [args]
 */
export async function startBrowser(context, args = []) {
  if (!playwright) throw new Error("playwright-core is not installed");
  const browser = await playwright.chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", ...args],
  });
  context.after(() => browser.close());
  return browser;
}

export class Cashier {
  /** @type {string[]} what the page said that it never should */
  faults = [];
  /** @type {import("playwright-core").CDPSession | null} */
  #cdp = null;
  #lastKeyMs = 0;

  /** @param {Page} page @param {string} url @param {string} album first part of pictures' names */
  constructor(page, url, album) {
    this.page = page;
    this.url = url;
    this.album = album;
    present.add(this);
    page.setDefaultTimeout(PATIENCE_MS);
    page.on("pageerror", (error) => this.faults.push(String(error)));
    page.on("console", (message) => {
      const isNetwork = message.text().startsWith("Failed to load resource");
      if (message.type() === "error" && !isNetwork) this.faults.push(message.text());
    });
  }

  /** Another tab of the same browser. @param {string} [album] */
  async anotherTab(album = this.album) {
    const tab = new Cashier(await this.page.context().newPage(), this.url, album);
    await tab.open();
    return tab;
  }

  async open() {
    await this.page.goto(this.url);
    return this;
  }

  /** Waits until this screen is shown. @param {string} name */
  async at(name) {
    await this.page.waitForSelector(`[data-screen="${name}"]`);
  }

  /** Waits until there are so many lines that the hub has answered. @param {number} count */
  async lines(count) {
    await this.page.waitForFunction(
      (wanted) => document.querySelectorAll("[data-line]").length === wanted
        && document.querySelectorAll("[data-waiting]").length === 0, count);
  }

  /** Waits until the total is this. @param {string} amount */
  async total(amount) {
    await this.page.waitForSelector(`[data-total="${amount}"]`);
  }

  /** @param {string} selector */
  async gone(selector) {
    await this.page.waitForSelector(selector, { state: "detached" });
  }

  /** A picture for people, in a file of its own. @param {string} name */
  async shot(name) {
    mkdirSync(join(ARTEFACTS, "browser"), { recursive: true });
    await this.page.screenshot({ path: join(ARTEFACTS, "browser", `${this.album}-${name}.png`) });
  }

  /** The scanner reads a code. @param {string} code @param {string} [suffix] */
  async scan(code, suffix = "Enter") {
    await this.#keys([...code, suffix], () => SCANNER_PACE_MS);
  }

  /**
   * The scanner reads while an input method turns every key into its own.
   * @param {string} code digits
   * @param {string} composed what the input method makes of them
   */
  async scanComposed(code, composed) {
    this.#cdp ??= await this.page.context().newCDPSession(this.page);
    const cdp = this.#cdp;
    const taken = { key: "Process", windowsVirtualKeyCode: 229 };
    let atMs = Math.max(Date.now(), this.#lastKeyMs + 200);
    const sent = [...code].flatMap((digit) => {
      const press = { ...taken, code: `Digit${digit}`, timestamp: (atMs += SCANNER_PACE_MS) / 1000 };
      return [
        cdp.send("Input.dispatchKeyEvent", { ...press, type: "rawKeyDown" }),
        cdp.send("Input.imeSetComposition",
          { text: composed, selectionStart: composed.length, selectionEnd: composed.length }),
      ];
    });
    this.#lastKeyMs = atMs += SCANNER_PACE_MS;
    const enter = { ...taken, code: "Enter", timestamp: atMs / 1000 };
    sent.push(cdp.send("Input.dispatchKeyEvent", { ...enter, type: "rawKeyDown" }));
    await Promise.all(sent);
  }

  /** A person types, at a person's pace. @param {string} text digits, Latin letters, * */
  async type(text) {
    await this.#keys([...text], () => PERSON_PACE_MS);
  }

  /** The scanner reads while the machine stutters. @param {string} code @param {number[]} at */
  async scanStuttering(code, at) {
    await this.#keys([...code, "Enter"], (index) => (at.includes(index) ? 400 : SCANNER_PACE_MS));
  }

  /** A quick person's keys that overlap. @param {string} text */
  async roll(text) {
    await this.#keys([...text], () => 30);
  }

  /** @param {string} key */
  async press(key) {
    await this.#keys([key], () => PERSON_PACE_MS);
  }

  /**
   * Keys with time stamps of their own, as the kernel gives them: how busy this machine is makes
   * no difference. They are sent without waiting, in order.
   * @param {string[]} keys
   * @param {(index: number) => number} pause before the key, in milliseconds
   */
  async #keys(keys, pause) {
    this.#cdp ??= await this.page.context().newCDPSession(this.page);
    const cdp = this.#cdp;
    let atMs = Math.max(Date.now(), this.#lastKeyMs + 200);
    const sent = keys.flatMap((key, index) => {
      if (index > 0) atMs += pause(index);
      const press = { ...described(key), timestamp: atMs / 1000 };
      return [
        cdp.send("Input.dispatchKeyEvent", { ...press, type: press.text ? "keyDown" : "rawKeyDown" }),
        cdp.send("Input.dispatchKeyEvent", { ...press, type: "keyUp" }),
      ];
    });
    this.#lastKeyMs = atMs;
    await Promise.all(sent);
  }

  /** Claims a register and signs on, through the page. @param {string} [workstation] */
  async begin(workstation = "1") {
    await this.open();
    await this.claim(workstation);
    await this.signOn();
  }

  /** @param {string} workstation */
  async claim(workstation) {
    await this.at("claim");
    await this.page.click(`.choice:has([name=workstation][value="${workstation}"])`);
    await this.page.fill("[name=operator]", MANAGER.operator);
    await this.page.fill("[name=pin]", MANAGER.pin);
    await this.press("Enter");
  }

  /**
   * @param {{ operator: string, pin: string }} [who]
   * @param {string} [lands] the screen that comes first: another where the till is closed
   */
  async signOn(who = MANAGER, lands = "product") {
    await this.at("sign-on");
    await this.page.fill("[name=operator]", who.operator);
    await this.page.fill("[name=pin]", who.pin);
    await this.press("Enter");
    await this.at(lands);
  }

  /** A manager's request beside the page, with the page's cookies. */
  get api() {
    return this.page.context().request;
  }

  /** The manager who is signed on adds a cashier. */
  async addCashier() {
    const { operator: id, name, pin } = CASHIER;
    const data = { id, name, pin, role: "cashier" };
    const response = await this.api.post(`${this.url}/api/v1/operators`, { data });
    if (response.status() !== 201) throw new Error(`adding a cashier: ${response.status()}`);
  }

  /** The manager who is signed on puts another catalogue in force. @param {string} csv */
  async importCatalogue(csv) {
    const response = await this.api.put(`${this.url}/api/v1/catalogue`, {
      data: csv, headers: { "Content-Type": "text/csv" },
    });
    if (response.status() !== 200) throw new Error(`import: ${await response.text()}`);
  }
}

/**
 * A browser window with a person before it.
 * @param {Browser} browser
 * @param {string} url
 * @param {string} album
 * @param {import("playwright-core").BrowserContextOptions & { language?: string }} [options]
 */
export async function sit(browser, url, album, { language, ...options } = {}) {
  const context = await browser.newContext({ viewport: SCREENS.desk, locale: "zh-TW", ...options });
  if (language) {
    await context.addInitScript((tag) => localStorage.setItem("hub.language", tag), language);
  }
  return new Cashier(await context.newPage(), url, album);
}

const NAMED = {
  Enter: 13, Tab: 9, Escape: 27, Backspace: 8, Delete: 46, ArrowUp: 38, ArrowDown: 40,
  ArrowLeft: 37, ArrowRight: 39, F1: 112, F2: 113, F3: 114, F4: 115, F5: 116, F6: 117, F7: 118,
  F8: 119, F9: 120, F10: 121, F11: 122, F12: 123, Insert: 45, Pause: 19, PageUp: 33, PageDown: 34,
  End: 35, Home: 36,
};

/** @param {string} key as `KeyboardEvent.key` */
function described(key) {
  const named = /** @type {Record<string, number>} */ (NAMED)[key];
  if (named) {
    const text = key === "Enter" ? "\r" : "";
    return { key, code: key, windowsVirtualKeyCode: named, text };
  }
  const isDigit = key >= "0" && key <= "9";
  const code = isDigit ? `Digit${key}` : `Key${key.toUpperCase()}`;
  return { key, code, windowsVirtualKeyCode: key.toUpperCase().charCodeAt(0), text: key };
}
