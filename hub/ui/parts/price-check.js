// What an item costs today and how much of it there is, without selling it.
import { html, useLayoutEffect, useSignal } from "../lib.js";
import { api } from "../api.js";
import { isOk } from "../http.js";
import { keyed } from "../register.js";
import { ask } from "../session.js";
import { scanGoesTo, session } from "../state.js";
import { shown } from "../money.js";
import { t } from "../text.js";
import { quantityText } from "../screens/stock.js";
import { Choices } from "./choose.js";
import { Field, FormError } from "./forms.js";
import { close } from "./question.js";

export function PriceCheck() {
  const code = useSignal("");
  const error = useSignal("");
  const found = useSignal(/** @type {import("../types.d.ts").Item | null} */ (null));
  const stock = useSignal(/** @type {import("../types.d.ts").Quantity | null} */ (null));
  // Where several have the code, all are shown; the one that is chosen is looked at alone.
  const choices = useSignal(/** @type {import("../types.d.ts").Choice[]} */ ([]));
  /** @param {string} wanted */
  const look = async (wanted) => {
    if (!wanted) return;
    const { body, problem } = await ask(() => api.item(wanted));
    choices.value = problem?.choices ?? [];
    error.value = problem ? problem.detail : "";
    found.value = problem ? null : body;
    stock.value = null;
    if (problem) return;
    code.value = "";
    const reply = await api.stock(body.item).catch(() => null);
    const rows = reply && isOk(reply) ? reply.body : [];
    const row = rows.find((/** @type {any} */ one) => one.item === body.item);
    if (row && found.peek()?.item === body.item) stock.value = row.on_hand;
  };
  // At once: a scan that came before this would be sold.
  useLayoutEffect(() => {
    scanGoesTo.value = (_, read) => void look(read);
    return () => { scanGoesTo.value = null; };
  }, []);
  const item = found.value;
  const sell = () => {
    if (item) keyed(item.code, undefined, item.unit, item.item);
    close();
  };
  return html`
    <form class="form" onSubmit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      if (code.value.trim()) void look(code.value.trim());
      else if (item) close();
    }}>
      <h2 id="dialog-title">${t("price_check")}</h2>
      <${Field} label=${t("price_check.code")} value=${code} name="code" focused longest=${64} />
      <${FormError} text=${error.value} />
      ${choices.value.length > 0 && html`
        <${Choices} choices=${choices.value}
          onChoose=${(/** @type {import("../types.d.ts").Choice} */ one) => void look(one.item)} />`}
      ${item && html`
        <section class="price-check" aria-live="polite" data-price-of=${item.item}>
          <h3>${item.description}</h3>
          <output class="total-amount">${item.price ? shown(item.price) : t("no_price")}</output>
          <p>${item.department} · ${item.code}</p>
          <p>${t("on_hand")} <strong>${quantityText(stock.value)}</strong></p>
        </section>`}
      <div class="dialog-foot">
        <button type="button" class="button" onClick=${close}>${t("back")} <kbd>Esc</kbd></button>
        ${item && session.value?.workstation && html`
          <button type="button" class="button" data-do="sell-it" onClick=${sell}>
            ${t("price_check.sell")}
          </button>`}
        <button class="button primary" data-do="yes">${t("ok")} <kbd>Enter</kbd></button>
      </div>
    </form>`;
}
