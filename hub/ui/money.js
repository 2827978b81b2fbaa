// Amounts are text on the wire and whole minor units in here: never a floating-point number.
// `Intl` is not asked: its decimals for TWD differ between browsers (0 or 2), the hub's do not.

/** @typedef {import("./types.d.ts").Money} Money */
/** @typedef {import("./types.d.ts").Quantity} Quantity */

/** @type {Record<string, string>} */
const SYMBOLS = { TWD: "NT$", USD: "$", EUR: "€", JPY: "¥", GBP: "£" };

/**
 * Whole minor units of an amount in text: "12.50" is 1250.
 * @param {string} amount
 * @returns {bigint}
 */
export function minorOf(amount) {
  return BigInt(amount.replace(".", ""));
}

/**
 * Minor units as the wire writes them, with exactly `scale` decimals.
 * @param {bigint} minor
 * @param {string} currency
 * @param {number} scale
 * @returns {Money}
 */
export function moneyOf(minor, currency, scale) {
  const sign = minor < 0n ? "-" : "";
  const digits = (minor < 0n ? -minor : minor).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const amount = scale === 0 ? whole : `${whole}.${digits.slice(digits.length - scale)}`;
  return { amount: sign + amount, currency };
}

/**
 * What a person typed, as minor units; null where it is no amount of this currency.
 * @param {string} text "1,200", "12.5", ".5"
 * @param {number} scale
 * @returns {bigint | null}
 */
export function parseAmount(text, scale) {
  const plain = text.trim().replaceAll(",", "");
  const match = /^(-?)(\d{0,12})(?:\.(\d*))?$/.exec(plain);
  if (!match) return null;
  const [, sign, whole = "", fraction = ""] = match;
  if (whole === "" && fraction === "") return null;
  if (fraction.length > scale) return null;
  const minor = BigInt(`${whole || "0"}${fraction.padEnd(scale, "0")}`);
  return sign === "-" ? -minor : minor;
}

/**
 * With thousands apart and without a currency: "1,234.50".
 * @param {string} amount
 */
export function grouped(amount) {
  const negative = amount.startsWith("-");
  const [whole = "", fraction] = (negative ? amount.slice(1) : amount).split(".");
  const parts = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${negative ? "−" : ""}${parts}${fraction === undefined ? "" : `.${fraction}`}`;
}

/**
 * For a person to read, with the currency: "NT$1,234", "−$5.00".
 * @param {Money} money
 */
export function shown(money) {
  const symbol = SYMBOLS[money.currency] ?? `${money.currency} `;
  const text = grouped(money.amount);
  return text.startsWith("−") ? `−${symbol}${text.slice(1)}` : symbol + text;
}

/** @param {Money} money */
export const isZero = (money) => minorOf(money.amount) === 0n;
/** @param {Money} money */
export const isNegative = (money) => minorOf(money.amount) < 0n;

/**
 * The same amount with the other sign.
 * @param {Money} money
 * @returns {Money}
 */
export function negated(money) {
  if (isZero(money)) return money;
  const { amount, currency } = money;
  return { amount: amount.startsWith("-") ? amount.slice(1) : `-${amount}`, currency };
}

/**
 * What money of another country counts for: whole minor units, less what is not one.
 * @param {bigint} minor of the other currency
 * @param {number} scale its decimals
 * @param {string} rate what one of its major units counts for, in major units here
 * @param {number} local decimals here
 */
export function localOf(minor, scale, rate, local) {
  const [whole = "0", fraction = ""] = rate.split(".");
  const counts = minor * BigInt(whole + fraction) * 10n ** BigInt(local);
  const parts = 10n ** BigInt(scale + fraction.length);
  return counts / parts;
}

/**
 * What a person typed as a quantity; null where it is none. Pieces are whole.
 * @param {string} text
 * @param {import("./types.d.ts").Unit} unit
 * @returns {Quantity | null}
 */
export function parseQuantity(text, unit) {
  const match = /^(\d{1,7})(?:\.(\d{1,3}))?$/.exec(text.trim());
  if (!match) return null;
  const [, whole = "", fraction = ""] = match;
  const decimals = fraction.replace(/0+$/, "");
  if (unit === "piece" && decimals !== "") return null;
  const digits = whole.replace(/^0+(?=\d)/, "");
  return { amount: decimals === "" ? digits : `${digits}.${decimals}`, unit };
}

/** Decimals that foreign cash may be typed with: its notes and coins have no more. */
const FOREIGN_SCALE = 2;

/**
 * What lies in a till besides the store's own cash, each in the currency that it is counted in:
 * foreign cash in its own.
 * @param {{ id: string, foreign?: { currency: string } }[]} tenders
 * @param {string} currency the store's @param {number} scale
 */
export const countedBeside = (tenders, currency, scale) => tenders
  .filter(({ id }) => id !== "cash")
  .map(({ id, foreign }) => (foreign
    ? { id, currency: foreign.currency, scale: FOREIGN_SCALE }
    : { id, currency, scale }));
