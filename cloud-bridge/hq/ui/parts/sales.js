// The newest sales, and what is low on the shelves.
import { html } from "/shared/lib.js";
import { named, t } from "/shared/text.js";
import { counted } from "../counted.js";
import { amount, quantity } from "../amounts.js";
import { isolated } from "../isolated.js";
import { href, nameOf } from "../state.js";
import { moment } from "../times.js";

/** @typedef {import("../types.d.ts").SaleView} SaleView */
/** @typedef {import("../types.d.ts").AlertView} AlertView */

/** @param {{ sales: SaleView[], nowMs: number, most?: number, more?: () => unknown }} props */
export function LastSales({ sales, nowMs, most = 50, more }) {
  return html`
    <section class="card block" data-block="last-sales" aria-labelledby="block-last-sales">
      <h2 id="block-last-sales">${t("last_sales")}</h2>
      ${sales.length === 0 && html`<p class="hint">${t("last_sales.none")}</p>`}
      <ol class="last-sales">
        ${sales.slice(0, most).map((sale) => html`
          <li key=${`${sale.store}/${sale.transaction}`} data-sale=${sale.transaction}
            data-total=${sale.total}>
            <a class="sale-line" href=${href({
    screen: "sale", store: sale.store, transaction: sale.transaction,
  })}>
              <span class="sale-when">${moment(sale.ended_ms, nowMs, sale.utc_offset_s)}</span>
              <span class="sale-where"><span class="sale-name">${nameOf(sale.store)}</span>
                <small>${t("register_n", { n: sale.workstation })}${sale.number !== null
    && ` · ${t("number_n", { n: sale.number })}`} · ${counted("n_lines", sale.lines)}</small></span>
              <span class="sale-total strong">${amount(sale.total, sale.currency)}</span>
            </a>
          </li>`)}
      </ol>
      ${more && html`<button class="button" data-do="earlier-sales" onClick=${more}>
        ${t("last_sales.earlier")}</button>`}
    </section>`;
}

/** @param {{ alerts: AlertView[], count: number, nowMs: number }} props */
export function Alerts({ alerts, count, nowMs }) {
  return html`
    <section class="card block" data-block="alerts" aria-labelledby="block-alerts">
      <h2 id="block-alerts">${t("alerts")} ${count > 0
    && html`<span class="count" data-alert-count=${count}>${count}</span>`}</h2>
      ${alerts.length === 0 && html`<p class="hint">${t("alerts.none")}</p>`}
      ${alerts.length > 0 && html`
        <table class="table">
          <thead class="spoken"><tr><th>${t("item")}</th><th>${t("on_hand")}</th>
            <th>${t("since")}</th></tr></thead>
          <tbody>
            ${alerts.map((alert) => html`
              <tr key=${`${alert.store}/${alert.item}`} data-alert=${alert.item}>
                <th scope="row">${isolated(alert.name || alert.item)}<small>
                  <a href=${href({ screen: "store", store: alert.store, tab: "stock" })}>
                    ${nameOf(alert.store)}</a> · ${alert.item}</small></th>
                <td class="number strong">${quantity(alert.on_hand_thousandths)}
                  ${" "}<small class="unit">${named("unit", alert.unit)}</small></td>
                <td class="number hint">${t("since_when", { since: moment(alert.since_ms, nowMs) })}
                </td>
              </tr>`)}
          </tbody>
        </table>`}
      ${count > alerts.length && html`<p class="hint">
        ${t("and_n_more", { n: count - alerts.length })}</p>`}
    </section>`;
}
