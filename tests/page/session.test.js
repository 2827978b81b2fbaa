// Who is signed on, as the page follows it, at a hub that answers what a test says.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./browser.js";

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

/** A promise that is kept when a test says so. */
function later() {
  /** @type {(reply: any) => void} */
  let keep = () => {};
  const reply = new Promise((resolve) => { keep = resolve; });
  return { reply, keep };
}

test("a screen is locked also where the hub does not hear of it or cannot write it down", async () => {
  for (const answer of ["silent", [507, { code: "disk_full", detail: "full" }]]) {
    state.session.value = /** @type {any} */ (open);
    hubSays({ "POST /session/lock": answer, "GET /session": [200, open] });
    await page.lock();
    assert.equal(isLocked(), true, String(answer));
    assert.equal(state.refusals.value.length, 1, "and it is said");
    // The hub, which still holds the session for open, is told again, and opens nothing here.
    hubSays({ "POST /session/lock": [204, null], "GET /session": [200, open] });
    await page.refresh();
    assert.equal(isLocked(), true);
    assert.ok(asked.includes("POST /session/lock"));
  }
});

test("nobody stands before a locked screen of a session that is over", async () => {
  state.session.value = /** @type {any} */ (open);
  hubSays({ "POST /session/lock": [401, { code: "not_signed_in" }], "GET /session": [401, null] });
  await page.lock();
  assert.equal(state.session.peek(), null);
  await page.refresh();
});

test("who has just taken over is not put out by what was said of the cashier before", async () => {
  const next = { ...open, operator: { id: "c2", name: "Chen" } };
  const [old, unlocking] = [later(), later()];
  state.session.value = /** @type {any} */ (closed);
  hubSays({ "GET /session": old.reply, "POST /session/unlock": unlocking.reply });
  const reading = page.refresh();
  const taking = page.unlock({ operator: "c2", pin: "482913" });
  page.hear({ type: "notice", data: { code: "session_ended" } });
  page.hear({ type: "signed_out" });
  assert.ok(state.session.peek(), "while it is under way");
  unlocking.keep([200, next]);
  assert.equal(await taking, null);
  old.keep([401, { code: "not_signed_in" }]);
  await reading;
  assert.equal(state.session.peek()?.operator.id, "c2", "the answer was older");
  hubSays({ "GET /session": [401, null] });
  page.hear({ type: "notice", data: { code: "session_ended" } });
  assert.equal(state.session.peek(), null, "one that ends afterwards is over");
  await page.refresh();
});

test("a hub that locked the screen by itself says no more than whether a basket is there", async () => {
  state.session.value = /** @type {any} */ (open);
  hubSays({ "GET /session": [200, closed] });
  page.hear({ type: "locked", data: { phase: "selling", has_basket: true, notices: [] } });
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([isLocked(), state.behind.peek()?.has_basket], [true, true]);
  hubSays({ "POST /session/unlock": [200, open] });
  await page.unlock({ operator: "c1", pin: "482913" });
  assert.equal(state.behind.peek(), null);
  hubSays({ "GET /session": [401, null] });
  await page.refresh();
});
