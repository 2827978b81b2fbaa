// The live stream: it comes back by itself, and its silence is noticed.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { LiveStream } from "../../hub/ui/stream.js";
import { Silence, SILENCE_MS } from "../../hub/ui/silence.js";

/** The browser's event source, driven by hand. */
class Source {
  /** @type {Source[]} */
  static made = [];
  /** @type {Map<string, (event: { data: string }) => void>} */
  listeners = new Map();
  isClosed = false;
  onerror = () => {};

  /** @param {string} url */
  constructor(url) {
    assert.equal(url, "/api/v1/live");
    Source.made.push(this);
  }

  /** @param {string} type @param {(event: { data: string }) => void} listener */
  addEventListener(type, listener) {
    this.listeners.set(type, listener);
  }

  close() {
    this.isClosed = true;
  }

  /** @param {string} type @param {unknown} [data] */
  emit(type, data = {}) {
    this.listeners.get(type)?.({ data: JSON.stringify(data) });
  }

  static get last() {
    const last = Source.made.at(-1);
    assert.ok(last);
    return last;
  }

  static get open() {
    return Source.made.filter((source) => !source.isClosed).length;
  }
}

/** @type {any[]} */
let heard = [];
/** The status of `/session`, 0 where nobody answers. */
let status = 200;
let asked = 0;

beforeEach((context) => {
  Source.made = [];
  heard = [];
  status = 200;
  asked = 0;
  Object.assign(globalThis, {
    EventSource: Source,
    fetch: async () => {
      asked += 1;
      if (status === 0) throw new TypeError("no network");
      return { status };
    },
  });
  /** @type {import("node:test").TestContext} */ (context).mock.timers.enable({
    apis: ["setTimeout"],
  });
});

const opened = () => {
  const stream = new LiveStream((message) => heard.push(message));
  stream.open();
  return stream;
};

/** Lets the promises of a retry run. */
async function turns() {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

test("events are passed on, each under its own name", () => {
  opened();
  Source.last.emit("view", { revision: 1 });
  Source.last.emit("heartbeat");
  Source.last.emit("alert", { item: "x" });
  Source.last.emit("notice", { code: "stopping" });
  assert.deepEqual(heard, [
    { type: "view", data: { revision: 1 } }, { type: "beat" },
    { type: "alert", data: { item: "x" } }, { type: "notice", data: { code: "stopping" } },
  ]);
});

test("a broken stream is made anew, and there is never more than one", async (context) => {
  opened();
  for (let round = 1; round <= 3; round += 1) {
    Source.last.onerror();
    assert.equal(Source.open, 0);
    context.mock.timers.tick(200);
    await turns();
    assert.equal(Source.made.length, round + 1);
    assert.equal(Source.open, 1);
    Source.last.emit("heartbeat");
  }
});

test("a stream without heartbeats is given up after four seconds", async (context) => {
  opened();
  context.mock.timers.tick(3999);
  Source.last.emit("heartbeat");
  context.mock.timers.tick(3999);
  assert.equal(Source.made.length, 1);
  context.mock.timers.tick(1);
  assert.equal(Source.open, 0);
  context.mock.timers.tick(200);
  await turns();
  assert.equal(Source.made.length, 2);
});

test("while the hub is away the pauses grow to two seconds and the tries never end", async (context) => {
  opened();
  status = 0;
  Source.last.onerror();
  const pauses = [];
  for (let round = 0; round < 8; round += 1) {
    let waited = 0;
    const before = asked;
    while (asked === before) {
      context.mock.timers.tick(100);
      waited += 100;
      assert.ok(waited <= 5000, "no further try");
    }
    pauses.push(waited);
    await turns();
  }
  assert.deepEqual(pauses, [200, 500, 1000, 2000, 2000, 2000, 2000, 2000]);
  status = 200;
  context.mock.timers.tick(2000);
  await turns();
  assert.equal(Source.open, 1);
});

for (const over of [401, 409]) {
  test(`a session that is over (${over}) is said once and not asked for again`, async (context) => {
    opened();
    status = over;
    Source.last.onerror();
    context.mock.timers.tick(200);
    await turns();
    assert.deepEqual(heard, [{ type: "signed_out" }]);
    context.mock.timers.tick(60_000);
    await turns();
    assert.equal(asked, 1);
    assert.equal(Source.open, 0);
  });
}

test("a closed stream stays closed, a reopened one is new", async (context) => {
  const stream = opened();
  stream.open();
  assert.equal(Source.made.length, 1);
  stream.close();
  context.mock.timers.tick(60_000);
  await turns();
  assert.equal(Source.open, 0);
  stream.open();
  stream.reopen();
  assert.equal(Source.open, 1);
  assert.equal(Source.made.length, 3);
});

test("silence is noticed in time, and a late look accuses nobody", () => {
  const silence = new Silence();
  silence.heard(0);
  for (let now = 0; now < SILENCE_MS; now += 100) {
    assert.notEqual(silence.look(now), true, `${now} ms`);
  }
  assert.equal(silence.look(SILENCE_MS), true);
  assert.equal(silence.look(SILENCE_MS + 100), true);
  silence.heard(SILENCE_MS + 150);
  assert.equal(silence.look(SILENCE_MS + 200), false);
  // The tab slept for a minute: what came meanwhile has not been heard yet.
  assert.equal(silence.look(60_000), null);
  assert.equal(silence.look(60_100), true);
});
