// Where on the page somebody is, as it stands behind the `#` of the address: it can be sent to
// others, kept as a bookmark and left with the back key.
import { PERIODS } from "./promotions.js";
import { isDay } from "./times.js";

/**
 * @typedef {object} Route
 * @property {"chain" | "store" | "sale" | "promotions" | "policy" | "aside" | "people"} screen
 * @property {string} [store]
 * @property {string} [tab] of a store
 * @property {string} [transaction] of a sale
 * @property {string} [promotion] that is looked at
 * @property {number} [days] over how many days promotions are looked at, where not over one
 * @property {string | null} day null: today, whatever day that is
 */

/** What a store's page shows, one at a time. */
export const TABS = ["overview", "goods", "promotions", "operators", "stock", "link"];

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
  const asked = new URLSearchParams(query);
  const asksFor = asked.get("day");
  const day = asksFor && isDay(asksFor) ? asksFor : null;
  const period = PERIODS.find((count) => count > 1 && `${count}` === asked.get("days"));
  const days = period === undefined ? {} : { days: period };
  if (screen === "store" && one) {
    return { screen, store: one, tab: TABS.includes(two) ? two : "overview", day, ...days };
  }
  if (screen === "promotions") {
    return { screen, ...(one ? { promotion: one } : {}), day, ...days };
  }
  if (screen === "sale" && one && two) return { screen, store: one, transaction: two, day };
  if (screen === "policy" || screen === "aside" || screen === "people") return { screen, day };
  return { screen: "chain", day };
}

/** @param {Route} route */
export function write({ screen, store, tab, transaction, promotion, day, days }) {
  const levels = [screen === "chain" ? "" : screen];
  if (store !== undefined) levels.push(store);
  if (screen === "store" && tab && tab !== "overview") levels.push(tab);
  if (transaction !== undefined) levels.push(transaction);
  if (promotion !== undefined) levels.push(promotion);
  const path = levels.map(encodeURIComponent).join("/");
  const asked = [...(day ? [`day=${day}`] : []), ...(days ? [`days=${days}`] : [])];
  return `#/${path}${asked.length > 0 ? `?${asked.join("&")}` : ""}`;
}
