// Items that fell below their safety stock.
import { html, useEffect, useSignal } from "../lib.js";
import { api, isOk } from "../api.js";
import { alertCount } from "../state.js";
import { language, t } from "../text.js";
import { BackStrip } from "../parts/header.js";
import { quantityText, useBackKeys } from "./stock.js";

export function Alerts() {
  const rows = useSignal(/** @type {any[] | null} */ (null));
  useBackKeys();
  useEffect(() => {
    void api.alerts().then((reply) => { if (isOk(reply)) rows.value = reply.body; }, () => {});
  }, [alertCount.value]);
  return html`
    <div class="office">
      <${BackStrip} title=${t("alerts")} />
      ${rows.value?.length === 0 && html`<p class="hint">${t("alerts.none")}</p>`}
      ${rows.value && rows.value.length > 0 && html`
        <table class="table">
          <thead><tr><th>${t("item")}</th><th class="number">${t("on_hand")}</th>
            <th class="number">${t("safety_stock")}</th><th>${t("since")}</th></tr></thead>
          <tbody>
            ${rows.value.map((row) => html`
              <tr key=${row.item} class="row-alert">
                <td>${row.description}<small>${row.item}</small></td>
                <td class="number">${quantityText(row.on_hand)}</td>
                <td class="number">${quantityText(row.safety_stock)}</td>
                <td>${moment(row.since)}</td>
              </tr>`)}
          </tbody>
        </table>`}
    </div>`;
}

/** @param {string} since RFC 3339 */
function moment(since) {
  const time = new Date(since);
  if (Number.isNaN(time.getTime())) return since;
  return new Intl.DateTimeFormat(language.value, { dateStyle: "short", timeStyle: "short" })
    .format(time);
}
