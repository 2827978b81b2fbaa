// Baskets that lie aside: any register goes on with one.
import { html, useEffect, useSignal } from "../lib.js";
import { useKeys } from "../keys.js";
import { shown } from "../money.js";
import { retrieve } from "../register.js";
import {
  basket, pending, putRefusalAway, refusals, screen, session, suspended,
} from "../state.js";
import { readSuspended } from "../session.js";
import { t } from "../text.js";
import { BackStrip } from "../parts/header.js";

/** The store's time, whatever this browser's is. @param {string} at RFC 3339 */
const clock = (at) => at.slice(11, 16);

export function Suspended() {
  const picked = useSignal(0);
  const rows = suspended.value;
  useEffect(() => { void readSuspended(); }, []);
  const isBusy = basket.value !== null || pending.value.length > 0;
  const mayRetrieve = !isBusy && Boolean(session.value?.workstation);
  const at = Math.min(picked.value, Math.max(rows.length - 1, 0));
  /** @param {import("../types.d.ts").SuspendedRow | undefined} row */
  const take = (row) => { if (row && mayRetrieve) retrieve(row); };
  /** @param {number} step */
  const move = (step) => {
    picked.value = Math.min(Math.max(at + step, 0), Math.max(rows.length - 1, 0));
  };
  useKeys({
    keys: {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      Enter: () => take(rows[at]),
      Escape: () => {
        if (refusals.value.length > 0) putRefusalAway();
        else screen.value = "product";
      },
    },
  });
  return html`
    <div class="office">
      <${BackStrip} title=${t("suspended")} />
      ${isBusy && html`<p class="hint">${t("suspended.busy")}</p>`}
      ${rows.length === 0 && html`<p class="hint">${t("suspended.none")}</p>`}
      ${rows.length > 0 && html`
        <ul class="aside" aria-label=${t("suspended")}>
          ${rows.map((row, index) => html`
            <li key=${row.transaction_id} class=${`aside-row ${index === at ? "aside-picked" : ""}`}
              data-suspended=${row.transaction_id}>
              <span class="aside-total">${shown(row.total)}</span>
              <span class="aside-about">
                ${t("suspended.row", { lines: row.lines, time: clock(row.at) })}
                <small>${t("suspended.by", {
                  workstation: row.workstation, operator: row.operator_name ?? row.operator,
                })}</small>
              </span>
              <button class="button primary" data-do="retrieve" disabled=${!mayRetrieve}
                onClick=${() => take(row)}>
                ${t("do.retrieve")} ${index === at && html`<kbd>Enter</kbd>`}
              </button>
            </li>`)}
        </ul>`}
    </div>`;
}
