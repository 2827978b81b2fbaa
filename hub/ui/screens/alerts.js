// Items that fell below their safety stock.
import { html, useEffect, useSignal } from "../lib.js";
import { api } from "../api.js";
import { isOk } from "../http.js";
import { alertCount } from "../state.js";
import { language, t } from "../text.js";
import { BackStrip } from "../parts/header.js";
import { quantityText, useBackKeys } from "./stock.js";

export function Alerts() {
  const rows = useSignal(/** @type {import("../types.d.ts").AlertRow[] | null} */ (null));
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
            <th>${t("since")}</th></tr></thead>
          <tbody>
            ${rows.value.map((row) => html`
              <tr key=${row.item} class="row-alert">
                <td>${row.description ?? row.item}<small>${row.item}</small></td>
                <td class="number">${quantityText(row.on_hand)}</td>
                <td>${moment(row.since_ms)}</td>
              </tr>`)}
          </tbody>
        </table>`}
    </div>`;
}

/** @param {number} sinceMs milliseconds since 1970 */
function moment(sinceMs) {
  return new Intl.DateTimeFormat(language.value, { dateStyle: "short", timeStyle: "short" })
    .format(sinceMs);
}
