// When a screen locks, and what a badge says to a scanner.
import assert from "node:assert/strict";
import { test } from "node:test";
import { code39 } from "../../hub/ui/code39.js";
import { due, Use } from "../../hub/ui/idle.js";

const MINUTE = 60_000;

test("a screen locks when nobody has touched it for so long, and says until then that it is used", () => {
  const used = { nowMs: 10 * MINUTE, usedMs: 10 * MINUTE, saidMs: 10 * MINUTE, lockMinutes: 5,
    isHidden: false };
  assert.equal(due(used), null);
  assert.equal(due({ ...used, nowMs: 15 * MINUTE }), "lock");
  assert.equal(due({ ...used, nowMs: 15 * MINUTE - 1 }), null, "nobody was there since: nothing to say");
  assert.equal(due({ ...used, usedMs: 11 * MINUTE, nowMs: 11 * MINUTE }), "say");
  assert.equal(due({ ...used, usedMs: 11 * MINUTE - 1, nowMs: 11 * MINUTE - 1 }), null);
  const lately = { ...used, usedMs: 14 * MINUTE, nowMs: 15 * MINUTE };
  assert.equal(due(lately), "say", "a minute ago somebody was there");
  const brief = { ...used, lockMinutes: 1, usedMs: 10 * MINUTE + 1 };
  assert.equal(due({ ...brief, nowMs: 10 * MINUTE + 20_000 }), "say", "a third of one minute");
  assert.equal(due({ ...brief, nowMs: 10 * MINUTE + 19_999 }), null);
  assert.equal(due({ ...used, nowMs: 99 * MINUTE, lockMinutes: 0 }), null, "0 is never");
});

test("a tab that nobody sees locks nothing, and what is done in one tab is use of all", () => {
  const [front, behind] = [new Use(0), new Use(0)];
  /** @param {Use} tab @param {number} nowMs @param {boolean} isHidden */
  const look = (tab, nowMs, isHidden) => tab.look({ nowMs, lockMinutes: 5, isHidden });
  front.here(3 * MINUTE);
  assert.deepEqual(look(front, 3 * MINUTE, false), { what: "say", tellsTabs: true });
  assert.deepEqual(look(front, 3 * MINUTE + 5000, false), { what: null, tellsTabs: false });
  assert.equal(look(behind, 6 * MINUTE, true).what, null, "it was not told, and is not seen");
  behind.elsewhere(3 * MINUTE);
  assert.deepEqual(look(behind, 6 * MINUTE, false), { what: null, tellsTabs: false });
  assert.equal(look(behind, 8 * MINUTE, false).what, "lock");
  const nothing = { nowMs: 20 * MINUTE, lockMinutes: 0, isHidden: false };
  assert.equal(behind.look(nothing).what, null, "where nothing locks nobody has to say so");
  assert.equal(look(behind, 24 * MINUTE, false).what, null, "and counting begins anew");
});

test("a badge's bars are those of the standard", () => {
  const drawn = code39("A1");
  assert.ok(drawn);
  // * A 1 *: 12 bars and gaps of 4 characters, each of 6 narrow and 3 wide elements, and 3 gaps.
  assert.equal(drawn.width, 4 * (6 + 3 * 3) + 3 + 2 * 10);
  assert.equal(drawn.bars.length, 4 * 5);
  const pattern = drawn.bars.slice(5, 10).map(({ width }) => width);
  assert.deepEqual(pattern, [3, 1, 1, 1, 3], "the bars of A: wide, narrow, narrow, narrow, wide");
  assert.deepEqual(drawn.bars.slice(0, 5).map(({ width }) => width), [1, 1, 3, 3, 1], "and of *");
  for (const other of ["a", "Ä", "A*B", "A B"]) assert.equal(code39(other), null, other);
});

test("every character has three wide elements of nine, and no two are the same", () => {
  const characters = [..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  const drawn = characters.map((one) => JSON.stringify(code39(one)?.bars));
  assert.equal(new Set(drawn).size, characters.length);
  for (const one of characters) assert.equal(code39(one)?.width, 3 * (6 + 3 * 3) + 2 + 2 * 10, one);
});
