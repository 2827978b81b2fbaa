// What a screen reads besides the live view, and reads again when that changes.
import { useEffect, useRef, useSignal } from "/shared/lib.js";
import { ask } from "./session.js";
import { connections } from "./state.js";

/** @typedef {import("/shared/types.d.ts").Problem} Problem */
/** @typedef {import("/shared/types.d.ts").Reply} Reply */

/** Least time between two readings of the same, in milliseconds: trade changes it all the time. */
const PAUSE_MS = 500;

/**
 * Reads at once, with every new connection, and when a word of `inputs` has changed; what was
 * read stays until the next is there.
 * @param {() => Promise<Reply>} request
 * @param {(string | number | null)[]} [inputs]
 * @returns {{ body: any, problem: Problem | null }}
 */
export function useLoaded(request, inputs = []) {
  const state = useSignal({ body: null, problem: /** @type {Problem | null} */ (null) });
  const latest = useRef(request);
  latest.current = request;
  const runs = useRef({ wanted: 0, isRunning: false, isGone: false });
  useEffect(() => () => { runs.current.isGone = true; }, []);
  useEffect(() => {
    const run = runs.current;
    run.wanted += 1;
    if (!run.isRunning) void read(run, latest, state);
  }, [...inputs, connections.value]);
  return state.value;
}

/**
 * @param {{ wanted: number, isRunning: boolean, isGone: boolean }} run
 * @param {{ current: () => Promise<Reply> }} latest
 * @param {import("/shared/vendor/signals.js").Signal<any>} state
 */
async function read(run, latest, state) {
  run.isRunning = true;
  for (let done = -1; done !== run.wanted && !run.isGone;) {
    done = run.wanted;
    const { body, problem } = await ask(latest.current);
    if (run.isGone) return;
    // What was read stays while headquarters does not answer; a refusal is no answer to show.
    const kept = problem?.status === 0 ? state.peek().body : null;
    state.value = problem ? { body: kept, problem } : { body, problem };
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  run.isRunning = false;
}
