// Taking the money: several tenders until nothing is due.
import { html, useEffect, useLayoutEffect, useSignal } from "../lib.js";
import { useKeys } from "../keys.js";
import { mayReprice } from "../promotions.js";
import { buyersScan, withScan } from "../buyer.js";
import {
  complete, intendTender, nameBuyer, tender, undo, voidTender,
} from "../register.js";
import { sellScanned } from "../scans.js";
import {
  basket, pending, putRefusalAway, refusals, scanGoesTo, screen, session, view,
} from "../state.js";
import {
  grouped, isNegative, isZero, localOf, minorOf, moneyOf, negated, parseAmount, shown,
} from "../money.js";
import { named, t } from "../text.js";
import { askBuyer, BuyerChip } from "../parts/buyer.js";
import { CardOnItsWay, useCardOutcome } from "../parts/card.js";
import { Field, Keypad } from "../parts/forms.js";

/** @typedef {import("../types.d.ts").Tender} Tender */
/** @typedef {import("../types.d.ts").TenderRule} TenderRule */
/** @typedef {import("../types.d.ts").Payable} Payable */
/** @typedef {import("../types.d.ts").Money} Money */

/** Nobody is given more change than so many of the largest notes. */
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
  useCardOutcome(open);
  const live = open?.tenders.filter(({ voided }) => !voided) ?? [];

  // What was typed belonged to what was due before. With the drawing: a quick cashier types already.
  useLayoutEffect(() => { amount.value = ""; reference.value = ""; error.value = ""; },
    [due?.amount, card?.request]);
  useLayoutEffect(() => { error.value = ""; }, [amount.value]);
  useLayoutEffect(() => {
    scanGoesTo.value = (code, read) => {
      // What the customer's telephone shows now is for the invoice.
      const part = buyersScan(read);
      if (part) nameBuyer(withScan(basket.peek()?.buyer, part, read));
      else if (rule?.gives_change === false) reference.value = code;
      else sellScanned(read);
    };
    return () => { scanGoesTo.value = null; };
  }, [method.value]);

  // The price for this way of paying comes before its money, also where it is worked out only now.
  const reprices = open !== null && mayReprice(open, method.value);
  useEffect(() => { if (reprices) intendTender(method.value); }, [reprices, method.value]);

  // In notes and coins: what is handed over, which may be another country's.
  const payable = open?.payable?.find(({ tender_type: id }) => id === method.value);
  const scale = payable?.scale ?? mine?.scale ?? 0;
  const currency = rule?.foreign?.currency ?? mine?.currency ?? "";

  /** @param {Money} money */
  const give = (money) => {
    if (!isBusy) tender(method.value, money, reference.value.trim() || null);
  };
  const enter = () => {
    if (!due || !mine || card) return;
    if (isZero(due)) {
      if (!isBusy) complete();
      return;
    }
    const exact = rule?.foreign ? null : payable?.exact ?? due;
    error.value = "";
    if (amount.value === "") {
      if (exact) give(exact);
      else error.value = t("foreign.needed", { currency });
      return;
    }
    const owed = minorOf(due.amount);
    const typed = parseAmount(amount.value, scale);
    // Where money is paid out, what is typed is paid out.
    const minor = typed !== null && owed < 0n && typed > 0n ? -typed : typed;
    if (!minor) error.value = t("amount.bad");
    else if (isTooMuch(minor, owed, rule)) error.value = t("amount.too_much");
    else give(moneyOf(minor, currency, scale));
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
      "/": () => { if (!card) askBuyer("/"); },
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
        ${card
          ? html`<${CardOnItsWay} card=${card} disabled=${isSending} />`
          : html`
          <div class="methods" role="tablist" aria-label=${t("tender_types")}>
            ${mine.tenders.map(({ id }, at) => html`
              <button class="method" role="tab" key=${id} data-tender=${id}
                aria-selected=${method.value === id} onClick=${() => { method.value = id; }}>
                ${nameOf(id)} <kbd>${METHOD_KEYS[at]}</kbd>
                ${saves(open, id).map((money) => html`<small>${shown(negated(money))}</small>`)}
              </button>`)}
          </div>
          ${rule && html`
            <${Entry} amount=${amount} due=${due} rule=${rule} payable=${payable} />`}
          ${rule?.gives_change === false && html`
            <${Field} label=${t(`reference.${method.value === "card" ? "card" : "other"}`)}
              value=${reference} name="reference" longest=${40} />`}
          ${error.value && html`<p class="form-error" role="alert">${error.value}</p>`}
          <${Quick} due=${due} rule=${rule} payable=${payable} disabled=${isBusy} onGive=${give} />
          <${BuyerChip} disabled=${isBusy} />`}
      </section>
      <section class="paying-side">
        <${Keypad} value=${amount} extra=${scale === 0 ? "00" : "."} disabled=${isBusy} />
        <button class="button primary pay" data-do="tender" disabled=${isBusy} onClick=${enter}>
          ${isZero(due) ? t("do.complete")
            : t(isOwed ? "do.give_back" : "do.take", { tender: nameOf(method.value) })}
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

/** Another country's cash by its currency: a store may take several. @param {string} id */
function nameOf(id) {
  const foreign = session.value?.tenders.find((rule) => rule.id === id)?.foreign;
  return foreign ? t("foreign_cash", { currency: foreign.currency }) : named("tender", id);
}

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

/**
 * A barcode that was typed, or a nought too many.
 * @param {bigint} minor @param {bigint} owed @param {TenderRule | undefined} rule
 */
function isTooMuch(minor, owed, rule) {
  const largest = session.value?.denominations[0];
  if (!largest || rule?.foreign) return false;
  return minor - owed > CHANGE_NOTES_MAX * minorOf(largest.amount);
}

/**
 * What is typed, what it counts for where it is another country's money, and what comes back.
 * @param {{ amount: any, due: Money, rule: TenderRule, payable: Payable | undefined }} props
 */
function Entry({ amount, due, rule, payable }) {
  const { scale = 0, currency = "" } = session.value ?? {};
  const { foreign } = rule;
  const typed = parseAmount(amount.value, payable?.scale ?? scale);
  const local = typed === null || !foreign ? typed
    : localOf(typed, payable?.scale ?? scale, foreign.rate, scale);
  const over = local === null ? 0n : local - minorOf(due.amount);
  const exact = t("amount.exact", { amount: shown(payable?.exact ?? due) });
  const hint = foreign ? t("foreign.enter", { currency: foreign.currency }) : exact;
  return html`
    <p class="entry" aria-live="polite">
      <span class=${amount.value === "" ? "entry-hint" : "entry-amount"} data-entry=${amount.value}>
        ${amount.value === "" ? hint : grouped(amount.value)}
      </span>
      ${foreign && html`<${Rate} foreign=${foreign} />`}
      ${foreign && local !== null && html`
        <span class="entry-local" data-local=${local}>
          ${t("foreign.counts")} ${shown(moneyOf(local, currency, scale))}
        </span>`}
      ${over > 0n && minorOf(due.amount) > 0n && (rule.gives_change || rule.keeps_excess) && html`
        <span class="entry-change" data-over=${over}>
          ${t(rule.gives_change ? "change" : "lapses")} ${shown(moneyOf(over, currency, scale))}
        </span>`}
    </p>`;
}

/** @param {{ foreign: { currency: string, rate: string } }} props */
function Rate({ foreign: { currency, rate } }) {
  const amount = shown({ amount: rate, currency: session.value?.currency ?? "" });
  return html`<span class="entry-rate">${t("foreign.rate", { currency, amount })}</span>`;
}

/**
 * @param {{ due: Money, rule: TenderRule | undefined, payable: Payable | undefined,
 *   disabled: boolean, onGive: (money: Money) => void }} props
 */
function Quick({ due, rule, payable, disabled, onGive }) {
  if (!rule || isZero(due)) return null;
  return html`
    <div class="quick" role="group" aria-label=${t("quick")}>
      ${!rule.foreign && html`
        <button class="button quick-one" data-quick="exact" disabled=${disabled}
          onClick=${() => onGive(payable?.exact ?? due)}>
          ${t("exact")}
          ${payable?.exact && payable.exact.amount !== due.amount
            && html`<small>${shown(payable.exact)}</small>`}
        </button>`}
      ${(payable?.quick ?? []).map((money) => html`
        <button class="button quick-one" key=${money.amount} data-quick=${money.amount}
          disabled=${disabled} onClick=${() => onGive(money)}>${shown(money)}</button>`)}
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
          <span>${nameOf(one.tender_type)} ${detail(one)}</span>
          <strong>${shown(one.amount)}</strong>
          <button class="button quiet" disabled=${disabled} onClick=${() => voidTender(one.number)}>
            ${t("hand_back")} ${undoes && one === tenders.at(-1) && html`<kbd>F7</kbd>`}
          </button>
        </li>`)}
    </ul>`;
}

/** What tells one tender from another of its kind. @param {Tender} tender */
function detail({ foreign, card, reference }) {
  if (foreign) return shown(foreign.amount);
  return card?.last_four ? `…${card.last_four}` : reference ?? "";
}
