// How this page looks at the simulated devices and lays hands on them.
import { signal } from "../lib.js";
import { call, isOk, problemOf } from "../http.js";

/** @typedef {import("../types.d.ts").SimulatorView} SimulatorView */

/** How often the devices are looked at, in milliseconds: a drawer that opens is seen at once. */
const LOOK_MS = 400;

/** The devices; null before the first look. */
export const simulators = signal(/** @type {SimulatorView[] | null} */ (null));
/** What keeps the page from looking, as the hub says it; empty where nothing does. */
export const trouble = signal(/** @type {{ code: string, detail: string } | null} */ (null));

/** Which look is the newest: an older answer says nothing any more. */
let looks = 0;

export async function look() {
  looks += 1;
  const own = looks;
  const reply = await call("GET", "/simulators").catch(() => null);
  if (own !== looks) return;
  if (!reply) trouble.value = { code: "no_answer", detail: "" };
  else if (isOk(reply)) {
    trouble.value = null;
    take(reply.body);
  } else trouble.value = problemOf(reply);
}

/** @param {SimulatorView[]} next */
export function take(next) {
  // What has not changed is not drawn again: a picture would flicker, a slider lose its hand.
  if (JSON.stringify(next) !== JSON.stringify(simulators.peek())) simulators.value = next;
}

/**
 * Does something to a device, and looks what came of it.
 * @param {string} id @param {Record<string, unknown>} act
 */
export async function act(id, act) {
  const reply = await call("POST", `/simulators/${encodeURIComponent(id)}`, act).catch(() => null);
  if (reply && !isOk(reply)) trouble.value = problemOf(reply);
  await look();
}

/** Looks again and again while somebody sees the page. */
export function keepLooking() {
  void look();
  setInterval(() => { if (!document.hidden) void look(); }, LOOK_MS);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) void look(); });
}
