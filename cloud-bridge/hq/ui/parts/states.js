// What is shown while there is nothing to show yet, and where it cannot be read.
import { html } from "/shared/lib.js";
import { t } from "/shared/text.js";

/** @param {{ problem: import("/shared/types.d.ts").Problem | null }} props */
export function Pending({ problem }) {
  if (problem) {
    return html`<p class="card block failed" role="alert" data-failed=${problem.code}>
      ${problem.detail}</p>`;
  }
  return html`<p class="card block hint" role="status" data-pending="yes">${t("loading")}</p>`;
}
