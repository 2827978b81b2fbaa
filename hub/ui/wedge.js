// A keyboard-wedge scanner types like a person, only faster. What is a scan is decided when its
// Enter (or Tab) arrives, from the time stamps of the whole run, so that a browser or a machine
// that stutters changes nothing. Until then keys are held back for a moment, so that a scan is not
// seen in a field; what was shown all the same is taken back.

/** At least half of a scanner's keys follow faster, in milliseconds; a person needs 80. */
export const PACE_MS = 50;
/** A pause that ends a run typed by a person, in milliseconds. */
export const PAUSE_MS = 120;
/** A pause that ends a run at a scanner's pace: hiccups of a busy machine are shorter. */
export const HICCUP_MS = 500;
/** How long a key is held back before it is shown, in milliseconds. */
export const HOLD_MS = 60;
/** How long keys at a scanner's pace are held back. */
export const BURST_HOLD_MS = 300;
/** So many fast keys make a pace: a person's roll over each other now and then. */
const FAST_KEYS_MIN = 2;
/** Shortest code: shorter runs are typed again by hand. */
export const LENGTH_MIN = 6;
/** Longest code: the signed code of a receipt, and the longest links to goods. */
export const LENGTH_MAX = 512;
/** A second Enter of the same scan (CR and LF) comes sooner, in milliseconds. */
export const ECHO_MS = 100;

/** Keys that only change what the next one is. */
const MODIFIERS = ["Shift", "Control"];

/**
 * What to do with a key. `hold`: swallow it for now; `pass`: let it go its way; `scan`: swallow it,
 * `code` was read, and the last `takeBack` keys that were shown have to be taken back; `swallow`:
 * it belongs to the scan before. `released` is shown first, in order.
 * @typedef {{ kind: "hold" | "pass" | "swallow", released: string[] }
 *   | { kind: "scan", released: string[], code: string, takeBack: number }} Verdict
 */

/** Tells a scanner from a person by the pace; knows no browser and reads no clock. */
export class WedgeDecoder {
  /** @type {string[]} */
  #keys = [];
  /** @type {number[]} pauses before each key but the first */
  #gaps = [];
  /** How many of the keys have been shown. */
  #shown = 0;
  #lastMs = -Infinity;
  #scannedMs = -Infinity;

  /** Whether keys are held back now. */
  get isHolding() {
    return this.#keys.length > this.#shown;
  }

  /** How long the keys held back may be held, in milliseconds. */
  get holdMs() {
    return this.#isPaced() ? BURST_HOLD_MS : HOLD_MS;
  }

  /** How many keys the present run has. */
  get length() {
    return this.#keys.length;
  }

  /**
   * A key went down.
   * @param {string} key the event's `key`
   * @param {number} atMs the event's time stamp
   * @param {boolean} [isHeldDown] by a finger, so that it repeats
   * @returns {Verdict}
   */
  key(key, atMs, isHeldDown = false) {
    if (MODIFIERS.includes(key)) return { kind: "pass", released: [] };
    const gap = atMs - this.#lastMs;
    if (key === "Enter" || key === "Tab") return this.#suffix(key, atMs, gap);
    if (key.length !== 1 || isHeldDown || this.#keys.length >= LENGTH_MAX) {
      return { kind: "pass", released: this.forget() };
    }
    const isNewRun = gap > (this.#isPaced() ? HICCUP_MS : PAUSE_MS);
    /** @type {string[]} */
    let released = [];
    if (isNewRun) released = this.forget();
    else if (gap >= PACE_MS && !this.#isPaced()) released = this.release();
    if (this.#keys.length > 0) this.#gaps.push(gap);
    this.#keys.push(key);
    this.#lastMs = atMs;
    return { kind: "hold", released };
  }

  /**
   * @param {string} key
   * @param {number} atMs
   * @param {number} gap
   * @returns {Verdict}
   */
  #suffix(key, atMs, gap) {
    const isScan = this.#keys.length >= LENGTH_MIN && this.#isPaced() && gap <= HICCUP_MS;
    if (isScan) {
      const code = this.#keys.join("");
      const takeBack = this.#shown;
      this.#clear();
      this.#scannedMs = atMs;
      return { kind: "scan", released: [], code, takeBack };
    }
    const isEcho = this.#keys.length === 0 && atMs - this.#scannedMs < ECHO_MS && key === "Enter";
    if (isEcho) return { kind: "swallow", released: [] };
    return { kind: "pass", released: this.forget() };
  }

  /** Shows what is held, because nothing followed in time; the run may still become a scan. */
  release() {
    const released = this.#keys.slice(this.#shown);
    this.#shown = this.#keys.length;
    return released;
  }

  /** Shows what is held and ends the run. */
  forget() {
    const released = this.release();
    this.#clear();
    return released;
  }

  #clear() {
    this.#keys = [];
    this.#gaps = [];
    this.#shown = 0;
    this.#lastMs = -Infinity;
  }

  /** Whether the run so far is typed as by a scanner, stutters aside. */
  #isPaced() {
    const fast = this.#gaps.filter((gap) => gap < PACE_MS).length;
    return fast >= FAST_KEYS_MIN && fast * 2 >= this.#gaps.length;
  }
}
