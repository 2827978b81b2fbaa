// Commands go to the hub strictly one after another. A command keeps its id and, once sent, its
// whole body until it is answered: an answer may be late, doubled or lost, a sale may not. After a
// break the basket is read first, and what the customer may have given up meanwhile is asked about.

import { lineToJoin } from "./join.js";

/** @typedef {import("./types.d.ts").Command} Command */
/** @typedef {import("./types.d.ts").Entry} Entry */
/** @typedef {import("./types.d.ts").Envelope} Envelope */
/** @typedef {import("./types.d.ts").Answer} Answer */
/** @typedef {import("./types.d.ts").Problem} Problem */
/** @typedef {import("./types.d.ts").RegisterView} RegisterView */
/** @typedef {import("./types.d.ts").Reply} Reply */
/** @typedef {{ transaction_id: string, version: number }} Named */

/** Pauses between attempts, in milliseconds; the last one stays. */
const BACKOFF_MS = [200, 400, 800, 1600];
const BACKOFF_MS_MAX = 2000;
/** Pause before an outcome that could not be read is asked for again, in milliseconds. */
const ASK_AGAIN_MS = 200;
/** How often a command made for an older basket is made again: eight busy tabs, with room. */
const RESENDS_MAX = 12;
/** Attempts at a command that the hub answers with a fault it cannot name. */
const FAULTS_MAX = 4;
/** What is older goes out only when the cashier has seen it, in milliseconds. */
const UNSEEN_MS_MAX = 5000;
/** What moves money: after a break none of it goes out unseen, however young. */
const MOVES_MONEY = ["tender", "void_tender", "undo", "resolve_card", "post_void"];

/** Meant for whatever basket is open, not for a certain one. */
const MEANT_FOR_OPEN_BASKET = [
  "scan_item", "key_item", "weigh_item", "return_item", "show_coupon", "name_member",
  "employee_purchase", "key_department",
];
/** Mean the same in a later version of the same basket. */
const MEANT_FOR_SAME_BASKET = [
  "set_quantity", "suspend", "void_line", "modify_price", "complete", "withdraw_coupon", "forget_member",
  "intend_tender", "decline_prompt", "confirm_age", "name_serial", "name_buyer",
];
/** Answers that say: this command was made for a basket as it no longer is. */
const OUTDATED = ["basket_changed", "transaction_ended", "other_basket_open", "command_id_reused"];
/** Answers after which nothing is sent before somebody has said who they are. */
const HELD = ["workstation_taken_over", "locked"];
/** Answers that say: not now. */
const NOT_NOW = ["register_busy", "stopping"];
const STORED_AS = "hub.commands";

/**
 * @typedef {object} Wiring
 * @property {(envelope: Envelope, approval: string | null) => Promise<Reply>} send throws where there is no answer
 * @property {(transaction: string, command: string) => Promise<Reply>} outcome
 * @property {() => RegisterView | null} view the newest view known
 * @property {(view: RegisterView) => void} accept a view came with an answer
 * @property {() => Promise<Reply>} register reads the view again
 * @property {() => string} newId
 * @property {() => string} operator who is signed on
 * @property {() => number} nowMs the time, to tell how old a command is
 * @property {(ms: number) => { done: Promise<void>, wake: () => void }} pause
 * @property {Pick<Storage, "getItem" | "setItem">} storage outlives a reload
 * @property {(entries: Entry[]) => void} onChange
 * @property {(entry: Entry, answer: Answer) => void} onAnswer
 * @property {(entry: Entry, problem: Problem) => void} onRefusal
 * @property {(problem: Problem) => void} onHold nothing is sent until `resume`
 */

export class CommandQueue {
  /** @type {Entry[]} */
  #entries;
  /** @type {Wiring} */
  #wiring;
  #running = false;
  #held = true;
  /** @type {(() => void) | null} */
  #wake = null;

  /** @param {Wiring} wiring */
  constructor(wiring) {
    this.#wiring = wiring;
    this.#entries = restored(wiring.storage);
    if (this.#entries.length > 0) wiring.onChange([...this.#entries]);
  }

  /** Commands without an answer, oldest first. */
  get entries() {
    return [...this.#entries];
  }

  /**
   * @param {Command} command
   * @param {object} [how]
   * @param {boolean} [how.first] before everything that waits
   * @param {string | null} [how.approval] the token of a second person
   * @param {string | null} [how.basket] the basket that it is meant for, if not the one shown
   * @param {Named | null} [how.names] for this basket, whichever is open
   */
  add(command, { first = false, approval = null, basket, names = null } = {}) {
    /** @type {Entry} */
    const entry = {
      command_id: this.#wiring.newId(),
      command,
      operator: this.#wiring.operator(),
      basket: basket ?? this.#wiring.view()?.basket?.transaction_id ?? null,
      approval,
      envelope: null,
      state: "queued",
      resends: 0,
      made_ms: this.#wiring.nowMs(),
      is_seen: false,
      has_waited: false,
      ...(names && { names }),
    };
    if (first) this.#entries.unshift(entry);
    else this.#entries.push(entry);
    this.#changed();
    void this.#run();
    return entry;
  }

  /** Sends from now on: somebody is signed on and this browser is a workstation. */
  resume() {
    this.#held = false;
    this.retryNow();
    void this.#run();
  }

  /** Sends nothing more; what waits keeps waiting. */
  hold() {
    this.#held = true;
    this.retryNow();
  }

  /** Does not wait for the end of a pause: the hub has just been heard of. */
  retryNow() {
    this.#wake?.();
  }

  /** The cashier has seen what was made before the break, and means it. */
  sendSeen() {
    this.#entries.forEach((entry) => {
      entry.is_seen = true;
      if (entry.state === "asking") entry.state = "waiting";
    });
    this.#changed();
    void this.#run();
  }

  /**
   * The cashier does not mean it any more. What had left for the hub may have been done all the
   * same: the basket, which is read again, shows it.
   * @param {(entry: Entry) => boolean} [applies]
   */
  async drop(applies = () => true) {
    this.#entries = this.#entries.filter((entry) => entry.state === "sending" || !applies(entry));
    this.#changed();
    const fresh = await this.#wiring.register().catch(() => null);
    if (fresh?.status === 200) this.#wiring.accept(fresh.body);
    void this.#run();
  }

  /**
   * Takes everything out that `applies`, naming each to the cashier.
   * @param {Problem} problem
   * @param {(entry: Entry) => boolean} [applies]
   */
  refuse(problem, applies = () => true) {
    const gone = this.#entries.filter(applies);
    this.#entries = this.#entries.filter((entry) => !gone.includes(entry));
    this.#changed();
    gone.forEach((entry) => this.#wiring.onRefusal(entry, problem));
  }

  async #run() {
    if (this.#running) return;
    this.#running = true;
    try {
      for (;;) {
        const [next] = this.#entries;
        if (this.#held || !next || next.state === "asking") return;
        await this.#settle(next);
      }
    } finally {
      this.#running = false;
    }
  }

  /**
   * Brings one command to its end, or leaves it where it is when sending is held.
   * @param {Entry} entry
   */
  async #settle(entry) {
    const reply = await this.#attempt(entry);
    if (!reply || !this.#entries.includes(entry)) return;
    const view = reply.body?.view;
    if (view) this.#wiring.accept(view);
    if (reply.status === 200) {
      this.#answered(entry, reply.body);
      return;
    }
    const problem = asProblem(reply);
    if (reply.status === 401 || HELD.includes(problem.code)) {
      this.#held = true;
      entry.state = "waiting";
      this.#changed();
      this.#wiring.onHold(problem);
      return;
    }
    if (OUTDATED.includes(problem.code)) {
      await this.#again(entry, problem);
      return;
    }
    this.#refused(entry, problem);
  }

  /**
   * Sends the command until there is an answer.
   * @param {Entry} entry
   * @returns {Promise<Reply | null>} null when sending was held meanwhile
   */
  async #attempt(entry) {
    let faults = 0;
    for (let tries = 0; !this.#held && this.#entries.includes(entry); tries += 1) {
      if (entry.has_waited) {
        const known = await this.#known(entry);
        if (known === "later") {
          await this.#pause(BACKOFF_MS[tries] ?? BACKOFF_MS_MAX);
          continue;
        }
        if (known) return known;
      }
      if (this.#mustBeSeen(entry)) {
        entry.state = "asking";
        this.#changed();
        return null;
      }
      if (!entry.envelope) entry.envelope = this.#enveloped(entry);
      entry.state = tries === 0 ? "sending" : "waiting";
      this.#changed();
      const reply = await this.#wiring.send(entry.envelope, entry.approval).catch(() => null);
      if (reply && !isNotNow(reply)) {
        const isFault = reply.status >= 500 && !reply.body?.code;
        if (!isFault || (faults += 1) >= FAULTS_MAX) return reply;
      }
      entry.state = "waiting";
      this.#entries.forEach((other) => { other.has_waited = true; });
      this.#changed();
      await this.#pause(BACKOFF_MS[tries] ?? BACKOFF_MS_MAX);
    }
    return null;
  }

  /**
   * After a break: reads the basket, and what the command did if it had left before.
   * @param {Entry} entry
   * @returns {Promise<Reply | "later" | null>} its answer; null where the hub has not done it
   */
  async #known(entry) {
    const fresh = await this.#wiring.register().catch(() => null);
    if (!fresh || isNotNow(fresh) || fresh.status >= 500) return "later";
    if (fresh.status !== 200) return fresh;
    this.#wiring.accept(fresh.body);
    if (!entry.envelope) return null;
    const known = await this.#wiring.outcome(entry.envelope.transaction_id, entry.command_id)
      .catch(() => null);
    if (!known || isNotNow(known) || known.status >= 500) return "later";
    return known.status === 200 ? known : null;
  }

  /** @param {Entry} entry */
  #mustBeSeen({ command, made_ms, is_seen, has_waited }) {
    if (is_seen) return false;
    if (has_waited && MOVES_MONEY.includes(command.type)) return true;
    return this.#wiring.nowMs() - made_ms > UNSEEN_MS_MAX;
  }

  /** @param {number} ms */
  async #pause(ms) {
    const { done, wake } = this.#wiring.pause(ms);
    this.#wake = wake;
    await done;
    this.#wake = null;
  }

  /**
   * The command as it is sent, made for the basket as the last answer showed it. What names a line
   * or a tender is for the basket that the cashier saw: in another one the number means another.
   * @param {Entry} entry
   * @returns {Envelope}
   */
  #enveloped({ command_id, command, basket: seen, names }) {
    if (names) return { command_id, ...names, command: { ...command } };
    const basket = this.#wiring.view()?.basket ?? null;
    const open = basket?.transaction_id ?? null;
    const meant = MEANT_FOR_OPEN_BASKET.includes(command.type) ? open : seen ?? open;
    const settled = { ...command };
    if (settled.onto === "last") settled.onto = lineToJoin(basket, settled.code, settled.item);
    return {
      command_id,
      transaction_id: meant ?? this.#wiring.newId(),
      version: basket && meant === open ? basket.version : 0,
      command: settled,
    };
  }

  /**
   * The basket moved on: either by this very command, or it has to be made again.
   * @param {Entry} entry
   * @param {Problem} problem
   */
  async #again(entry, problem) {
    const envelope = /** @type {Envelope} */ (entry.envelope);
    const known = await this.#wiring.outcome(envelope.transaction_id, entry.command_id)
      .catch(() => null);
    // Without an answer the same envelope is sent again, and the same question comes up.
    if (!known) return this.#pause(ASK_AGAIN_MS);
    if (known.status === 200) {
      this.#answered(entry, known.body);
      return;
    }
    const fresh = await this.#wiring.register().catch(() => null);
    if (fresh?.status === 200) this.#wiring.accept(fresh.body);
    const basket = this.#wiring.view()?.basket ?? null;
    const isSame = basket?.transaction_id === envelope.transaction_id;
    const type = entry.command.type;
    const mayResend = MEANT_FOR_OPEN_BASKET.includes(type)
      || (isSame && MEANT_FOR_SAME_BASKET.includes(type));
    if (!mayResend || entry.resends >= RESENDS_MAX) {
      this.#refused(entry, problem);
      return;
    }
    entry.resends += 1;
    // The id stays, so that even an attempt that is still under way cannot count twice.
    if (problem.code === "command_id_reused") entry.command_id = this.#wiring.newId();
    entry.envelope = null;
    this.#changed();
  }

  /** @param {Entry} entry @param {any} body */
  #answered(entry, body) {
    this.#entries = this.#entries.filter((other) => other !== entry);
    if (body.view) this.#wiring.accept(body.view);
    this.#wiring.onAnswer(entry, body.outcome ? body : { ...body, outcome: body });
    this.#changed();
  }

  /** @param {Entry} entry @param {Problem} problem */
  #refused(entry, problem) {
    this.refuse(problem, (other) => other === entry);
  }

  #changed() {
    try {
      this.#wiring.storage.setItem(STORED_AS, JSON.stringify(this.#entries));
    } catch {
      // A browser without storage sells all the same; only a reload would forget what waits.
    }
    this.#wiring.onChange([...this.#entries]);
  }
}

/** @param {Reply} reply */
function isNotNow(reply) {
  return NOT_NOW.includes(reply.body?.code);
}

/**
 * @param {Reply} reply
 * @returns {Problem}
 */
function asProblem({ status, body }) {
  const code = body?.code ?? `status_${status}`;
  return { ...body, status, code, detail: body?.detail ?? body?.title ?? `HTTP ${status}` };
}

/**
 * What waited before the reload.
 * @param {Pick<Storage, "getItem">} storage
 * @returns {Entry[]}
 */
function restored(storage) {
  try {
    const entries = JSON.parse(storage.getItem(STORED_AS) ?? "[]");
    // A reload is a break: nobody knows how long it took.
    return Array.isArray(entries)
      ? entries.map((entry) => ({ made_ms: 0, ...entry, state: "queued", has_waited: true })) : [];
  } catch {
    return [];
  }
}
