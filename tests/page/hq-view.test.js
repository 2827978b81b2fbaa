// Which view is shown, and what an address stands for.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./shared.js";

const { Newest } = await import("../../cloud-bridge/hq/ui/newest.js");
const { read, write } = await import("../../cloud-bridge/hq/ui/route.js");

const view = (/** @type {number} */ revision, day = "2026-11-24") =>
  /** @type {any} */ ({ revision, day });

test("a view never goes back within a connection", () => {
  const newest = new Newest();
  assert.deepEqual([5, 6, 5, 6, 4, 7].map((revision) => newest.accepts(view(revision))),
    [true, true, false, true, false, true]);
});

test("a headquarters that was restarted may count anew: the first view of a connection is whole",
  () => {
    const newest = new Newest();
    newest.connected();
    assert.ok(newest.accepts(view(500)));
    assert.ok(!newest.accepts(view(1)), "the same connection");
    newest.connected();
    assert.ok(newest.accepts(view(1)));
    assert.ok(newest.accepts(view(2)));
    assert.ok(!newest.accepts(view(1)));
  });

test("after midnight the next day's view counts, whatever its number", () => {
  const newest = new Newest();
  assert.ok(newest.accepts(view(9)));
  assert.ok(newest.accepts(view(3, "2026-11-25")));
});

test("an address is read as it was written", () => {
  for (const route of /** @type {const} */ ([
    { screen: "chain", day: null },
    { screen: "chain", day: "2026-11-24" },
    { screen: "store", store: "367", tab: "overview", day: null },
    { screen: "store", store: "a b/ü?#", tab: "stock", day: "2026-11-24" },
    { screen: "sale", store: "367", transaction: "0193af10-0000-7000-8000-0000000000aa", day: null },
    { screen: "policy", day: null },
    { screen: "aside", day: null },
    { screen: "people", day: "2026-11-24" },
    { screen: "promotions", day: null },
    { screen: "promotions", day: "2026-11-24", days: 28 },
    { screen: "promotions", promotion: "a b/ü?#", day: null, days: 7 },
    { screen: "store", store: "367", tab: "promotions", day: null, days: 7 },
  ])) {
    assert.deepEqual(read(write(route)), route);
  }
});

test("an address that stands for nothing is the chain", () => {
  for (const hash of ["", "#", "#/", "#/moon", "#/store", "#/store/", "#/sale/367", "#/store/%E0%A4",
    "#//", "#/chain?day=2026-02-30"]) {
    assert.deepEqual(read(hash), { screen: "chain", day: null }, hash);
  }
  assert.equal(read("#/store/1/moon").tab, "overview");
  for (const days of ["1", "2", "x", "07", ""]) {
    assert.deepEqual(read(`#/promotions?days=${days}`), { screen: "promotions", day: null }, days);
  }
});
