// What was asked for before the connection broke and has not reached the hub: the customer may have
// gone, so the cashier says what is still meant.
import { html } from "../lib.js";
import { shown } from "../money.js";
import { queue } from "../register.js";
import { pending } from "../state.js";
import { named, t } from "../text.js";

/** @typedef {import("../types.d.ts").Entry} Entry */

/** What a command is about, as the cashier knows it. @param {Entry} entry */
function subject({ command }) {
  if (command.type === "tender" && command.amount) {
    return `${named("tender", command.tender_type ?? "")} ${shown(command.amount)}`;
  }
  return command.code ?? "";
}

/** @param {Entry} entry */
const seconds = ({ made_ms }) => Math.max(0, Math.round((Date.now() - made_ms) / 1000));

export function Unsent() {
  /** @param {Event} event */
  const send = (event) => {
    event.preventDefault();
    queue.sendSeen();
  };
  return html`
    <form class="form" data-unsent=${pending.value.length} onSubmit=${send}>
      <h2 id="dialog-title">${t("unsent.title")}</h2>
      <p class="about">${t("unsent.about")}</p>
      <ul class="unsent scrolls" tabindex="0" aria-label=${t("unsent.title")}>
        ${pending.value.map((entry) => html`
          <li key=${entry.command_id} data-unsent-command=${entry.command.type}>
            <span>${named("command", entry.command.type)} ${subject(entry)}</span>
            <span class="unsent-age">
              ${entry.made_ms > 0 && t("unsent.age", { n: seconds(entry) })}
            </span>
            <button type="button" class="button"
              onClick=${() => void queue.drop((other) => other === entry)}>
              ${t("unsent.drop")}
            </button>
          </li>`)}
      </ul>
      <div class="dialog-foot">
        <button type="button" class="button bad" data-do="drop" data-key="Delete"
          onClick=${() => void queue.drop()}>
          ${t("unsent.drop_all")} <kbd>Del</kbd>
        </button>
        <button class="button primary" data-do="send" data-first>
          ${t("unsent.send")} <kbd>Enter</kbd>
        </button>
      </div>
    </form>`;
}
