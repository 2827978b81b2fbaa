// A simulated card terminal: what it asks the customer, and what comes of it.
import { html } from "../lib.js";
import { grouped } from "../money.js";
import { t } from "../text.js";
import { act } from "./hands.js";

/** What a person does most often, and what goes wrong. */
const TRICKS = [
  "approve", "decline", "approve_less", "silent", "silent_decline", "deaf", "half", "nak",
  "garbled",
];

/** @param {{ of: import("../types.d.ts").SimulatorView }} props */
export function Terminal({ of }) {
  const { terminal } = of;
  if (!terminal) return null;
  const { asks, awaits_person: awaits, slips } = terminal;
  const label = asks ? t("simulators.decide_now") : t("simulators.decide_next");
  return html`
    <div class="terminal-screen" role="status" data-asks=${asks?.amount ?? ""}>
      ${asks ? html`
        ${asks.is_reversal && html`<span>${t("simulators.refunds")}</span>`}
        <strong>${grouped(asks.amount)}</strong>
        <span>${t("simulators.pays")}</span>` : html`<span>${t("simulators.idle")}</span>`}
    </div>
    <label class="switch">
      <input type="checkbox" name="awaits" checked=${awaits}
        onChange=${() => void act(of.id, { action: "await_person", awaits: !awaits })} />
      <span>${t("simulators.awaits")}</span>
    </label>
    <div class="one-of" role="group" aria-label=${label}>
      <span class="one-of-label" aria-hidden="true">${label}</span>
      ${TRICKS.map((trick) => html`
        <button type="button" key=${trick} data-set=${`trick ${trick}`}
          class=${`button ${trick === "approve" && asks ? "primary" : ""}`}
          onClick=${() => void act(of.id, { action: "decide", trick })}>
          ${t(`trick.${trick}`)}</button>`)}
    </div>
    <p class="simulator-said" data-slips=${slips}>
      ${t("simulators.slips", { n: slips })}</p>`;
}
