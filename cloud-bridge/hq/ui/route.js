// Where on the page somebody is, as it stands behind the `#` of the address: it can be sent to
// others, kept as a bookmark and left with the back key.
import { isDay } from "./times.js";

/**
 * @typedef {object} Route
 * @property {"chain" | "store" | "sale" | "policy" | "aside" | "people"} screen
 * @property {string} [store]
 * @property {string} [tab] of a store
 * @property {string} [transaction] of a sale
 * @property {string | null} day null: today, whatever day that is
 */

/** What a store's page shows, one at a time. */
export const TABS = ["overview", "goods", "operators", "stock", "link"];

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

/**
 * @param {string} hash "#/store/1/stock?day=2026-11-24"
 * @returns {Route} the chain where it names nothing that there is
 */
export function read(hash) {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?");
  const [, screen, one = "", two = ""] = path.split("/").map(decoded);
  const asked = new URLSearchParams(query).get("day");
  const day = asked && isDay(asked) ? asked : null;
  if (screen === "store" && one) {
    return { screen, store: one, tab: TABS.includes(two) ? two : "overview", day };
  }
  if (screen === "sale" && one && two) return { screen, store: one, transaction: two, day };
  if (screen === "policy" || screen === "aside" || screen === "people") return { screen, day };
  return { screen: "chain", day };
}

/** @param {Route} route */
export function write({ screen, store, tab, transaction, day }) {
  const levels = [screen === "chain" ? "" : screen];
  if (store !== undefined) levels.push(store);
  if (screen === "store" && tab && tab !== "overview") levels.push(tab);
  if (transaction !== undefined) levels.push(transaction);
  const path = levels.map(encodeURIComponent).join("/");
  return `#/${path}${day ? `?day=${day}` : ""}`;
}
