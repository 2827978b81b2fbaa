// Onto which line a scan goes.
import { kept } from "./codes.js";

/**
 * The line a code is added to: the last one that counts, if it is plainly the same.
 * @param {import("./types.d.ts").Basket | null} basket
 * @param {string | undefined} code
 * @param {string} [item] the one that was chosen, where several have the code
 */
export function lineToJoin(basket, code, item) {
  // A deposit goes with its goods; a piece with a number of its own is alone on its line.
  const last = basket?.lines.findLast((line) => !line.voided && line.deposit_of === undefined);
  if (last && (last.serial || basket?.serial?.line === last.line)) return null;
  if (!last || last.code !== kept(code ?? "") || last.kind !== "sale") return null;
  if (item && last.item !== item) return null;
  // A keyed price or a cashier's discount was meant for what the line was then; promotions are
  // worked out anew.
  const isPlain = last.modifiers.every(({ promotion }) => promotion);
  return isPlain && last.price_source !== "keyed" ? last.line : null;
}
