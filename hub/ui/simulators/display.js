// A simulated customer display: two rows of twenty.
import { html } from "../lib.js";
import { t } from "../text.js";

/** @param {{ of: import("../types.d.ts").SimulatorView }} props */
export function Display({ of }) {
  return html`
    <pre class="display" role="status" aria-label=${t("simulators.shown")}
      data-display=${of.id}>${(of.display ?? []).join("\n")}</pre>`;
}
