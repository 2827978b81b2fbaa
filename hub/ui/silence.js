// When a hub that says nothing counts as not answering. Reads no clock.

/** Without an event for so long the hub counts as not answering, in milliseconds. */
export const SILENCE_MS = 750;

export class Silence {
  #heardMs = -Infinity;
  #lookedMs = -Infinity;

  /** @param {number} nowMs */
  heard(nowMs) {
    this.#heardMs = nowMs;
  }

  /**
   * @param {number} nowMs
   * @returns {boolean | null} null where nobody can tell: after a late look (a hidden or a busy
   *   tab) events may be waiting behind this very call
   */
  look(nowMs) {
    const isLate = nowMs - this.#lookedMs > SILENCE_MS / 2;
    this.#lookedMs = nowMs;
    return isLate ? null : nowMs - this.#heardMs >= SILENCE_MS;
  }
}
