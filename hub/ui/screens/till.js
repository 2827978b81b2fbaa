// The till: opened, money in and out, counted, closed.
import { html, useEffect, useSignal } from "../lib.js";
import { useKeys } from "../keys.js";
import { putRefusalAway, refusals, screen, session, tell, view } from "../state.js";
import { moneyOf, parseAmount, shown } from "../money.js";
import { named, t } from "../text.js";
import { doAtTill, forgetForm } from "../till.js";
import { BackStrip } from "../parts/header.js";
import { Field, FormError, Keypad } from "../parts/forms.js";
import { Count } from "../parts/till-count.js";
import { TillPaper } from "../parts/till-paper.js";
import { ClosingTable, TillReport } from "../parts/till-report.js";

/** @typedef {import("../types.d.ts").TillCommand} TillCommand */

/** What can be done, with the key that does it. @type {[string, string][]} */
const DEEDS = [
  ["count", "F2"], ["close", "F3"], ["report", "F4"], ["loan", "F5"], ["pickup", "F6"],
  ["paid_in", "F7"], ["paid_out", "F8"], ["no_sale", "F9"],
];
/** Deeds that need a reason, and those that need an amount. */
const REASONED = ["paid_in", "paid_out", "no_sale"];
const AMOUNTS = ["open", "loan", "pickup", "paid_in", "paid_out"];

export function TillScreen() {
  const mode = useSignal("");
  const error = useSignal("");
  const isBusy = useSignal(false);
  const closed = useSignal(/** @type {import("../types.d.ts").TillAnswer | null} */ (null));
  const till = view.value?.till;
  const open = till?.open ?? null;

  useEffect(() => forgetForm, [mode.value]);
  /** @param {TillCommand} command */
  const act = async (command) => {
    if (isBusy.peek()) return;
    isBusy.value = true;
    error.value = "";
    const { body, problem } = await doAtTill(command);
    isBusy.value = false;
    if (problem) {
      error.value = problem.detail;
      return;
    }
    mode.value = "";
    tell(t(`till.done.${command.type}`));
    if (command.type === "open") screen.value = "product";
    if (command.type === "close") closed.value = body;
  };
  /** @param {string} deed */
  const choose = (deed) => {
    if (isBusy.peek() || (!open && deed !== "no_sale")) return;
    error.value = "";
    closed.value = null;
    if (deed === "close") void act({ type: "close" });
    else mode.value = mode.peek() === deed ? "" : deed;
  };
  const back = () => {
    if (refusals.value.length > 0) putRefusalAway();
    else if (mode.value !== "") mode.value = "";
    else if (open || till?.policy === "none") screen.value = "product";
  };
  useKeys({
    keys: {
      ...Object.fromEntries(DEEDS.map(([deed, key]) => [key, () => choose(deed)])),
      Escape: back,
    },
  });
  if (!till || !session.value) return null;
  const form = open || till.policy === "none" ? mode.value : "open";
  return html`
    <div class="office" data-till=${open ? "open" : "closed"}>
      ${open || till.policy === "none" ? html`<${BackStrip} title=${t("till")} />`
        : html`<div class="strip"><h1>
          ${t(closed.value ? "till" : "till.open_first")}</h1></div>`}
      ${closed.value?.closing && html`
        <section class="card till-report" data-z=${closed.value.till}>
          <h2>${t("till.z", { n: closed.value.till ?? 0 })}</h2>
          <${ClosingTable} lines=${closed.value.closing} />
          <${TillPaper} day=${closed.value.business_day} at=${view.value?.workstation ?? ""}
            number=${closed.value.till ?? 0} />
        </section>`}
      ${open && html`<${Standing} open=${open} />`}
      ${(open || till.policy === "none") && html`
        <div class="till-deeds">
          ${DEEDS.filter(([deed]) => open || deed === "no_sale").map(([deed, key]) => html`
            <button class="button" key=${deed} data-deed=${deed} disabled=${isBusy.value}
              aria-pressed=${mode.value === deed} onClick=${() => choose(deed)}>
              ${t(`till.${deed}`)} <kbd>${key}</kbd>
            </button>`)}
        </div>`}
      ${error.value && html`<${FormError} text=${error.value} />`}
      ${form === "count" && html`<${Count} disabled=${isBusy.value} onCount=${act} />`}
      ${form === "report" && open && html`
        <${TillReport} day=${open.business_day} number=${open.number} />`}
      ${form !== "count" && form !== "report" && form !== "" && html`
        <${CashForm} key=${form} deed=${form} disabled=${isBusy.value} onDo=${act}
          onError=${(/** @type {string} */ text) => { error.value = text; }} />`}
    </div>`;
}

/** @param {{ open: import("../types.d.ts").OpenTill }} props */
function Standing({ open }) {
  const rows = [
    [t("till.number"), String(open.number)],
    [t("till.day"), open.business_day],
    [t("till.opened_by"), `${open.operator} · ${open.opened.slice(11, 16)}`],
    [t("till.float"), shown(open.float)],
  ];
  return html`
    <dl class="till-standing">
      ${rows.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}
      ${(open.expected ?? []).map((sum) => html`
        <div key=${sum.tender_type + sum.amount.currency} data-expected=${sum.tender_type}>
          <dt>${t("till.expected", { tender: named("tender", sum.tender_type) })}</dt>
          <dd>${shown(sum.amount)}</dd>
        </div>`)}
      ${open.is_counted && html`<div><dt>${t("till.is_counted")}</dt><dd>✓</dd></div>`}
    </dl>`;
}

/** @param {any} props */
function CashForm({ deed, disabled, onDo, onError }) {
  const amount = useSignal("");
  const mine = session.value;
  const reasons = mine?.reasons.cash ?? [];
  const reason = useSignal(reasons[0] ?? "other");
  const isOpening = deed === "open";
  const needsAmount = AMOUNTS.includes(deed);
  const submit = () => {
    if (!mine || disabled) return;
    const minor = needsAmount ? parseAmount(amount.value, mine.scale) : 0n;
    if (minor === null || (deed !== "open" && needsAmount && minor <= 0n)) {
      onError(t("till.amount_needed"));
      return;
    }
    const money = moneyOf(minor, mine.currency, mine.scale);
    if (deed === "open") onDo({ type: "open", float: money });
    else if (deed === "no_sale") onDo({ type: "no_sale", reason: reason.value });
    else if (REASONED.includes(deed)) onDo({ type: deed, amount: money, reason: reason.value });
    else onDo({ type: deed, amount: money });
  };
  useKeys({ keys: { Enter: submit } });
  return html`
    <form class="till-form" data-form=${deed}
      onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); submit(); }}>
      <div class="till-fields">
        ${needsAmount && html`<${Field} focused mode="none" name="amount" longest=${12}
          label=${isOpening ? t("till.float") : t("till.amount")} value=${amount} />`}
        ${REASONED.includes(deed) && html`
          <div class="methods" role="radiogroup" aria-label=${t("reason")}>
            ${reasons.map((code) => html`
              <button type="button" class="method" role="radio" key=${code} data-reason=${code}
                aria-checked=${reason.value === code}
                onClick=${() => { reason.value = code; }}>${named("reason", code)}</button>`)}
          </div>`}
        <button class="button primary" data-do="till" disabled=${disabled}>
          ${t(`till.${deed}`)} <kbd>Enter</kbd>
        </button>
      </div>
      ${needsAmount && html`
        <${Keypad} value=${amount} extra=${mine?.scale === 0 ? "00" : "."} disabled=${disabled} />`}
    </form>`;
}
