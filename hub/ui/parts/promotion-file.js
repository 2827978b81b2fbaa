// What keeps promotions from being in force, for a manager who can mend it.
import { html, useEffect, useSignal } from "../lib.js";
import { api } from "../api.js";
import { isOk } from "../http.js";
import { ask } from "../session.js";
import { tell } from "../state.js";
import { named, said, t } from "../text.js";
import { FormError } from "./forms.js";

/** @typedef {import("../types.d.ts").PromotionsStanding} PromotionsStanding */

/** What is wrong with the store's file and with bundles of headquarters; nothing where all hold. */
export function PromotionTroubles() {
  const standing = useSignal(/** @type {PromotionsStanding | null} */ (null));
  useEffect(() => {
    void api.promotions().then((reply) => { if (isOk(reply)) standing.value = reply.body; },
      () => {});
  }, []);
  const found = standing.value;
  if (!found) return null;
  const isFaulty = (found.file?.faults.length ?? 0) > 0;
  return html`
    ${found.refused.map((bundle) => html`<${RefusedBundle} key=${bundle.version} bundle=${bundle} />`)}
    ${isFaulty && html`<${FaultyFile} found=${found}
      onRead=${(/** @type {PromotionsStanding} */ now) => { standing.value = now; }} />`}
    ${found.file && !isFaulty && html`<${SoundFile} found=${found}
      onRead=${(/** @type {PromotionsStanding} */ now) => { standing.value = now; }} />`}`;
}

/** @param {{ found: PromotionsStanding, onRead: (now: PromotionsStanding) => void }} props */
function FaultyFile({ found, onRead }) {
  return html`
    <section class="card trouble" data-trouble="promotion-file">
      <h2 class="bar bar-bad" role="alert">${t("promotion_file.faulty")}</h2>
      <p><code>${found.file?.path}</code></p>
      <ul>
        ${found.file?.faults.map((fault, number) => html`
          <li key=${number} data-fault=${fault.code}>
            ${fault.line !== null && html`<strong>${t("promotion_file.line", { n: fault.line })}</strong> `}
            ${fault.place && html`<code>${fault.place}</code> `}
            <span>${named("fault", fault.code)}</span> <small lang="en">${fault.reason}</small>
          </li>`)}
      </ul>
      <p data-stays>${stays(found)}</p>
      <p class="hint">${t("promotion_file.mend")}</p>
      <${ReadAgain} onRead=${onRead} />
    </section>`;
}

/** @param {{ found: PromotionsStanding, onRead: (now: PromotionsStanding) => void }} props */
function SoundFile({ found, onRead }) {
  return html`
    <section class="card trouble" data-promotion-file="sound">
      <h2>${t("promotion_file")}</h2>
      <p><code>${found.file?.path}</code></p>
      <p data-stays>${stays(found)}</p>
      <${ReadAgain} onRead=${onRead} />
    </section>`;
}

/** What is sold by now. @param {PromotionsStanding} found */
function stays({ is_decided_by_hq, count, in_force }) {
  if (is_decided_by_hq) return t("promotion_file.by_hq", { n: count });
  if (count === 0) return t("promotion_file.none");
  const names = in_force.map(({ name }) => said(name)).join(t("promotion_file.comma"));
  return t("promotion_file.in_force", { n: count, names });
}

/** @param {{ onRead: (now: PromotionsStanding) => void }} props */
function ReadAgain({ onRead }) {
  const error = useSignal("");
  const press = async () => {
    const { body, problem } = await ask(api.readPromotions);
    error.value = problem?.detail ?? "";
    if (problem) return;
    if (body.file?.faults.length === 0) tell(t("promotion_file.read"));
    onRead(body);
  };
  return html`
    <${FormError} text=${error.value} />
    <button class="button" data-do="read-promotions" onClick=${press}>
      ${t("do.read_again")}</button>`;
}

/** @param {{ bundle: PromotionsStanding["refused"][number] }} props */
function RefusedBundle({ bundle }) {
  const { version, reason, stays: before } = bundle;
  return html`
    <section class="card trouble" data-trouble="bundle">
      <h2 class="bar bar-bad" role="alert">${t("bundle.refused", { version })}</h2>
      <p lang="en">${reason}</p>
      <p data-stays>${before === null ? t("bundle.none_stays") : t("bundle.stays", { version: before })}</p>
    </section>`;
}
