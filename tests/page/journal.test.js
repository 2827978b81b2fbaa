// Receipts are looked for page by page, and only the newest answer counts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { finder } from "../../hub/ui/journal.js";

test("a further page is of what was looked for, and an answer that comes late says nothing", async () => {
  /** @type {{ wanted: any, answer: (text: string) => void }[]} */
  const asked = [];
  const journal = finder((wanted) => new Promise((/** @type {(text: string) => void} */ answer) => {
    asked.push({ wanted, answer });
  }));
  const slow = journal.find({ number: "1" });
  const quick = journal.find({ number: "12" });
  asked[1]?.answer("of 12");
  asked[0]?.answer("of 1");
  assert.deepEqual(await Promise.all([slow, quick]), [null, "of 12"]);
  const more = journal.more(7);
  assert.deepEqual(asked[2]?.wanted, { number: "12", cursor: "7" });
  asked[2]?.answer("the rest of 12");
  assert.equal(await more, "the rest of 12");
  assert.deepEqual(asked[0]?.wanted, { number: "1", cursor: "" });
});
