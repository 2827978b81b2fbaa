// What a cashier reads of the link to headquarters.
import assert from "node:assert/strict";
import { test } from "node:test";
import { linkText } from "../../hub/ui/parts/header.js";

const NOW_MS = new Date(2026, 4, 1, 10, 12).getTime();

test("a link that holds says no more than that", () => {
  const quiet = { is_connected: true, sales: 0, since_ms: null };
  assert.deepEqual(linkText(quiet, NOW_MS), ["connected", {}]);
  // A sale that was just made is on its way.
  const selling = { is_connected: true, sales: 1, since_ms: NOW_MS - 900 };
  assert.deepEqual(linkText(selling, NOW_MS), ["connected", {}]);
});

test("sales that wait are counted, with the time of the oldest", () => {
  const waiting = ["waiting", { n: 3, time: "10:12" }];
  const away = { is_connected: false, sales: 3, since_ms: NOW_MS };
  assert.deepEqual(linkText(away, NOW_MS), waiting);
  const slow = { is_connected: true, sales: 3, since_ms: NOW_MS };
  assert.deepEqual(linkText(slow, NOW_MS + 6_000), waiting);
});

test("a link that is gone says so where nothing waits", () => {
  const gone = { is_connected: false, sales: 0, since_ms: null };
  assert.deepEqual(linkText(gone, NOW_MS), ["off", {}]);
});

test("a link file that cannot be used is said, whatever else is known", () => {
  const faulty = { is_connected: false, sales: 0, since_ms: null, fault: "link_file_malformed" };
  assert.deepEqual(linkText(faulty, NOW_MS), ["faulty", {}]);
});
