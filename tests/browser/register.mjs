// A person at one of a store's registers, with the pictures of what they saw.
import { look } from "./eyes.mjs";
import { MANAGER } from "./hub.mjs";

/** @typedef {import("./cashier.mjs").Cashier} Cashier */

/** One register with its person, and the pictures of it. */
export class Register {
  #at = 0;

  /** @param {Cashier} cashier @param {string[]} faults */
  constructor(cashier, faults) {
    this.cashier = cashier;
    this.page = cashier.page;
    this.faults = faults;
  }

  /** A step that tells something. @param {string} name */
  async see(name) {
    this.#at += 1;
    await look(this.cashier, `${String(this.#at).padStart(2, "0")}-${name}`, this.faults);
  }

  /** @param {string} entry */
  async menu(entry) {
    await this.page.click("[data-do=menu]");
    await this.page.click(`[data-menu=${entry}]`);
  }

  /** @param {string} deed @param {string} amount @param {string} [reason] */
  async deed(deed, amount, reason) {
    await this.page.click(`[data-deed=${deed}]`);
    await this.page.waitForSelector(`[data-form=${deed}]`);
    if (amount) await this.page.fill("input[name=amount]", amount);
    if (reason) await this.page.click(`[data-reason=${reason}]`);
    await this.page.click("[data-do=till]");
  }

  /** The manager comes to this screen and allows it. @param {string} permission */
  async approve(permission) {
    const box = `[data-approval=${permission}]`;
    await this.page.waitForSelector(box);
    await this.page.fill(`${box} [name=operator]`, MANAGER.operator);
    await this.page.fill(`${box} [name=pin]`, MANAGER.pin);
    await this.cashier.press("Enter");
    await this.cashier.gone(box);
  }

  /** @param {string} amount */
  async openTill(amount) {
    await this.page.waitForSelector("[data-form=open]");
    await this.page.fill("input[name=amount]", amount);
    await this.page.click("[data-do=till]");
    await this.cashier.at("product");
  }

  async toPayment() {
    await this.cashier.press("F9");
    await this.cashier.at("payment");
  }

  /** @param {string} key of the way of paying @param {string} amount typed; what is due if empty */
  async give(key, amount) {
    await this.cashier.press(key);
    if (amount) await this.cashier.type(amount);
    await this.cashier.press("Enter");
  }

  /** @param {string} change */
  async done(change) {
    await this.cashier.at("receipt");
    await this.page.waitForSelector(`[data-change='${change}']`);
    await this.page.waitForSelector("[data-receipt=yes]");
  }

  async next() {
    await this.page.click("[data-do=next]");
    await this.cashier.at("product");
  }

  async signOff() {
    await this.menu("sign_off");
    await this.cashier.at("sign-on");
  }
}
