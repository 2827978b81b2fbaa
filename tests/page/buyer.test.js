// What a buyer says is told apart by its shape.
import assert from "node:assert/strict";
import { test } from "node:test";
import { buyersPart, buyersScan, buyerShown, withScan } from "../../hub/ui/buyer.js";

test("a scanned code is a carrier, a company's number, a donation code, or none of them", () => {
  for (const code of ["/17MEWYP", "/ab.+-12", " /0000000", "TP03000001234567"]) {
    assert.equal(buyersPart(code), "carrier", code);
    assert.equal(buyersScan(code), "carrier");
  }
  for (const code of ["04595252", " 12345675 "]) assert.equal(buyersPart(code), "ban", code);
  for (const code of ["919", "8999", "1234567"]) assert.equal(buyersPart(code), "donation", code);
  for (const code of ["", "12", "4711111111119", "/17MEWY", "/17MEWYPP", "/17MEW_P", "TP0300000123456",
    "SAVE10"]) {
    assert.equal(buyersPart(code), null, code);
  }
  // Goods have such numbers too, so that only what can be nothing else is taken between them.
  assert.equal(buyersScan("04595252"), null);
  assert.equal(buyersScan("8999"), null);
  assert.equal(buyersScan("]E08999"), null);
  assert.equal(buyersScan("]A08999"), "donation");
  assert.equal(buyersScan("]A0/17MEWYP"), "carrier");
});

test("what is scanned stands beside what was said before, or takes its place", () => {
  assert.deepEqual(withScan(undefined, "donation", "]A08999"),
    { ban: null, carrier: null, donation: "8999" });
  assert.deepEqual(withScan({ ban: "04595252", carrier: "/OLD.123" }, "carrier", "/17MEWYP"),
    { ban: "04595252", carrier: "/17MEWYP", donation: null });
});

test("what was said is shown in one line", () => {
  const worded = (/** @type {string} */ part, /** @type {string} */ text) => `${part} ${text}`;
  assert.equal(buyerShown(undefined, worded), "");
  assert.equal(buyerShown({}, worded), "");
  assert.equal(buyerShown({ ban: "04595252", carrier: "/17MEWYP" }, worded),
    "ban 04595252 · carrier /17MEWYP");
});
