// Simulated lamps, a buzzer, a door and a button.
import { html } from "../lib.js";
import { t } from "../text.js";
import { act } from "./hands.js";

const LAMPS = ["red", "amber", "green", "buzzer"];

/** @param {{ of: import("../types.d.ts").SimulatorView }} props */
export function Signal({ of }) {
  const lit = of.signal?.lit ?? [];
  const isOpen = of.signal?.is_door_open ?? false;
  return html`
    <ul class="lamps" aria-label=${t("simulators.lamps")}>
      ${LAMPS.map((lamp) => html`
        <li key=${lamp} class=${`lamp lamp-${lamp} ${lit.includes(lamp) ? "lamp-lit" : ""}`}
          data-lamp=${`${lamp} ${lit.includes(lamp) ? "on" : "off"}`}>
          <span class="lamp-glass" aria-hidden="true"></span> ${t(`lamp.${lamp}`)}</li>`)}
    </ul>
    <div class="one-of">
      <button type="button" class="button" data-do="door"
        onClick=${() => void act(of.id, { action: "door", is_open: !isOpen })}>
        ${isOpen ? t("simulators.shut_door") : t("simulators.open_door")}</button>
      <button type="button" class="button" data-do="press"
        onClick=${() => void act(of.id, { action: "press" })}>${t("simulators.press")}</button>
    </div>
    <p class="simulator-said">
      ${isOpen ? t("simulators.door_open") : t("simulators.door_shut")}</p>`;
}
