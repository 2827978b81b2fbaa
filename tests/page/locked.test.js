// A locked screen can always be unlocked: no question lies over it that nobody can see.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { approvalOf } from "../../hub/ui/approvals.js";
import { StoreNotices } from "../../hub/ui/parts/notices.js";
import * as state from "../../hub/ui/state.js";

const session = (isLocked = false) =>
  /** @type {any} */ ({ operator: { id: "c1", name: "Lin" }, workstation: "1", is_locked: isLocked });

/** Everything that is drawn. @param {any} node @returns {any[]} */
function drawn(node) {
  if (Array.isArray(node)) return node.flatMap(drawn);
  if (!node || typeof node !== "object") return [];
  return [node, ...drawn(node.props?.children)];
}

afterEach(() => {
  state.session.value = null;
  state.dialog.value = null;
  state.approval.value = null;
  state.view.value = null;
});

test("a question that was open when the screen locked takes nothing from whoever unlocks it", () => {
  for (const asked of [state.dialog, state.approval]) {
    asked.value = /** @type {any} */ ({ kind: "clock" });
    assert.equal(state.isCoveredByQuestion(true), true);
    assert.equal(state.isCoveredByQuestion(false), false);
    asked.value = null;
  }
});

test("the store's time is set by somebody who is there", () => {
  state.view.value = /** @type {any} */ ({ notices: ["clock_not_trusted"] });
  const buttons = (/** @type {boolean} */ isIn) =>
    drawn(StoreNotices({ isIn })).filter((node) => node.type === "button").length;
  assert.equal(buttons(true), 1);
  assert.equal(buttons(false), 0);
});

test("what needs a second person after the screen was locked is refused, and asks nobody", async () => {
  state.session.value = session();
  const open = approvalOf("lower_price");
  assert.equal(state.approval.peek()?.permission, "lower_price");
  state.approval.peek()?.done("token");
  assert.equal(await open, "token");
  state.session.value = session(true);
  assert.equal(await approvalOf("lower_price"), null);
  assert.equal(state.approval.peek(), null);
});

test("two questions for the same permission are two: each is answered for itself", async () => {
  state.session.value = session();
  const first = approvalOf("lower_price");
  const early = state.approval.peek();
  const second = approvalOf("lower_price");
  const late = state.approval.peek();
  assert.notEqual(early?.number, late?.number);
  assert.equal(await first, null, "nobody allowed what was asked for first");
  early?.done("too late");
  assert.equal(state.approval.peek(), late, "the second is still asked");
  late?.done("token");
  assert.equal(await second, "token");
});
