// A simulated printer: its paper, its cover, its drawers.
import { html, useRef } from "../lib.js";
import { t } from "../text.js";
import { act } from "./hands.js";
import { OneOf } from "./parts.js";

/** @typedef {import("../types.d.ts").SimulatorView} SimulatorView */

const STATES = [
  "online", "paper_low", "paper_out", "cover_open", "cutter", "error", "offline",
];
const PINS = ["pin2", "pin5"];

/** The roll, its end in view. @param {{ id: string, revision: number }} props */
function Paper({ id, revision }) {
  const roll = useRef(/** @type {HTMLElement | null} */ (null));
  const isBlank = revision === 0;
  const source = `/api/v1/simulators/${encodeURIComponent(id)}/paper.png?${revision}`;
  return html`
    <div class="roll" tabindex="0" role="region" ref=${roll}
      aria-label=${t("simulators.paper_of", { id })} data-roll=${revision}>
      ${isBlank ? html`<p class="hint">${t("simulators.no_paper_yet")}</p>` : html`
        <img src=${source} alt=${t("simulators.paper_of", { id })}
          onLoad=${() => roll.current?.scrollTo(0, roll.current.scrollHeight)} />`}
    </div>`;
}

/** @param {{ id: string, at: number, isOpen: boolean }} props */
function Drawer({ id, at, isOpen }) {
  const n = at + 1;
  const move = () => void act(id, { action: "drawer", pin: PINS[at], is_open: !isOpen });
  return html`
    <div class=${`drawer ${isOpen ? "drawer-open" : ""}`}
      data-drawer=${`${n} ${isOpen ? "open" : "shut"}`}>
      <span class="drawer-box" aria-hidden="true"><span class="drawer-front"></span></span>
      <span>${t("simulators.drawer_n", { n })}</span>
      <strong>${isOpen ? t("simulators.drawer_open") : t("simulators.drawer_shut")}</strong>
      <button type="button" class="button" data-do=${`drawer-${n}`} onClick=${move}>
        ${isOpen ? t("simulators.push_in") : t("simulators.with_key")}</button>
    </div>`;
}

/** @param {{ of: SimulatorView }} props */
export function Printer({ of }) {
  const { id, printer } = of;
  if (!printer) return null;
  const among = STATES.map((state) =>
    /** @type {[string, string]} */ ([state, t(`printer_status.${state}`)]));
  return html`
    <${Paper} id=${id} revision=${printer.paper_revision} />
    <p class="simulator-said" role="status">
      <span data-receipts=${printer.receipts}>
        ${t("simulators.printed", { n: printer.receipts })}</span>
      ${printer.is_printing && html`<span>${t("simulators.is_printing")}</span>`}
      ${printer.beeps > 0 && html`<span>${t("simulators.beeps", { n: printer.beeps })}</span>`}
    </p>
    <${OneOf} label=${t("simulators.printer_is")} name="printer" among=${among}
      value=${printer.status}
      onChoose=${(/** @type {string} */ status) => void act(id, { action: "status", status })} />
    <div class="drawers">
      ${printer.drawers.map((isOpen, at) => html`
        <${Drawer} key=${at} id=${id} at=${at} isOpen=${isOpen} />`)}
    </div>`;
}
