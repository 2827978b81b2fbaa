// What lies in a till beside the store's own cash, and how it is counted.
import assert from "node:assert/strict";
import { test } from "node:test";
import { countedBeside, moneyOf, parseAmount } from "../../hub/ui/money.js";

test("foreign cash is counted in its own currency, all else in the store's", () => {
  const tenders = [
    { id: "cash" }, { id: "voucher" },
    { id: "yen", foreign: { currency: "JPY", rate: "0.21" } },
  ];
  const counted = countedBeside(tenders, "TWD", 0);
  assert.deepEqual(counted.map(({ id, currency }) => [id, currency]),
    [["voucher", "TWD"], ["yen", "JPY"]]);
  const typed = counted.map(({ currency, scale }) => (
    moneyOf(parseAmount("1,000", scale) ?? 0n, currency, scale)));
  assert.deepEqual(typed, [
    { amount: "1000", currency: "TWD" }, { amount: "1000.00", currency: "JPY" },
  ]);
});
