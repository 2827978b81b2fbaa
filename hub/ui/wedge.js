// A keyboard-wedge scanner types like a person, only faster. Keys are held back for a moment
// wherever the focus is: a fast run that ends in Enter is a scan, anything else is given back to
// where it was typed. So the characters of a scan never reach a field.

/** Longest pause between two keys of a scanner, in milliseconds; people need 60 and more. */
export const GAP_MS = 35;
/** How long a key is held back before it counts as typed by a person, in milliseconds. */
export const HOLD_MS = 60;
/** Shortest code: shorter runs are typed again by hand. */
export const LENGTH_MIN = 6;
/** Longest code: the longest GS1 element strings. */
export const LENGTH_MAX = 128;

/**
 * @typedef {{ kind: "hold" | "pass", released: string[] }
 *   | { kind: "scan", released: string[], code: string }} Verdict
 */

/** Tells a scanner from a person by the pauses; knows no browser and reads no clock. */
export class WedgeDecoder {
  /** @type {string[]} */
  #held = [];
  #lastMs = -Infinity;
  #gapMs;

  /** @param {{ gapMs?: number }} [settings] */
  constructor({ gapMs = GAP_MS } = {}) {
    this.#gapMs = gapMs;
  }

  /** Whether keys are held back now. */
  get holding() {
    return this.#held.length > 0;
  }

  /**
   * A key went down. `hold`: it is swallowed for now; `pass`: it goes its way after `released`
   * was given back; `scan`: it is swallowed and `code` was read.
   * @param {string} key the event's `key`
   * @param {number} atMs the event's time stamp
   * @param {boolean} [repeats] whether the key is held down by a finger
   * @returns {Verdict}
   */
  key(key, atMs, repeats = false) {
    const isFast = atMs - this.#lastMs < this.#gapMs;
    if (key === "Enter") {
      // Some scanners think a little before the suffix.
      const code = this.#held.join("");
      const inTime = atMs - this.#lastMs < HOLD_MS;
      const released = this.release();
      if (inTime && code.length >= LENGTH_MIN) return { kind: "scan", released: [], code };
      return { kind: "pass", released };
    }
    if (key === "Shift") return { kind: "pass", released: [] };
    if (key.length !== 1 || repeats || this.#held.length >= LENGTH_MAX) {
      return { kind: "pass", released: this.release() };
    }
    const released = isFast ? [] : this.release();
    this.#held.push(key);
    this.#lastMs = atMs;
    return { kind: "hold", released };
  }

  /** Gives back what was held, because nothing followed in time. */
  release() {
    const released = this.#held;
    this.#held = [];
    this.#lastMs = -Infinity;
    return released;
  }
}

/** @param {EventTarget | null} target */
function isField(target) {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement
    && !["button", "checkbox", "radio", "file", "submit"].includes(target.type);
}

/**
 * Types a held key where the focus is, as if the person had just pressed it.
 * @param {string} key
 */
function typeAgain(key) {
  const target = document.activeElement ?? document.body;
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  if (!target.dispatchEvent(event)) return;
  // The only way that keeps selection, length limit, undo and the input event as they would be.
  if (isField(target)) document.execCommand("insertText", false, key);
}

/**
 * Listens for a scanner in the capture phase of the whole window.
 * @param {{ isOn: () => boolean, onScan: (code: string) => void }} wiring
 */
export function listen({ isOn, onScan }) {
  const decoder = new WedgeDecoder();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const giveBack = () => decoder.release().forEach(typeAgain);

  window.addEventListener("keydown", (event) => {
    // Untrusted events are our own; composed ones belong to the input method.
    if (!event.isTrusted || event.isComposing || event.key === "Process") return;
    if (event.ctrlKey || event.altKey || event.metaKey || !isOn()) {
      giveBack();
      return;
    }
    clearTimeout(timer);
    const verdict = decoder.key(event.key, event.timeStamp, event.repeat);
    verdict.released.forEach(typeAgain);
    if (verdict.kind !== "pass") {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    if (verdict.kind === "scan") onScan(verdict.code);
    if (decoder.holding) timer = setTimeout(giveBack, HOLD_MS);
  }, { capture: true });
  // A finger that touches another place means: what was typed belongs to the place before.
  window.addEventListener("pointerdown", giveBack, { capture: true });
}
