// Who sells where, and the way to everything else.
import { html } from "../lib.js";
import { alertCount, dialog, isSilent, linked, session, screen } from "../state.js";
import { t } from "../text.js";
import { DeviceChip } from "./devices.js";

/** A row waits at least so long before it is worth a word, in milliseconds. */
const WAITS_MS = 5000;

/**
 * What a cashier should know of the link to headquarters: a text of the family `link`, and what
 * fills its places.
 * @param {import("../types.d.ts").LinkView} link
 * @param {number} nowMs
 * @returns {[string, Record<string, string | number>]}
 */
export function linkText({ is_connected: isConnected, sales, since_ms: since, fault }, nowMs) {
  if (fault) return ["faulty", {}];
  const waits = since !== null && (!isConnected || nowMs - since > WAITS_MS);
  if (waits && sales > 0) {
    const at = new Date(since);
    const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
    const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
    return ["waiting", { n: sales, time }];
  }
  return [isConnected ? "connected" : "off", {}];
}

/** How the link to headquarters is; nothing where the store has none. */
function LinkBadge() {
  const link = linked.value;
  if (!link) return null;
  const [key, values] = linkText(link, Date.now());
  return html`
    <span class=${`link-badge ${key === "connected" ? "" : "link-off"}`} data-link=${key}
      title=${t("link_about")}>${t(`link.${key}`, values)}</span>`;
}

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
      <${DeviceChip} />
      <${LinkBadge} />
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
