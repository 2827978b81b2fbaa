// A form whose answer was lost does not do its deed twice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { once } from "../../hub/ui/once.js";

/** A hub that books each id once, and may lose its answers. */
class Till {
  /** @type {Map<string, unknown>} */
  booked = new Map();
  /** What happens to the next requests: lost, or a reply. @type {(string | object)[]} */
  script = [];
  needsApproval = false;
  asked = 0;
  idCount = 0;

  /** @param {unknown} words @param {ReturnType<typeof once>} form */
  do(words, form) {
    return form.send(words, async (id, token) => {
      const next = this.script.shift();
      if (next === "lost_before") throw new Error("no answer");
      if (typeof next === "object") return /** @type {any} */ (next);
      if (this.needsApproval && !token) return { status: 403, body: { code: "permission_needed" } };
      this.booked.set(id, words);
      if (next === "lost_after") throw new Error("no answer");
      return { status: 200, body: { id } };
    });
  }

  form() {
    return once(() => `id${(this.idCount += 1)}`, async (send) => {
      const reply = await send(null);
      if (reply.body?.code !== "permission_needed") return reply;
      return send(`token${(this.asked += 1)}`);
    });
  }
}

const loan = { type: "loan", amount: 100 };

test("Enter again after a lost answer books the same, once", async () => {
  const till = new Till();
  const form = till.form();
  till.script = ["lost_after", "lost_before", { status: 503, body: { code: "stopping" } }];
  await assert.rejects(till.do(loan, form));
  await assert.rejects(till.do(loan, form));
  await till.do(loan, form);
  assert.equal((await till.do(loan, form)).status, 200);
  assert.equal(till.booked.size, 1);
});

test("what has its answer is booked anew, and so is another amount or another form", async () => {
  const till = new Till();
  const form = till.form();
  await till.do(loan, form);
  await till.do(loan, form);
  assert.equal(till.booked.size, 2, "two loans, each answered");
  till.script = ["lost_after"];
  await assert.rejects(till.do(loan, form));
  await till.do({ ...loan, amount: 200 }, form);
  assert.equal(till.booked.size, 4);
  till.script = ["lost_before"];
  await assert.rejects(till.do(loan, form));
  form.forget();
  const { body } = await till.do(loan, form);
  assert.equal(body.id, `id${till.idCount}`);
  assert.equal(till.booked.size, 5);
});

test("what went out with an approval is sent again with the same one, and nobody is asked", async () => {
  const till = new Till();
  till.needsApproval = true;
  const form = till.form();
  // Without a token it is refused; with one it is booked, and the answer is lost.
  till.script = ["", "lost_after"];
  await assert.rejects(till.do(loan, form));
  await till.do(loan, form);
  assert.deepEqual([till.booked.size, till.asked], [1, 1]);
  till.script = ["", "lost_before", { status: 403, body: { code: "permission_needed" } }];
  await assert.rejects(till.do(loan, form));
  await till.do(loan, form);
  assert.deepEqual([till.booked.size, till.asked], [2, 3], "the approval ran out meanwhile");
});
