// Paper as the printer draws it: the hub's own rows, a column a letter wide and 12 dots.
import { html } from "../lib.js";
import { t } from "../text.js";

/** @typedef {import("../types.d.ts").PaperRow} PaperRow */

/**
 * The black cells of a code as an outline of boxes: each run of them is one.
 * @param {string[]} cells
 */
export function outline(cells) {
  const boxes = cells.flatMap((row, y) =>
    [...row.matchAll(/1+/g)].map(({ index, 0: { length } }) =>
      `M${index} ${y}h${length}v1h-${length}z`));
  return boxes.join("");
}

/** @param {import("../types.d.ts").PaperSymbol} symbol */
export function PaperSymbol({ cells, cell_width_dots: width, cell_height_dots: height }) {
  const across = cells[0]?.length ?? 0;
  return html`<svg class="paper-symbol" role="img" aria-label=${t("receipt.symbol")}
    style=${`--dots:${across * width};aspect-ratio:${across * width}/${cells.length * height}`}
    viewBox=${`0 0 ${across} ${cells.length}`} preserveAspectRatio="none">
    <path fill="currentColor" d=${outline(cells)} />
  </svg>`;
}

/** @param {PaperRow} row @param {number} at */
function shown(row, at) {
  switch (row.row) {
    case "text": {
      const names = ["paper-row", row.align, row.size, row.is_bold ? "bold" : ""].join(" ");
      return html`<span key=${at} class=${names}>${row.text}${"\n"}</span>`;
    }
    case "symbol": return html`<${PaperSymbol} key=${at} ...${row} />`;
    case "rule": return html`<span key=${at} class="paper-rule"></span>`;
    case "blank": return html`<span key=${at} class="paper-row">${" \n"}</span>`;
    default: return null;
  }
}

/** @param {{ rows: PaperRow[], columns: number }} props */
export function Paper({ rows, columns }) {
  return html`<span class="paper" style=${`--columns:${columns}`}>${rows.map(shown)}</span>`;
}
