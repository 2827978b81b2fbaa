// Which view of the chain is shown: never an older one after a newer one.

/** @typedef {import("./types.d.ts").ChainView} ChainView */

export class Newest {
  /** @type {ChainView | null} */
  #known = null;
  #isNewConnection = true;

  /** A connection was made: its first view is whole, and headquarters may count anew. */
  connected() {
    this.#isNewConnection = true;
  }

  /**
   * @param {ChainView} next
   * @returns {boolean} whether it is to be shown
   */
  accepts(next) {
    const known = this.#known;
    const isOlder = known !== null && known.day === next.day && next.revision < known.revision;
    if (isOlder && !this.#isNewConnection) return false;
    this.#isNewConnection = false;
    this.#known = next;
    return true;
  }
}
