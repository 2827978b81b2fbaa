// What is on the shelves.
import { html, useEffect, useSignal } from "../lib.js";
import { api } from "../api.js";
import { isOk, problemOf } from "../http.js";
import { useKeys } from "../keys.js";
import { putRefusalAway, refusals, scanGoesTo, screen } from "../state.js";
import { grouped } from "../money.js";
import { named, t } from "../text.js";
import { BackStrip } from "../parts/header.js";
import { Field } from "../parts/forms.js";

/** @typedef {import("../types.d.ts").Quantity} Quantity */

/** @param {Quantity | null} quantity */
export function quantityText(quantity) {
  return quantity ? `${grouped(quantity.amount)} ${named("unit", quantity.unit)}` : "—";
}

/** Escape puts a refusal away, else it leads back to selling. */
export function useBackKeys() {
  useKeys({
    keys: {
      Escape: () => {
        if (refusals.value.length > 0) putRefusalAway();
        else screen.value = "product";
      },
    },
  });
}

export function Stock() {
  const search = useSignal("");
  const rows = useSignal(/** @type {import("../types.d.ts").StockRow[] | null} */ (null));
  const error = useSignal("");
  useBackKeys();
  useEffect(() => {
    scanGoesTo.value = (code) => { search.value = code; };
    return () => { scanGoesTo.value = null; };
  }, []);
  useEffect(() => {
    const text = search.value.trim();
    const timer = setTimeout(async () => {
      const reply = await api.stock(text).catch(() => null);
      if (search.peek().trim() !== text) return;
      error.value = !reply ? t("no_answer") : isOk(reply) ? "" : problemOf(reply).detail;
      if (reply && isOk(reply)) rows.value = reply.body;
    }, 200);
    return () => clearTimeout(timer);
  }, [search.value]);

  const isEmpty = search.value.trim() === "";
  return html`
    <div class="office">
      <${BackStrip} title=${t("stock")} />
      <${Field} label=${t("stock.search")} value=${search} name="stock-search" focused />
      ${error.value && html`<p class="form-error" role="alert">${error.value}</p>`}
      ${rows.value && rows.value.length === 0 && html`<p class="hint">
        ${t(isEmpty ? "stock.hint" : "search.nothing")}</p>`}
      ${rows.value && rows.value.length > 0 && html`
        <table class="table">
          <thead><tr><th>${t("item")}</th><th class="number">${t("on_hand")}</th>
            <th class="number">${t("safety_stock")}</th></tr></thead>
          <tbody>
            ${rows.value.map((row) => html`
              <tr key=${row.item} class=${row.alert || row.is_negative ? "row-alert" : ""}>
                <td>${row.description}<small>${row.item}</small></td>
                <td class="number">${quantityText(row.on_hand)}
                  ${row.is_negative && html`<em class="tag">${t("negative")}</em>`}
                  ${row.alert && html`<em class="tag">${t("low")}</em>`}</td>
                <td class="number">${quantityText(row.safety_stock)}</td>
              </tr>`)}
          </tbody>
        </table>`}
    </div>`;
}
