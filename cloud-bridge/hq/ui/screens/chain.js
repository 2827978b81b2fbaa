// The chain at a glance.
import { html } from "/shared/lib.js";
import { named, t } from "/shared/text.js";
import { counted } from "../counted.js";
import { DayBar } from "../parts/day-bar.js";
import { Groups, Totals } from "../parts/figures.js";
import { Forks } from "../parts/forks.js";
import { Hours } from "../parts/hours.js";
import { BestPromotions } from "../parts/promotions.js";
import { Alerts, LastSales } from "../parts/sales.js";
import { Pending } from "../parts/states.js";
import { Stores } from "../parts/stores.js";
import { href, route, view } from "../state.js";

/** Promotions at a glance. */
const BEST = 5;

export function Chain() {
  const known = view.value;
  return html`
    <div class="board">
      <${DayBar} title=${t("chain")} />
      ${known ? html`<${Board} known=${known} />` : html`<${Pending} problem=${null} />`}
    </div>`;
}

/** @param {{ known: import("../types.d.ts").ChainView }} props */
function Board({ known }) {
  const currency = known.totals[0]?.currency ?? known.stores[0]?.currency ?? "TWD";
  const isToday = route.value.day === null;
  return html`
    <${Forks} forks=${known.forks} />
    ${known.aside_count > 0 && html`
      <p class="aside-note"><a href=${href({ screen: "aside" })} data-aside=${known.aside_count}>
        ${counted("aside_n", known.aside_count)}</a></p>`}
    <${Totals} totals=${known.totals} isToday=${isToday} />
    ${known.totals.length === 0 && html`<${Nothing} known=${known} isToday=${isToday} />`}
    <div class="columns">
      <div class="column-wide">
        <${Hours} hours=${known.hours} currency=${currency} />
        <${Stores} stores=${known.stores} nowMs=${known.now_ms} />
        <div class="pair-of-blocks">
          <${Groups} title=${t("departments")} name="departments" groups=${known.departments}
            currency=${currency} />
          <${Groups} title=${t("tenders")} name="tenders" groups=${known.tenders}
            currency=${currency} call=${tenderName} />
        </div>
        ${known.promotions.length > 0 && html`
          <${BestPromotions} promotions=${known.promotions} most=${BEST} />`}
      </div>
      <div class="column-narrow">
        <${LastSales} sales=${known.last_sales} nowMs=${known.now_ms} most=${12} />
        <${Alerts} alerts=${known.alerts} count=${known.alert_count} nowMs=${known.now_ms} />
      </div>
    </div>`;
}

/** @param {import("../types.d.ts").GroupSum} group */
export const tenderName = ({ key, name }) => name || named("tender", key);

/** @param {{ known: import("../types.d.ts").ChainView, isToday: boolean }} props */
function Nothing({ known, isToday }) {
  return html`
    <p class="card block nothing" data-nothing="yes">
      <strong>${t(isToday ? "nothing_today" : "nothing_that_day")}</strong>
      ${known.last_day && known.last_day !== known.day && html`
        <a href=${href({ screen: "chain", day: known.last_day })} data-do="last-day">
          ${t("last_day", { day: known.last_day })}</a>`}
    </p>`;
}
