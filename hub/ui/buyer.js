// What a buyer says about the invoice, told apart by its shape. Whether it holds the hub says.

import { bare } from "./codes.js";

/** @typedef {import("./types.d.ts").Buyer} Buyer */

/** A telephone's barcode, or the number of a citizen's certificate. */
const CARRIER = /^(\/[0-9A-Z.+-]{7}|[A-Z]{2}\d{14})$/i;

/**
 * What a code that was scanned can be; null where it is none of a buyer's.
 * @param {string} code
 * @returns {"ban" | "carrier" | "donation" | null}
 */
export function buyersPart(code) {
  const text = code.trim();
  if (CARRIER.test(text)) return "carrier";
  if (/^\d{8}$/.test(text)) return "ban";
  if (/^\d{3,7}$/.test(text)) return "donation";
  return null;
}

/** A code of three to seven digits that the scanner says is a Code 39: nothing else is printed so. */
const DONATION_READ = /^\]A[0-9A-Za-z](?=\d{3,7}$)/;

/**
 * While goods and coupons may be scanned as well, only what can be nothing else.
 * @param {string} read as the scanner sent it
 * @returns {"carrier" | "donation" | null}
 */
export function buyersScan(read) {
  if (DONATION_READ.test(read.trim())) return "donation";
  return buyersPart(bare(read)) === "carrier" ? "carrier" : null;
}

/**
 * What a buyer says once something more was scanned, beside what was said before.
 * @param {Buyer | undefined} buyer
 * @param {"carrier" | "donation"} part
 * @param {string} read as the scanner sent it
 * @returns {import("./types.d.ts").Said}
 */
export function withScan(buyer, part, read) {
  const { ban = null, carrier = null, donation = null } = buyer ?? {};
  return { ban, carrier, donation, [part]: bare(read) };
}

/**
 * In one line, as the cashier repeats it to the customer.
 * @param {Buyer | undefined} buyer
 * @param {(part: "ban" | "carrier" | "donation", text: string) => string} worded
 */
export function buyerShown(buyer, worded) {
  const parts = /** @type {const} */ (["ban", "carrier", "donation"]);
  return parts.flatMap((part) => {
    const said = buyer?.[part];
    return said ? [worded(part, said)] : [];
  }).join(" · ");
}
