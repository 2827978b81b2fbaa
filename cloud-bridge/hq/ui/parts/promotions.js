// Promotions and what each brought, in whatever order somebody wants to see them.
import { html, useSignal } from "/shared/lib.js";
import { language, t } from "/shared/text.js";
import { amount, percent } from "../amounts.js";
import { counted } from "../counted.js";
import { isolated } from "../isolated.js";
import { conversion, measure, nameIn, ORDERS, PERIODS, sorted } from "../promotions.js";
import { go, href, route } from "../state.js";
import { Gauge } from "./figures.js";

/** @typedef {import("../types.d.ts").PromotionView} PromotionView */
/** @typedef {import("../types.d.ts").PromotionSums} PromotionSums */
/** @typedef {import("../promotions.js").Order} Order */

/** What it is called. @param {PromotionView} view */
export const promotionName = (view) => isolated(nameIn(view, language.value));

/** "31.3%"; a dash where nothing was said. @param {PromotionSums} sums */
export function conversionText(sums) {
  const tenths = conversion(sums);
  return tenths === null ? "–" : percent(tenths).slice(1);
}

/** "12 of 40 prompts". @param {PromotionSums} sums */
const promptsText = ({ taken, shown }) => t("promotions.of_prompts", {
  taken: taken.toLocaleString("en-US"), shown: shown.toLocaleString("en-US"),
});

/** Over how many days they are looked at. */
export function Period() {
  const chosen = route.value.days ?? 1;
  return html`
    <div class="choices" role="group" aria-label=${t("period")}>
      ${PERIODS.map((days) => html`
        <button key=${days} class="button choice-button" aria-pressed=${days === chosen}
          data-period=${days} onClick=${() => {
    const { days: _, ...rest } = route.value;
    go(days > 1 ? { ...rest, days } : rest);
  }}>${days === 1 ? t("period.day") : t("period.days", { n: days })}</button>`)}
    </div>`;
}

/** @param {{ rows: PromotionView[] }} props */
export function PromotionTable({ rows }) {
  const order = useSignal(/** @type {Order} */ ("net"));
  const by = order.value;
  const greatest = Math.max(0, ...rows.map(({ sums }) => measure(sums, by) ?? 0));
  return html`
    <div class="choices" role="group" aria-label=${t("promotions.sort")}>
      <span class="hint" aria-hidden="true">${t("promotions.sort")}</span>
      ${ORDERS.map((one) => html`
        <button key=${one} class="button choice-button" aria-pressed=${one === by}
          data-order=${one} onClick=${() => { order.value = one; }}>
          ${t(`promotions.${one}`)}</button>`)}
    </div>
    <table class="table promotions" role="table">
      <thead role="rowgroup"><tr role="row">
        <th role="columnheader">${t("promotion")}</th>
        ${ORDERS.map((one) => html`
          <th key=${one} role="columnheader" class="number"
            aria-sort=${one === by ? "descending" : undefined}>${t(`promotions.${one}`)}</th>`)}
      </tr></thead>
      <tbody role="rowgroup">
        ${sorted(rows, by).map((row) => html`
          <${Row} key=${`${row.promotion}/${row.currency}`} row=${row} order=${by}
            greatest=${greatest} />`)}
      </tbody>
    </table>`;
}

/** @param {{ row: PromotionView, order: Order, greatest: number }} props */
function Row({ row, order, greatest }) {
  const { promotion, currency, sums } = row;
  return html`
    <tr role="row" data-promotion=${promotion} data-net=${sums.net} data-taken=${sums.taken}
      data-baskets=${sums.baskets}>
      <th role="rowheader" scope="row">
        <a href=${href({ screen: "promotions", promotion, ...period() })}>${promotionName(row)}</a>
        <small>${counted("n_sales", sums.baskets)} · ${counted("n_uses", sums.uses)}</small>
        <${Gauge} of=${measure(sums, order) ?? 0} most=${greatest} />
      </th>
      <${Cell} name="net" value=${amount(sums.net, currency)} isStrong=${order === "net"} />
      <${Cell} name="discount" value=${amount(sums.discount, currency)}
        isStrong=${order === "discount"} />
      <${Cell} name="units" value=${sums.units.toLocaleString("en-US")}
        isStrong=${order === "units"} />
      <${Cell} name="conversion" value=${conversionText(sums)} isStrong=${order === "conversion"}>
        ${sums.shown > 0 && html`<small>${promptsText(sums)}</small>`}
      <//>
    </tr>`;
}

/** A figure; where a row is a card, its name stands before it.
 * @param {{ name: string, value: string, isStrong: boolean, children?: unknown }} props */
function Cell({ name, value, isStrong, children }) {
  return html`
    <td role="cell" class=${`number ${isStrong ? "strong" : ""}`}>
      <span class="cell-name" aria-hidden="true">${t(`promotions.${name}`)}</span>
      ${value}${children}</td>`;
}

/** What a place keeps of the days that are looked at. */
export const period = () => (route.value.days ? { days: route.value.days } : {});

/** The best of the day. @param {{ promotions: PromotionView[], most: number }} props */
export function BestPromotions({ promotions, most }) {
  const best = promotions.slice(0, most);
  const greatest = Math.max(0, ...best.map(({ sums }) => sums.net));
  return html`
    <section class="card block" data-block="promotions" aria-labelledby="block-promotions">
      <div class="block-head"><h2 id="block-promotions">${t("promotions.best")}</h2>
        <a href=${href({ screen: "promotions" })}>${t("promotions.all")}</a></div>
      <table class="table">
        <thead class="spoken"><tr><th>${t("promotion")}</th><th>${t("sales")}</th>
          <th>${t("promotions.net")}</th></tr></thead>
        <tbody>
          ${best.map((row) => html`
            <tr key=${`${row.promotion}/${row.currency}`} data-promotion=${row.promotion}
              data-net=${row.sums.net}>
              <th scope="row"><a href=${href({ screen: "promotions", promotion: row.promotion })}>
                ${promotionName(row)}</a>
                <${Gauge} of=${row.sums.net} most=${greatest} /></th>
              <td class="number hint">${counted("n_sales", row.sums.baskets)}</td>
              <td class="number strong">${amount(row.sums.net, row.currency)}</td>
            </tr>`)}
        </tbody>
      </table>
    </section>`;
}
