// What is said where a till is used over a network that others can read.
import { html } from "../lib.js";
import { t } from "../text.js";

/**
 * That others on the network can read along, and what helps. On the hub's own screen nobody can:
 * what a browser asks of its own machine never gets onto the network.
 * @param {{ secure: boolean }} props
 */
export function Encryption({ secure }) {
  if (secure || window.isSecureContext) return null;
  return html`
    <p class="insecure" data-insecure="yes">
      <span>${t("insecure")}</span> <a href="/ca">${t("insecure.mend")}</a>
    </p>`;
}
