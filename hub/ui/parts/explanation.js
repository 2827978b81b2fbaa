// Why the basket costs what it costs: asked for when it is opened, never while something is
// scanned.
import { html, useEffect, useSignal } from "../lib.js";
import { api } from "../api.js";
import { isOk, problemOf } from "../http.js";
import { alike } from "../promotions.js";
import { basket, view } from "../state.js";
import { negated, shown } from "../money.js";
import { said, t } from "../text.js";
import { close } from "./question.js";

/** @typedef {import("../types.d.ts").Explanation} Explanation */

export function ExplanationPanel() {
  const known = useSignal(/** @type {Explanation | null} */ (null));
  const error = useSignal("");
  const workstation = view.value?.workstation;
  const of = basket.value && `${basket.value.transaction_id} ${basket.value.version}`;
  useEffect(() => {
    known.value = null;
    error.value = "";
    if (!workstation || !of) return undefined;
    let isGone = false;
    void api.explanation(workstation).catch(() => null).then((reply) => {
      if (isGone) return;
      if (reply && isOk(reply)) known.value = reply.body;
      else error.value = reply ? problemOf(reply).detail : t("no_answer");
    });
    return () => { isGone = true; };
  }, [workstation, of]);
  return html`
    <h2 id="dialog-title">${t("explanation")}</h2>
    ${error.value && html`<p class="form-error" role="alert">${error.value}</p>`}
    ${!of && html`<p class="hint">${t("explanation.nothing")}</p>`}
    ${of && !known.value && !error.value && html`<p class="hint">${t("explanation.loading")}</p>`}
    ${known.value && html`<${Told} told=${known.value} />`}
    <div class="dialog-foot">
      <button class="button primary" data-first onClick=${close}>${t("ok")} <kbd>Esc</kbd></button>
    </div>`;
}

/** @param {{ told: Explanation }} props */
function Told({ told }) {
  return html`
    <div class="explanation" data-explained=${told.is_optimal ? "proven" : "unproven"}>
      <p class="about">
        ${t("explanation.totals", { before: shown(told.without_promotions) })}
        <strong> ${shown(told.total)}</strong> · ${proof(told)}
      </p>
      ${told.beside && html`<${Beside} beside=${told.beside} toPay=${told.to_pay} />`}
      ${told.applied.length > 0 && html`<${Used} promotions=${told.applied} />`}
      <${Units} lines=${told.lines} />
      ${told.not_applied.length > 0 && html`<${Unused} promotions=${told.not_applied} />`}
    </div>`;
}

/** @param {Explanation} told */
function proof({ is_optimal: isOptimal, by_priority: byPriority, bound }) {
  if (byPriority) return t("proof.by_priority");
  return isOptimal ? t("proof.optimal") : t("proof.unproven", { bound: shown(bound) });
}

/**
 * What promotions have no part in, and what all comes to: the total of the screen.
 * @param {{ beside: NonNullable<Explanation["beside"]>, toPay: Explanation["to_pay"] }} props
 */
function Beside({ beside, toPay }) {
  return html`
    <ul class="told" data-beside>
      ${beside.map(({ code, text }) => html`<li key=${code} data-beside-code=${code}>
        <p>${said(text)}</p></li>`)}
      <li data-to-pay><p>${t("explanation.to_pay")} <strong>${shown(toPay)}</strong></p></li>
    </ul>`;
}

/** What was used, and the best price without it. @param {{ promotions: any[] }} props */
function Used({ promotions }) {
  return html`
    <h3>${t("explanation.used")}</h3>
    <ul class="told">
      ${promotions.map((/** @type {import("../types.d.ts").ExplainedPromotion} */ one) => html`
        <li key=${one.id} data-used-promotion=${one.id}>
          <p class="told-head"><strong>${said(one.name)}</strong>
            <span class="told-off">${shown(negated(one.amount))}</span></p>
          <p>${said(one.text)}</p>
          ${one.runner_up && html`<p class="hint" data-runner-up>${said(one.runner_up.text)}</p>`}
        </li>`)}
    </ul>`;
}

/** @param {number} number of a line */
const called = (number) =>
  basket.value?.lines.find(({ line }) => line === number)?.description;

/** What became of each unit. @param {{ lines: Explanation["lines"] }} props */
function Units({ lines }) {
  return html`
    <h3>${t("explanation.units")}</h3>
    <ul class="told">
      ${lines.map(({ line, item, units }) => html`
        <li key=${line} data-told-line=${line}>
          <p><strong>${called(line) ?? item}</strong></p>
          ${alike(units).map(({ count, text }) => html`
            <p class="told-unit"><span>${count} ×</span> <span>${said(text)}</span></p>`)}
        </li>`)}
    </ul>`;
}

/** What did not apply, and why. @param {{ promotions: Explanation["not_applied"] }} props */
function Unused({ promotions }) {
  return html`
    <h3>${t("explanation.unused")}</h3>
    <ul class="told">
      ${promotions.map(({ id, name, text }) => html`
        <li key=${id} data-unused-promotion=${id}><p><strong>${said(name)}</strong></p>
          <p class="hint">${said(text)}</p></li>`)}
    </ul>`;
}
