// A register as the command queue meets it: idempotent by id, strict about versions, and able to
// lose answers. The rules are the contract's; the real hub is met in `tests/browser`.
import { CommandQueue } from "../../hub/ui/commands.js";

/** @typedef {import("../../hub/ui/types.d.ts").Envelope} Envelope */
/** @typedef {import("../../hub/ui/types.d.ts").Reply} Reply */

export class HubDouble {
  /** @type {{ transaction_id: string, version: number, lines: any[] } | null} */
  basket = null;
  /** @type {Map<string, { body: string, outcome: any }>} by transaction and command */
  absorbed = new Map();
  /** @type {Set<string>} */
  ended = new Set();
  /** @type {Envelope[]} every request that reached the hub */
  received = [];
  /** @type {(string | null)[]} the second person's token of each request that was sent */
  approvals = [];
  /** What happens to the next requests: "lost_before", "lost_after", or a reply. */
  /** @type {(string | Reply)[]} */
  script = [];
  #revision = 0;

  view() {
    this.#revision += 1;
    const basket = this.basket && { ...this.basket, lines: [...this.basket.lines] };
    return /** @type {any} */ ({ boot: "b1", revision: this.#revision, phase: "idle", basket });
  }

  /** @param {Envelope} envelope @returns {Promise<Reply>} */
  async send(envelope) {
    const next = this.script.shift();
    if (typeof next === "object") return next;
    if (next === "lost_before") throw new Error("no answer");
    this.received.push(structuredClone(envelope));
    const reply = this.#carryOut(envelope);
    if (next === "lost_after") throw new Error("no answer");
    return reply;
  }

  /** @param {Envelope} envelope @returns {Reply} */
  #carryOut({ command_id, transaction_id, version, command }) {
    const key = `${transaction_id}/${command_id}`;
    const body = JSON.stringify({ transaction_id, version, command });
    const known = this.absorbed.get(key);
    if (known) {
      if (known.body !== body) return this.#refuse("command_id_reused");
      return this.#answer(command_id, known.outcome, true);
    }
    if (this.ended.has(transaction_id)) return this.#refuse("transaction_ended");
    if (this.basket && this.basket.transaction_id !== transaction_id) {
      return this.#refuse("other_basket_open");
    }
    if (version !== (this.basket?.version ?? 0)) return this.#refuse("basket_changed");
    if (command.code === "unknown") return this.#refuse("unknown_barcode", 404);
    this.basket ??= { transaction_id, version: 0, lines: [] };
    this.basket.version += 1;
    const outcome = { version: this.basket.version, event: this.#apply(command) };
    this.absorbed.set(key, { body, outcome });
    return this.#answer(command_id, outcome, false);
  }

  /** @param {any} command */
  #apply(command) {
    const lines = this.basket?.lines ?? [];
    if (command.type === "scan_item") {
      const line = lines.length + 1;
      const plain = { kind: "sale", modifiers: [], price_source: "catalogue", voided: false };
      lines.push({ line, code: command.code, ...plain });
      return { type: "item_added", line };
    }
    if (command.type === "void_line") {
      const line = lines.find((one) => one.line === command.line);
      if (line) line.voided = true;
    }
    if (command.type === "complete") this.end();
    return { type: "line_changed", line: command.line };
  }

  end() {
    if (this.basket) this.ended.add(this.basket.transaction_id);
    this.basket = null;
  }

  /** @param {string} command_id @param {any} outcome @param {boolean} repeated @returns {Reply} */
  #answer(command_id, outcome, repeated) {
    return { status: 200, body: { command_id, repeated, outcome, view: this.view() } };
  }

  /** @param {string} code @param {number} [status] @returns {Reply} */
  #refuse(code, status = 409) {
    return { status, body: { code, detail: code, view: this.view() } };
  }

  /** @param {string} transaction @param {string} command @returns {Promise<Reply>} */
  async outcome(transaction, command) {
    const known = this.absorbed.get(`${transaction}/${command}`);
    if (!known) return { status: 404, body: { code: "not_found" } };
    return this.#answer(command, known.outcome, true);
  }

  /** The codes in the basket that count. */
  get codes() {
    return (this.basket?.lines ?? []).filter((line) => !line.voided).map((line) => line.code);
  }
}

/** A page's queue at such a hub, with everything it said. */
export class Terminal {
  /** @type {any} */
  view = null;
  /** @type {string[]} */
  said = [];
  idCount = 0;
  operator = "m1";
  /** This terminal's clock, in milliseconds. */
  nowMs = 1_000_000;
  storage = new Map();
  /** @type {CommandQueue} */
  queue;

  /** @param {HubDouble} hub @param {Map<string, string>} [storage] what a tab kept */
  constructor(hub, storage = new Map()) {
    this.storage = storage;
    this.hub = hub;
    this.name = `t${Math.random()}`;
    this.queue = this.#queue();
  }

  #queue() {
    const { hub } = this;
    return new CommandQueue({
      send: (envelope, approval) => {
        hub.approvals.push(approval);
        return hub.send(envelope);
      },
      outcome: (transaction, command) => hub.outcome(transaction, command),
      register: async () => ({ status: 200, body: hub.view() }),
      view: () => this.view,
      accept: (view) => {
        if (!this.view || view.revision > this.view.revision) this.view = view;
      },
      newId: () => `${this.name}-${(this.idCount += 1)}`,
      operator: () => this.operator,
      nowMs: () => this.nowMs,
      pause: () => ({ done: Promise.resolve(), wake: () => {} }),
      storage: {
        getItem: (key) => this.storage.get(key) ?? null,
        setItem: (key, value) => void this.storage.set(key, value),
      },
      onChange: () => {},
      onAnswer: (entry, answer) => this.said.push(`${entry.command.type} ${answer.outcome.event.type}`),
      onRefusal: (entry, problem) => this.said.push(`${entry.command.type} ${problem.code}`),
      onHold: (problem) => this.said.push(`held ${problem.code}`),
    });
  }

  /** Signed on: the view is read and sending begins. */
  begin() {
    this.view = this.hub.view();
    this.queue.resume();
    return this;
  }

  /** @param {string[]} codes */
  scan(...codes) {
    codes.forEach((code) => this.queue.add({ type: "scan_item", code, onto: null }));
  }

  /** Until nothing waits, or sending is held. */
  async settled() {
    for (let turn = 0; turn < 2000; turn += 1) await Promise.resolve();
  }
}
