// A device as a person writes it down.
import { html, useLayoutEffect, useRef, useSignal } from "../lib.js";
import { deviceOf, fieldsOf, freeId, KINDS, optionsOf, withDevice } from "../devices.js";
import { named, t } from "../text.js";
import { Field, FormError } from "./forms.js";
import { oneAtATime } from "./question.js";

/** @typedef {import("../types.d.ts").Device} Device */
/** @typedef {import("../types.d.ts").DeviceSettings} DeviceSettings */
/** @typedef {import("../screens/devices.js").Edited} Edited */
/** @typedef {import("../vendor/signals.js").Signal<string>} TextSignal */

/** Longest address that a person types. */
const PORT_CHARS_MAX = 200;

/**
 * One of some words.
 * @param {object} props
 * @param {string} props.label
 * @param {string} props.name
 * @param {TextSignal} props.value
 * @param {[value: string, text: string][]} props.among
 */
function Choice({ label, name, value, among }) {
  return html`
    <label class="field"><span>${label}</span>
      <select name=${name} value=${value.value}
        onChange=${(/** @type {any} */ event) => { value.value = event.target.value; }}>
        ${among.map(([one, text]) => html`<option key=${one} value=${one}>${text}</option>`)}
      </select>
    </label>`;
}

/**
 * The registers that use it: none for the whole store.
 * @param {{ value: TextSignal, count: number }} props
 */
function Registers({ value, count }) {
  const chosen = value.value.split(" ").filter(Boolean).map(Number);
  /** @param {number} number */
  const toggle = (number) => {
    const next = chosen.includes(number)
      ? chosen.filter((other) => other !== number) : [...chosen, number];
    value.value = next.sort((one, other) => one - other).join(" ");
  };
  return html`
    <fieldset class="field device-registers">
      <legend>${t("devices.registers")}</legend>
      <div class="row-buttons">
        ${Array.from({ length: count }, (_, at) => at + 1).map((number) => html`
          <label class="choice" key=${number}>
            <input type="checkbox" name="registers" value=${number}
              checked=${chosen.includes(number)} onChange=${() => toggle(number)} />
            <span>${t("register_n", { n: number })}</span></label>`)}
      </div>
      <small>${t("devices.registers_hint")}</small>
    </fieldset>`;
}

/**
 * @param {object} props
 * @param {DeviceSettings} props.settings
 * @param {Edited} props.edited
 * @param {(list: Device[], id: string) => Promise<string>} props.onSave answers what is wrong
 * @param {() => void} props.onCancel
 */
export function DeviceForm({ settings, edited, onSave, onCancel }) {
  const { id: was, device } = edited;
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const busy = useRef(false);
  const error = useSignal("");
  const kind = useSignal(/** @type {string} */ (device.kind));
  const id = useSignal(device.id || freeId(settings.devices, device.kind));
  const port = useSignal(device.port ?? "");
  const registers = useSignal((device.registers ?? []).join(" "));
  const fallback = useSignal(device.fallback ?? "");
  const said = useSignal(fieldsOf(device, device.kind));
  useLayoutEffect(() => { form.current?.scrollIntoView({ block: "nearest" }); }, []);

  const options = optionsOf(kind.value, settings.choices);
  const isDrawer = kind.value === "cash_drawer";
  const isSignal = kind.value === "signal";
  /** @param {Event} event */
  const submit = async (event) => {
    event.preventDefault();
    const fields = { ...said.value, id: id.value, kind: kind.value, port: port.value,
      registers: registers.value, fallback: fallback.value };
    const next = deviceOf(device, fields, options);
    error.value = next.id ? "" : t("devices.id_missing");
    if (error.value) return;
    await oneAtATime(busy, async () => {
      error.value = await onSave(withDevice(settings.devices, was, next), next.id);
    });
  };
  /** @param {string} name @returns {TextSignal} one option as if it were a signal of its own */
  const optionOf = (name) => /** @type {any} */ ({
    get value() { return said.value[name] ?? ""; },
    set value(next) { said.value = { ...said.value, [name]: next }; },
  });
  /** @type {TextSignal} what was typed for another kind means nothing for this one */
  const kindOf = /** @type {any} */ ({
    get value() { return kind.value; },
    set value(next) {
      const isOurs = id.value === freeId(settings.devices, kind.value);
      if (isOurs) id.value = freeId(settings.devices, next);
      kind.value = next;
      said.value = fieldsOf(device, next);
      fallback.value = said.value.fallback ?? "";
    },
  });
  const kinds = KINDS.map((one) =>
    /** @type {[string, string]} */ ([one, named("device_kind", one)]));
  const printers = settings.devices.filter((other) =>
    other.kind === "receipt_printer" && other.id !== was);
  return html`
    <form class="form card" data-form="device" ref=${form} onSubmit=${submit}>
      <h2>${t(was === null ? "devices.add" : "devices.change")}</h2>
      <div class="pair">
        <${Choice} label=${t("devices.kind")} name="kind" value=${kindOf} among=${kinds} />
        <${Field} label=${t("devices.id")} value=${id} name="id" focused />
      </div>
      <${Field} label=${t("devices.port")} value=${port} name="port" longest=${PORT_CHARS_MAX}
        hint=${isDrawer ? t("devices.port_drawer") : isSignal ? t("devices.port_signal")
          : t("devices.port_hint")} />
      <${Registers} value=${registers} count=${settings.registers} />
      ${kind.value === "receipt_printer" && html`
        <${Choice} label=${t("devices.fallback")} name="fallback" value=${fallback}
          among=${[["", t("devices.no_fallback")], ...printers.map((other) =>
            [other.id, other.id])]} />`}
      <div class="pair">
        ${options.map(({ name, type, choices }) => type === "choice" || type === "flag"
          ? html`<${Choice} key=${name} label=${t(`device_option.${name}`)} name=${name}
              value=${optionOf(name)} among=${[["", t("devices.usual")],
                ...(choices ?? ["true", "false"]).map((one) =>
                  [one, named("device_value", one)])]} />`
          : html`<${Field} key=${name} label=${t(`device_option.${name}`)} name=${name}
              value=${optionOf(name)} mode=${type === "number" ? "numeric" : undefined} />`)}
      </div>
      <${FormError} text=${error.value} />
      <div class="row-buttons">
        <button type="button" class="button" data-do="cancel" onClick=${onCancel}>
          ${t("cancel")}</button>
        <button class="button primary" data-do="save-device">${t("devices.save")}</button>
      </div>
    </form>`;
}
