// Which devices want a hand, and what a person writes down of one.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  byRegister, deedsOf, deviceFound, deviceOf, fieldsOf, freeId, kindOfFound, optionsOf,
  troubles, trialsOf, withDevice, without,
} from "../../hub/ui/devices.js";

/** @typedef {import("../../hub/ui/types.d.ts").DeviceView} DeviceView */
/** @typedef {import("../../hub/ui/types.d.ts").Device} Device */

/** @param {Partial<DeviceView>} more @returns {DeviceView} */
const view = (more) => ({
  id: "a", kind: "receipt_printer", registers: [], condition: "ready", works: true, reason: null,
  since_ms: 0, is_simulated: false, is_open: null, ...more,
});

test("a register hears of its own devices and of the store's, those that fail first", () => {
  const all = [
    view({ id: "low", condition: "paper_low" }),
    view({ id: "well" }),
    view({ id: "new", condition: "starting", works: false }),
    view({ id: "own", registers: [1], condition: "absent", works: false }),
    view({ id: "other", registers: [2, 12], condition: "absent", works: false }),
  ];
  const ids = (/** @type {string | null} */ at) => troubles(all, at).map(({ id }) => id);
  assert.deepEqual(ids("1"), ["own", "low"]);
  assert.deepEqual(ids("2"), ["other", "low"]);
  assert.deepEqual(ids("3"), ["low"]);
  assert.deepEqual(ids(null), ["own", "other", "low"], "the office hears of all");
});

test("devices stand by register, the store's own first", () => {
  const groups = byRegister([
    view({ id: "b", kind: "scale", registers: [2] }),
    view({ id: "c", registers: [10, 2] }),
    view({ id: "d" }),
  ]);
  assert.deepEqual(groups.map(({ register, devices }) =>
    [register, ...devices.map(({ id }) => id)]), [[null, "d"], [2, "c", "b"], [10, "c"]]);
  assert.deepEqual(byRegister([]), []);
});

test("a new device has a name that nobody has", () => {
  assert.equal(freeId([], "receipt_printer"), "printer-1");
  assert.equal(freeId([{ id: "printer-1" }, { id: "printer-2" }], "receipt_printer"), "printer-3");
  assert.equal(freeId([], "scale"), "scale-1");
});

test("what is typed becomes what settings say, and what the form does not know stays", () => {
  const before = /** @type {Device} */ ({
    id: "front", kind: "receipt_printer", port: "tcp:a:1", native_symbols: false, mode: "big5",
  });
  const options = optionsOf("receipt_printer", { "receipt_printer.profile": ["epson_80"] });
  const fields = {
    id: " front ", kind: "receipt_printer", port: "tcp:b:9100", registers: "1 3", fallback: "",
    mode: "", profile: "epson_80",
  };
  assert.deepEqual(deviceOf(before, fields, options), {
    id: "front", kind: "receipt_printer", port: "tcp:b:9100", registers: [1, 3],
    profile: "epson_80", native_symbols: false,
  });
  const drawer = deviceOf(before,
    { id: "till", kind: "cash_drawer", port: "", registers: "", open_max_s: "45", pin: "pin5" },
    optionsOf("cash_drawer", {}));
  assert.deepEqual(drawer, { id: "till", kind: "cash_drawer", open_max_s: 45, pin: "pin5" },
    "nothing of another kind is kept");
});

test("an option whose values nobody names is typed", () => {
  const [dialect] = optionsOf("card_terminal", {});
  assert.equal(dialect?.type, "text");
  const [known] = optionsOf("card_terminal", { "card_terminal.dialect": ["a"] });
  assert.deepEqual([known?.type, known?.choices], ["choice", ["a"]]);
  assert.deepEqual(optionsOf("robot", {}), []);
});

test("a device that gets another name is followed by those that lean on it", () => {
  const list = /** @type {Device[]} */ ([
    { id: "front", kind: "receipt_printer", port: "tcp:a:1", fallback: "back" },
    { id: "back", kind: "receipt_printer", port: "tcp:b:1" },
    { id: "till", kind: "cash_drawer", printer: "back" },
  ]);
  const next = withDevice(list, "back", { id: "rear", kind: "receipt_printer", port: "tcp:b:1" });
  assert.deepEqual(next.map(({ id, fallback, printer }) => [id, fallback, printer]),
    [["front", "rear", undefined], ["rear", undefined, undefined], ["till", undefined, "rear"]]);
  assert.equal(withDevice(list, null, { id: "x", kind: "scale" }).length, 4);
  assert.deepEqual(without(list, "front").map(({ id }) => id), ["back", "till"]);
  assert.deepEqual(without(list, "back").map(({ id, fallback, printer }) => [id, fallback, printer]),
    [["front", undefined, undefined], ["till", undefined, undefined]]);
});

test("what was found is set up as what it seems to be", () => {
  assert.equal(kindOfFound("scale"), "scale");
  assert.equal(kindOfFound("keyboard"), "scanner");
  assert.equal(kindOfFound("serial_adapter"), "receipt_printer");
});

test("only a paper of which nobody knows is settled or printed again, whatever it is", () => {
  const paper = /** @type {import("../../hub/ui/types.d.ts").OpenPaper} */ ({
    transaction_id: "t", copy: 0, number: 7, total: null, completed_ms: null, workstation: "1",
    printer: null, state: "unknown", has_stood_in: false,
  });
  assert.deepEqual(deedsOf(paper), ["came_out", "again"]);
  assert.deepEqual(deedsOf({ ...paper, number: null }), ["came_out", "again"], "a report too");
  for (const state of /** @type {const} */ (["queued", "printing", "done"])) {
    assert.deepEqual(deedsOf({ ...paper, state }), []);
  }
});

test("a terminal is not tried: it would take money", () => {
  assert.deepEqual(trialsOf("card_terminal"), []);
  assert.ok(trialsOf("receipt_printer").includes("test_page"));
});

test("what was said of one kind is no setting of another", () => {
  const edc = /** @type {Device} */ ({
    id: "edc", kind: "card_terminal", port: "tcp:edc:9000", dialect: "taiwan_144", answer_s: 30,
  });
  const options = optionsOf("customer_display", {});
  const fields = (/** @type {string} */ kind) => ({ ...fieldsOf(edc, kind), id: "edc", kind });
  assert.deepEqual(deviceOf(edc, fields("customer_display"), options),
    { id: "edc", kind: "customer_display" });
  assert.equal(fieldsOf(edc, "card_terminal").dialect, "taiwan_144", "back again it is as it was");
});

test("what answered is taken over with the protocol in which it did", () => {
  const found = {
    address: "serial:/dev/ttyUSB0@9600,7E1", file: "/dev/ttyUSB0", kind: "scale", model: null,
    product: null, reason: "serial_line", parameters: {}, lines: [], used_by: null,
    answered: "toledo", options: { protocol: "toledo_8217" },
  };
  assert.deepEqual(deviceFound(found, [{ id: "scale-1" }]), {
    id: "scale-2", kind: "scale", port: "serial:/dev/ttyUSB0@9600,7E1", protocol: "toledo_8217",
  });
});

test("whatever keeps a scale from being weighed has words", () => {
  const codes = [
    "absent", "zero", "moving", "too_light", "over_capacity", "under_zero", "too_fine", "own_tare",
    "scale_nonsense", "scale_bad_check", "scale_foreign_unit", "scale_fault", "scale_bad_command",
    "scale_slow", "scale_gone",
  ];
  for (const tag of ["en", "zh-TW"]) {
    const file = new URL(`../../hub/text/page.${tag}.json`, import.meta.url);
    const texts = JSON.parse(readFileSync(file, "utf8"));
    const said = (/** @type {string} */ code) =>
      texts[`trial_fault.${code}`] ?? texts[`condition.${code}`];
    assert.deepEqual(codes.filter((code) => !said(code)), [], tag);
  }
});
