// A scanner's burst and a person's typing, told apart by time stamps alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LENGTH_MAX, WedgeDecoder } from "../../hub/ui/wedge.js";

const CODE = "4710088412584";

/**
 * Types keys with these pauses before each; the held ones are shown where the page's timer would.
 * @param {WedgeDecoder} decoder
 * @param {Iterable<string>} keys
 * @param {number | ((index: number) => number)} pause in milliseconds
 * @param {number} [startMs]
 */
function type(decoder, keys, pause, startMs = 1000) {
  const shown = [];
  const verdicts = [];
  let atMs = startMs;
  let index = 0;
  for (const key of keys) {
    const gap = index === 0 ? 0 : typeof pause === "number" ? pause : pause(index);
    if (decoder.isHolding && gap >= decoder.holdMs) shown.push(...decoder.release());
    atMs += gap;
    const verdict = decoder.key(key, atMs);
    shown.push(...verdict.released);
    verdicts.push(verdict);
    index += 1;
  }
  const last = verdicts.at(-1);
  assert.ok(last);
  return { last, shown: shown.join(""), atMs };
}

const withEnter = (/** @type {string} */ code, suffix = "Enter") => [...code, suffix];

test("a burst that ends in Enter is a scan and shows nothing", () => {
  for (const pace of [0, 1, 4, 12, 30, 45]) {
    const { last, shown } = type(new WedgeDecoder(), withEnter(CODE), pace);
    assert.deepEqual(last, { kind: "scan", released: [], code: CODE, takeBack: 0 }, `${pace} ms`);
    assert.equal(shown, "");
  }
});

test("Tab ends a scan as well as Enter", () => {
  const { last } = type(new WedgeDecoder(), withEnter(CODE, "Tab"), 5);
  assert.equal(last.kind, "scan");
});

test("what a person types is shown, in order, and never a scan", () => {
  for (const pace of [60, 80, 110, 119, 150, 400]) {
    const { last, shown } = type(new WedgeDecoder(), withEnter(CODE), pace);
    assert.equal(last.kind, "pass", `${pace} ms`);
    assert.equal(shown, CODE, `${pace} ms`);
  }
});

test("keys that roll over each other are still a person's", () => {
  const { last, shown } = type(new WedgeDecoder(), withEnter("拿鐵latte"),
    (index) => (index % 3 === 0 ? 15 : 90));
  assert.equal(last.kind, "pass");
  assert.equal(shown, "拿鐵latte");
});

test("a machine that stutters in the middle of a scan changes nothing", () => {
  for (const at of [3, 5, 9, 13]) {
    const { last, shown } = type(new WedgeDecoder(), withEnter(CODE),
      (index) => (index === at ? 280 : 6));
    assert.equal(last.kind, "scan", `after key ${at}`);
    assert.equal(shown, "");
  }
});

test("what a long stutter let through is taken back", () => {
  const { last, shown } = type(new WedgeDecoder(), withEnter(CODE),
    (index) => (index === 4 ? 450 : 6));
  assert.deepEqual(last, { kind: "scan", released: [], code: CODE, takeBack: 4 });
  assert.equal(shown, CODE.slice(0, 4));
});

test("a stutter after the very first key takes that key back", () => {
  const { last } = type(new WedgeDecoder(), withEnter(CODE), (index) => (index === 1 ? 100 : 6));
  assert.deepEqual(last, { kind: "scan", released: [], code: CODE, takeBack: 1 });
});

test("every scan of a thousand jittery ones is read whole", () => {
  const seed = Date.now() % 1_000_000;
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let round = 0; round < 1000; round += 1) {
    const stutters = new Set([0, 0, 0].map(() => 3 + Math.floor(10 * random())));
    const { last } = type(new WedgeDecoder(), withEnter(CODE),
      (index) => (stutters.has(index) ? 490 : 40) * random());
    assert.equal(last.kind === "scan" && last.code, CODE, `seed ${seed}, round ${round}`);
  }
});

test("what was typed before a scan stays out of it", () => {
  const decoder = new WedgeDecoder();
  const { shown, atMs } = type(decoder, "3*", 140);
  decoder.release();
  const scan = type(decoder, withEnter(CODE), 6, atMs + 130);
  assert.equal(shown, "3");
  assert.equal(scan.last.kind === "scan" && scan.last.code, CODE);
});

test("two scans in a row are two", () => {
  const decoder = new WedgeDecoder();
  const first = type(decoder, withEnter(CODE), 5);
  const second = type(decoder, withEnter("0410000000014"), 5, first.atMs + 40);
  assert.equal(first.last.kind, "scan");
  assert.equal(second.last.kind === "scan" && second.last.code, "0410000000014");
});

test("the line feed after a scan's Enter presses nothing, a person's Enter does", () => {
  const decoder = new WedgeDecoder();
  const { atMs } = type(decoder, withEnter(CODE), 5);
  assert.equal(decoder.key("Enter", atMs + 5).kind, "swallow");
  assert.equal(decoder.key("Enter", atMs + 400).kind, "pass");
});

test("short runs, a finger that rests on a key and other keys are not scans", () => {
  assert.equal(type(new WedgeDecoder(), withEnter("12345"), 5).last.kind, "pass");
  const resting = new WedgeDecoder();
  for (let at = 0; at < 20; at += 1) {
    const verdict = resting.key("7", 1000 + 30 * at, at > 0);
    assert.equal(verdict.kind, at === 0 ? "hold" : "pass");
  }
  assert.equal(resting.key("Enter", 1610).kind, "pass");
  const broken = type(new WedgeDecoder(), [..."471008", "ArrowLeft", ..."8412", "Enter"], 5);
  assert.equal(broken.last.kind, "pass");
  assert.equal(broken.shown, "4710088412");
});

test("capitals and the separators of GS1 codes belong to a scan", () => {
  const gs1 = ["]", "C", "1", ..."0109521", "Control", "\u001d", "Shift", "A", "B", "Enter"];
  const { last } = type(new WedgeDecoder(), gs1, 5);
  assert.equal(last.kind === "scan" && last.code, "]C10109521\u001dAB");
});

test("a run longer than any code is shown, not kept", () => {
  const endless = "1".repeat(LENGTH_MAX + 1);
  const { last, shown } = type(new WedgeDecoder(), endless, 5);
  assert.equal(last.kind, "pass");
  assert.equal(shown.length, LENGTH_MAX);
});
