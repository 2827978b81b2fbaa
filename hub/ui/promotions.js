// What promotions made of a basket, as the page shows it. Sums of what the hub says, in whole
// minor units; no price is found here.
import { minorOf, moneyOf } from "./money.js";

/** @typedef {import("./types.d.ts").Basket} Basket */
/** @typedef {import("./types.d.ts").Bilingual} Bilingual */
/** @typedef {import("./types.d.ts").Entry} Entry */
/** @typedef {import("./types.d.ts").ExplainedUnit} ExplainedUnit */
/** @typedef {import("./types.d.ts").Money} Money */
/** @typedef {import("./types.d.ts").NamedPromotion} NamedPromotion */
/** @typedef {import("./types.d.ts").Prompt} Prompt */

/** More would not be read in a glance. */
const PROMPTS_MAX = 3;

/** @param {bigint} minor @param {Money} like another amount of the same currency */
function inMoneyOf(minor, like) {
  return moneyOf(minor, like.currency, like.amount.split(".")[1]?.length ?? 0);
}

/**
 * What lowers the basket: each promotion's part, the largest first, and what the cashier took off.
 * Together they are the discount of the totals.
 * @param {Basket} basket
 * @returns {{ promotions: (NamedPromotion & { amount: Money })[], together: Money, own: Money }}
 */
export function reductions({ lines, basket_modifiers: whole, totals: { discount } }) {
  const modifiers = [...lines.filter(({ voided }) => !voided).flatMap((line) => line.modifiers),
    ...whole];
  /** @type {Map<string, { name: NamedPromotion["name"], minor: bigint }>} */
  const parts = new Map();
  for (const { promotion, amount } of modifiers) {
    if (!promotion) continue;
    const minor = (parts.get(promotion.id)?.minor ?? 0n) + minorOf(amount.amount);
    parts.set(promotion.id, { name: promotion.name, minor });
  }
  const found = [...parts].filter(([, { minor }]) => minor !== 0n)
    .sort(([one, a], [other, b]) => {
      if (a.minor !== b.minor) return a.minor > b.minor ? -1 : 1;
      return one < other ? -1 : 1;
    });
  const together = found.reduce((sum, [, { minor }]) => sum + minor, 0n);
  return {
    promotions: found.map(([id, { name, minor }]) =>
      ({ id, name, amount: inMoneyOf(minor, discount) })),
    together: inMoneyOf(together, discount),
    own: inMoneyOf(minorOf(discount.amount) - together, discount),
  };
}

/**
 * The prompts to show, the best first: not those that were just answered and wait for the hub.
 * @param {Basket | null} basket
 * @param {Entry[]} pending
 * @returns {Prompt[]}
 */
export function promptsShown(basket, pending) {
  const answered = pending.map(({ command }) => command.prompt);
  return (basket?.prompts ?? []).filter(({ id }) => !answered.includes(id)).slice(0, PROMPTS_MAX);
}

/** Whether one touch can do what the prompt says. @param {Prompt} prompt */
export const canBeTaken = ({ adds }) => adds.kind === "items";

/**
 * Whether the price may be another one when this way of paying is chosen.
 * @param {Basket} basket
 * @param {string} tenderType
 */
export function mayReprice({ offers = [], context, tenders }, tenderType) {
  const intended = context?.tender ?? null;
  if (intended === tenderType || tenders.some(({ voided }) => !voided)) return false;
  return intended !== null || offers.some((offer) => offer.tender_type === tenderType);
}

/**
 * The coupons that were shown and whether the price uses them: one that changes nothing is kept.
 * @param {Basket} basket
 * @returns {{ code: string, isUsed: boolean }[]}
 */
export function couponsShown({ context, pricing }) {
  const used = (pricing?.applied ?? []).flatMap(({ coupons }) => coupons);
  return (context?.coupons ?? []).map((code) => ({ code, isUsed: used.includes(code) }));
}

/** Whether a lower price may exist that was not found in time. @param {Basket} basket */
export function isUnproven({ pricing }) {
  const certificate = pricing?.certificate;
  return certificate !== undefined && !certificate.is_optimal && !certificate.by_priority;
}

/**
 * Units of a line that fared alike, told once.
 * @param {ExplainedUnit[]} units
 * @returns {{ count: number, text: Bilingual }[]}
 */
export function alike(units) {
  /** @type {Map<string, { count: number, text: Bilingual }>} */
  const groups = new Map();
  for (const { text } of units) {
    const group = groups.get(text.zh);
    if (group) group.count += 1;
    else groups.set(text.zh, { count: 1, text });
  }
  return [...groups.values()];
}
