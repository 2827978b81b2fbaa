// Fields and the keypad on the screen.
import { html, useLayoutEffect, useRef } from "../lib.js";
import { t, LANGUAGES, choose, language } from "../text.js";

/** @typedef {import("../vendor/signals.js").Signal<string>} TextSignal */

/**
 * @param {object} props
 * @param {string} props.label
 * @param {TextSignal} props.value
 * @param {string} [props.name]
 * @param {string} [props.type]
 * @param {string} [props.mode] the phone's keyboard: "none" where a keypad is shown
 * @param {string} [props.autocomplete]
 * @param {boolean} [props.focused]
 * @param {boolean} [props.disabled]
 * @param {number} [props.longest]
 * @param {string} [props.hint]
 * @param {() => void} [props.onFocus]
 */
export function Field({
  label, value, name, type = "text", mode, autocomplete = "off", focused = false,
  disabled = false, longest = 64, hint, onFocus,
}) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  // With the drawing: the next key is for this field already.
  useLayoutEffect(() => {
    if (!focused) return;
    input.current?.focus();
    input.current?.select();
  }, [focused]);
  return html`
    <label class="field">
      <span>${label}</span>
      <input ref=${input} name=${name} type=${type} inputmode=${mode} autocomplete=${autocomplete}
        autocapitalize="off" spellcheck=${false} maxlength=${longest} disabled=${disabled}
        value=${value.value} onFocus=${onFocus}
        onInput=${(/** @type {any} */ event) => { value.value = event.target.value; }} />
      ${hint && html`<small>${hint}</small>`}
    </label>`;
}

const ROWS = ["7", "8", "9", "4", "5", "6", "1", "2", "3"];

/**
 * Digits for fingers. A real keyboard types into the field itself, so no key here takes the focus.
 * @param {object} props
 * @param {TextSignal} props.value
 * @param {string} [props.extra] the key beside nought: "00", ".", "C" for another beginning
 * @param {boolean} [props.disabled]
 * @param {number} [props.longest]
 */
export function Keypad({ value, extra = "00", disabled = false, longest = 12 }) {
  /** @param {string} key */
  const press = (key) => {
    if (key === "⌫") value.value = value.value.slice(0, -1);
    else if (key === "C") value.value = "";
    else value.value = (value.value + key).slice(0, longest);
  };
  return html`
    <div class="keypad" role="group" aria-label=${t("keypad")}>
      ${[...ROWS, extra, "0", "⌫"].map((key) => html`
        <button type="button" class="key" tabindex="-1" disabled=${disabled} key=${key}
          aria-label=${key === "⌫" ? t("erase") : key === "C" ? t("erase_all") : key}
          onMouseDown=${(/** @type {Event} */ event) => event.preventDefault()}
          onClick=${() => press(key)}>${key}</button>`)}
    </div>`;
}

/** Another language, named in itself. */
export function LanguageSwitch() {
  return html`
    <div class="languages" role="group" aria-label=${t("language")}>
      ${LANGUAGES.map((tag) => html`
        <button type="button" key=${tag} lang=${tag} class="button quiet" data-language=${tag}
          aria-pressed=${language.value === tag} onClick=${() => choose(tag)}>
          ${tag === "en" ? "English" : "繁體中文"}
        </button>`)}
    </div>`;
}

/** The frame of what is shown before anybody sells. @param {any} props */
export function Entrance({ title, lead, children }) {
  return html`
    <div class="entrance">
      <div class="card">
        <div class="entrance-head"><h1>${title}</h1><${LanguageSwitch} /></div>
        ${lead && html`<p class="lead">${lead}</p>`}
        ${children}
      </div>
    </div>`;
}

/** @param {{ text: string }} props */
export function FormError({ text }) {
  return html`<p class="form-error" role="alert">${text}</p>`;
}
