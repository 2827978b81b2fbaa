// Who sells where, and the way to everything else.
import { html } from "../lib.js";
import { alertCount, dialog, isSilent, session, screen } from "../state.js";
import { t } from "../text.js";

export function Header() {
  const mine = session.value;
  if (!mine) return null;
  const here = mine.workstation;
  return html`
    <header class="header">
      <div class="header-place">
        <span class=${`dot ${isSilent.value ? "dot-off" : ""}`} role="img"
          aria-label=${t(isSilent.value ? "hub_silent" : "hub_answers")}></span>
        <strong>${mine.store.name}</strong>
        <span class="badge">${here ? t("register_n", { n: here }) : t("office")}</span>
      </div>
      <span class="header-operator">${mine.operator.name || mine.operator.id}</span>
      ${alertCount.value > 0 && html`
        <button class="button quiet alert-button" onClick=${() => { screen.value = "alerts"; }}>
          ${t("alerts_n", { n: alertCount.value })}
        </button>`}
      <button class="button quiet" aria-haspopup="dialog" data-do="menu"
        onClick=${() => { dialog.value = { kind: "menu" }; }}>
        ${t("menu")} <kbd>F10</kbd>
      </button>
    </header>`;
}

/** A strip that leads back to selling. @param {{ title: string }} props */
export function BackStrip({ title }) {
  return html`
    <div class="strip">
      <h1>${title}</h1>
      ${session.value?.workstation && html`
        <button class="button" onClick=${() => { screen.value = "product"; }}>
          ${t("back_to_sale")} <kbd>Esc</kbd>
        </button>`}
    </div>`;
}
