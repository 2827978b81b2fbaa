// Ids made where `crypto.randomUUID` does not exist: a page that came over plain HTTP.
import assert from "node:assert/strict";
import { test } from "node:test";
import { uuidV7 } from "../../hub/ui/ids.js";

const V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("an id is a UUID of version 7 that carries its moment", () => {
  const moment = Date.UTC(2026, 10, 25, 8, 0, 0, 123);
  const id = uuidV7(moment);
  assert.match(id, V7);
  assert.equal(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16), moment);
});

test("every random bit but version and variant is kept", () => {
  assert.equal(uuidV7(0, (bytes) => bytes.fill(0xff)), "00000000-0000-7fff-bfff-ffffffffffff");
  assert.equal(uuidV7(0, (bytes) => bytes.fill(0)), "00000000-0000-7000-8000-000000000000");
});

test("ids of one moment differ, ids of later moments sort later", () => {
  const ids = Array.from({ length: 1000 }, () => uuidV7(5));
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(uuidV7(5) < uuidV7(6));
  assert.ok(uuidV7(2 ** 32 - 1) < uuidV7(2 ** 32));
});

test("an id needs no secure context", (context) => {
  context.mock.method(crypto, "randomUUID", () => assert.fail("crypto.randomUUID was called"));
  assert.match(uuidV7(), V7);
});
