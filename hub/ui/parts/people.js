// What people have to show: a badge that a manager makes, and a PIN that everybody changes.
import { html, useSignal } from "../lib.js";
import { api } from "../api.js";
import { withApproval } from "../approvals.js";
import { code39 } from "../code39.js";
import { ask } from "../session.js";
import { dialog, showRefusal, tell } from "../state.js";
import { t } from "../text.js";
import { Field, FormError } from "./forms.js";
import { close, Question } from "./question.js";

/** Height of the bars, in narrow elements. */
const BARS_HEIGHT = 60;

/**
 * Makes a badge for somebody and shows it: nobody can read it here again.
 * @param {import("../types.d.ts").Operator} operator
 */
export async function giveBadge({ id, name }) {
  const { body, problem } = await ask(() => withApproval((token) => api.giveBadge(id, token)));
  if (problem) showRefusal(problem.code, problem.detail, name);
  else dialog.value = { kind: "badge", name, code: body.badge };
  return !problem;
}

/** @param {import("../types.d.ts").Operator} operator */
export async function takeBadge({ id, name }) {
  const { problem } = await ask(() => withApproval((token) => api.takeBadge(id, token)));
  if (problem) showRefusal(problem.code, problem.detail, name);
  else tell(t("badge.taken", { name }));
  return !problem;
}

/** @param {{ asked: { name: string, code: string } }} props */
export function Badge({ asked: { name, code } }) {
  const drawn = code39(code);
  return html`
    <h2 id="dialog-title">${t("badge.of", { name })}</h2>
    <p class="hint">${t("badge.once")}</p>
    <figure class="badge-sheet" data-badge=${code}>
      ${drawn && html`
        <svg viewBox=${`0 0 ${drawn.width} ${BARS_HEIGHT}`} role="img" aria-label=${code}>
          ${drawn.bars.map(({ at, width }) => html`
            <rect key=${at} x=${at} y="0" width=${width} height=${BARS_HEIGHT} />`)}
        </svg>`}
      <figcaption><strong>${name}</strong><code>${code}</code></figcaption>
    </figure>
    <div class="dialog-foot">
      <button class="button" onClick=${() => window.print()}>${t("do.print")}</button>
      <button class="button primary" data-first onClick=${close}>${t("ok")} <kbd>Esc</kbd></button>
    </div>`;
}

/** Everybody changes their own. */
export function OwnPin() {
  const pin = useSignal("");
  const next = useSignal("");
  const again = useSignal("");
  const error = useSignal("");
  const yes = async () => {
    if (!/^\d{6,12}$/.test(next.value)) error.value = t("pin.rule");
    else error.value = next.value === again.value ? "" : t("pin.differ");
    if (error.value) return;
    const { problem } = await ask(() => api.changePin({ pin: pin.value, new_pin: next.value }));
    error.value = problem?.detail ?? "";
    if (problem) return;
    tell(t("pin.changed"));
    close();
  };
  /** @param {string} label @param {typeof pin} value @param {string} name */
  const field = (label, value, name) => html`
    <${Field} label=${label} value=${value} name=${name} type="password" mode="numeric"
      longest=${12} focused=${name === "pin"} autocomplete="off" />`;
  return html`
    <${Question} title=${t("menu.pin")} yes=${t("ok")} onYes=${yes}>
      ${field(t("pin.now"), pin, "pin")}
      ${field(t("pin.next"), next, "new-pin")}
      ${field(t("pin.again"), again, "pin-again")}
      <${FormError} text=${error.value} />
    <//>`;
}
