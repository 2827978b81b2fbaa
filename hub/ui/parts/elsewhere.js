// What other stores have of an item, as headquarters knows it.
import { html, useEffect, useSignal } from "../lib.js";
import { api } from "../api.js";
import { isOk, problemOf } from "../http.js";
import { dialog, linked, selected } from "../state.js";
import { grouped } from "../money.js";
import { named, t } from "../text.js";

/** Asks about the selected line; there only where the store is linked to headquarters. */
export function ElsewhereButton() {
  const line = selected.value;
  if (!line || !linked.value) return null;
  const { item, description } = line;
  return html`
    <button class="button quiet" data-do="elsewhere"
      onClick=${() => { dialog.value = { kind: "elsewhere", item, description }; }}>
      ${t("do.elsewhere")}
    </button>`;
}

/** @param {{ asked: { item: string, description: string } }} props */
export function Elsewhere({ asked }) {
  const { item, description } = asked;
  const rows = useSignal(/** @type {import("../types.d.ts").StockElsewhere[] | null} */ (null));
  const error = useSignal("");
  useEffect(() => {
    void api.elsewhere(item).catch(() => null).then((reply) => {
      if (reply && isOk(reply)) rows.value = reply.body;
      else error.value = reply ? problemOf(reply).detail : t("no_answer");
    });
  }, [item]);
  return html`
    <h2 id="dialog-title">${t("do.elsewhere")}</h2>
    <p class="about">${description}</p>
    ${error.value && html`<p class="form-error" role="alert">${error.value}</p>`}
    ${rows.value?.length === 0 && html`<p class="hint">${t("elsewhere.nothing")}</p>`}
    ${rows.value && rows.value.length > 0 && html`
      <table class="table">
        <thead><tr><th>${t("store")}</th><th class="number">${t("on_hand")}</th></tr></thead>
        <tbody>
          ${rows.value.map(({ store, name, on_hand: { amount, unit } }) => html`
            <tr key=${store}><td>${name}<small>${store}</small></td>
              <td class="number">${grouped(amount)} ${named("unit", unit)}</td></tr>`)}
        </tbody>
      </table>`}
    <div class="dialog-foot">
      <button class="button primary" data-first onClick=${() => { dialog.value = null; }}>
        ${t("ok")} <kbd>Esc</kbd>
      </button>
    </div>`;
}
