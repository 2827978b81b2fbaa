// What a cashier does at the register, as commands.
import { api } from "./api.js";
import { CommandQueue } from "./commands.js";
import { uuidV7 } from "./ids.js";
import { approvalOf } from "./approvals.js";
import { isZero, minorOf, shown } from "./money.js";
import { insteadOf } from "./no-goods.js";
import * as sound from "./sound.js";
import {
  accept, dialog, isSilent, pending, receiptOf, receiptWanted, screen, select, session,
  showRefusal, spoken, tell, view,
} from "./state.js";
import { named, t } from "./text.js";

/** @typedef {import("./types.d.ts").Answer} Answer */
/** @typedef {import("./types.d.ts").Entry} Entry */
/** @typedef {import("./types.d.ts").Problem} Problem */
/** @typedef {import("./types.d.ts").Money} Money */
/** @typedef {import("./types.d.ts").Quantity} Quantity */

/** Most commands that wait at once: a cashier who scans on for ten seconds, with room. */
const PENDING_MAX = 60;

/** Whether payment was asked for while something still waited for its answer. */
let wantsToPay = false;

/** @type {(problem: Problem) => void} */
let onHold = () => {};

/** @param {(problem: Problem) => void} listener the session ended, or another has the register */
export function whenHeld(listener) {
  onHold = listener;
}

export const queue = new CommandQueue({
  send: api.command,
  outcome: api.outcome,
  register: api.register,
  view: () => view.peek(),
  accept,
  newId: uuidV7,
  operator: () => session.peek()?.operator.id ?? "",
  nowMs: () => Date.now(),
  pause,
  storage: storage(),
  onChange: (entries) => {
    pending.value = entries;
    if (wantsToPay && entries.length === 0) pay();
  },
  onAnswer: answered,
  onRefusal: refused,
  onHold: (problem) => onHold(problem),
});

/** @param {number} ms */
function pause(ms) {
  /** @type {() => void} */
  let wake = () => {};
  const done = new Promise((/** @type {(value: void) => void} */ resolve) => {
    wake = () => resolve();
    setTimeout(resolve, ms);
  });
  return { done, wake };
}

/** @returns {Pick<Storage, "getItem" | "setItem">} */
function storage() {
  try {
    sessionStorage.getItem("");
    return sessionStorage;
  } catch {
    return { getItem: () => null, setItem: () => {} };
  }
}

/** What a customer has shown, beside goods: taken, as a cashier hears who does not look. */
const HEARD = ["coupon_shown", "member_named", "buyer_named"];

/** @param {Entry} entry @param {Answer} answer */
function answered(entry, answer) {
  const event = answer.outcome.event;
  if (event.type === "item_added" || event.type === "line_changed") {
    if (event.type === "item_added") select(null);
    sound.accepted();
    const line = view.peek()?.basket?.lines.find(({ line }) => line === event.line);
    if (line) spoken.value = `${line.description} ${line.quantity.amount} ${shown(line.net)}`;
  }
  if (HEARD.includes(event.type)) sound.accepted();
  if (event.type === "sale_completed") {
    dialog.value = null;
    receiptOf.value = entry.envelope?.transaction_id ?? null;
    screen.value = "receipt";
    spoken.value = event.change ? `${t("change")} ${shown(event.change)}` : t("sale_completed");
  }
  if (event.type === "sale_abandoned") screen.value = "product";
  if (event.type === "basket_suspended") {
    screen.value = "product";
    tell(t("suspended.done"));
  }
  if (event.type === "basket_retrieved") screen.value = "product";
  if (event.type === "sale_post_voided" && event.total) {
    screen.value = "product";
    tell(t("post_void.done", { number: event.number ?? "", total: shown(event.total) }));
  }
  const due = event.due ?? answer.view?.basket?.totals.due;
  if (event.type === "tender_taken" && due && isZero(due)) complete();
}

/** @param {Entry} entry @param {Problem} problem */
function refused(entry, problem) {
  // What could not be declined is gone, as was asked for.
  if (entry.command.type === "decline_prompt") return;
  if (isTakenOtherwise(entry, problem)) return;
  sound.refused();
  wantsToPay = false;
  // One that was chosen among those with its code goes by its id.
  const code = entry.command.item ?? entry.command.code ?? "";
  // One question at a time: while another is open, the item is named as refused and scanned again.
  if (problem.code === "weight_needed" && code && !dialog.peek()) {
    dialog.value = { kind: "weight", code, tare: problem.details?.tare };
    return;
  }
  if (problem.code === "no_price" && code && !dialog.peek()) {
    dialog.value = { kind: "price", code, quantity: entry.command.quantity ?? null };
    return;
  }
  if (problem.code === "ambiguous_code" && problem.choices && !dialog.peek()) {
    dialog.value = { kind: "choose", command: entry.command, choices: problem.choices };
    return;
  }
  if (problem.code === "serial_needed" && !dialog.peek()) {
    dialog.value = { kind: "serial" };
    return;
  }
  if (problem.code === "permission_needed") {
    void approve(entry, problem);
    return;
  }
  // The price for this way of paying is shown before its money is taken.
  if (problem.code === "tender_changes_total") intendTender(entry.command.tender_type ?? null);
  // Somebody else finished the sale: what was asked for is done.
  if (entry.command.type === "complete" && problem.code === "transaction_ended") return;
  const codes = problem.details?.coupons;
  const isNobodys = problem.code.startsWith("scanned_") || problem.code === "badge_not_wanted";
  const subject = codes ? t("coupons.taken", { codes })
    : isNobodys ? "" : code || named("command", entry.command.type);
  showRefusal(problem.code, problem.detail, subject);
}

/**
 * What was scanned between goods is none, and the register knows what to do with it.
 * @param {Entry} entry
 * @param {Problem} problem
 */
function isTakenOtherwise({ command: asked, basket: of }, { code }) {
  const buyer = view.peek()?.basket?.buyer;
  const instead = asked.type === "scan_item" && insteadOf(code, asked.code ?? "", buyer);
  if (!instead) return false;
  if ("command" in instead) {
    const isOpen = of === view.peek()?.basket?.transaction_id;
    queue.add(instead.command, { first: true, ...(of && isOpen && { basket: of }) });
    return true;
  }
  // A late answer takes nobody away from what they went on to.
  if (dialog.peek() || screen.peek() !== "product") return false;
  wantsToPay = false;
  receiptWanted.value = instead.receipt;
  screen.value = "receipts";
  return true;
}

/**
 * Asks a second person, and with their approval for the same again.
 * @param {Entry} entry
 * @param {Problem} problem
 */
async function approve(entry, problem) {
  const subject = named("command", entry.command.type);
  const token = await approvalOf(problem.details?.permission ?? "", subject);
  if (!token) {
    showRefusal(problem.code, problem.detail, subject);
    return;
  }
  queue.add(entry.command, {
    first: true, approval: token, basket: entry.basket, names: entry.names,
  });
}

/**
 * @param {import("./types.d.ts").Command} command
 * @param {{ first?: boolean, names?: { transaction_id: string, version: number } }} [where]
 */
export function command(command, where) {
  wantsToPay = false;
  if (queue.entries.length >= PENDING_MAX) {
    sound.refused();
    showRefusal("too_many_waiting", t("too_many_waiting"), command.code ?? "");
    return;
  }
  queue.add(command, where);
}

/**
 * A person typed a code, or picked an item.
 * @param {string} code
 * @param {string} [times] how many
 * @param {import("./types.d.ts").Unit} [unit]
 * @param {string} [item] the one that was picked: others may have its code
 */
export function keyed(code, times, unit = "piece", item = undefined) {
  const quantity = times ? { amount: times, unit } : null;
  command({ type: "key_item", code, quantity, amount: null, ...(item && { item }) });
}

/** @param {string} code @param {Quantity | null} quantity @param {Money} amount of the line */
export function keyedWithPrice(code, quantity, amount) {
  command({ type: "key_item", code, quantity, amount });
}

/**
 * Goods were weighed: by a scale at the hub, whose reading says so, or by somebody who read one.
 * @param {string} code @param {Quantity} weight @param {number} [reading]
 */
export function weighed(code, weight, reading) {
  command({ type: "weigh_item", code, weight, ...(reading && { scale: { reading } }) });
}

/** @param {string} code @param {Quantity} quantity @param {string} reason */
export function returned(code, quantity, reason) {
  command({ type: "return_item", code, quantity, amount: null, reason });
}

/** @param {number} line @param {Quantity} quantity */
export function setQuantity(line, quantity) {
  command({ type: "set_quantity", line, quantity });
}

/** @param {number} line */
export function voidLine(line) {
  command({ type: "void_line", line });
}

export function undo() {
  command({ type: "undo" });
}

/**
 * @param {number | null} line null: the whole basket
 * @param {Record<string, unknown>} modifier
 * @param {string} reason
 */
export function modifyPrice(line, modifier, reason) {
  command({ type: "modify_price", line, modifier, reason });
}

/** @param {string} code of a coupon that the customer shows */
export function showCoupon(code) {
  command({ type: "show_coupon", code });
}

/** @param {string} code */
export function withdrawCoupon(code) {
  command({ type: "withdraw_coupon", code });
}

/** @param {string} member @param {string | null} tier @param {number | null} points */
export function nameMember(member, tier, points) {
  command({ type: "name_member", member, tier, points });
}

export function forgetMember() {
  command({ type: "forget_member" });
}

/** @param {boolean} is whether somebody of the chain's own buys */
export function employeePurchase(is) {
  command({ type: "employee_purchase", is });
}

/** @param {string | null} tenderType how the customer means to pay */
export function intendTender(tenderType) {
  command({ type: "intend_tender", tender_type: tenderType });
}

/** @param {string} prompt */
export function takePrompt(prompt) {
  command({ type: "take_prompt", prompt });
}

/** @param {string} prompt */
export function declinePrompt(prompt) {
  command({ type: "decline_prompt", prompt });
}

/** @param {string} reason */
export function abandon(reason) {
  command({ type: "abandon", reason });
}

/** The customer is old enough for what is in the basket. @param {number} age in years */
export function confirmAge(age) {
  command({ type: "confirm_age", age });
}

/** Puts the basket aside, for this register or another. */
export function suspend() {
  command({ type: "suspend" });
}

/** Goes on with a basket that lies aside. @param {import("./types.d.ts").SuspendedRow} row */
export function retrieve({ transaction_id, version }) {
  command({ type: "retrieve" }, { names: { transaction_id, version } });
}

/** Undoes a sale of today. @param {string} transaction @param {string} reason */
export function postVoid(transaction, reason) {
  command({ type: "post_void", reason }, { names: { transaction_id: transaction, version: 0 } });
}

/**
 * @param {string} tenderType
 * @param {Money} amount
 * @param {string | null} [reference]
 */
export function tender(tenderType, amount, reference = null) {
  const total = view.peek()?.basket?.totals.due;
  if (!total || isPaying()) return;
  // Money is never taken on a screen that may not be true any more.
  if (isSilent.peek()) {
    sound.refused();
    showRefusal("hub_away", t("hub_away"));
    return;
  }
  command({ type: "tender", tender_type: tenderType, amount, total, reference, line: null });
}

/** A tender on its way: the due amount on screen is about to be another. */
export function isPaying() {
  return queue.entries.some(({ command: { type } }) => type === "tender" || type === "complete");
}

/** Whose the invoice is: all of it. @param {import("./types.d.ts").Said} said */
export function nameBuyer({ ban, carrier, donation }) {
  command({ type: "name_buyer", ban, carrier, donation });
}

/** @param {number} number */
export function voidTender(number) {
  command({ type: "void_tender", number });
}

/** The terminal is asked what became of a request. @param {string} request */
export function inquireCard(request) {
  command({ type: "inquire_card", request });
}

/** Somebody looked. @param {string} request @param {boolean} isApproved @param {string} reason */
export function resolveCard(request, isApproved, reason) {
  command({ type: "resolve_card", request, is_approved: isApproved, reason });
}

export function complete() {
  command({ type: "complete" }, { first: true });
}

/** Goes to the payment, or straight to the end where there is nothing to pay. */
export function pay() {
  // A quick cashier does not wait for the last item's answer.
  wantsToPay = pending.peek().length > 0;
  if (wantsToPay) return;
  const open = view.peek()?.basket;
  if (!open || open.lines.every((line) => line.voided)) return;
  if (minorOf(open.totals.due.amount) === 0n) complete();
  else screen.value = "payment";
}
