// What promotions made of a basket adds up, and prompts are shown as the hub made them.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  alike, canBeTaken, couponsShown, isUnproven, mayReprice, promptsShown, reductions,
} from "../../hub/ui/promotions.js";

const money = (/** @type {string} */ amount, currency = "TWD") => ({ amount, currency });
const SECOND = { id: "milk-second", name: { zh: "鮮乳第二件 8 折", en: "Second milk 20 % off" } };
const PAIR = { id: "red-green", name: { zh: "紅配綠", en: "Red and green" } };

/** @param {string} amount @param {typeof SECOND} [promotion] the cashier's own without one */
const off = (amount, promotion, currency = "TWD") =>
  ({ method: "amount_off", amount: money(amount, currency), reason: "promotion", promotion });

/** @param {any} more @returns {any} */
const basket = (more = {}) => ({
  lines: [], basket_modifiers: [], tenders: [], totals: { discount: money("0") }, ...more,
});

test("promotions and the cashier's own discounts add up to the discount of the totals", () => {
  const found = reductions(basket({
    lines: [
      { voided: false, modifiers: [off("19", SECOND), off("6", PAIR), off("3")] },
      { voided: false, modifiers: [off("24", PAIR)] },
      { voided: true, modifiers: [off("500", SECOND)] },
    ],
    basket_modifiers: [off("10")],
    totals: { discount: money("62") },
  }));
  assert.deepEqual(found.promotions.map(({ id, amount }) => [id, amount.amount]),
    [["red-green", "30"], ["milk-second", "19"]]);
  assert.equal(found.together.amount, "49");
  assert.equal(found.own.amount, "13");
});

test("cents add up exactly, and a promotion that took off nothing is not named", () => {
  const found = reductions(basket({
    lines: Array.from({ length: 3 }, () =>
      ({ voided: false, modifiers: [off("0.10", SECOND, "USD"), off("0.00", PAIR, "USD")] })),
    totals: { discount: money("0.30", "USD") },
  }));
  assert.deepEqual(found.promotions.map(({ id, amount }) => [id, amount]),
    [["milk-second", money("0.30", "USD")]]);
  assert.deepEqual(found.own, money("0.00", "USD"));
});

/** @param {string} id @param {any} [adds] */
const prompt = (id, adds = { kind: "items", item: "i", code: "1", count: 1 }) => ({ id, adds });

/** @param {any} command @returns {any} */
const entry = (command) => ({ command });

test("at most three prompts are shown, in the hub's order, none that was just answered", () => {
  const open = basket({ prompts: ["a", "b", "c", "d"].map((id) => prompt(id)) });
  const ids = (/** @type {any[]} */ pending) => promptsShown(open, pending).map(({ id }) => id);
  assert.deepEqual(ids([]), ["a", "b", "c"]);
  assert.deepEqual(ids([entry({ type: "decline_prompt", prompt: "a" })]), ["b", "c", "d"]);
  assert.deepEqual(ids([entry({ type: "take_prompt", prompt: "b" }),
    entry({ type: "scan_item", code: "1" })]), ["a", "c", "d"]);
  assert.deepEqual(promptsShown(null, []), []);
  assert.deepEqual(promptsShown(basket(), []), [], "a basket without promotions");
});

test("an amount to be spent is said and not taken", () => {
  assert.equal(canBeTaken(/** @type {any} */ (prompt("a"))), true);
  const more = prompt("b", { kind: "amount", amount: money("320") });
  assert.equal(canBeTaken(/** @type {any} */ (more)), false);
});

test("a way of paying is named to the hub where it may change the price, before any money", () => {
  const open = basket({ offers: [{ tender_type: "card" }], context: { tender: null } });
  assert.equal(mayReprice(open, "card"), true);
  assert.equal(mayReprice(open, "cash"), false);
  const intended = basket({ offers: [], context: { tender: "card" } });
  assert.equal(mayReprice(intended, "card"), false);
  assert.equal(mayReprice(intended, "cash"), true, "the price is for the card as yet");
  const begun = { ...intended, tenders: [{ voided: true }, { voided: false }] };
  assert.equal(mayReprice(begun, "cash"), false, "a price that was paid in part stands");
  assert.equal(mayReprice({ ...intended, tenders: [{ voided: true }] }, "cash"), true);
  assert.equal(mayReprice(basket(), "card"), false);
});

test("a coupon that changes nothing is told from one that is used up", () => {
  const open = basket({
    context: { coupons: ["SAVE50", "U50-1"] },
    pricing: { applied: [{ ...SECOND, coupons: [] }, { ...PAIR, coupons: ["U50-1"] }] },
  });
  assert.deepEqual(couponsShown(open),
    [{ code: "SAVE50", isUsed: false }, { code: "U50-1", isUsed: true }]);
  assert.deepEqual(couponsShown(basket()), []);
});

test("only a price that was searched for and not proven says so", () => {
  const proof = (/** @type {any} */ certificate) =>
    isUnproven(basket({ pricing: { certificate } }));
  assert.equal(proof({ is_optimal: true, by_priority: false }), false);
  assert.equal(proof({ is_optimal: false, by_priority: false }), true);
  assert.equal(proof({ is_optimal: false, by_priority: true }), false);
  assert.equal(isUnproven(basket()), false);
});

test("units that fared alike are told once, wherever they stand", () => {
  const unit = (/** @type {string} */ net) => ({ text: { zh: net, en: `costs ${net}` } });
  const told = alike([unit("20"), unit("25"), unit("20")]);
  assert.deepEqual(told, [{ count: 2, ...unit("20") }, { count: 1, ...unit("25") }]);
});
