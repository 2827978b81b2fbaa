// What is shown of promotions: in which order, and what comes of their prompts. All of it is on
// whole numbers.
import { later } from "./times.js";

/** @typedef {import("./types.d.ts").PromotionView} PromotionView */
/** @typedef {import("./types.d.ts").PromotionSums} PromotionSums */
/** @typedef {import("./types.d.ts").DayPromotion} DayPromotion */

/** By what promotions are put in order. */
export const ORDERS = /** @type {const} */ (["net", "discount", "units", "conversion"]);

/** @typedef {typeof ORDERS[number]} Order */

/** Over how many days they are looked at. */
export const PERIODS = [1, 7, 28];

/** Fewest days of a picture: one column alone says nothing. */
export const PICTURE_DAYS = 7;

/** @type {PromotionSums} */
const NOTHING = {
  baskets: 0, uses: 0, units: 0, discount: 0, net: 0, shown: 0, taken: 0, declined: 0,
};

/**
 * How many of its prompts were taken, in tenths of a percent; null where there was none.
 * @param {PromotionSums} sums
 */
export const conversion = ({ shown, taken }) =>
  (shown > 0 ? Number((BigInt(taken) * 2000n + BigInt(shown)) / (BigInt(shown) * 2n)) : null);

/**
 * What an order goes by. @param {PromotionSums} sums @param {Order} order
 */
export const measure = (sums, order) =>
  (order === "conversion" ? conversion(sums) : sums[order]);

/**
 * The greatest first; what has no measure comes last. Equal ones stay as they were.
 * @param {PromotionView[]} rows
 * @param {Order} order
 */
export const sorted = (rows, order) =>
  [...rows].sort((a, b) => (measure(b.sums, order) ?? -1) - (measure(a.sums, order) ?? -1));

/**
 * What it is called in a language; its id where nobody said it.
 * @param {{ promotion: string, name: { zh: string, en: string } | null }} view
 * @param {string} language
 */
export function nameIn({ promotion, name }, language) {
  const said = name && (language === "en" ? name.en || name.zh : name.zh || name.en);
  return said || promotion;
}

/**
 * Every day of a period, those without it too.
 * @param {DayPromotion[]} known
 * @param {string} last `YYYY-MM-DD`
 * @param {number} count
 * @returns {DayPromotion[]}
 */
export function wholeDays(known, last, count) {
  const sums = new Map(known.map((one) => [one.day, one.sums]));
  return Array.from({ length: count }, (_, at) => {
    const day = later(last, at + 1 - count);
    return { day, sums: sums.get(day) ?? NOTHING };
  });
}
