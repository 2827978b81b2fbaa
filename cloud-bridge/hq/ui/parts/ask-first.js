// What is asked before something is done that cannot be taken back. Escape means no.
import { html, useLayoutEffect, useRef } from "/shared/lib.js";
import { t } from "/shared/text.js";

/**
 * @param {object} props
 * @param {string} props.title
 * @param {string} props.about what happens then
 * @param {string} props.yes
 * @param {() => void} props.onYes
 * @param {() => void} props.onNo
 */
export function AskFirst({ title, about, yes, onYes, onNo }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const no = useRef(/** @type {HTMLButtonElement | null} */ (null));
  useLayoutEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    // An Enter that was meant for what was before is a no.
    no.current?.focus();
    // Closing gives the focus back to what had it.
    return () => dialog?.close();
  }, []);
  const cancel = (/** @type {Event} */ event) => {
    event.preventDefault();
    onNo();
  };
  return html`
    <dialog class="dialog ask-first" role="alertdialog" aria-labelledby="ask-title"
      aria-describedby="ask-about" ref=${box} onCancel=${cancel}>
      <h2 id="ask-title">${title}</h2>
      <p id="ask-about" class="about">${about}</p>
      <div class="dialog-foot">
        <button type="button" class="button" ref=${no} data-do="no" onClick=${onNo}>
          ${t("cancel")}</button>
        <button type="button" class="button bad" data-do="yes" onClick=${onYes}>${yes}</button>
      </div>
    </dialog>`;
}
