// What becomes of a scan between goods that the hub says is none. No drawing here.
import { withScan } from "./buyer.js";
import { bare } from "./codes.js";

/** @typedef {import("./types.d.ts").Buyer} Buyer */
/** @typedef {import("./types.d.ts").Command} Command */

/** The printed number of a receipt, and the signed code that stands on it. */
const PRINTED = /^\d{1,3}-\d+$/;
const SIGNED = /^RC1:/;

/** What is said of the buyer by a scan that was refused so. */
const SAID = /** @type {const} */ ({ scanned_carrier: "carrier", scanned_donation: "donation" });

/**
 * Which field of the journal a code is looked for in.
 * @param {string} code
 * @returns {"number" | "code" | "item"}
 */
export function journalField(code) {
  if (SIGNED.test(code)) return "code";
  return PRINTED.test(code) ? "number" : "item";
}

/**
 * What is done instead of selling it: a command, or a receipt that is looked up; null where there
 * is nothing but to say so.
 * @param {string} refusal
 * @param {string} read as the scanner sent it
 * @param {Buyer | undefined} buyer what was said before, which stays
 * @returns {{ command: Command } | { receipt: string } | null}
 */
export function insteadOf(refusal, read, buyer) {
  if (refusal === "scanned_receipt") return { receipt: bare(read) };
  const part = SAID[/** @type {keyof typeof SAID} */ (refusal)];
  return part ? { command: { type: "name_buyer", ...withScan(buyer, part, read) } } : null;
}
