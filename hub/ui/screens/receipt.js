// The sale is done: change, number, receipt. Enter or the next scan begins the next sale.
import { html, useRef } from "../lib.js";
import { useKeys } from "../keys.js";
import { putRefusalAway, receiptOf, refusals, screen, view } from "../state.js";
import { isNegative, isZero, negated, shown } from "../money.js";
import { t } from "../text.js";
import { askPostVoid } from "../parts/post-void.js";
import { ReceiptText, reprint } from "../parts/receipt-text.js";

/** Two presses within are one, in milliseconds. */
const DOUBLE_PRESS_MS = 350;

export function ReceiptScreen() {
  const last = view.value?.last_sale;
  const transaction = receiptOf.value;
  const sale = last?.transaction_id === transaction ? last : null;
  const isPaidOut = sale !== null && isNegative(sale.total);
  const shownMs = useRef(performance.now()).current;
  const next = () => { screen.value = "product"; };
  useKeys({
    keys: {
      // The second half of a double press on the screen before is not for this one.
      Enter: (event) => { if (event.timeStamp - shownMs > DOUBLE_PRESS_MS) next(); },
      Escape: () => { if (refusals.value.length > 0) putRefusalAway(); else next(); },
      F3: () => { if (sale) askPostVoid(sale); },
      F8: () => { if (transaction) void reprint(transaction); },
    },
  });
  return html`
    <div class="done">
      <section class="done-main">
        <h1 class="done-title">${t("sale_completed")}</h1>
        <p class="change">
          <span class="total-label">${t(isPaidOut ? "paid_out" : "change")}</span>
          <output class="change-amount" data-change=${sale?.change.amount}>
            ${!sale ? "…" : shown(isPaidOut ? negated(sale.total) : sale.change)}
          </output>
        </p>
        ${sale && html`
          <p class="done-facts">
            <span data-number=${sale.number}>${t("number", { number: sale.number })}</span>
            <span>${t("total")} <strong>${shown(sale.total)}</strong></span>
          </p>`}
        ${sale && isZero(sale.change) && !isPaidOut && html`<p class="hint">${t("no_change")}</p>`}
        <div class="done-actions">
          <button class="button primary pay" data-do="next" onClick=${next}>
            ${t("do.next")} <kbd>Enter</kbd>
          </button>
          <button class="button" data-do="reprint" disabled=${!transaction}
            onClick=${() => transaction && reprint(transaction)}>
            ${t("do.reprint")} <kbd>F8</kbd>
          </button>
          <button class="button bad" data-do="post_void" disabled=${!sale}
            onClick=${() => sale && askPostVoid(sale)}>
            ${t("do.post_void")} <kbd>F3</kbd>
          </button>
        </div>
      </section>
      ${transaction && html`<${ReceiptText} transaction=${transaction} />`}
    </div>`;
}
