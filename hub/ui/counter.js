// What stands on the counter at ports of the hub: a scanner, a scale.
import { scanned } from "./scans.js";
import { scale } from "./state.js";
import { parseQuantity } from "./money.js";

/** @typedef {import("./types.d.ts").Quantity} Quantity */
/** @typedef {import("./types.d.ts").ScaleView} ScaleView */

/** The newest scan that some tab of this browser has taken, by the hub's count. */
const TAKEN = "hub.scan";
/** A tab that is not in front waits so long for the one that is, in milliseconds. */
const STAND_BACK_MS = 40;

/**
 * Takes a scan unless another tab of this browser has.
 * @param {number} number
 */
function take(number) {
  try {
    if (Number(localStorage.getItem(TAKEN)) >= number) return false;
    localStorage.setItem(TAKEN, String(number));
  } catch {
    // A browser that keeps nothing has no other tab to agree with.
  }
  return true;
}

/** Whether the screen takes scans, of whatever scanner. */
let isOn = () => false;

/** @param {() => boolean} takes whether the screen that is shown takes scans */
export function takeScans(takes) {
  isOn = takes;
}

/**
 * A scanner at a port of the hub read a code for this register. Every tab hears it; the one in
 * front takes it, or, where none is, the first that can be seen.
 * @param {{ code: string, number: number }} scan
 */
export function heardScan({ code, number }) {
  if (document.visibilityState !== "visible") return;
  const takeIt = () => { if (isOn() && take(number)) scanned(code); };
  if (document.hasFocus()) takeIt();
  else setTimeout(takeIt, STAND_BACK_MS);
}

/** @param {ScaleView} shown */
export function heardScale(shown) {
  scale.value = shown;
}

/** Thousandths of a unit, as a whole number. @param {string} amount */
function thousandths(amount) {
  const [whole = "", fraction = ""] = amount.split(".");
  return BigInt(whole) * 1000n + BigInt(fraction.padEnd(3, "0"));
}

/**
 * What is left of a weight without what the goods lie in; null where nothing is.
 * @param {Quantity} gross @param {string | undefined} tare in the same unit
 * @returns {Quantity | null}
 */
export function net(gross, tare) {
  const left = thousandths(gross.amount) - thousandths(tare ?? "0");
  if (left <= 0n) return null;
  const text = String(left).padStart(4, "0");
  return parseQuantity(`${text.slice(0, -3)}.${text.slice(-3)}`, gross.unit);
}
