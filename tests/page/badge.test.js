// A badge that is scanned where nobody asked for one is nowhere to be read afterwards.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { scanned } from "../../hub/ui/scans.js";
import * as state from "../../hub/ui/state.js";

const BADGE = "SB0123456789ABCDEF";

beforeEach(() => {
  state.refusals.value = [];
  state.pending.value = [];
  state.dialog.value = null;
  state.scanGoesTo.value = null;
  state.wantsBadge.value = false;
});

test("a badge is no goods, no reference, and is not shown", () => {
  /** @type {string[]} */
  const taken = [];
  for (const takes of [null, (/** @type {string} */ code) => void taken.push(code)]) {
    state.refusals.value = [];
    state.scanGoesTo.value = takes;
    for (const code of [BADGE, BADGE.toLowerCase(), ` ${BADGE} `, `]A0${BADGE}`]) scanned(code);
    assert.deepEqual(state.refusals.value.map(({ code }) => code), Array(4).fill("badge_not_wanted"));
    assert.ok(!JSON.stringify(state.refusals.value).toUpperCase().includes(BADGE));
  }
  assert.deepEqual(taken, []);
  assert.deepEqual(state.pending.value, []);
});

test("whoever asks who somebody is gets it, and a field that wants a code gets other codes", () => {
  /** @type {string[]} */
  const taken = [];
  state.scanGoesTo.value = (code) => void taken.push(code);
  state.wantsBadge.value = true;
  scanned(BADGE);
  state.wantsBadge.value = false;
  scanned("4710000000014");
  assert.deepEqual(taken, [BADGE, "4710000000014"]);
});

test("what a customer shows late is not the next one's", () => {
  state.screen.value = "receipt";
  for (const code of ["/17MEWYP", "]A08999"]) {
    state.refusals.value = [];
    scanned(code);
    assert.deepEqual(state.refusals.value.map(({ code: refused }) => refused), ["sale_is_done"]);
  }
  assert.deepEqual(state.pending.value, []);
  state.screen.value = "product";
});

test("while a badge is shown, a PIN is changed or the time is set, nothing is sold", () => {
  for (const kind of ["badge", "pin", "clock"]) {
    state.refusals.value = [];
    state.dialog.value = { kind };
    scanned("4710000000014");
    assert.deepEqual(state.refusals.value.map(({ code }) => code), ["question_open"], kind);
    assert.equal(state.dialog.peek()?.kind, kind);
  }
});
