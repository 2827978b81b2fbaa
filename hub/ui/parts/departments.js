// Keys for goods without a code.
import { html, useSignal } from "../lib.js";
import { keyDepartment, pressDepartment } from "../goods.js";
import { moneyOf, parseAmount, shown } from "../money.js";
import { session } from "../state.js";
import { named, said, t } from "../text.js";
import { Field, FormError, Keypad } from "./forms.js";
import { close, Question } from "./question.js";
import { Choice } from "./questions.js";

/** The keys, beside the favourites; a price that was typed before is taken at once. */
export function Departments() {
  const keys = session.value?.departments ?? [];
  if (keys.length === 0) return null;
  return html`
    <section class="favourites departments" aria-label=${t("departments")}>
      <h2 class="favourites-label">${t("departments")} <kbd>+</kbd></h2>
      ${keys.map(({ id, label }) => html`
        <button type="button" class="button favourite" key=${id} data-department=${id}
          onClick=${() => pressDepartment(id)}>${said(label)}</button>`)}
    </section>`;
}

/**
 * The price of goods without a code.
 * @param {{ asked: { department?: string, times?: string } }} props
 */
export function DepartmentPrice({ asked }) {
  const mine = session.value;
  const keys = mine?.departments ?? [];
  const department = useSignal(asked.department ?? keys[0]?.id ?? "");
  const amount = useSignal("");
  const reason = useSignal("");
  const error = useSignal("");
  const key = keys.find(({ id }) => id === department.value);
  const yes = () => {
    const minor = mine ? parseAmount(amount.value, mine.scale) : null;
    error.value = minor ? "" : t("amount.bad");
    if (!minor || !mine) return;
    const price = moneyOf(minor, mine.currency, mine.scale);
    keyDepartment(department.value, price, { times: asked.times, reason: reason.value });
    close();
  };
  const kinds = [["", t("department.sold")],
    ...(mine?.reasons.return ?? []).map((one) => [one, named("reason", one)])];
  return html`
    <${Question} title=${t("department.title")} about=${limits(key)} yes=${t("ok")} onYes=${yes}>
      <div class="asking">
        <div>
          <${Choice} name="department" label=${t("departments")} value=${department.value}
            options=${keys.map(({ id, label }) => [id, said(label)])}
            onChoose=${(/** @type {string} */ to) => { department.value = to; }} />
          <${Choice} name="reason" label=${t("department.or_back")} value=${reason.value}
            options=${kinds} onChoose=${(/** @type {string} */ to) => { reason.value = to; }} />
        </div>
        <div class="with-keypad">
          <${Field} label=${asked.times ? t("department.price_of", { times: asked.times })
            : t("department.price")} value=${amount} name="amount" mode="none" focused
            longest=${12} />
          <${Keypad} value=${amount} extra=${mine?.scale === 0 ? "00" : "."} />
        </div>
      </div>
      <${FormError} text=${error.value} />
    <//>`;
}

/** @param {import("../types.d.ts").DepartmentKey | undefined} key */
function limits(key) {
  const mine = session.value;
  if (!key || !mine || (!key.amount_min && !key.amount_max)) return "";
  /** @param {string | undefined} amount */
  const text = (amount) => (amount ? shown({ amount, currency: mine.currency }) : "…");
  return t("department.limits", { least: text(key.amount_min), most: text(key.amount_max) });
}
