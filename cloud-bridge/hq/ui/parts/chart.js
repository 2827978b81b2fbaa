// Columns of amounts, one after another, with others to compare as a line.
import { html, useEffect, useLayoutEffect, useRef, useSignal } from "/shared/lib.js";
import { language } from "/shared/text.js";
import uPlot from "../vendor/uplot.js";
import { brief } from "../amounts.js";

/**
 * @typedef {object} Picture
 * @property {[at: number[], now: number[], before: (number | null)[]]} columns
 * @property {string} currency
 * @property {number} least fewest columns that there is room for
 * @property {(at: number) => string} mark what stands below a column
 */

/**
 * A table has to say the same.
 * @param {Picture & { label: string, pointed: (index: number) => string }} props
 *   `label`: what is seen; `pointed`: what is said of the column that is pointed at
 */
export function Chart({ label, pointed, ...picture }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const plot = useRef(/** @type {uPlot | null} */ (null));
  const latest = useRef(picture);
  latest.current = picture;
  const at = useSignal(/** @type {number | null} */ (null));
  const tag = language.value;
  const { currency, columns, least } = picture;
  useLayoutEffect(() => {
    const into = box.current;
    if (!into) return undefined;
    const build = () => {
      plot.current?.destroy();
      plot.current = draw(into, latest, tag, (index) => { at.value = index; });
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
  }, [currency, tag, least]);
  useEffect(() => plot.current?.setData(columns), [columns]);
  return html`
    <div class="chart" role="img" aria-label=${label} ref=${box}></div>
    <p class="chart-pointed" aria-hidden="true">${at.value !== null && pointed(at.value)}</p>`;
}

/** @param {HTMLElement} box */
const sizeOf = (box) => ({ width: box.clientWidth, height: box.clientHeight });

/** Part of the room between two columns that a column takes, and its widest, in CSS pixels. */
const COLUMN = 0.62;
const COLUMN_PX_MAX = 72;

/** From where to where the picture goes. @param {number[]} at @param {number} least */
function shown([first = 0, ...more], least) {
  const last = Math.max(more.at(-1) ?? first, first + least - 1);
  return [first - 0.6, last + 0.6];
}

/**
 * @param {HTMLElement} into
 * @param {{ current: Picture }} latest
 * @param {string} tag the language
 * @param {(index: number | null) => void} point
 */
function draw(into, latest, tag, point) {
  const style = getComputedStyle(into);
  const ink = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const font = `${style.fontSize} ${style.fontFamily}`;
  const size = parseInt(style.fontSize, 10);
  const { currency, least } = latest.current;
  const widest = Math.min(COLUMN_PX_MAX, (COLUMN * into.clientWidth) / (least + 2));
  const axis = { stroke: ink("--ink-soft"), font, ticks: { show: false } };
  const edge = (/** @type {any} */ _, /** @type {number} */ low, /** @type {number} */ high) =>
    [Math.min(0, low), high > 0 ? high * 1.08 : 1];
  const options = {
    ...sizeOf(into),
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    padding: /** @type {[number, number, number, number]} */ ([8, 8, 0, 0]),
    scales: {
      x: { time: false, range: (/** @type {any} */ { data: [at] }) => shown(at, least) },
      y: { range: edge },
    },
    axes: [
      { ...axis, grid: { show: false }, size: size * 2, incrs: [1, 2, 3, 4, 6, 12],
        space: size * 3, values: (/** @type {any} */ _, /** @type {number[]} */ at) =>
          at.map((one) => latest.current.mark(one)) },
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
  return new uPlot(options, latest.current.columns, into);
}
