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

/** The roll, its end in view. @param {{ of: SimulatorView }} props */
function Paper({ of }) {
  const roll = useRef(/** @type {HTMLElement | null} */ (null));
  const isBlank = !of.paper_revision;
  const source = `/api/v1/simulators/${encodeURIComponent(of.id)}/paper.png?${of.paper_revision}`;
  return html`
    <div class="roll" tabindex="0" role="region" ref=${roll}
      aria-label=${t("simulators.paper_of", { id: of.id })} data-roll=${of.paper_revision}>
      ${isBlank ? html`<p class="hint">${t("simulators.no_paper_yet")}</p>` : html`
        <img src=${source} alt=${t("simulators.paper_of", { id: of.id })}
          onLoad=${() => { if (roll.current) roll.current.scrollTop = roll.current.scrollHeight; }} />`}
    </div>`;
}

/** @param {{ of: SimulatorView, at: number }} props */
function Drawer({ of, at }) {
  const isOpen = of.drawers?.[at] ?? false;
  const n = at + 1;
  const move = () => void act(of.id, { action: "drawer", pin: PINS[at], is_open: !isOpen });
  return html`
    <div class=${`drawer ${isOpen ? "drawer-open" : ""}`} data-drawer=${`${n} ${isOpen ? "open" : "shut"}`}>
      <span class="drawer-box" aria-hidden="true"><span class="drawer-front"></span></span>
      <span>${t("simulators.drawer_n", { n })}</span>
      <strong>${isOpen ? t("simulators.drawer_open") : t("simulators.drawer_shut")}</strong>
      <button type="button" class="button" data-do=${`drawer-${n}`} onClick=${move}>
        ${isOpen ? t("simulators.push_in") : t("simulators.with_key")}</button>
    </div>`;
}

/** @param {{ of: SimulatorView }} props */
export function Printer({ of }) {
  const among = STATES.map((state) =>
    /** @type {[string, string]} */ ([state, t(`printer_status.${state}`)]));
  return html`
    <${Paper} of=${of} />
    <p class="simulator-said" role="status">
      <span data-receipts=${of.receipts}>${t("simulators.printed", { n: of.receipts ?? 0 })}</span>
      ${of.is_printing && html`<span>${t("simulators.is_printing")}</span>`}
      ${(of.beeps ?? 0) > 0 && html`<span>${t("simulators.beeps", { n: of.beeps ?? 0 })}</span>`}
    </p>
    <${OneOf} label=${t("simulators.printer_is")} name="printer" among=${among}
      value=${of.status ?? null}
      onChoose=${(/** @type {string} */ status) => void act(of.id, { action: "status", status })} />
    <div class="drawers">
      <${Drawer} of=${of} at=${0} />
      <${Drawer} of=${of} at=${1} />
    </div>`;
}
