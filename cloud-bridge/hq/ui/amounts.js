// Amounts come as whole minor units and are written with their currency's decimals. All arithmetic
// is on whole numbers.
import { moneyOf, shown } from "/shared/money.js";

/** Decimals of the currencies that do not have two; the same as the till's. */
export const SCALES = /** @type {Record<string, number>} */ ({
  TWD: 0, JPY: 0, KRW: 0, VND: 0, CLP: 0, ISK: 0, HUF: 0, IDR: 0, BIF: 0, DJF: 0, GNF: 0, KMF: 0,
  PYG: 0, RWF: 0, UGX: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  KWD: 3, BHD: 3, OMR: 3, JOD: 3, TND: 3, IQD: 3, LYD: 3,
  CLF: 4,
});

/** @param {string} currency */
export const scaleOf = (currency) => SCALES[currency] ?? 2;

/**
 * For a person to read: "NT$1,234", "−$5.00".
 * @param {number} minor
 * @param {string} currency
 */
export const amount = (minor, currency) =>
  shown(moneyOf(BigInt(minor), currency, scaleOf(currency)));

/** Large round numbers by language: their value and their word, the largest first. */
const STEPS = /** @type {Record<string, [bigint, string][]>} */ ({
  "zh-TW": [[100_000_000n, "億"], [10_000n, "萬"]],
  en: [[1_000_000_000n, "B"], [1_000_000n, "M"], [1_000n, "K"]],
});

/**
 * In few letters, for the axis of a chart: "12.3萬", "123K". Rounded to one decimal.
 * @param {number} minor
 * @param {string} currency
 * @param {string} language
 */
export function brief(minor, currency, language) {
  const value = BigInt(minor);
  const size = value < 0n ? -value : value;
  const one = 10n ** BigInt(scaleOf(currency));
  for (const [step, word] of STEPS[language] ?? []) {
    const unit = step * one;
    if (size < unit) continue;
    const tenths = divided(size * 10n, unit);
    const rest = tenths % 10n === 0n ? "" : `.${tenths % 10n}`;
    return `${value < 0n ? "−" : ""}${tenths / 10n}${rest}${word}`;
  }
  const whole = divided(size, one);
  return `${value < 0n && whole > 0n ? "−" : ""}${whole}`;
}

/** Rounded to the nearest, halves away from nought. @param {bigint} value @param {bigint} by */
function divided(value, by) {
  const twice = value * 2n + (value < 0n ? -by : by);
  return twice / (by * 2n);
}

/**
 * What a sale comes to on average; null where there was none.
 * @param {number} net
 * @param {number} sales
 */
export const average = (net, sales) =>
  (sales > 0 ? Number(divided(BigInt(net), BigInt(sales))) : null);

/**
 * How much more than before, in tenths of a percent; null where there is nothing to compare with.
 * @param {number} now
 * @param {number} before
 */
export const change = (now, before) =>
  (before > 0 ? Number(divided(BigInt(now - before) * 1000n, BigInt(before))) : null);

/** "+12.3%", "−4%", "±0%". @param {number} tenths */
export function percent(tenths) {
  const size = Math.abs(tenths);
  const sign = tenths > 0 ? "+" : tenths < 0 ? "−" : "±";
  return `${sign}${Math.trunc(size / 10)}${size % 10 ? `.${size % 10}` : ""}%`;
}

/**
 * How long a bar is, in whole percent of the longest.
 * @param {number} part
 * @param {number} most
 */
export const share = (part, most) =>
  (part > 0 && most > 0 ? Number(divided(BigInt(part) * 100n, BigInt(most))) : 0);

/** "1.25", "12", "−0.5". @param {number} thousandths */
export function quantity(thousandths) {
  const size = Math.abs(thousandths);
  const fraction = String(size % 1000).padStart(3, "0").replace(/0+$/, "");
  const whole = Math.trunc(size / 1000).toLocaleString("en-US");
  return `${thousandths < 0 ? "−" : ""}${whole}${fraction ? `.${fraction}` : ""}`;
}
