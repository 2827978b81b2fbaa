// Amounts are text outside and whole minor units inside; no floating-point number in between.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as money from "../../hub/ui/money.js";

test("an amount is the same after there and back, also beyond what a float can hold", () => {
  for (const [amount, currency, scale] of /** @type {const} */ ([
    ["0", "TWD", 0], ["1234", "TWD", 0], ["-5", "TWD", 0],
    ["0.05", "USD", 2], ["-0.05", "USD", 2], ["9007199254740993.01", "USD", 2],
    ["1.005", "KWD", 3],
  ])) {
    assert.deepEqual(money.moneyOf(money.minorOf(amount), currency, scale), { amount, currency });
  }
  assert.equal(money.minorOf("0.10") + money.minorOf("0.20"), money.minorOf("0.30"));
});

test("what a person types is an amount of the currency, or nothing", () => {
  const typed = (/** @type {string} */ text, scale = 2) => money.parseAmount(text, scale);
  assert.equal(typed("1,200"), 120_000n);
  assert.equal(typed("12.5"), 1250n);
  assert.equal(typed(".5"), 50n);
  assert.equal(typed("-3"), -300n);
  assert.equal(typed(" 7 "), 700n);
  assert.equal(typed("100", 0), 100n);
  assert.equal(typed("100.", 0), 100n);
  for (const nothing of ["", ".", "-", "1.234", "1e3", "１２", "0x10", "1 2", "NaN", "1".repeat(13)]) {
    assert.equal(typed(nothing), null, nothing);
  }
  assert.equal(typed("0.5", 0), null);
});

test("an amount is shown with its currency and thousands apart", () => {
  const shown = (/** @type {string} */ amount, currency = "TWD") => money.shown({ amount, currency });
  assert.equal(shown("1234"), "NT$1,234");
  assert.equal(shown("-1234567"), "−NT$1,234,567");
  assert.equal(shown("-5.00", "USD"), "−$5.00");
  assert.equal(shown("1.005", "KWD"), "KWD 1.005");
  assert.equal(money.grouped("999999.99"), "999,999.99");
  assert.equal(money.grouped("100"), "100");
});

test("signs", () => {
  const of = (/** @type {string} */ amount) => ({ amount, currency: "USD" });
  assert.ok(money.isZero(of("0.00")) && money.isZero(of("-0.00")));
  assert.ok(money.isNegative(of("-0.01")) && !money.isNegative(of("0.00")));
  assert.equal(money.negated(of("5.00")).amount, "-5.00");
  assert.equal(money.negated(of("-5.00")).amount, "5.00");
  assert.equal(money.negated(of("0.00")).amount, "0.00");
});

test("money of another country counts for whole units here, less what is not one", () => {
  assert.equal(money.localOf(4000n, 2, "31.5", 0), 1260n);
  assert.equal(money.localOf(101n, 2, "31.5", 0), 31n);
  assert.equal(money.localOf(1000n, 0, "0.2109", 2), 21_090n);
  assert.equal(money.localOf(1n, 3, "100", 0), 0n);
  assert.equal(money.localOf(5n, 0, "3", 0), 15n);
});

test("a quantity is written as the hub reads it, and pieces are whole", () => {
  const typed = money.parseQuantity;
  assert.deepEqual(typed("3", "piece"), { amount: "3", unit: "piece" });
  assert.deepEqual(typed("007", "piece"), { amount: "7", unit: "piece" });
  assert.deepEqual(typed("2.0", "piece"), { amount: "2", unit: "piece" });
  assert.equal(typed("2.5", "piece"), null);
  assert.deepEqual(typed("0.350", "kilogram"), { amount: "0.35", unit: "kilogram" });
  for (const nothing of ["", "-1", "1.2345", "12345678", "1,5", "1e2"]) {
    assert.equal(typed(nothing, "kilogram"), null, nothing);
  }
});
