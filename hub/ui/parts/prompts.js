// What is worth saying to the customer next: read in a glance, taken or declined by one key or
// one touch.
import { html, useEffect, useRef, useSignal } from "../lib.js";
import { useKeys } from "../keys.js";
import { canBeTaken, promptsShown } from "../promotions.js";
import { declinePrompt, takePrompt } from "../register.js";
import { basket, pending } from "../state.js";
import { said, t } from "../text.js";

/** @typedef {import("../types.d.ts").Prompt} Prompt */

/** A key this soon after a prompt came up was meant for what stood there before; milliseconds. */
const UNREAD_MS = 350;
/** How long the place of prompts is kept while the hub thinks about the next ones; milliseconds. */
const REST_MS = 800;

/** A prompt that asks for more or less of the same has to be read anew. @param {Prompt} prompt */
const faceOf = ({ id, text }) => `${id} ${text.zh}`;

export function Prompts() {
  const shown = promptsShown(basket.value, pending.value);
  const [best] = shown;
  const read = useRef({ face: "", sinceMs: 0 });
  const face = best ? faceOf(best) : "";
  if (read.current.face !== face) read.current = { face, sinceMs: performance.now() };

  /** @param {(prompt: Prompt) => void} act */
  const once = (act) => (/** @type {KeyboardEvent} */ { timeStamp }) => {
    if (best && timeStamp - read.current.sinceMs > UNREAD_MS) act(best);
  };
  useKeys({
    keys: {
      // Also while there is none: the browser would load the page anew.
      F5: once((prompt) => { if (canBeTaken(prompt)) takePrompt(prompt.id); }),
      F12: once((prompt) => declinePrompt(prompt.id)),
    },
  });
  const of = basket.value?.transaction_id;
  return of ? html`<${Bar} key=${of} shown=${shown} />` : null;
}

/**
 * After every scan the hub thinks anew. Until it has, the prompts before stand there, out of
 * reach, so that the screen does not jump at each scan.
 * @param {{ shown: Prompt[] }} props
 */
function Bar({ shown }) {
  const kept = useSignal(/** @type {Prompt[]} */ ([]));
  // What was just answered leaves nothing behind.
  const isResting = (basket.value?.prompts ?? []).length === 0;
  useEffect(() => {
    if (!isResting) {
      kept.value = shown;
      return undefined;
    }
    const timer = setTimeout(() => { kept.value = []; }, REST_MS);
    return () => clearTimeout(timer);
  }, [isResting, shown.map(faceOf).join()]);

  const [best, ...others] = isResting ? kept.value : shown;
  if (!best) return null;
  return html`
    <section class="prompts" aria-label=${t("prompts")} aria-live="polite" inert=${isResting}
      data-resting=${isResting ? "yes" : "no"}>
      <${Row} key=${faceOf(best)} prompt=${best} isBest />
      ${others.map((prompt) => html`<${Row} key=${faceOf(prompt)} prompt=${prompt} />`)}
    </section>`;
}

/** @param {{ prompt: Prompt, isBest?: boolean }} props */
function Row({ prompt, isBest = false }) {
  const { id, promotion, text, total_after: after } = prompt;
  return html`
    <div class=${`prompt ${isBest ? "prompt-best" : ""}`} data-prompt=${id} data-of=${promotion}
      data-after=${after.amount}>
      <p class="prompt-text">${said(text)}</p>
      ${canBeTaken(prompt) && html`
        <button class="button primary" data-do="take-prompt" onClick=${() => takePrompt(id)}>
          ${t("do.take_prompt")} ${isBest && html`<kbd>F5</kbd>`}
        </button>`}
      <button class="button" data-do="decline-prompt" onClick=${() => declinePrompt(id)}>
        ${t("do.decline_prompt")} ${isBest && html`<kbd>F12</kbd>`}
      </button>
    </div>`;
}
