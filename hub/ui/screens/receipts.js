// The electronic journal: any receipt of the store, found by what a customer knows of it.
import { html, useEffect, useRef, useSignal } from "../lib.js";
import { api } from "../api.js";
import { withApproval } from "../approvals.js";
import { finder } from "../journal.js";
import { ask } from "../session.js";
import { receiptWanted, scanGoesTo, session } from "../state.js";
import { shown } from "../money.js";
import { kept } from "../codes.js";
import { journalField } from "../no-goods.js";
import { t } from "../text.js";
import { BackStrip } from "../parts/header.js";
import { Field } from "../parts/forms.js";
import { ReceiptText, reprint } from "../parts/receipt-text.js";
import { useBackKeys } from "./stock.js";

/** @typedef {import("../types.d.ts").FoundReceipt} FoundReceipt */

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
  /** The signed code that was scanned: too long for a field. */
  const signed = useRef("");
  useBackKeys();

  const journal = useRef(finder((wanted) =>
    ask(() => withApproval((token) => api.receipts(wanted, token))))).current;

  /** @param {number | null} cursor */
  const find = async (cursor) => {
    // Moments are the store's, as they are shown: the hub knows where it stands.
    const code = signed.current;
    signed.current = "";
    const wanted = () => Object.fromEntries([["code", code],
      ...Object.entries(fields).map(([name, field]) => [name, field.value.trim()])]);
    const answer = await (cursor === null ? journal.find(wanted()) : journal.more(cursor));
    if (!answer) return;
    error.value = answer.problem?.detail ?? "";
    if (answer.problem) {
      // What was found before is not what was asked for now.
      if (cursor === null) [found.value, next.value, chosen.value] = [null, null, null];
      return;
    }
    const before = cursor === null ? [] : found.peek() ?? [];
    found.value = [...before, ...answer.body.receipts];
    next.value = answer.body.next;
    if (cursor === null) chosen.value = found.value?.length === 1 ? found.value[0] ?? null : null;
  };
  /**
   * A receipt's own codes name it, whatever was looked for before; any other is one of its goods.
   * @param {string} code @param {string} read
   */
  const look = (code, read) => {
    const name = journalField(code);
    if (name !== "item") Object.values(fields).forEach((field) => { field.value = ""; });
    signed.current = name === "code" ? code : "";
    if (name !== "code") fields[name].value = name === "item" ? kept(read) : code;
    void find(null);
  };
  useEffect(() => {
    scanGoesTo.value = look;
    // A second person is asked where somebody looks for something, not where they come by.
    const comesBy = !receiptWanted.peek() && session.peek()?.permissions.includes("read_journal");
    if (comesBy) void find(null);
    return () => { scanGoesTo.value = null; };
  }, []);
  useEffect(() => {
    const wanted = receiptWanted.value;
    receiptWanted.value = null;
    if (wanted) look(wanted, wanted);
  }, [receiptWanted.value]);

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
