// What is plugged in: found by the hub, and taken over by a person.
import { html, useSignal } from "../lib.js";
import { api } from "../api.js";
import { deviceFound } from "../devices.js";
import { ask } from "../session.js";
import { named, t } from "../text.js";
import { FormError } from "./forms.js";

/** @typedef {import("../types.d.ts").FoundDevice} FoundDevice */
/** @typedef {import("../types.d.ts").DeviceSettings} DeviceSettings */

/**
 * @param {object} props
 * @param {FoundDevice} props.found
 * @param {DeviceSettings} props.settings
 * @param {(device: import("../types.d.ts").Device) => void} props.onTake
 */
function Found({ found, settings, onTake }) {
  const take = () => onTake(deviceFound(found, settings.devices));
  const mayBeTaken = found.address && !found.used_by && found.kind !== "console"
    && settings.source !== "headquarters";
  return html`
    <li class="device-row" data-found=${found.file}>
      <div class="device-what">
        <strong>${found.model ?? found.product ?? found.file}</strong>
        <span>${named("found_kind", found.kind)}</span>
        ${found.answered && html`<span class="condition condition-well">
          ${t("devices.answered", { question: found.answered })}</span>`}
      </div>
      <code class="device-port">${found.address ?? found.file}</code>
      <p class="hint">${t(`found_why.${found.reason}`, found.parameters)}
        ${found.lines.length > 0 && html`<small>${found.lines.join(" · ")}</small>`}</p>
      ${found.used_by && html`<p class="hint">${t("devices.used_by", { id: found.used_by })}</p>`}
      ${mayBeTaken && html`
        <div class="row-buttons">
          <button class="button" data-take=${found.file} onClick=${take}>
            ${t("devices.take")}</button>
        </div>`}
    </li>`;
}

/**
 * @param {object} props
 * @param {DeviceSettings} props.settings
 * @param {(device: import("../types.d.ts").Device) => void} props.onTake
 */
export function PluggedIn({ settings, onTake }) {
  const found = useSignal(/** @type {FoundDevice[] | null} */ (null));
  const isLooking = useSignal(false);
  const error = useSignal("");
  const look = async () => {
    isLooking.value = true;
    const { body, problem } = await ask(() => api.scanDevices());
    isLooking.value = false;
    error.value = problem?.detail ?? "";
    if (!problem) found.value = body;
  };
  return html`
    <section class="card form" aria-busy=${isLooking.value}>
      <h2>${t("devices.plugged_in")}</h2>
      <p class="hint">${t("devices.plugged_in_about")}</p>
      <div class="row-buttons">
        <button class="button" data-do="scan-devices" disabled=${isLooking.value} onClick=${look}>
          ${t("devices.look")}</button>
        ${isLooking.value && html`
          <progress aria-label=${t("devices.looking")}></progress>`}
        <span role="status" data-looked=${found.value ? "yes" : "no"}>
          ${isLooking.value ? t("devices.looking")
            : found.value && t("devices.found_n", { n: found.value.length })}</span>
      </div>
      <${FormError} text=${error.value} />
      <ul class="device-list">
        ${found.value?.map((one) => html`
          <${Found} key=${one.file} found=${one} settings=${settings} onTake=${onTake} />`)}
      </ul>
    </section>`;
}
