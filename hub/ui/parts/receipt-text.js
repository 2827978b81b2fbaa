// A receipt as it is printed, and how far the printer is.
import { html, useEffect, useSignal } from "../lib.js";
import { withApproval } from "../approvals.js";
import { api } from "../api.js";
import { isOk } from "../http.js";
import { ask } from "../session.js";
import { showRefusal, tell } from "../state.js";
import { language, named, t } from "../text.js";
import { Paper, PaperSymbol } from "./paper.js";

/** How often the printer is asked after, in milliseconds. */
const PRINT_POLL_MS = 700;
/** How often at most: after half a minute a notice of the hub tells more. */
const PRINT_POLLS_MAX = 40;

/** @param {{ transaction: string }} props */
export function ReceiptText({ transaction }) {
  const receipt = useSignal(/** @type {import("../types.d.ts").Receipt | null} */ (null));
  useEffect(() => {
    let isGone = false;
    let polls = 0;
    const look = async () => {
      const reply = await api.receipt(transaction).catch(() => null);
      if (isGone) return;
      if (reply && isOk(reply)) receipt.value = reply.body;
      polls += 1;
      const state = receipt.value?.print;
      const mayChange = !state || state === "queued" || state === "printing";
      if (mayChange && polls < PRINT_POLLS_MAX) setTimeout(() => void look(), PRINT_POLL_MS);
    };
    void look();
    return () => { isGone = true; };
  }, [transaction]);

  const known = receipt.value;
  return html`
    <section class="receipt" aria-label=${t("receipt")}>
      ${known && html`
        <p class="receipt-state" role="status" data-print=${known.print}>
          ${named("print", known.print)}
        </p>`}
      ${known?.online && html`
        <figure class="receipt-online">
          <${PaperSymbol} ...${known.online.symbol} />
          <figcaption>${t("receipt.online")}</figcaption>
        </figure>`}
      <pre class="receipt-paper" tabindex="0" data-receipt=${known ? "yes" : "no"}>
        ${known ? html`<${Paper} rows=${known.rows} columns=${known.columns} />`
          : t("receipt.loading")}
      </pre>
    </section>`;
}

/**
 * Prints a copy, in the language of this screen unless the customer wishes for another.
 * @param {string} transaction
 * @param {string} [wished]
 */
export async function reprint(transaction, wished = language.value) {
  const { problem } = await ask(() =>
    withApproval((token) => api.receiptCopy(transaction, wished, token)));
  if (problem) showRefusal(problem.code, problem.detail);
  else tell(t("reprint.done"));
}
