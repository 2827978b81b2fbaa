// What a chart of the hours of a day is drawn from.

/** @typedef {import("./types.d.ts").HourNet} HourNet */

/**
 * Hour by hour without a gap, from the first to the last hour with anything in it; empty where
 * nothing was sold on either day.
 * @param {HourNet[]} hours
 * @returns {HourNet[]}
 */
export function wholeHours(hours) {
  const known = new Map(hours.map((one) => [one.hour, one]));
  const busy = hours.filter((one) => one.sales > 0 || one.net !== 0 || one.net_week_before !== 0)
    .map(({ hour }) => hour);
  if (busy.length === 0) return [];
  const [first, last] = [Math.min(...busy), Math.max(...busy)];
  return Array.from({ length: last - first + 1 }, (_, at) => known.get(first + at)
    ?? { hour: first + at, sales: 0, net: 0, net_week_before: 0 });
}

/**
 * Columns for uPlot: the hours, this day, the week before, which is left out where nothing was
 * sold then: a line along the bottom would look like a day without customers.
 * @param {HourNet[]} hours
 * @returns {[number[], number[], (number | null)[]]}
 */
export function columns(hours) {
  const isKnown = hours.some(({ net_week_before }) => net_week_before !== 0);
  return [
    hours.map(({ hour }) => hour),
    hours.map(({ net }) => net),
    hours.map(({ net_week_before }) => (isKnown ? net_week_before : null)),
  ];
}

/** "09–10". @param {number} hour */
export function hourText(hour) {
  const two = (/** @type {number} */ number) => String(number % 24).padStart(2, "0");
  return `${two(hour)}–${two(hour + 1)}`;
}
