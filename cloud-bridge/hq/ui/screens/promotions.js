// Which promotion sells best, by store and day.
import { html } from "/shared/lib.js";
import { t } from "/shared/text.js";
import { amount } from "../amounts.js";
import { api } from "../api.js";
import { counted } from "../counted.js";
import { useLoaded } from "../loaded.js";
import { Chart } from "../parts/chart.js";
import { DayBar } from "../parts/day-bar.js";
import { Figure, Gauge } from "../parts/figures.js";
import {
  conversionText, Period, period, promotionName, PromotionTable,
} from "../parts/promotions.js";
import { Pending } from "../parts/states.js";
import { PICTURE_DAYS, wholeDays } from "../promotions.js";
import { href, nameOf, route, view } from "../state.js";

/** @typedef {import("../types.d.ts").PromotionDetail} PromotionDetail */
/** @typedef {import("../types.d.ts").PromotionView} PromotionView */
/** @typedef {import("../types.d.ts").StorePromotion} StorePromotion */
/** @typedef {import("../types.d.ts").DayPromotion} DayPromotion */

export function Promotions() {
  const { promotion } = route.value;
  return promotion === undefined ? html`<${All} />` : html`<${One} promotion=${promotion} />`;
}

function All() {
  return html`
    <div class="board">
      <${DayBar} title=${t("promotions")} />
      <section class="card block" data-block="promotions" aria-label=${t("promotions")}>
        <${PromotionList} store=${null} />
      </section>
    </div>`;
}

/** Promotions of a period, of one store or of all that are seen.
 * @param {{ store: string | null }} props */
export function PromotionList({ store }) {
  const { day, days = 1 } = route.value;
  const { body, problem } = useLoaded(() => api.promotions(store, day, days),
    [store, view.value?.day ?? null, days, view.value?.revision ?? 0]);
  const rows = /** @type {PromotionView[] | null} */ (body);
  return html`
    <${Period} />
    ${!rows && html`<${Pending} problem=${problem} />`}
    ${rows?.length === 0 && html`<p class="nothing" data-nothing="promotions">
      <strong>${t("promotions.none")}</strong><span>${t("promotions.how")}</span></p>`}
    ${rows && rows.length > 0 && html`<${PromotionTable} rows=${rows} />`}`;
}

/** @param {{ promotion: string }} props */
function One({ promotion }) {
  const { day, days = 1 } = route.value;
  const last = view.value?.day ?? null;
  const revision = view.value?.revision ?? 0;
  const asked = useLoaded(() => api.promotion(promotion, day, days), [last, days, revision]);
  const pictured = Math.max(days, PICTURE_DAYS);
  const daily = useLoaded(() => api.promotion(promotion, day, pictured),
    [last, pictured, revision]);
  const found = /** @type {PromotionDetail | null} */ (asked.body);
  const history = /** @type {PromotionDetail | null} */ (daily.body);
  const known = found?.totals[0] ?? history?.totals[0];
  const back = html`<a class="button quiet" href=${href({ screen: "promotions", ...period() })}
    aria-label=${t("promotions.back")}>←</a>`;
  return html`
    <div class="board">
      <${DayBar} title=${known ? promotionName(known) : promotion} back=${back} />
      <${Period} />
      ${!found && html`<${Pending} problem=${asked.problem} />`}
      ${found?.totals.length === 0 && html`<p class="card block nothing" data-nothing="promotion">
        <strong>${t("promotions.one_none")}</strong></p>`}
      ${found?.totals.map((total) => html`<${Sums} key=${total.currency} total=${total} />`)}
      ${found && history && last && known && html`
        <div class="pair-of-blocks">
          <${Daily} days=${wholeDays(history.days, last, pictured)} currency=${known.currency} />
          <${ByStore} stores=${found.stores} currency=${known.currency} />
        </div>`}
    </div>`;
}

/** @param {{ total: PromotionView }} props */
function Sums({ total: { sums, currency } }) {
  return html`
    <dl class="figures">
      <${Figure} label=${t("promotions.net")} value=${amount(sums.net, currency)}
        name="promotion-net" about=${sums.net}>
        <span class="hint">${counted("n_sales", sums.baskets)}</span>
      <//>
      <${Figure} label=${t("promotions.discount")} value=${amount(sums.discount, currency)}
        name="promotion-discount" about=${sums.discount} />
      <${Figure} label=${t("promotions.units")} value=${sums.units.toLocaleString("en-US")}
        name="promotion-units" about=${sums.units}>
        <span class="hint">${counted("n_uses", sums.uses)}</span>
      <//>
      <${Figure} label=${t("promotions.conversion")} value=${conversionText(sums)}
        name="promotion-taken" about=${sums.taken}>
        ${sums.shown > 0 && html`<span class="hint">${t("promotions.prompts", {
    shown: sums.shown, taken: sums.taken, declined: sums.declined,
  })}</span>`}
      <//>
    </dl>`;
}

/** @param {{ days: DayPromotion[], currency: string }} props */
function Daily({ days, currency }) {
  const dayText = (/** @type {number} */ at) => days[at]?.day.slice(5).replace("-", "/") ?? "";
  const columns = /** @type {[number[], number[], (number | null)[]]} */ ([
    days.map((_, at) => at), days.map(({ sums }) => sums.net), days.map(() => null),
  ]);
  const pointed = (/** @type {number} */ at) =>
    `${dayText(at)}: ${amount(days[at]?.sums.net ?? 0, currency)}`;
  return html`
    <section class="card block" data-block="promotion-days" aria-labelledby="promotion-days">
      <h2 id="promotion-days">${t("promotions.by_day")}</h2>
      <${Chart} label=${t("promotions.picture", { from: dayText(0), to: dayText(days.length - 1) })}
        columns=${columns} currency=${currency} least=${days.length} mark=${dayText}
        pointed=${pointed} />
      <details class="as-table" data-do="days-table">
        <summary>${t("as_table")}</summary>
        <table class="table">
          <thead><tr><th>${t("day")}</th><th class="number">${t("sales")}</th>
            <th class="number">${t("promotions.units")}</th>
            <th class="number">${t("promotions.discount")}</th>
            <th class="number">${t("promotions.net")}</th></tr></thead>
          <tbody>
            ${days.map(({ day, sums }) => html`
              <tr key=${day} data-promotion-day=${day} data-net=${sums.net}>
                <th scope="row">${day.slice(5)}</th>
                <td class="number">${sums.baskets}</td>
                <td class="number">${sums.units}</td>
                <td class="number">${amount(sums.discount, currency)}</td>
                <td class="number strong">${amount(sums.net, currency)}</td>
              </tr>`)}
          </tbody>
        </table>
      </details>
    </section>`;
}

/** @param {{ stores: StorePromotion[], currency: string }} props */
function ByStore({ stores, currency }) {
  const greatest = Math.max(0, ...stores.map(({ sums }) => sums.net));
  return html`
    <section class="card block" data-block="promotion-stores" aria-labelledby="promotion-stores">
      <h2 id="promotion-stores">${t("promotions.by_store")}</h2>
      ${stores.length === 0 && html`<p class="hint">${t("promotions.one_none")}</p>`}
      ${stores.length > 0 && html`
        <table class="table">
          <thead><tr><th>${t("store")}</th><th class="number">${t("promotions.conversion")}</th>
            <th class="number">${t("promotions.net")}</th></tr></thead>
          <tbody>
            ${stores.map(({ store, sums }) => html`
              <tr key=${store} data-promotion-store=${store} data-net=${sums.net}>
                <th scope="row"><a href=${href({
    screen: "store", store, tab: "promotions", ...period(),
  })}>${nameOf(store)}</a><small>${counted("n_sales", sums.baskets)}</small>
                  <${Gauge} of=${sums.net} most=${greatest} /></th>
                <td class="number">${conversionText(sums)}</td>
                <td class="number strong">${amount(sums.net, currency)}</td>
              </tr>`)}
          </tbody>
        </table>`}
    </section>`;
}
