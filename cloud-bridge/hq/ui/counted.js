// Numbers of things, in the language's own way of one and many.
import { t } from "/shared/text.js";

/**
 * @param {string} key of the texts; `{key}_one` says it of one
 * @param {number} n
 */
export const counted = (key, n) =>
  t(n === 1 ? `${key}_one` : key, { n: n.toLocaleString("en-US") });
