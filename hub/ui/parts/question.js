// The frame of a question.
import { html, useRef } from "../lib.js";
import { dialog } from "../state.js";
import { t } from "../text.js";

export const close = () => { dialog.value = null; };

/**
 * Does something once at a time: a second Enter while the first is under way is none.
 * @param {{ current: boolean }} busy
 * @param {() => unknown} deed
 */
export async function oneAtATime(busy, deed) {
  if (busy.current) return;
  busy.current = true;
  try {
    await deed();
  } finally {
    busy.current = false;
  }
}

/**
 * A question with its form: Enter says yes.
 * @param {any} props
 */
export function Question({ title, about, yes, isBad = false, onYes, children }) {
  const busy = useRef(false);
  return html`
    <form class="form" onSubmit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      void oneAtATime(busy, onYes);
    }}>
      <h2 id="dialog-title">${title}</h2>
      ${about && html`<p class="about">${about}</p>`}
      ${children}
      <div class="dialog-foot">
        <button type="button" class="button" onClick=${close}>${t("cancel")} <kbd>Esc</kbd></button>
        <button class=${`button ${isBad ? "bad" : "primary"}`} data-do="yes">
          ${yes} <kbd>Enter</kbd>
        </button>
      </div>
    </form>`;
}
