// Goods that take more than a scan: one of several with a code, those without one, those that bear
// a number each.
import { minorOf, moneyOf, parseAmount, parseQuantity } from "./money.js";
import { command } from "./register.js";
import { MULTIPLIER } from "./scans.js";
import { dialog, query, session } from "./state.js";

/** @typedef {import("./types.d.ts").Command} Command */
/** @typedef {import("./types.d.ts").Money} Money */

/**
 * The same again for the item that was chosen among those with its code. What is put on the scale
 * or comes back is named by its id: its barcode says nothing more.
 * @param {Command} asked
 * @param {string} item
 */
export function choose(asked, item) {
  const isRead = asked.type === "scan_item" || asked.type === "key_item";
  command(isRead ? { ...asked, item } : { ...asked, code: item });
}

/**
 * Goods of a department, or such that come back where there is a reason.
 * @param {string} department
 * @param {Money} amount of one piece
 * @param {{ times?: string | undefined, reason?: string | null }} [more]
 */
export function keyDepartment(department, amount, { times, reason = null } = {}) {
  const quantity = times ? parseQuantity(times, "piece") : null;
  command({
    type: "key_department", department, amount,
    ...(quantity && { quantity }), ...(reason && { reason }),
  });
}

/** What was typed before a department's key: how many, and the price of one. */
function typed() {
  const mine = session.peek();
  const times = MULTIPLIER.exec(query.peek());
  const text = query.peek().slice(times?.[0].length ?? 0).trim();
  const minor = mine && text !== "" ? parseAmount(text, mine.scale) : null;
  if (!mine || minor === null || minor <= 0n) return null;
  return { times: times?.[1], amount: moneyOf(minor, mine.currency, mine.scale) };
}

/**
 * A department's key: sells at the price that was typed, or asks for one.
 * @param {string} department
 */
export function pressDepartment(department) {
  const price = typed();
  const isTyped = price !== null && minorOf(price.amount.amount) > 0n;
  const times = MULTIPLIER.exec(query.peek())?.[1];
  query.value = "";
  if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
  if (isTyped) keyDepartment(department, price.amount, { times: price.times });
  else dialog.value = { kind: "department", department, times };
}

/** @param {number} line @param {string} serial the number that its piece bears */
export function nameSerial(line, serial) {
  command({ type: "name_serial", line, serial });
}
