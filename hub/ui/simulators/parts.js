// What the simulated devices have in common: one of some states, chosen by a button.
import { html } from "../lib.js";

/**
 * Buttons of which one is in.
 * @param {object} props
 * @param {string} props.label
 * @param {string} props.name
 * @param {[value: string, text: string][]} props.among
 * @param {string | null} props.value
 * @param {(value: string) => void} props.onChoose
 */
export function OneOf({ label, name, among, value, onChoose }) {
  return html`
    <div class="one-of" role="group" aria-label=${label}>
      <span class="one-of-label" aria-hidden="true">${label}</span>
      ${among.map(([one, text]) => html`
        <button type="button" key=${one} class="button" data-set=${`${name} ${one}`}
          aria-pressed=${value === one} onClick=${() => onChoose(one)}>${text}</button>`)}
    </div>`;
}
