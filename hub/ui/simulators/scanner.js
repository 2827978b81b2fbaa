// A simulated scanner: a code that is typed is scanned.
import { html, useSignal } from "../lib.js";
import { t } from "../text.js";
import { Field } from "../parts/forms.js";
import { act } from "./hands.js";

/** Longest code that a scanner reads. */
const CODE_CHARS_MAX = 4096;

/** @param {{ of: import("../types.d.ts").SimulatorView }} props */
export function Scanner({ of }) {
  const code = useSignal("");
  /** @param {Event} event */
  const scan = (event) => {
    event.preventDefault();
    const read = code.value;
    if (read === "") return;
    code.value = "";
    void act(of.id, { action: "scan", code: read });
  };
  return html`
    <form class="scanner" onSubmit=${scan}>
      <${Field} label=${t("simulators.code")} value=${code} name="code"
        longest=${CODE_CHARS_MAX} />
      <button class="button primary" data-do="scan">${t("simulators.scan")}</button>
    </form>
    <p class="hint">${t("simulators.scan_hint")}</p>`;
}
