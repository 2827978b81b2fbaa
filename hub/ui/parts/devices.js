// Peripherals that want a hand: a word in the header, and what to do about it.
import { html } from "../lib.js";
import { troubles } from "../devices.js";
import { devices, dialog, screen, session } from "../state.js";
import { named, t } from "../text.js";

/** @typedef {import("../types.d.ts").DeviceView} DeviceView */

/** A device as a person calls it. @param {DeviceView} device */
export const deviceName = ({ kind, id }) => `${named("device_kind", kind)} ${id}`;

/** How it is, as a badge. @param {{ device: DeviceView }} props */
export function Condition({ device }) {
  const look = device.works ? device.condition === "ready" ? "well" : "wants" : "fails";
  const tone = device.condition === "starting" ? "wants" : look;
  return html`
    <span class=${`condition condition-${tone}`} data-condition=${device.condition}>
      ${named("condition", device.condition)}</span>`;
}

/** What to do about it, and what the system says. @param {{ device: DeviceView }} props */
export function WhatToDo({ device }) {
  const isWell = device.condition === "ready" || device.condition === "starting";
  if (isWell) return null;
  const what = device.kind === "cash_drawer" ? "drawer" : device.condition;
  return html`
    <p class="what-to-do">${named("condition_do", what)}
      ${device.reason && html`<small lang="en">${device.reason}</small>`}</p>`;
}

/** The first device of this register that wants a hand, and how many more. */
export function DeviceChip() {
  const wanting = troubles(devices.value, session.value?.workstation ?? null);
  const [first] = wanting;
  if (!first) return null;
  const more = wanting.length - 1;
  return html`
    <button class=${`button quiet device-chip ${first.works ? "" : "device-chip-bad"}`}
      data-do="device-troubles" data-device=${first.id} aria-haspopup="dialog"
      onClick=${() => { dialog.value = { kind: "device_troubles" }; }}>
      <span class="device-chip-name">${t("devices.is", {
        device: named("device_kind", first.kind), condition: named("condition", first.condition),
      })}</span>
      ${more > 0 && html`<span>${t("devices.n_more", { n: more })}</span>`}
    </button>`;
}

/** Every device of this register that wants a hand, with what to do. */
export function DeviceTroubles() {
  const here = session.value?.workstation ?? null;
  const wanting = troubles(devices.value, here);
  /** @param {import("../state.js").Screen} to */
  const go = (to) => () => {
    dialog.value = null;
    screen.value = to;
  };
  return html`
    <h2 id="dialog-title">${t("devices.troubles")}</h2>
    ${wanting.length === 0 && html`<p class="hint" role="status">${t("devices.all_well")}</p>`}
    <ul class="device-troubles">
      ${wanting.map((device) => html`
        <li key=${device.id} data-trouble=${device.id}>
          <strong>${deviceName(device)}</strong> <${Condition} device=${device} />
          <${WhatToDo} device=${device} />
        </li>`)}
    </ul>
    <div class="dialog-foot">
      <button class="button" data-do="papers" onClick=${go("papers")}>${t("menu.papers")}</button>
      ${session.value?.permissions.includes("set_up_devices") && html`
        <button class="button" data-do="devices" onClick=${go("devices")}>
          ${t("menu.devices")}</button>`}
      <button class="button primary" data-first onClick=${() => { dialog.value = null; }}>
        ${t("ok")} <kbd>Esc</kbd></button>
    </div>`;
}

/** Whether the store has simulated devices. */
export const hasSimulated = () => devices.value.some((device) => device.is_simulated);
