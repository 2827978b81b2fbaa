// Who is signed on, as the page follows it, at a hub that answers what a test says.
import assert from "node:assert/strict";
import { test } from "node:test";

// What a browser has and Node does not; the watch's timers must not keep the test alive.
const everyMs = globalThis.setInterval;
Object.assign(globalThis, {
  BroadcastChannel: undefined,
  setInterval: (/** @type {any} */ call, /** @type {number} */ ms) => everyMs(call, ms).unref(),
  EventSource: class { addEventListener() {} close() {} },
});

const me = { operator: { id: "c1", name: "Lin" }, workstation: "1", lock_minutes: 5 };
const [open, closed] = [{ ...me, is_locked: false }, { ...me, is_locked: true }];

/** Answers by request: a reply, a promise of one, or nothing where the hub is not heard. */
/** @type {Record<string, any>} */
const answers = {};
/** @type {string[]} */
const asked = [];
globalThis.fetch = /** @type {any} */ (async (/** @type {string} */ path, /** @type {any} */ how) => {
  const key = `${how.method} ${path.replace("/api/v1", "")}`;
  asked.push(key);
  const reply = await (answers[key] ?? [404, { code: "not_found" }]);
  if (reply === "silent") throw new Error("no answer");
  const [status, body] = reply;
  return { status, text: async () => (body === null ? "" : JSON.stringify(body)) };
});

const state = await import("../../hub/ui/state.js");
const page = await import("../../hub/ui/session.js");

/** @param {Record<string, any>} next */
function hubSays(next) {
  for (const key of Object.keys(answers)) delete answers[key];
  Object.assign(answers, { "GET /sign-in": [200, { workstation: "1" }] }, next);
  asked.length = 0;
  state.refusals.value = [];
}

const isLocked = () => state.session.peek()?.is_locked;

test("what a form hears of a locked screen shows the locked screen", async () => {
  hubSays({ "GET /days": [423, { code: "locked", detail: "locked" }] });
  state.session.value = /** @type {any} */ (open);
  const { api } = await import("../../hub/ui/api.js");
  const { problem } = await page.ask(api.days);
  assert.equal(problem?.code, "locked");
  assert.equal(isLocked(), true);
});

test("a screen that says it is in use hears that the hub has locked it", async () => {
  state.session.value = /** @type {any} */ (open);
  hubSays({ "GET /session": [200, open] });
  await page.say();
  assert.equal(isLocked(), false);
  hubSays({ "GET /session": [200, closed] });
  await page.say();
  assert.equal(isLocked(), true);
});
