// Of two views the newer one is shown, however they arrive.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as state from "../../hub/ui/state.js";

/** @param {string} boot @param {number} revision @param {any} [more] */
const view = (boot, revision, more = {}) =>
  /** @type {any} */ ({ boot, revision, basket: null, ...more });

/** @param {number[]} numbers @param {number[]} [voided] */
const basket = (numbers, voided = []) => ({
  transaction_id: "t1",
  lines: numbers.map((line) => ({ line, voided: voided.includes(line) })),
});

test("an older view, late or doubled, changes nothing", () => {
  state.view.value = null;
  for (const revision of [1, 3, 2]) {
    state.accept(view("one", revision));
  }
  assert.equal(state.view.peek()?.revision, 3);
  const shown = state.view.peek();
  state.accept(view("one", 3));
  assert.equal(state.view.peek(), shown);
});

test("a hub that started again counts from the beginning, its late words do not", () => {
  state.view.value = null;
  state.accept(view("before", 900));
  state.accept(view("after", 1));
  assert.equal(state.view.peek()?.boot, "after");
  state.accept(view("before", 901));
  assert.equal(state.view.peek()?.boot, "after");
});

test("the register for training counts for itself, and is marked", () => {
  state.view.value = null;
  state.accept(view("same", 50));
  state.accept(view("same", 2, { is_training: true }));
  assert.equal(state.isTraining.peek(), true);
  state.accept(view("same", 1, { is_training: true }));
  assert.equal(state.view.peek()?.revision, 2);
  state.accept(view("same", 51));
  assert.equal(state.isTraining.peek(), false);
  state.accept(view("later", 1, { is_training: true }));
  state.accept(view("same", 52));
  assert.equal(state.isTraining.peek(), true, "a word of the hub before it started again");
});

test("buttons act on the chosen line, else on the last that counts", () => {
  state.view.value = view("lines", 1, { basket: basket([1, 2, 3]) });
  assert.equal(state.selected.peek()?.line, 3);
  state.select(1);
  assert.equal(state.selected.peek()?.line, 1);
  state.view.value = view("lines", 2, { basket: basket([1, 2, 3], [1]) });
  assert.equal(state.selected.peek()?.line, 3, "the chosen one was voided");
  state.view.value = view("lines", 3, { basket: basket([1, 2, 3], [1, 2, 3]) });
  assert.equal(state.selected.peek(), null);
  state.view.value = view("lines", 4, { basket: { ...basket([1, 2]), transaction_id: "t2" } });
  assert.equal(state.selected.peek()?.line, 2, "the choice was for another basket");
});

test("refusals stay until each is put away, oldest first", () => {
  state.refusals.value = [];
  state.showRefusal("a", "first");
  state.showRefusal("b", "second", "471");
  assert.deepEqual(state.refusals.value.map(({ code }) => code), ["a", "b"]);
  state.putRefusalAway();
  assert.deepEqual(state.refusals.value.map(({ detail, subject }) => [detail, subject]),
    [["second", "471"]]);
});
