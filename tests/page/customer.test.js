// When a customer's screen asks to be paired, and when it only waits for its hub.
import assert from "node:assert/strict";
import { test } from "node:test";
import { follow, pairedBy } from "../../hub/ui/customer/stream.js";

test("only a hub that says so sends a screen away", () => {
  assert.equal(pairedBy({ status: 200, body: { showing: "welcome" } }), true);
  assert.equal(pairedBy({ status: 404, body: { code: "not_paired" } }), false);
  for (const reply of [null, { status: 503, body: { code: "stopping" } }, { status: 502, body: null },
    { status: 429, body: { code: "too_many_requests" } }]) {
    assert.equal(pairedBy(reply), null, JSON.stringify(reply));
  }
});

test("a stream that does not come back is asked about, and one that speaks is not", (context) => {
  let nowMs = 0;
  /** @type {Map<string, (event: any) => void>} */
  const heard = new Map();
  /** @type {() => void} */
  let tick = () => {};
  context.mock.method(performance, "now", () => nowMs);
  Object.assign(globalThis, {
    EventSource: class {
      /** @param {string} type @param {(event: any) => void} listener */
      addEventListener(type, listener) { heard.set(type, listener); }
      close() {}
    },
  });
  context.mock.method(globalThis, "setInterval", (/** @type {() => void} */ call) => { tick = call; });
  let looks = 0;
  const end = follow({ show: () => {}, hear: () => {}, look: () => { looks += 1; } });
  for (; nowMs < 10_000; nowMs += 200) {
    heard.get("heartbeat")?.({});
    tick();
  }
  assert.equal(looks, 0);
  for (; nowMs < 17_000; nowMs += 200) tick();
  assert.equal(looks, 2, "each time that it is made anew");
  end();
});
