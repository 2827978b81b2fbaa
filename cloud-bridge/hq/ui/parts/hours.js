// Net by hour, as a picture and as a table.
import { html, useEffect, useLayoutEffect, useRef, useSignal } from "/shared/lib.js";
import { language, t } from "/shared/text.js";
import uPlot from "../vendor/uplot.js";
import { amount, brief } from "../amounts.js";
import { columns, hourText, wholeHours } from "../series.js";

/** @typedef {import("../types.d.ts").HourNet} HourNet */

/** @param {{ hours: HourNet[], currency: string }} props */
export function Hours({ hours, currency }) {
  const whole = wholeHours(hours);
  return html`
    <section class="card block hours" data-block="hours" aria-labelledby="block-hours">
      <div class="block-head">
        <h2 id="block-hours">${t("hours")}</h2>
        <p class="legend" aria-hidden="true">
          <span class="key-now"></span>${t("this_day")}
          <span class="key-before"></span>${t("week_before")}
        </p>
      </div>
      ${whole.length === 0 && html`<p class="hint">${t("nothing_sold")}</p>`}
      ${whole.length > 0 && html`
        <${Chart} hours=${whole} currency=${currency} />
        <${HoursTable} hours=${whole} currency=${currency} />`}
    </section>`;
}

/** @param {{ hours: HourNet[], currency: string }} props */
function HoursTable({ hours, currency }) {
  return html`
    <details class="as-table" data-do="hours-table">
      <summary>${t("as_table")}</summary>
      <table class="table">
        <thead><tr><th>${t("hour")}</th><th class="number">${t("sales")}</th>
          <th class="number">${t("this_day")}</th><th class="number">${t("week_before")}</th>
        </tr></thead>
        <tbody>
          ${hours.map((one) => html`
            <tr key=${one.hour} data-hour=${one.hour}>
              <th scope="row">${hourText(one.hour)}</th>
              <td class="number">${one.sales}</td>
              <td class="number strong">${amount(one.net, currency)}</td>
              <td class="number">${amount(one.net_week_before, currency)}</td>
            </tr>`)}
        </tbody>
      </table>
    </details>`;
}

/** @param {{ hours: HourNet[], currency: string }} props */
export function Chart({ hours, currency }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const plot = useRef(/** @type {uPlot | null} */ (null));
  const pointed = useSignal(/** @type {number | null} */ (null));
  const tag = language.value;
  useLayoutEffect(() => {
    const into = box.current;
    if (!into) return undefined;
    const build = () => {
      plot.current?.destroy();
      plot.current = draw(into, hours, currency, tag, (at) => { pointed.value = at; });
    };
    build();
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const resized = new ResizeObserver(() => plot.current?.setSize(sizeOf(into)));
    resized.observe(into);
    dark.addEventListener("change", build);
    return () => {
      resized.disconnect();
      dark.removeEventListener("change", build);
      plot.current?.destroy();
      plot.current = null;
    };
  }, [currency, tag]);
  useEffect(() => plot.current?.setData(columns(hours)), [hours]);
  const one = pointed.value === null ? null : hours[pointed.value];
  const label = t("hours.picture", {
    from: hourText(hours[0]?.hour ?? 0), to: hourText(hours.at(-1)?.hour ?? 0),
  });
  return html`
    <div class="chart" role="img" aria-label=${label} ref=${box}></div>
    <p class="chart-pointed" aria-hidden="true">
      ${one && t("hours.pointed", {
    hour: hourText(one.hour), now: amount(one.net, currency),
    before: amount(one.net_week_before, currency),
  })}</p>`;
}

/** @param {HTMLElement} box */
const sizeOf = (box) => ({ width: box.clientWidth, height: box.clientHeight });

/** Part of the room between two hours that a column takes, and its widest, in CSS pixels. */
const COLUMN = 0.62;
const COLUMN_PX_MAX = 72;
/** Fewest hours that a picture has room for: one column alone says nothing. */
const HOURS_MIN = 8;

/** From where to where the picture goes. @param {{ data: number[][] }} plot */
function shownHours({ data: [hours = []] }) {
  const first = hours[0] ?? 0;
  const last = Math.max(hours.at(-1) ?? 0, first + HOURS_MIN - 1);
  return [first - 0.6, last + 0.6];
}

/**
 * @param {HTMLElement} into
 * @param {HourNet[]} hours
 * @param {string} currency
 * @param {string} tag the language
 * @param {(at: number | null) => void} point
 */
function draw(into, hours, currency, tag, point) {
  const style = getComputedStyle(into);
  const ink = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const font = `${style.fontSize} ${style.fontFamily}`;
  const size = parseInt(style.fontSize, 10);
  const widest = Math.min(COLUMN_PX_MAX, (COLUMN * into.clientWidth) / (HOURS_MIN + 2));
  const axis = { stroke: ink("--ink-soft"), font, ticks: { show: false } };
  const edge = (/** @type {any} */ _, /** @type {number} */ low, /** @type {number} */ high) =>
    [Math.min(0, low), high > 0 ? high * 1.08 : 1];
  const options = {
    ...sizeOf(into),
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    padding: /** @type {[number, number, number, number]} */ ([8, 8, 0, 0]),
    scales: {
      x: { time: false, range: shownHours },
      y: { range: edge },
    },
    axes: [
      { ...axis, grid: { show: false }, size: size * 2, incrs: [1, 2, 3, 4, 6, 12], space: size * 3,
        values: (/** @type {any} */ _, /** @type {number[]} */ at) => at.map((hour) => `${hour}`) },
      { ...axis, grid: { stroke: ink("--line"), width: 1 }, size: size * 4.2, space: size * 2.6,
        values: (/** @type {any} */ _, /** @type {number[]} */ at) =>
          at.map((minor) => brief(Math.round(minor), currency, tag)) },
    ],
    series: [
      {},
      { fill: ink("--brand"), stroke: ink("--brand"), width: 0, points: { show: false },
        paths: uPlot.paths.bars({ size: [COLUMN, widest] }) },
      { stroke: ink("--compare"), width: 2, dash: [6, 4],
        points: { show: true, size: 7, fill: ink("--compare") } },
    ],
    hooks: { setCursor: [(/** @type {any} */ { cursor }) => point(cursor.idx ?? null)] },
  };
  return new uPlot(options, columns(hours), into);
}
