// What is scanned between goods and is none is taken as what it is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bare, kept } from "../../hub/ui/codes.js";
import { lineToJoin } from "../../hub/ui/join.js";
import { insteadOf, journalField } from "../../hub/ui/no-goods.js";

const NOTHING = { ban: null, carrier: null, donation: null };

test("a carrier and a donation code are said of the buyer, beside what was said before", () => {
  assert.deepEqual(insteadOf("scanned_carrier", "]A0/17MEWYP", undefined),
    { command: { type: "name_buyer", ...NOTHING, carrier: "/17MEWYP" } });
  assert.deepEqual(insteadOf("scanned_carrier", "/17MEWYP", { ban: "04595252", carrier: "/OLD.123" }),
    { command: { type: "name_buyer", ...NOTHING, ban: "04595252", carrier: "/17MEWYP" } });
  assert.deepEqual(insteadOf("scanned_donation", "]A08999", undefined),
    { command: { type: "name_buyer", ...NOTHING, donation: "8999" } });
});

test("a receipt is looked up, and of everything else the refusal is all there is to say", () => {
  assert.deepEqual(insteadOf("scanned_receipt", "]Q1RC1:ABC", undefined), { receipt: "RC1:ABC" });
  for (const refusal of ["unknown_barcode", "scanned_invoice", "badge_not_wanted", "goods_expired"]) {
    assert.equal(insteadOf(refusal, "4711", undefined), null);
  }
});

test("a receipt's own codes name it, and anything else is one of its goods", () => {
  assert.equal(journalField("RC1:ABC"), "code");
  assert.equal(journalField("12-345678"), "number");
  for (const other of ["4710088412584", "A-1", "1-", "1-2x", "0912-345678", "-1", ""]) {
    assert.equal(journalField(other), "item", other);
  }
});

test("what a scanner says of the kind of code is no part of the code", () => {
  for (const read of ["]E04711", "4711", " 4711\r", "]C1 4711"]) assert.equal(bare(read), "4711");
  assert.equal(bare("]x"), "]x");
  // But for element strings, which nothing else says that they are.
  assert.equal(kept("]C110LOT"), "]C110LOT");
  for (const read of ["]E04711", "]C04711", "]A04711", "]z04711", " 4711 "]) {
    assert.equal(kept(read), "4711");
  }
});

test("the same goods join their line whichever scanner read them", () => {
  const line = { line: 1, code: "4711", kind: "sale", voided: false, modifiers: [] };
  const basket = /** @type {any} */ ({ lines: [line] });
  for (const read of ["4711", "]E04711"]) assert.equal(lineToJoin(basket, read), 1);
  assert.equal(lineToJoin(basket, "4712"), null);
});
