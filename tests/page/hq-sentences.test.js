// What headquarters says of a store, in both languages, and its moments and days.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isolated } from "../../cloud-bridge/hq/ui/isolated.js";
import { fileURLToPath } from "node:url";
import "./shared.js";

const { forked, keptOf, lag, marks, presence, short } =
  await import("../../cloud-bridge/hq/ui/sentences.js");
const { clock, isDay, later, moment, weekday } = await import("../../cloud-bridge/hq/ui/times.js");

process.env.TZ = "Asia/Taipei";

const TEXTS = ["zh-TW", "en"].map((tag) => JSON.parse(readFileSync(fileURLToPath(
  new URL(`../../cloud-bridge/hq/text/page.${tag}.json`, import.meta.url)), "utf8")));

/** The sentence in Chinese and in English. @param {[string, Record<string, unknown>] | null} said */
function read(said) {
  assert.ok(said);
  const [key, values] = said;
  return TEXTS.map((texts) => {
    assert.ok(key in texts, key);
    return texts[key].replace(/\{(\w+)\}/g, (/** @type {string} */ whole, /** @type {string} */ name) =>
      String(values[name] ?? whole));
  });
}

// 2026-11-24 10:12 in Taipei.
const AT = Date.UTC(2026, 10, 24, 2, 12);
const HOUR = 3_600_000;

/** @param {Partial<import("../../cloud-bridge/hq/ui/types.d.ts").StoreView>} what */
const store = (what) => ({
  store: "367", name: "信義門市", region: "", currency: "TWD", online: true, since_ms: AT,
  heard_ms: AT, waiting_rows: 0, waiting_sales: 0, waiting_since_ms: null, stream: null,
  through: 0, sales: 0, net: 0, net_week_before: 0, alerts: 0, policy_version: null,
  policy_refused: null, frozen: false, trade: null, ...what,
});

test("what waits is said in sales, since when", () => {
  const waiting = store({ waiting_rows: 7, waiting_sales: 3, waiting_since_ms: AT });
  assert.deepEqual(read(lag(waiting, AT + HOUR)),
    ["10:12 起有 3 筆交易待送", "3 sales waiting since 10:12"]);
  assert.deepEqual(read(lag({ ...waiting, waiting_sales: 1 }, AT + HOUR))[1],
    "1 sale waiting since 10:12");
  assert.deepEqual(read(lag(waiting, AT + 24 * HOUR))[1], "3 sales waiting since 11-24 10:12");
});

test("rows without a sale among them are rows", () => {
  const waiting = store({ waiting_rows: 2, waiting_since_ms: AT });
  assert.equal(read(lag(waiting, AT))[1], "2 rows waiting since 10:12");
  assert.equal(read(lag({ ...waiting, waiting_rows: 1, waiting_since_ms: null }, AT))[1],
    "1 row waiting");
});

test("of a store that is away nobody knows what waits, unless it said so", () => {
  assert.equal(lag(store({}), AT), null);
  assert.match(read(lag(store({ online: false }), AT))[1] ?? "", /will be known when it is back/);
  const said = store({ online: false, waiting_rows: 1, waiting_sales: 1, waiting_since_ms: AT });
  assert.equal(read(lag(said, AT))[1], "1 sale waiting since 10:12");
});

test("a store is there, away since a moment, or never was", () => {
  assert.equal(read(presence(store({}), AT))[1], "online since 10:12");
  assert.equal(read(presence(store({ online: false }), AT))[1], "offline since 10:12");
  assert.equal(read(presence(store({ online: null, since_ms: null }), AT))[1], "never connected");
  const dateless = store({ since_ms: null, heard_ms: null });
  assert.equal(read(presence(dateless, AT))[1], "online");
});

test("every kind of fork has a sentence that names the store and both streams", () => {
  const fork = {
    store: "367", stream: "0193af10-0000-7000-8000-00000000aaaa", after: 42, cause: "", rows_ahead: 0,
    into: "0193af10-0000-7000-8000-00000000bbbb", at_ms: AT,
  };
  for (const cause of ["restored", "diverged", "frozen", "broken"]) {
    for (const into of [fork.into, null]) {
      for (const text of read(forked({ ...fork, cause, into }, "信義門市"))) {
        assert.ok(text.includes("信義門市") && text.includes("42"), text);
        assert.ok(text.includes("0000aaaa"), text);
        assert.equal(text.includes("0000bbbb"), into !== null, text);
        assert.doesNotMatch(text, /\{\w+\}/);
      }
    }
  }
  assert.equal(keptOf(fork), null);
  assert.match(read(keptOf({ ...fork, rows_ahead: 100 }))[1] ?? "", /keeps 100 rows/);
  assert.match(read(keptOf({ ...fork, rows_ahead: 1 }))[1] ?? "", /one row/);
});

test("streams begun at about the same time are told apart", () => {
  assert.notEqual(short("0193af10-0000-7000-8000-00000000aaaa"),
    short("0193af10-0000-7000-8000-00000000bbbb"));
});

test("what needs somebody is marked, the gravest first", () => {
  assert.deepEqual(marks(store({})), []);
  assert.deepEqual(marks(store({ frozen: true, policy_refused: "no" })),
    ["frozen", "policy_refused"]);
});

test("a moment is written by the clock of the place that it is of", () => {
  assert.equal(clock(AT), "10:12");
  assert.equal(clock(AT, -18_000), "21:12");
  // The evening before, where the store is.
  assert.equal(moment(AT, AT + 4 * HOUR, -18_000), "11-23 21:12");
  assert.equal(moment(AT, AT + 4 * HOUR, 28_800), "10:12");
});

test("days are counted over the ends of months and years", () => {
  assert.equal(later("2026-12-31", 1), "2027-01-01");
  assert.equal(later("2028-03-01", -1), "2028-02-29");
  assert.deepEqual(["2026-11-24", "2026-02-30", "2026-1-1", "", "2026-13-01"].map(isDay),
    [true, false, false, false, false]);
  assert.equal(weekday("2026-11-24", "en"), "Tue");
});

test("a name that is written from the right turns no sentence around", () => {
  assert.equal(isolated("信義門市 S-1"), "信義門市 S-1");
  assert.equal(isolated("متجر"), "\u2068متجر\u2069");
  // What would end the isolation early, or lead out of it, does neither.
  assert.equal(isolated("a\u2069\u202eb"), "\u2068a\u202eb\u2069");
});
