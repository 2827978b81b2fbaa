// What is on a store's shelves.
import { html, useSignal } from "/shared/lib.js";
import { Field } from "/shared/parts/forms.js";
import { named, t } from "/shared/text.js";
import { api } from "../api.js";
import { isolated } from "../isolated.js";
import { quantity } from "../amounts.js";
import { useLoaded } from "../loaded.js";
import { Alerts } from "../parts/sales.js";
import { Pending } from "../parts/states.js";

/** @typedef {import("../types.d.ts").StockView} StockView */

/** @param {{ store: import("../types.d.ts").StoreView,
 *   known: import("../types.d.ts").ChainView }} props */
export function StockTab({ store, known }) {
  const search = useSignal("");
  const { body, problem } = useLoaded(() => api.stock(store.store, search.value.trim()),
    [search.value.trim(), store.through]);
  const alerts = known.alerts.filter((alert) => alert.store === store.store);
  const rows = /** @type {StockView[] | null} */ (body);
  return html`
    <div class="columns">
      <section class="card block column-wide" data-block="stock" aria-labelledby="block-stock">
        <h2 id="block-stock">${t("stock")}</h2>
        <${Field} label=${t("stock.search")} value=${search} name="stock-search" />
        ${!rows && html`<${Pending} problem=${problem} />`}
        ${rows?.length === 0 && html`<p class="hint" data-found="none">${t("stock.nothing")}</p>`}
        ${rows && rows.length > 0 && html`<${StockTable} rows=${rows} />`}
      </section>
      <div class="column-narrow">
        <${Alerts} alerts=${alerts} count=${store.alerts} nowMs=${known.now_ms} />
      </div>
    </div>`;
}

/** @param {{ rows: StockView[] }} props */
function StockTable({ rows }) {
  return html`
    <table class="table">
      <thead><tr><th>${t("item")}</th><th class="number">${t("on_hand")}</th>
        <th class="number">${t("safety_stock")}</th></tr></thead>
      <tbody>
        ${rows.map((row) => html`
          <tr key=${row.item} data-item=${row.item}
            class=${row.alert || row.on_hand_thousandths < 0 ? "row-alert" : ""}>
            <th scope="row">${isolated(row.name || row.item)}<small>${row.item}</small></th>
            <td class="number strong">
              ${row.on_hand_thousandths < 0 && html`<em class="tag">${t("negative")}</em>`}
              ${row.alert && html`<em class="tag">${t("low")}</em>`}
              ${quantity(row.on_hand_thousandths)} <small class="unit">
                ${named("unit", row.unit)}</small></td>
            <td class="number">${row.safety_stock_thousandths === null ? "–"
    : quantity(row.safety_stock_thousandths)}</td>
          </tr>`)}
      </tbody>
    </table>`;
}
