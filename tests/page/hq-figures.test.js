// Headquarters' figures: amounts by their currency, comparisons, bars, hours.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import "./shared.js";

const {
  amount, average, brief, change, percent, quantity, SCALES, scaleOf, share,
} = await import("../../cloud-bridge/hq/ui/amounts.js");
const { columns, hourText, wholeHours } = await import("../../cloud-bridge/hq/ui/series.js");

test("an amount has its currency's decimals", () => {
  assert.equal(amount(1234567, "TWD"), "NT$1,234,567");
  assert.equal(amount(1234567, "USD"), "$12,345.67");
  assert.equal(amount(5, "USD"), "$0.05");
  assert.equal(amount(-5, "USD"), "−$0.05");
  assert.equal(amount(0, "TWD"), "NT$0");
  assert.equal(amount(1234567, "KWD"), "KWD 1,234.567");
  assert.equal(amount(2 ** 53 - 1, "TWD"), "NT$9,007,199,254,740,991");
  assert.equal(amount(2 ** 53 - 1, "USD"), "$90,071,992,547,409.91");
});

test("the decimals are those of the till", () => {
  const source = readFileSync(
    fileURLToPath(new URL("../../actors/core/src/money.rs", import.meta.url)), "utf8");
  // The table of the smallest coins stands beside it, in the same form.
  const scales = source.replace(/const COINS[\s\S]*?\n\];/, "");
  const table = Object.fromEntries([...scales.matchAll(/\(b"([A-Z]{3})", (\d)\)/g)]
    .map(([, code, scale]) => [code, Number(scale)]));
  assert.ok(Object.keys(table).length > 20, "where is the till's table now?");
  assert.deepEqual(SCALES, table);
  assert.equal(scaleOf("USD"), 2);
});

test("a brief amount is rounded to a tenth of a large round number", () => {
  const zh = (/** @type {number} */ minor) => brief(minor, "TWD", "zh-TW");
  assert.deepEqual([0, 9999, 10_000, 12_499, 12_500, 99_949, 123_000_000].map(zh),
    ["0", "9999", "1萬", "1.2萬", "1.3萬", "10萬", "1.2億"]);
  const en = (/** @type {number} */ minor) => brief(minor, "USD", "en");
  assert.deepEqual([0, 149, 150, 99_949, 123_450, 1_000_000_00, -123_450].map(en),
    ["0", "1", "2", "999", "1.2K", "1M", "−1.2K"]);
});

test("a comparison is exact to a tenth of a percent, and there is none with nothing", () => {
  assert.equal(change(1100, 1000), 100);
  assert.equal(change(1000, 3000), -667);
  assert.equal(change(2000, 3000), -333);
  assert.equal(change(0, 1000), -1000);
  assert.equal(change(-500, 1000), -1500);
  assert.equal(change(1000, 0), null);
  assert.equal(change(1000, -5), null);
  assert.deepEqual([123, -40, 0, 1000, -667].map(percent), ["+12.3%", "−4%", "±0%", "+100%", "−66.7%"]);
});

test("an average is a whole minor unit, and there is none without a sale", () => {
  assert.equal(average(100, 3), 33);
  assert.equal(average(200, 3), 67);
  assert.equal(average(-200, 3), -67);
  assert.equal(average(5, 2), 3);
  assert.equal(average(100, 0), null);
});

test("a bar is as long as its part of the longest", () => {
  assert.deepEqual([share(50, 100), share(1, 3), share(0, 5), share(-5, 10), share(5, 0)],
    [50, 33, 0, 0, 0]);
});

test("a quantity has no decimals that say nothing", () => {
  assert.deepEqual([1000, 1250, -500, 0, 1_234_567_001, 40].map(quantity),
    ["1", "1.25", "−0.5", "0", "1,234,567.001", "0.04"]);
});

const hour = (/** @type {number} */ at, net = 0, before = 0) =>
  ({ hour: at, sales: net ? 1 : 0, net, net_week_before: before });

test("the hours of a chart have no gap and no empty ends", () => {
  const whole = wholeHours([hour(22), hour(11, 70, 0), hour(8), hour(9, 0, 40)]);
  assert.deepEqual(whole.map((one) => one.hour), [9, 10, 11]);
  assert.deepEqual(columns(whole), [[9, 10, 11], [0, 0, 70], [40, 0, 0]]);
  assert.deepEqual(columns([hour(9, 5)])[2], [null], "no day before is no line along the bottom");
  assert.deepEqual(wholeHours([hour(8), hour(9)]), []);
  assert.deepEqual(wholeHours([]), []);
  // A return alone comes to less than nothing.
  assert.deepEqual(wholeHours([hour(3, -5)]).map((one) => one.net), [-5]);
});

test("an hour is written from when to when", () => {
  assert.deepEqual([0, 9, 23].map(hourText), ["00–01", "09–10", "23–00"]);
});
