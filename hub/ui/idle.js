// Nobody has touched the screen for so long: it locks.

/** How often a screen that is in use says so, in milliseconds: the hub locks one that is silent. */
const SAY_MS = 60_000;
/** How often is looked, in milliseconds. */
const LOOK_MS = 5000;

/**
 * What is to be done: `lock` it, `say` that it is in use, or nothing.
 * @param {{ nowMs: number, usedMs: number, saidMs: number, lockMinutes: number }} times
 * @returns {"lock" | "say" | null}
 */
export function due({ nowMs, usedMs, saidMs, lockMinutes }) {
  if (lockMinutes > 0 && nowMs - usedMs >= lockMinutes * 60_000) return "lock";
  if (usedMs > saidMs && nowMs - saidMs >= SAY_MS) return "say";
  return null;
}

/**
 * Watches for as long as the page is there.
 * @param {{ lockMinutes: () => number, lock: () => void, say: () => void }} wiring `lockMinutes`
 *   is 0 where nothing locks
 */
export function watchUse({ lockMinutes, lock, say }) {
  let usedMs = performance.now();
  let saidMs = usedMs;
  const used = () => { usedMs = performance.now(); };
  for (const type of ["keydown", "pointerdown", "pointermove", "wheel"]) {
    window.addEventListener(type, used, { capture: true, passive: true });
  }
  setInterval(() => {
    const minutes = lockMinutes();
    const nowMs = performance.now();
    // Counting begins when there is something to lock.
    if (minutes === 0) used();
    const what = due({ nowMs, usedMs, saidMs, lockMinutes: minutes });
    if (what === "say") saidMs = nowMs;
    if (what === "lock") lock();
    else if (what === "say") say();
  }, LOOK_MS);
}
