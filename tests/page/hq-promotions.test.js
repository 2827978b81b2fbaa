// Promotions on headquarters' page: their order, their conversion, their names, their days.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./shared.js";

const { conversion, nameIn, ORDERS, sorted, wholeDays } =
  await import("../../cloud-bridge/hq/ui/promotions.js");

/** @param {Partial<import("../../cloud-bridge/hq/ui/types.d.ts").PromotionSums>} known */
const sums = (known) => ({
  baskets: 0, uses: 0, units: 0, discount: 0, net: 0, shown: 0, taken: 0, declined: 0, ...known,
});

/** @param {string} promotion @param {Parameters<typeof sums>[0]} known */
const view = (promotion, known) =>
  ({ promotion, name: null, currency: "TWD", sums: sums(known) });

test("conversion is what was taken of what was shown, to a tenth of a percent", () => {
  assert.equal(conversion(sums({})), null, "nothing was said");
  assert.equal(conversion(sums({ shown: 40, taken: 12 })), 300);
  assert.equal(conversion(sums({ shown: 3, taken: 2 })), 667);
  assert.equal(conversion(sums({ shown: 3, taken: 0 })), 0);
  assert.equal(conversion(sums({ shown: 7, taken: 7 })), 1000);
});

test("each order puts the greatest first, and what has no measure last", () => {
  const rows = [
    view("a", { net: 10, discount: 9, units: 1, shown: 9, taken: 1 }),
    view("b", { net: 30, discount: 1, units: 5, shown: 0 }),
    view("c", { net: 20, discount: 5, units: 9, shown: 2, taken: 1 }),
    view("d", { net: 20, discount: 5, units: 9, shown: 2 }),
  ];
  const ids = ORDERS.map((order) => sorted(rows, order).map(({ promotion }) => promotion).join(""));
  assert.deepEqual(ids, ["bcda", "acdb", "cdba", "cadb"]);
  assert.equal(rows[0]?.promotion, "a", "what was given stays as it was");
});

test("a promotion is called in the reader's language, by its id where nobody said more", () => {
  const named = (/** @type {string} */ zh, /** @type {string} */ en) =>
    ({ promotion: "p-1", name: { zh, en } });
  assert.equal(nameIn(named("鮮乳第二件 8 折", "Second milk"), "zh-TW"), "鮮乳第二件 8 折");
  assert.equal(nameIn(named("鮮乳第二件 8 折", "Second milk"), "en"), "Second milk");
  assert.equal(nameIn(named("鮮乳第二件 8 折", ""), "en"), "鮮乳第二件 8 折");
  assert.equal(nameIn(named("", ""), "en"), "p-1");
  assert.equal(nameIn({ promotion: "p-1", name: null }, "zh-TW"), "p-1");
});

test("every day of a period is there, also over the end of a month", () => {
  const known = [{ day: "2026-02-28", sums: sums({ net: 7 }) }];
  const days = wholeDays(known, "2026-03-02", 4).map(({ day, sums: { net } }) => [day, net]);
  assert.deepEqual(days, [
    ["2026-02-27", 0], ["2026-02-28", 7], ["2026-03-01", 0], ["2026-03-02", 0],
  ]);
});
