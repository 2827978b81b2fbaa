// Taking the money: several tenders until nothing is due.
import { html, useEffect, useLayoutEffect, useSignal } from "../lib.js";
import { useKeys } from "../keys.js";
import { mayReprice } from "../promotions.js";
import { complete, intendTender, tender, undo, voidTender } from "../register.js";
import {
  basket, pending, putRefusalAway, refusals, scanGoesTo, screen, session, view,
} from "../state.js";
import {
  grouped, isNegative, isZero, minorOf, moneyOf, negated, parseAmount, shown, usualNotes,
} from "../money.js";
import { named, t } from "../text.js";
import { CardOnItsWay } from "../parts/card.js";
import { Field, Keypad } from "../parts/forms.js";

/** @typedef {import("../types.d.ts").Tender} Tender */
/** @typedef {import("../types.d.ts").TenderRule} TenderRule */

/** Nobody is given more change than so many of the largest usual notes. */
const CHANGE_NOTES_MAX = 10n;
/** The keys of the ways of paying: F7 takes back, as everywhere. */
const METHOD_KEYS = ["F2", "F3", "F4", "F5", "F6", "F8", "F9", "F11", "F12"];
/** Longest amount that can be typed. */
const AMOUNT_LENGTH_MAX = 12;

export function Payment() {
  const amount = useSignal("");
  const reference = useSignal("");
  // What the customer meant to pay with, and what the price on the screen is for.
  const intended = basket.value?.context?.tender;
  const method = useSignal(intended ?? session.value?.tenders[0]?.id ?? "cash");
  const error = useSignal("");
  const mine = session.value;
  const open = basket.value;
  const due = open?.totals.due;
  const rule = mine?.tenders.find(({ id }) => id === method.value);
  // While a terminal has something open nothing else is taken.
  const card = open?.card;
  const isSending = pending.value.length > 0 || view.value?.phase === "committing";
  const isBusy = isSending || card !== undefined;
  const live = open?.tenders.filter(({ voided }) => !voided) ?? [];

  // What was typed belonged to what was due before. With the drawing: a quick cashier types already.
  useLayoutEffect(() => { amount.value = ""; reference.value = ""; error.value = ""; }, [due?.amount]);
  useLayoutEffect(() => {
    scanGoesTo.value = rule?.gives_change === false
      ? (code) => { reference.value = code; } : null;
    return () => { scanGoesTo.value = null; };
  }, [method.value]);

  // The price for this way of paying comes before its money, also where it is worked out only now.
  const reprices = open !== null && mayReprice(open, method.value);
  useEffect(() => { if (reprices) intendTender(method.value); }, [reprices, method.value]);

  /** @param {bigint} minor */
  const give = (minor) => {
    if (!mine || isBusy) return;
    tender(method.value, moneyOf(minor, mine.currency, mine.scale), reference.value.trim() || null);
  };
  /** A barcode that was typed, or a nought too many. @param {bigint} minor @param {bigint} owed */
  const isTooMuch = (minor, owed) => {
    const largest = usualNotes(due?.currency ?? "", mine?.scale ?? 0).at(-1) ?? 0n;
    return minor - owed > CHANGE_NOTES_MAX * largest;
  };
  const enter = () => {
    if (!due || !mine || card) return;
    if (isZero(due)) {
      if (!isBusy) complete();
      return;
    }
    const owed = minorOf(due.amount);
    const typed = amount.value === "" ? owed : parseAmount(amount.value, mine.scale);
    // Where money is paid out, what is typed is paid out.
    const minor = typed !== null && owed < 0n && typed > 0n ? -typed : typed;
    error.value = "";
    if (!minor) error.value = t("amount.bad");
    else if (isTooMuch(minor, owed)) error.value = t("amount.too_much");
    else give(minor);
  };
  const back = () => {
    if (refusals.value.length > 0) putRefusalAway();
    else if (amount.value !== "") amount.value = "";
    else if (live.length === 0 && !isBusy) screen.value = "product";
  };
  const canUndo = live.length > 0 && (open?.can_undo ?? false) && !isBusy;
  const undoLast = () => { if (canUndo) undo(); };
  useKeys({
    keys: {
      F7: undoLast,
      ...methodKeys(mine?.tenders ?? [], (id) => { method.value = id; }),
      Enter: enter,
      Escape: back,
      Backspace: () => { amount.value = amount.value.slice(0, -1); },
    },
    onCharacter: (character) => {
      if (!/[\d.]/.test(character)) return false;
      amount.value = (amount.value + character).slice(0, AMOUNT_LENGTH_MAX);
      return true;
    },
  });

  if (!open || !due || !mine) {
    return html`<p class="starting" role="status">${t("committing")}</p>`;
  }
  const isOwed = isNegative(due);
  return html`
    <div class="paying">
      <h1 class="spoken">${t("do.pay")}</h1>
      <section class="paying-main">
        <${DueNow} due=${due} />
        ${card && html`<${CardOnItsWay} card=${card} disabled=${isSending} />`}
        <div class="methods" role="tablist" aria-label=${t("tender_types")}>
          ${mine.tenders.map(({ id }, at) => html`
            <button class="method" role="tab" key=${id} data-tender=${id}
              aria-selected=${method.value === id} onClick=${() => { method.value = id; }}>
              ${named("tender", id)} <kbd>${METHOD_KEYS[at]}</kbd>
              ${saves(open, id).map((money) => html`<small>${shown(negated(money))}</small>`)}
            </button>`)}
        </div>
        <${Entry} amount=${amount} due=${due} gives=${rule?.gives_change ?? false} />
        ${rule?.gives_change === false && html`
          <${Field} label=${t(`reference.${method.value === "card" ? "card" : "other"}`)}
            value=${reference} name="reference" longest=${40} />`}
        ${error.value && html`<p class="form-error" role="alert">${error.value}</p>`}
        <${Quick} due=${due} rule=${rule} disabled=${isBusy} onGive=${give} />
      </section>
      <section class="paying-side">
        <${Keypad} value=${amount} extra=${mine.scale === 0 ? "00" : "."} disabled=${isBusy} />
        <button class="button primary pay" data-do="tender" disabled=${isBusy} onClick=${enter}>
          ${isZero(due) ? t("do.complete")
            : t(isOwed ? "do.give_back" : "do.take", { tender: named("tender", method.value) })}
          <kbd>Enter</kbd>
        </button>
        <${Given} tenders=${live} disabled=${isBusy} undoes=${canUndo} />
        <button class="button" data-do="back" disabled=${live.length > 0 || isBusy} onClick=${back}>
          ${t("back_to_lines")} <kbd>Esc</kbd>
        </button>
      </section>
    </div>`;
}

/**
 * What paying like this would save.
 * @param {import("../types.d.ts").Basket} open
 * @param {string} tenderType
 */
const saves = ({ offers = [] }, tenderType) =>
  offers.filter((offer) => offer.tender_type === tenderType).map(({ saving }) => saving);

/** @param {TenderRule[]} tenders @param {(id: string) => void} choose */
function methodKeys(tenders, choose) {
  const keyed = tenders.slice(0, METHOD_KEYS.length);
  return Object.fromEntries(keyed.map(({ id }, at) => [METHOD_KEYS[at], () => choose(id)]));
}

/** @param {{ due: import("../types.d.ts").Money }} props */
function DueNow({ due }) {
  const isPaidOut = isNegative(due);
  return html`
    <p class="due">
      <span class="total-label">${t(isPaidOut ? "pay_out" : "due")}</span>
      <output class="total-amount" data-due=${due.amount}>${shown(due)}</output>
    </p>`;
}

/** @param {{ amount: any, due: import("../types.d.ts").Money, gives: boolean }} props */
function Entry({ amount, due, gives }) {
  const scale = session.value?.scale ?? 0;
  const minor = parseAmount(amount.value, scale);
  const change = minor === null ? 0n : minor - minorOf(due.amount);
  const shownAmount = amount.value === "" ? t("amount.exact", { amount: shown(due) })
    : grouped(amount.value);
  return html`
    <p class="entry" aria-live="polite">
      <span class=${amount.value === "" ? "entry-hint" : "entry-amount"} data-entry=${amount.value}>
        ${shownAmount}
      </span>
      ${gives && change > 0n && minorOf(due.amount) > 0n && html`
        <span class="entry-change">
          ${t("change")} ${shown(moneyOf(change, due.currency, scale))}
        </span>`}
    </p>`;
}

/**
 * @param {{ due: import("../types.d.ts").Money, rule: TenderRule | undefined, disabled: boolean,
 *   onGive: (minor: bigint) => void }} props
 */
function Quick({ due, rule, disabled, onGive }) {
  const mine = session.value;
  if (!mine || !rule || isZero(due)) return null;
  const owed = minorOf(due.amount);
  const notes = rule.gives_change && owed > 0n ? usualNotes(mine.currency, mine.scale) : [];
  return html`
    <div class="quick" role="group" aria-label=${t("quick")}>
      <button class="button quick-one" data-quick="exact" disabled=${disabled}
        onClick=${() => onGive(owed)}>${t("exact")}</button>
      ${notes.map((note) => {
        const money = moneyOf(note, mine.currency, mine.scale);
        return html`
          <button class="button quick-one" key=${money.amount} data-quick=${money.amount}
            disabled=${disabled || note < owed} onClick=${() => onGive(note)}>${shown(money)}</button>`;
      })}
    </div>`;
}

/**
 * What was taken so far. The last of it is handed back by the key that takes back everywhere.
 * @param {{ tenders: Tender[], disabled: boolean, undoes: boolean }} props
 */
function Given({ tenders, disabled, undoes }) {
  if (tenders.length === 0) return null;
  return html`
    <ul class="given" aria-label=${t("given")}>
      ${tenders.map((one) => html`
        <li key=${one.number} data-given=${one.number}>
          <span>${named("tender", one.tender_type)} ${one.reference ?? ""}</span>
          <strong>${shown(one.amount)}</strong>
          <button class="button quiet" disabled=${disabled} onClick=${() => voidTender(one.number)}>
            ${t("hand_back")} ${undoes && one === tenders.at(-1) && html`<kbd>F7</kbd>`}
          </button>
        </li>`)}
    </ul>`;
}
