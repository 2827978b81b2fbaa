// Moments and days as people read them. Reads no clock.

/** @param {number} number */
const two = (number) => String(number).padStart(2, "0");

/**
 * What the local time of this browser is ahead of UTC at a moment, in seconds.
 * @param {number} ms
 */
const offsetHere = (ms) => new Date(ms).getTimezoneOffset() * -60;

/** @param {number} ms @param {number} offsetS */
const shifted = (ms, offsetS) => new Date(ms + offsetS * 1000);

/**
 * "10:12", by this browser's time or by the store's.
 * @param {number} ms since 1970
 * @param {number} [offsetS] what that time is ahead of UTC
 */
export function clock(ms, offsetS = offsetHere(ms)) {
  const date = shifted(ms, offsetS);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}

/**
 * The day of a moment, `YYYY-MM-DD`.
 * @param {number} ms
 * @param {number} [offsetS]
 */
export const dayOf = (ms, offsetS = offsetHere(ms)) =>
  shifted(ms, offsetS).toISOString().slice(0, 10);

/**
 * "10:12" on the same day, else "11-24 10:12".
 * @param {number} ms
 * @param {number} nowMs
 * @param {number} [offsetS]
 */
export function moment(ms, nowMs, offsetS = offsetHere(ms)) {
  const day = dayOf(ms, offsetS);
  const isToday = day === dayOf(nowMs, offsetS);
  return isToday ? clock(ms, offsetS) : `${day.slice(5)} ${clock(ms, offsetS)}`;
}

/** In full: "2026-11-24 10:12". @param {number} ms */
export const stamp = (ms) => `${dayOf(ms)} ${clock(ms)}`;

/**
 * So many days later; earlier where negative.
 * @param {string} day `YYYY-MM-DD`
 * @param {number} days
 */
export function later(day, days) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** Whether a text is a day there is. @param {string} text */
export function isDay(text) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** "週二", "Tue". @param {string} day @param {string} language */
export const weekday = (day, language) =>
  new Intl.DateTimeFormat(language, { weekday: "short", timeZone: "UTC" })
    .format(new Date(`${day}T00:00:00Z`));
