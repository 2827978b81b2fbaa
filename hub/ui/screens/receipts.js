// The electronic journal: any receipt of the store, found by what a customer knows of it.
import { html, useEffect, useSignal } from "../lib.js";
import { api } from "../api.js";
import { isOk, problemOf } from "../http.js";
import { scanGoesTo } from "../state.js";
import { shown } from "../money.js";
import { t } from "../text.js";
import { BackStrip } from "../parts/header.js";
import { Field } from "../parts/forms.js";
import { ReceiptText, reprint } from "../parts/receipt-text.js";
import { useBackKeys } from "./stock.js";

/** @typedef {import("../types.d.ts").FoundReceipt} FoundReceipt */

/** What a printed number looks like: its register and its number. */
const PRINTED = /^[^-\s]+-\d+$/;

/** A moment of a field, with this browser's offset, as the hub reads it. @param {string} field */
export function moment(field) {
  const at = field ? new Date(field) : null;
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : "";
}

/** The date and the minute of a moment, in the store's own time. @param {string} completed */
export const minuteOf = (completed) => completed.slice(0, 16).replace("T", " ");

/** @param {{ of: FoundReceipt, isChosen: boolean, onChoose: () => void }} props */
function Entry({ of, isChosen, onChoose }) {
  return html`
    <li>
      <button class=${`journal-entry ${isChosen ? "journal-chosen" : ""}`} aria-pressed=${isChosen}
        data-receipt-of=${`${of.workstation}-${of.number}`} onClick=${onChoose}>
        <strong>${of.workstation}-${of.number}</strong>
        <span>${minuteOf(of.completed)}</span>
        <span>${of.operator}
          ${of.is_undone && html` <em class="tag">${t("receipts.undone")}</em>`}</span>
        <span class="journal-total">${shown(of.total)}
          <small>${t("receipts.lines", { n: of.lines })}</small></span>
      </button>
    </li>`;
}

/** @param {{ of: FoundReceipt }} props */
function Chosen({ of }) {
  return html`
    <section class="journal-one">
      <h2>${t("receipts.chosen", { number: `${of.workstation}-${of.number}` })}</h2>
      <div class="journal-do">
        <button class="button" data-do="copy-zh"
          onClick=${() => reprint(of.transaction_id, "zh-TW")}>${t("receipts.copy_zh")}</button>
        <button class="button" data-do="copy-en"
          onClick=${() => reprint(of.transaction_id, "en")}>${t("receipts.copy_en")}</button>
      </div>
      <${ReceiptText} key=${of.transaction_id} transaction=${of.transaction_id} />
    </section>`;
}

export function Receipts() {
  const fields = {
    number: useSignal(""), item: useSignal(""), amount: useSignal(""), card: useSignal(""),
    operator: useSignal(""), from: useSignal(""), to: useSignal(""),
  };
  const found = useSignal(/** @type {FoundReceipt[] | null} */ (null));
  const next = useSignal(/** @type {number | null} */ (null));
  const chosen = useSignal(/** @type {FoundReceipt | null} */ (null));
  const error = useSignal("");
  useBackKeys();

  /** @param {number | null} cursor */
  const find = async (cursor) => {
    const { from, to, ...said } = fields;
    const wanted = Object.fromEntries(
      Object.entries(said).map(([name, field]) => [name, field.value.trim()]));
    wanted.from = moment(from.value);
    wanted.to = moment(to.value);
    wanted.cursor = cursor === null ? "" : String(cursor);
    const reply = await api.receipts(wanted).catch(() => null);
    error.value = !reply ? t("no_answer") : isOk(reply) ? "" : problemOf(reply).detail;
    if (!reply || !isOk(reply)) return;
    const before = cursor === null ? [] : found.peek() ?? [];
    found.value = [...before, ...reply.body.receipts];
    next.value = reply.body.next;
    if (cursor === null) chosen.value = found.value?.length === 1 ? found.value[0] ?? null : null;
  };
  useEffect(() => {
    // A receipt's own bar code names it; any other is one of its goods.
    scanGoesTo.value = (code) => {
      const field = PRINTED.test(code) ? fields.number : fields.item;
      field.value = code;
      void find(null);
    };
    void find(null);
    return () => { scanGoesTo.value = null; };
  }, []);

  return html`
    <div class="office receipts">
      <${BackStrip} title=${t("receipts")} />
      <form class="journal-form" onSubmit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        void find(null);
      }}>
        <${Field} label=${t("receipts.number")} value=${fields.number} name="number" focused />
        <${Field} label=${t("receipts.item")} value=${fields.item} name="item" />
        <${Field} label=${t("receipts.amount")} value=${fields.amount} name="amount"
          mode="decimal" />
        <${Field} label=${t("receipts.card")} value=${fields.card} name="card" mode="numeric"
          longest=${4} />
        <${Field} label=${t("receipts.operator")} value=${fields.operator} name="operator" />
        <${Field} label=${t("receipts.from")} value=${fields.from} name="from"
          type="datetime-local" />
        <${Field} label=${t("receipts.to")} value=${fields.to} name="to" type="datetime-local" />
        <button class="button primary" data-do="find">
          ${t("receipts.find")} <kbd>Enter</kbd></button>
      </form>
      ${error.value && html`<p class="form-error" role="alert">${error.value}</p>`}
      <div class="journal-split">
        <div>
          ${found.value?.length === 0 && html`<p class="hint">${t("receipts.nothing")}</p>`}
          <ul class="journal-list">
            ${found.value?.map((one) => html`
              <${Entry} key=${one.transaction_id} of=${one}
                isChosen=${chosen.value?.transaction_id === one.transaction_id}
                onChoose=${() => { chosen.value = one; }} />`)}
          </ul>
          ${next.value !== null && html`
            <button class="button" data-do="more" onClick=${() => find(next.value)}>
              ${t("receipts.more")}</button>`}
        </div>
        ${chosen.value && html`<${Chosen} of=${chosen.value} />`}
      </div>
    </div>`;
}
