// What a scanner at a port of the hub reads is taken where the screen takes scans, and once.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./browser.js";

Object.assign(globalThis, {
  document: { visibilityState: "visible", hasFocus: () => true },
  localStorage: {
    kept: /** @type {Record<string, string>} */ ({}),
    /** @param {string} key */
    getItem(key) { return this.kept[key] ?? null; },
    /** @param {string} key @param {string} value */
    setItem(key, value) { this.kept[key] = value; },
  },
});
const { heardScan, takeScans } = await import("../../hub/ui/counter.js");
const state = await import("../../hub/ui/state.js");

test("a scan is nothing to a screen that takes none, and is taken once where it is", () => {
  /** @type {string[]} */
  const taken = [];
  state.scanGoesTo.value = (code) => void taken.push(code);
  state.wantsBadge.value = true;
  heardScan({ code: "SB0123456789ABCDEF", number: 1 });
  takeScans(() => false);
  heardScan({ code: "SB0123456789ABCDEF", number: 2 });
  assert.deepEqual(taken, [], "the screen on which a register is claimed");
  takeScans(() => true);
  heardScan({ code: "SB0123456789ABCDEF", number: 3 });
  heardScan({ code: "SB0123456789ABCDEF", number: 3 });
  assert.deepEqual(taken, ["SB0123456789ABCDEF"]);
});
