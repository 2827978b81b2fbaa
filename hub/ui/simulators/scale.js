// A simulated scale: a weight to drag.
import { html, useEffect, useSignal } from "../lib.js";
import { grouped } from "../money.js";
import { t } from "../text.js";
import { act } from "./hands.js";

/** The heaviest that a counter scale takes, in grams. */
const LOAD_G_MAX = 15_000;
const STEP_G = 5;
/** How long a hand rests before its weight counts, in milliseconds: each is a request. */
const REST_MS = 80;

/** @param {{ of: import("../types.d.ts").SimulatorView }} props */
export function Scale({ of }) {
  const held = useSignal(/** @type {number | null} */ (null));
  const tare = of.scale?.tare_g ?? 0;
  const grams = held.value ?? of.scale?.load_g ?? 0;
  useEffect(() => {
    const load = held.value;
    if (load === null) return undefined;
    const timer = setTimeout(() => {
      void act(of.id, { action: "load", grams: load }).then(() => {
        if (held.peek() === load) held.value = null;
      });
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [held.value]);
  /** @param {any} event */
  const drag = (event) => { held.value = Number(event.target.value); };
  return html`
    <output class="scale-shows" data-load=${of.scale?.load_g}>${grouped((grams / 1000).toFixed(3))} kg
    </output>
    <label class="field"><span>${t("simulators.weight")}</span>
      <input type="range" name="load" min="0" max=${LOAD_G_MAX} step=${STEP_G}
        value=${grams} onInput=${drag} /></label>
    <div class="one-of">
      ${[0, 250, 1000, 2500].map((load) => html`
        <button type="button" key=${load} class="button" data-set=${`load ${load}`}
          onClick=${() => { held.value = load; }}>
          ${load === 0 ? t("simulators.take_off") : `${load} g`}</button>`)}
    </div>
    <p class="simulator-said">
      ${of.scale?.is_moving && html`<span>${t("simulators.moving")}</span>`}
      ${tare > 0 && html`<span>${t("simulators.tare", { n: tare })}</span>`}
    </p>`;
}
