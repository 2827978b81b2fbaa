// The code that makes another browser this register's screen for customers.
import { html, useEffect, useSignal } from "../lib.js";
import { api } from "../api.js";
import { ask } from "../session.js";
import { dialog, tell } from "../state.js";
import { t } from "../text.js";

export function CustomerScreenCode() {
  const code = useSignal("");
  const error = useSignal("");
  useEffect(() => {
    void ask(() => api.customerCode()).then(({ body, problem }) => {
      if (problem) error.value = problem.detail;
      else code.value = body.code;
    });
  }, []);
  const sendAway = async () => {
    const { problem } = await ask(api.sendScreensAway);
    error.value = problem?.detail ?? "";
    if (problem) return;
    tell(t("customer.sent_away"));
    dialog.value = null;
  };
  return html`
    <h2 id="dialog-title">${t("menu.customer_screen")}</h2>
    <p>${t("customer.shown_code", { address: `${location.origin}/customer` })}</p>
    ${error.value && html`<p class="form-error" role="alert">${error.value}</p>`}
    <output class="pairing-code" data-code=${code.value}>${code.value || "…"}</output>
    <div class="dialog-foot">
      <button class="button" data-do="send-away" onClick=${sendAway}>
        ${t("customer.send_away")}</button>
      <button class="button primary" data-first onClick=${() => { dialog.value = null; }}>
        ${t("ok")} <kbd>Esc</kbd>
      </button>
    </div>`;
}
