// Undoing a sale of today as a whole.
import { html, useSignal } from "../lib.js";
import * as register from "../register.js";
import { dialog, session } from "../state.js";
import { shown } from "../money.js";
import { named, t } from "../text.js";
import { Choice } from "./questions.js";
import { close, Question } from "./question.js";

/** Asks whether a sale is to be undone. @param {import("../types.d.ts").LastSale} sale */
export function askPostVoid(sale) {
  dialog.value = { kind: "post_void", sale };
}

/** @param {{ asked: { sale: import("../types.d.ts").LastSale } }} props */
export function PostVoid({ asked: { sale } }) {
  const reasons = session.value?.reasons.abandon ?? [];
  const reason = useSignal(reasons[0] ?? "");
  const yes = () => {
    register.postVoid(sale.transaction_id, reason.value);
    close();
  };
  return html`
    <${Question} title=${t("post_void.title", { number: sale.number })} about=${shown(sale.total)}
      yes=${t("do.post_void")} isBad onYes=${yes}>
      <p>${t("post_void.text")}</p>
      <${Choice} name="reason" label=${t("reason")} value=${reason.value}
        options=${reasons.map((one) => [one, named("reason", one)])}
        onChoose=${(/** @type {string} */ to) => { reason.value = to; }} />
    <//>`;
}
