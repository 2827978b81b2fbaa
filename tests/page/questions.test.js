// What is asked before something is done, and how often it is then done.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./browser.js";
import * as state from "../../hub/ui/state.js";

const { askForceDay, ForceDay } = await import("../../hub/ui/parts/force-day.js");
const { oneAtATime } = await import("../../hub/ui/parts/question.js");
const { nextOf } = await import("../../hub/ui/parts/till-count.js");

test("Enter goes from note to note, and only the last one's ends the count", () => {
  const fields = ["1000", "500", "card"];
  assert.equal(nextOf(fields, "1000"), "500");
  assert.equal(nextOf(fields, "500"), "card");
  assert.equal(nextOf(fields, "card"), null);
  assert.equal(nextOf(fields, "the page"), "1000");
});

test("a second Enter while the first is under way does nothing; after it, it does", async () => {
  const busy = { current: false };
  let done = 0;
  /** @type {() => void} */
  let end = () => {};
  const deed = () => new Promise((/** @type {(value: void) => void} */ resolve) => {
    done += 1;
    end = resolve;
  });
  const first = oneAtATime(busy, deed);
  await oneAtATime(busy, deed);
  assert.equal(done, 1);
  end();
  await first;
  await assert.rejects(oneAtATime(busy, () => Promise.reject(new Error("no answer"))));
  void oneAtATime(busy, deed);
  assert.equal(done, 2);
});

test("a day is forced only by whoever was told which tills are open", async () => {
  let forced = 0;
  const tills = ["1", "3"];
  askForceDay({ day: "2026-11-24", tills, onYes: () => { forced += 1; } });
  assert.equal(forced, 0);
  const asked = /** @type {any} */ (state.dialog.peek());
  assert.deepEqual([asked.kind, asked.tills], ["force_day", tills]);
  const question = /** @type {any} */ (ForceDay({ asked }));
  assert.match(JSON.stringify(question.props), /"data-forces":"1 3"/);
  question.props.onYes();
  assert.deepEqual([forced, state.dialog.peek()], [1, null]);
});
