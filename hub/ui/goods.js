// Goods that take more than a scan.
import { command } from "./register.js";

/** @typedef {import("./types.d.ts").Command} Command */

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
