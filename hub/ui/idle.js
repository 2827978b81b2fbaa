// Nobody has touched the register for so long: it locks. Several tabs may show it, and what is done
// in one of them is use of it in all.

/** How often a screen that is in use says so at least, in milliseconds. */
const SAY_MS_MAX = 60_000;
/** How often within the time after which the hub locks a screen that is silent. */
const SAY_OFTEN = 3;
/** How often is looked, in milliseconds. */
const LOOK_MS = 5000;

/**
 * What is to be done: `lock` it, `say` that it is in use, or nothing. A tab that nobody sees locks
 * nothing: it may not have been told of what is done in the others.
 * @param {{ nowMs: number, usedMs: number, saidMs: number, lockMinutes: number,
 *   isHidden: boolean }} times
 * @returns {"lock" | "say" | null}
 */
export function due({ nowMs, usedMs, saidMs, lockMinutes, isHidden }) {
  const isLeft = lockMinutes > 0 && nowMs - usedMs >= lockMinutes * 60_000;
  if (isLeft) return isHidden ? null : "lock";
  const sayMs = lockMinutes > 0 ? Math.min(SAY_MS_MAX, lockMinutes * 60_000 / SAY_OFTEN) : SAY_MS_MAX;
  if (usedMs > saidMs && nowMs - saidMs >= sayMs) return "say";
  return null;
}

/** When the register was used, in one tab. */
export class Use {
  #usedMs;
  #saidMs;
  #isNew = false;

  /** @param {number} nowMs */
  constructor(nowMs) {
    this.#usedMs = nowMs;
    this.#saidMs = nowMs;
  }

  /** In this tab. @param {number} nowMs */
  here(nowMs) {
    this.#usedMs = nowMs;
    this.#isNew = true;
  }

  /** In another tab, which says so to the hub itself. @param {number} nowMs */
  elsewhere(nowMs) {
    this.#usedMs = nowMs;
    this.#saidMs = nowMs;
  }

  /**
   * @param {{ nowMs: number, lockMinutes: number, isHidden: boolean }} now
   * @returns {{ what: "lock" | "say" | null, tellsTabs: boolean }}
   */
  look({ nowMs, lockMinutes, isHidden }) {
    // Counting begins when there is something to lock.
    if (lockMinutes === 0) this.elsewhere(nowMs);
    const [usedMs, saidMs, tellsTabs] = [this.#usedMs, this.#saidMs, this.#isNew];
    const what = due({ nowMs, usedMs, saidMs, lockMinutes, isHidden });
    if (what === "say") this.#saidMs = nowMs;
    this.#isNew = false;
    return { what, tellsTabs };
  }
}

/**
 * Watches for as long as the page is there.
 * @param {{ lockMinutes: () => number, lock: () => void, say: () => void, tellTabs: () => void }}
 *   wiring `lockMinutes` is 0 where nothing locks
 * @returns {() => void} another tab is used
 */
export function watchUse({ lockMinutes, lock, say, tellTabs }) {
  const use = new Use(performance.now());
  for (const type of ["keydown", "pointerdown", "pointermove", "wheel"]) {
    const used = () => use.here(performance.now());
    window.addEventListener(type, used, { capture: true, passive: true });
  }
  const look = () => {
    const nowMs = performance.now();
    const now = { nowMs, lockMinutes: lockMinutes(), isHidden: document.hidden };
    const { what, tellsTabs } = use.look(now);
    if (tellsTabs) tellTabs();
    if (what === "lock") lock();
    else if (what === "say") say();
  };
  setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", look);
  return () => use.elsewhere(performance.now());
}
