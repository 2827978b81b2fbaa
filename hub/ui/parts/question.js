// The frame of a question.
import { html } from "../lib.js";
import { dialog } from "../state.js";
import { t } from "../text.js";

export const close = () => { dialog.value = null; };

/**
 * A question with its form: Enter says yes.
 * @param {any} props
 */
export function Question({ title, about, yes, isBad = false, onYes, children }) {
  return html`
    <form class="form" onSubmit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      onYes();
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
