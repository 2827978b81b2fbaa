// The money at this register: what is sent, and what stands in a count. No drawing here.
import { api } from "./api.js";
import { uuidV7 } from "./ids.js";
import { minorOf, moneyOf } from "./money.js";
import { accept, isSilent } from "./state.js";
import { once } from "./once.js";
import { ask } from "./session.js";
import { t } from "./text.js";
import { withApproval } from "./approvals.js";

/** @typedef {import("./types.d.ts").Money} Money */
/** @typedef {import("./types.d.ts").TillCommand} TillCommand */

/** What the form on the screen sends. */
const form = once(uuidV7, withApproval);

/** Another form: what is entered there is meant anew, also where it is the same. */
export const forgetForm = () => form.forget();

/**
 * Books what a form says, once; not on a screen that may not be true any more.
 * @param {unknown} words
 * @param {(id: string, token: string | null) => Promise<import("./types.d.ts").Reply>} send
 */
async function book(words, send) {
  if (isSilent.peek()) {
    return { body: null, problem: { status: 0, code: "hub_away", detail: t("hub_away_till") } };
  }
  return ask(() => form.send(words, send));
}

/**
 * Does something with the till; a second person is asked where the first may not alone. The answer
 * and each refusal carry the register as it is.
 * @param {TillCommand} command
 */
export async function doAtTill(command) {
  const answer = await book(command, (id, token) =>
    api.till({ command_id: id, command }, token));
  if (answer.body?.view) accept(answer.body.view);
  return answer;
}

/** Prints the X report of this register's till; `id` names it. */
export async function printX() {
  const id = uuidV7();
  const answer = await ask(() => withApproval((token) => api.printX({ command_id: id }, token)));
  return { ...answer, id };
}

/**
 * Closes the day that is seen.
 * @param {string} day @param {boolean} isForced
 */
export const closeDay = (day, isForced) => book({ day, isForced }, (id, token) => api.closeDay(
  { command_id: id, business_day: day, is_forced: isForced }, token,
));

/**
 * What a count comes to so far.
 * @param {Money[]} denominations
 * @param {Record<string, string>} pieces typed, by the note's amount
 * @returns {bigint | null} null where something typed is no number of pieces
 */
export function countTotal(denominations, pieces) {
  let total = 0n;
  for (const { amount } of denominations) {
    const typed = (pieces[amount] ?? "").trim();
    if (typed === "") continue;
    if (!/^\d{1,6}$/.test(typed)) return null;
    total += minorOf(amount) * BigInt(typed);
  }
  return total;
}

/**
 * The command of a count: notes that nobody typed anything for are none.
 * @param {Money[]} denominations
 * @param {Record<string, string>} pieces
 * @param {{ tender_type: string, amount: Money }[]} others
 * @returns {TillCommand}
 */
export function countCommand(denominations, pieces, others) {
  const typed = denominations.map((value) => ({
    value, pieces: Number.parseInt(pieces[value.amount] ?? "", 10) || 0,
  }));
  return { type: "count", denominations: typed.filter((one) => one.pieces > 0), others };
}

/**
 * How much more there was than expected; null where nobody counted.
 * @param {import("./types.d.ts").ClosingLine} line
 * @param {number} scale
 * @returns {Money | null}
 */
export function overOf({ expected, counted }, scale) {
  if (!counted) return null;
  return moneyOf(minorOf(counted.amount) - minorOf(expected.amount), expected.currency, scale);
}
