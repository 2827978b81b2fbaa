// What stands on the counter: how it is, adding, changing and trying it.
import { html, useEffect, useSignal } from "../lib.js";
import { api } from "../api.js";
import { byRegister, trialsOf, without } from "../devices.js";
import { ask } from "../session.js";
import { devices, tell } from "../state.js";
import { named, t } from "../text.js";
import { BackStrip } from "../parts/header.js";
import { FormError } from "../parts/forms.js";
import { Condition, hasSimulated, WhatToDo } from "../parts/devices.js";
import { DeviceForm } from "../parts/device-form.js";
import { PluggedIn } from "../parts/plugged-in.js";
import { quantityText, useBackKeys } from "./stock.js";

/** @typedef {import("../types.d.ts").Device} Device */
/** @typedef {import("../types.d.ts").DeviceSettings} DeviceSettings */

/**
 * @typedef {object} Edited
 * @property {string | null} id the device that is changed; null for a new one
 * @property {Device} device what stands in the form at first
 */

/** How a device of the settings is, as the hub last said. @param {string} id */
const boardOf = (id) => devices.value.find((view) => view.id === id);

/**
 * What kept a device from it: in the words of a trial, or else of how it is.
 * @param {string} code
 */
function faultText(code) {
  const said = named("trial_fault", code);
  return said === code ? named("condition", code) : said;
}

/** @param {{ device: Device }} props */
function Trials({ device }) {
  const said = useSignal(/** @type {{ text: string, isBad: boolean } | null} */ (null));
  const isBusy = useSignal(false);
  /** @param {string} action */
  const run = (action) => async () => {
    isBusy.value = true;
    said.value = { text: t("devices.trying"), isBad: false };
    const { body, problem } = await ask(() => api.tryDevice(device.id, action));
    isBusy.value = false;
    const fault = problem?.detail ?? (body.fault && faultText(body.fault));
    const done = body?.weight ? quantityText(body.weight) : t(`trial_done.${action}`);
    said.value = { text: fault || done, isBad: Boolean(fault) };
  };
  return html`
    ${trialsOf(device.kind).map((action) => html`
      <button key=${action} class="button" data-try=${`${device.id} ${action}`}
        disabled=${isBusy.value} onClick=${run(action)}>${t(`trial.${action}`)}</button>`)}
    ${said.value && html`
      <span class=${said.value.isBad ? "form-error" : "hint"} role="status"
        data-tried=${device.id}>${said.value.text}</span>`}`;
}

/**
 * @param {object} props
 * @param {Device} props.device
 * @param {boolean} props.isDecided whether headquarters decides, so that nobody here may
 * @param {() => void} props.onEdit
 * @param {() => void} props.onRemove
 */
function Row({ device, isDecided, onEdit, onRemove }) {
  const view = boardOf(device.id);
  return html`
    <li class="device-row" data-device=${device.id}>
      <div class="device-what">
        <strong>${device.id}</strong> <span>${named("device_kind", device.kind)}</span>
        ${view && html`<${Condition} device=${view} />`}
        ${typeof view?.is_open === "boolean" && html`
          <span class="tag" data-open=${view.is_open}>
            ${t(view.is_open ? "devices.drawer_open" : "devices.drawer_closed")}</span>`}
        ${view?.is_simulated && html`<span class="tag">${t("devices.simulated")}</span>`}
      </div>
      <code class="device-port">${device.port ?? t("devices.at_printer")}</code>
      ${view && html`<${WhatToDo} device=${view} />`}
      <div class="row-buttons">
        <${Trials} device=${device} />
        ${!isDecided && html`
          <button class="button" data-edit=${device.id} onClick=${onEdit}>
            ${t("devices.edit")}</button>
          <button class="button quiet" data-remove=${device.id} onClick=${onRemove}>
            ${t("devices.remove")}</button>`}
      </div>
    </li>`;
}

/** What the hub has put there itself, lest a store without a printer prints nowhere.
 * @param {DeviceSettings} known
 */
const added = (known) => known.devices.some(({ kind }) => kind === "receipt_printer") ? []
  : devices.value.filter(({ id, kind }) => kind === "receipt_printer"
    && known.devices.every((device) => device.id !== id));

/** @param {{ settings: DeviceSettings }} props */
function WhoSays({ settings: { source, fault } }) {
  return html`
    ${fault && html`
      <div class="bar bar-bad" role="alert" data-device-fault>
        ${t("devices.faulty")} <span lang="en">${fault}</span></div>`}
    <p class=${source === "headquarters" ? "card hint" : "hint"} data-source=${source}>
      ${t(`device_source.${source}`)}</p>`;
}

export function Devices() {
  const settings = useSignal(/** @type {DeviceSettings | null} */ (null));
  const edited = useSignal(/** @type {Edited | null} */ (null));
  const removed = useSignal(/** @type {{ id: string, before: Device[] } | null} */ (null));
  const error = useSignal("");
  useBackKeys();

  const read = async () => {
    const { body, problem } = await ask(() => api.deviceSettings());
    error.value = problem?.detail ?? "";
    if (!problem) settings.value = body;
  };
  useEffect(() => { void read(); }, []);

  /**
   * Sets the list; answers what the hub had against it.
   * @param {Device[]} list @param {string} done what is said where it had nothing
   */
  const save = async (list, done) => {
    const { body, problem } = await ask(() => api.setDevices(list));
    if (problem) return problem.detail;
    settings.value = body;
    tell(done);
    return "";
  };
  /** @param {string} id */
  const remove = async (id) => {
    const before = settings.peek()?.devices ?? [];
    error.value = await save(without(before, id), t("devices.removed", { id }));
    if (!error.value) removed.value = { id, before };
  };
  const undo = async () => {
    const was = removed.peek();
    if (!was) return;
    error.value = await save(was.before, t("devices.saved", { id: was.id }));
    if (!error.value) removed.value = null;
  };

  const known = settings.value;
  const isDecided = known?.source === "headquarters";
  /** @param {Device} device @param {string | null} id */
  const edit = (device, id) => {
    edited.value = { id, device };
    removed.value = null;
  };
  return html`
    <div class="office devices">
      <${BackStrip} title=${t("menu.devices")} />
      <${FormError} text=${error.value} />
      ${known && html`<${WhoSays} settings=${known} />`}
      ${removed.value && html`
        <div class="bar bar-warn" role="status" data-removed=${removed.value.id}>
          ${t("devices.removed", { id: removed.value.id })}
          <button class="button" data-do="undo-remove" onClick=${undo}>${t("do.undo")}</button>
        </div>`}
      ${known?.devices.length === 0 && html`<p class="hint">${t("devices.none")}</p>`}
      ${known && byRegister(known.devices).map(({ register, devices: those }) => html`
        <section key=${register ?? 0} class="card">
          <h2>${register === null ? t("devices.of_store") : t("register_n", { n: register })}</h2>
          <ul class="device-list">
            ${those.map((device) => html`
              <${Row} key=${device.id} device=${device} isDecided=${isDecided}
                onEdit=${() => edit(device, device.id)}
                onRemove=${() => void remove(device.id)} />`)}
          </ul>
        </section>`)}
      ${known && added(known).map((view) => html`
        <section key=${view.id} class="card device-row" data-device=${view.id}>
          <div class="device-what">
            <strong>${view.id}</strong> <span>${named("device_kind", view.kind)}</span>
            <${Condition} device=${view} />
            <span class="tag">${t("devices.simulated")}</span>
          </div>
          <p class="hint">${t("devices.demonstration")}</p>
        </section>`)}
      ${known && edited.value && html`
        <${DeviceForm} key=${edited.value.id ?? "new"} settings=${known} edited=${edited.value}
          onSave=${async (/** @type {Device[]} */ list, /** @type {string} */ id) => {
            const fault = await save(list, t("devices.saved", { id }));
            if (!fault) edited.value = null;
            return fault;
          }}
          onCancel=${() => { edited.value = null; }} />`}
      ${known && !isDecided && !edited.value && html`
        <div class="row-buttons">
          <button class="button primary" data-do="add-device"
            onClick=${() => edit({ id: "", kind: "receipt_printer" }, null)}>
            ${t("devices.add")}</button>
        </div>`}
      ${known && !edited.value && html`
        <${PluggedIn} settings=${known} onTake=${(/** @type {Device} */ device) =>
          edit(device, null)} />`}
      ${hasSimulated() && html`
        <p><a href="/simulators" target="_blank" data-do="simulators">
          ${t("devices.see_simulators")}</a></p>`}
    </div>`;
}
