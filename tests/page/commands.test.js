// Commands reach the hub in order, one at a time, once — whatever happens to their answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { lineToJoin } from "../../hub/ui/join.js";
import { HubDouble, Terminal } from "./hub-double.js";

test("a cashier who scans faster than the answers come gets every line, in order", async () => {
  const hub = new HubDouble();
  const till = new Terminal(hub).begin();
  const codes = Array.from({ length: 40 }, (_, at) => `c${at}`);
  till.scan(...codes);
  await till.settled();
  assert.deepEqual(hub.codes, codes);
  assert.deepEqual(hub.received.map(({ version }) => version), codes.map((_, at) => at));
  assert.equal(new Set(hub.received.map(({ transaction_id }) => transaction_id)).size, 1);
});

test("an answer lost on its way is asked for again under the same id, and counts once", async () => {
  for (const loss of ["lost_before", "lost_after"]) {
    const hub = new HubDouble();
    hub.script = [loss, loss, loss];
    const till = new Terminal(hub).begin();
    till.scan("milk", "bread");
    await till.settled();
    assert.deepEqual(hub.codes, ["milk", "bread"], loss);
    const ids = hub.received.filter(({ command }) => command.code === "milk")
      .map((envelope) => JSON.stringify(envelope));
    assert.equal(new Set(ids).size, 1, "the same envelope each time");
  }
});

test("what waited before a reload is sent after it, under the same id", async () => {
  const hub = new HubDouble();
  hub.script = Array.from({ length: 4000 }, () => "lost_after");
  const before = new Terminal(hub).begin();
  before.scan("milk", "bread");
  await Promise.resolve();
  before.queue.hold();
  await before.settled();
  hub.script = [];
  const after = new Terminal(hub, before.storage);
  assert.equal(after.queue.entries.length, 2);
  after.begin();
  await after.settled();
  assert.deepEqual(hub.codes, ["milk", "bread"]);
  assert.equal(after.queue.entries.length, 0);
});

test("what a second person approved is sent with their token until there is an answer", async () => {
  const hub = new HubDouble();
  const till = new Terminal(hub).begin();
  till.scan("milk");
  await till.settled();
  hub.script = ["lost_before"];
  const off = { type: "modify_price", line: 1 };
  till.queue.add(off, { first: true, approval: "token-1" });
  await till.settled();
  assert.deepEqual(hub.approvals, [null, "token-1", "token-1"]);
  assert.equal(till.said.length, 2);
});

test("a locked screen sends nothing more, and what waits goes out when it is unlocked", async () => {
  const hub = new HubDouble();
  const till = new Terminal(hub).begin();
  hub.script = [{ status: 403, body: { code: "locked", detail: "locked" } }];
  till.scan("milk", "bread");
  await till.settled();
  assert.deepEqual([hub.codes, till.queue.entries.length], [[], 2]);
  till.queue.resume();
  await till.settled();
  assert.deepEqual(hub.codes, ["milk", "bread"]);
});

test("two tabs of one register sell into one basket and lose nothing to each other", async () => {
  const hub = new HubDouble();
  const [left, right] = [new Terminal(hub).begin(), new Terminal(hub).begin()];
  left.scan("a", "b", "c");
  right.scan("x", "y", "z");
  await left.settled();
  assert.deepEqual([...hub.codes].sort(), ["a", "b", "c", "x", "y", "z"]);
  assert.deepEqual(hub.codes.filter((code) => code < "m"), ["a", "b", "c"]);
});

test("a refused scan is named and the next goes on", async () => {
  const hub = new HubDouble();
  const till = new Terminal(hub).begin();
  till.scan("a", "unknown", "b");
  await till.settled();
  assert.deepEqual(hub.codes, ["a", "b"]);
  assert.deepEqual(till.said, ["scan_item item_added", "scan_item unknown_barcode",
    "scan_item item_added"]);
});

test("a line of a basket that ended meanwhile is not voided in the next one", async () => {
  const hub = new HubDouble();
  const till = new Terminal(hub).begin();
  till.scan("a");
  await till.settled();
  till.queue.hold();
  till.queue.add({ type: "void_line", line: 1 });
  hub.end();
  const other = new Terminal(hub).begin();
  other.scan("b");
  await other.settled();
  till.begin();
  await till.settled();
  assert.deepEqual(hub.codes, ["b"]);
  assert.equal(till.said.at(-1), "void_line transaction_ended");
});

test("a line command made for an older version is made again, an undo is not", async () => {
  for (const [type, said, left] of /** @type {const} */ ([
    ["void_line", "line_changed", ["b", "c"]],
    ["undo", "basket_changed", ["a", "b", "c"]],
  ])) {
    const hub = new HubDouble();
    const till = new Terminal(hub).begin();
    till.scan("a", "b");
    await till.settled();
    // Another tab scans, and this one has not heard of it yet.
    const other = new Terminal(hub).begin();
    other.scan("c");
    await other.settled();
    till.queue.add({ type, line: 1 });
    await till.settled();
    assert.deepEqual(hub.codes, left);
    assert.equal(till.said.at(-1), `${type} ${said}`);
  }
});

test("a member is named before the first scan, and of a basket that ended nothing is answered",
  async () => {
    const hub = new HubDouble();
    const till = new Terminal(hub).begin();
    till.queue.add({ type: "name_member", member: "M-1" });
    till.scan("a");
    await till.settled();
    assert.deepEqual(hub.codes, ["a"], "one basket for both");
    assert.equal(hub.basket?.version, 2);
    till.queue.hold();
    for (const type of ["take_prompt", "decline_prompt"]) till.queue.add({ type, prompt: "p" });
    hub.end();
    const other = new Terminal(hub).begin();
    other.scan("b");
    await other.settled();
    till.begin();
    await till.settled();
    assert.equal(hub.basket?.version, 1, "the next customer's basket is as it was");
    assert.deepEqual(till.said.slice(-2),
      ["take_prompt transaction_ended", "decline_prompt transaction_ended"]);
  });

test("a prompt is taken for the basket it was made for, and declined for any later one",
  async () => {
    for (const [type, said] of [["take_prompt", "basket_changed"],
      ["decline_prompt", "line_changed"], ["intend_tender", "line_changed"],
      ["show_coupon", "line_changed"]]) {
      const hub = new HubDouble();
      const till = new Terminal(hub).begin();
      till.scan("a");
      await till.settled();
      const other = new Terminal(hub).begin();
      other.scan("b");
      await other.settled();
      till.queue.add({ type, prompt: "p" });
      await till.settled();
      assert.equal(till.said.at(-1), `${type} ${said}`);
    }
  });

test("busy and stopping are waited out, a lost session holds everything", async () => {
  const hub = new HubDouble();
  hub.script = [
    { status: 429, body: { code: "register_busy" } },
    { status: 503, body: { code: "stopping" } },
    { status: 502, body: null },
  ];
  const till = new Terminal(hub).begin();
  till.scan("a");
  await till.settled();
  assert.deepEqual(hub.codes, ["a"]);
  hub.script = [{ status: 401, body: { code: "not_signed_in" } }];
  till.scan("b", "c");
  await till.settled();
  assert.equal(till.said.at(-1), "held not_signed_in");
  assert.equal(till.queue.entries.length, 2);
  till.begin();
  await till.settled();
  assert.deepEqual(hub.codes, ["a", "b", "c"]);
});

test("a fault that stays is said after a few attempts, not repeated for ever", async () => {
  const hub = new HubDouble();
  hub.script = Array.from({ length: 50 }, () => ({ status: 500, body: null }));
  const till = new Terminal(hub).begin();
  till.scan("a");
  await till.settled();
  assert.deepEqual(till.said, ["scan_item status_500"]);
  assert.equal(hub.script.length, 46);
});

test("what another operator left is refused by name and never sent", async () => {
  const hub = new HubDouble();
  const till = new Terminal(hub);
  till.scan("a");
  till.operator = "c2";
  till.queue.refuse({ status: 0, code: "operator_changed", detail: "" },
    (entry) => entry.operator !== "c2");
  till.scan("b");
  till.begin();
  await till.settled();
  assert.deepEqual(hub.codes, ["b"]);
  assert.equal(till.said[0], "scan_item operator_changed");
});

test("after a break the basket is read before anything is sent", async () => {
  const hub = new HubDouble();
  hub.script = ["lost_after"];
  const till = new Terminal(hub).begin();
  till.scan("milk");
  await till.settled();
  assert.equal(hub.received.length, 1, "its outcome was read, and it was not sent again");
  assert.deepEqual(hub.codes, ["milk"]);
  assert.deepEqual(till.said, ["scan_item item_added"]);
});

test("what is older than five seconds waits for the cashier, and what is younger goes out",
  async () => {
    for (const [age, goes] of /** @type {const} */ ([[4999, true], [5001, false]])) {
      const hub = new HubDouble();
      const till = new Terminal(hub);
      till.scan("milk");
      till.nowMs += age;
      till.scan("bread");
      till.begin();
      await till.settled();
      assert.deepEqual(hub.codes, goes ? ["milk", "bread"] : []);
      if (goes) continue;
      assert.equal(till.queue.entries[0]?.state, "asking");
      till.queue.sendSeen();
      await till.settled();
      assert.deepEqual(hub.codes, ["milk", "bread"]);
    }
  });

test("money that was on its way when the line broke is never sent again unseen", async () => {
  for (const loss of ["lost_before", "lost_after"]) {
    const hub = new HubDouble();
    const till = new Terminal(hub).begin();
    till.scan("milk");
    await till.settled();
    hub.script = [loss];
    till.queue.add({ type: "tender" });
    await till.settled();
    const tenders = () => hub.received.filter(({ command }) => command.type === "tender").length;
    if (loss === "lost_after") {
      assert.equal(tenders(), 1);
      assert.deepEqual(till.queue.entries, [], "the hub had done it, and said so");
      continue;
    }
    assert.equal(tenders(), 0);
    assert.equal(till.queue.entries[0]?.state, "asking");
    till.queue.sendSeen();
    await till.settled();
    assert.equal(tenders(), 1);
  }
});

test("money that waited through a reload is shown first", async () => {
  const hub = new HubDouble();
  const before = new Terminal(hub);
  before.queue.add({ type: "tender" });
  const after = new Terminal(hub, before.storage).begin();
  await after.settled();
  assert.deepEqual(hub.received, []);
  assert.equal(after.queue.entries[0]?.state, "asking");
});

test("what is dropped is not sent, and what stands behind it goes on", async () => {
  const hub = new HubDouble();
  const till = new Terminal(hub);
  till.scan("old");
  till.nowMs += 6000;
  till.scan("new");
  till.begin();
  await till.settled();
  const [old] = till.queue.entries;
  await till.queue.drop((entry) => entry === old);
  await till.settled();
  assert.deepEqual(hub.codes, ["new"]);
  assert.deepEqual(till.queue.entries, []);
});

test("a spoiled storage is an empty queue", () => {
  for (const spoiled of ["{", "{}", "null", "7"]) {
    const till = new Terminal(new HubDouble(), new Map([["hub.commands", spoiled]]));
    assert.deepEqual(till.queue.entries, []);
  }
});

test("a code joins the last line only where it is plainly the same", () => {
  const plain = { line: 2, code: "a", kind: "sale", modifiers: [], price_source: "catalogue",
    voided: false };
  const joins = (/** @type {any[]} */ ...lines) => lineToJoin(/** @type {any} */ ({ lines }), "a");
  assert.equal(joins(plain), 2);
  assert.equal(joins(plain, { ...plain, line: 3, code: "b", voided: true }), 2);
  assert.equal(joins(plain, { ...plain, line: 3, code: "b" }), null);
  assert.equal(joins({ ...plain, kind: "return" }), null);
  assert.equal(joins({ ...plain, modifiers: [{}] }), null);
  assert.equal(joins({ ...plain, modifiers: [{ promotion: { id: "second" } }] }), 2);
  assert.equal(joins({ ...plain, modifiers: [{ promotion: { id: "second" } }, {}] }), null);
  assert.equal(joins({ ...plain, price_source: "keyed" }), null);
  assert.equal(lineToJoin(null, "a"), null);
  // A deposit goes with its goods, and a piece with a number of its own is alone.
  assert.equal(joins(plain, { ...plain, line: 3, code: "d", deposit_of: 2 }), 2);
  assert.equal(joins({ ...plain, serial: "IMEI-1" }), null);
  const waits = { lines: [plain], serial: { line: 2, description: "Phone" } };
  assert.equal(lineToJoin(/** @type {any} */ (waits), "a"), null);
  // Of several items with the code the one that was chosen.
  const of = { ...plain, item: "T1" };
  assert.equal(lineToJoin(/** @type {any} */ ({ lines: [of] }), "a", "T1"), 2);
  assert.equal(lineToJoin(/** @type {any} */ ({ lines: [of] }), "a", "T2"), null);
});
