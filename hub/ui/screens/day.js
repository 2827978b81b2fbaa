// The store's business day: what it came to, who has not closed yet, and its close.
import { html, useEffect, useSignal } from "../lib.js";
import { api } from "../api.js";
import { withApproval } from "../approvals.js";
import { ask } from "../session.js";
import { session, tell } from "../state.js";
import { t } from "../text.js";
import { closeDay, forgetForm } from "../till.js";
import { BackStrip } from "../parts/header.js";
import { askForceDay } from "../parts/force-day.js";
import { FormError } from "../parts/forms.js";
import { TillPaper } from "../parts/till-paper.js";
import { ClosingTable, Summary } from "../parts/till-report.js";
import { useBackKeys } from "./stock.js";

/** @typedef {import("../types.d.ts").DaySummary} DaySummary */

export function DayScreen() {
  const days = useSignal(/** @type {import("../types.d.ts").Days | null} */ (null));
  const chosen = useSignal("");
  const summary = useSignal(/** @type {DaySummary | null} */ (null));
  const error = useSignal("");
  const isWaiting = useSignal(false);
  // Nobody is asked, and nothing is written down, by somebody's mere looking at the page.
  const sees = session.value?.permissions.includes("see_expected") ?? false;
  useBackKeys();

  const read = async () => {
    const { body, problem } = await ask(api.days);
    error.value = problem?.detail ?? "";
    if (problem) return;
    days.value = body;
    if (chosen.value === "") chosen.value = body.open ?? body.days[0]?.business_day ?? "";
  };
  const look = async () => {
    if (chosen.value === "") return;
    const day = chosen.value;
    const { body, problem } = await ask(() => withApproval((token) => api.day(day, token)));
    if (chosen.peek() !== day) return;
    error.value = problem?.detail ?? "";
    summary.value = problem ? null : body;
  };
  useEffect(() => { void read(); return forgetForm; }, []);
  useEffect(() => {
    summary.value = null;
    if (sees) void look();
  }, [chosen.value]);

  /** @param {boolean} isForced */
  const close = async (isForced) => {
    const open = days.peek()?.open;
    if (!open || isWaiting.peek()) return;
    isWaiting.value = true;
    const { problem } = await closeDay(open, isForced);
    isWaiting.value = false;
    if (!problem) tell(t("day.closed", { day: open }));
    await Promise.all([read(), sees && look()]);
    if (problem) error.value = problem.detail;
  };
  const standing = days.value;
  return html`
    <div class="office" data-day=${standing?.open ?? ""}>
      <${BackStrip} title=${t("day")} />
      ${error.value && html`<${FormError} text=${error.value} />`}
      ${standing && html`
        <section class="card till-report">
          <p>${standing.open ? t("day.open", { day: standing.open })
            : t("day.none_open", { day: standing.next })}</p>
          ${standing.tills.length > 0 && html`
            <p class="hint" data-open-tills>
              ${t("day.open_tills", { tills: standing.tills.join("、") })}</p>`}
          ${standing.open && html`
            <div class="till-deeds">
              <button class="button primary" data-do="close-day" disabled=${isWaiting.value}
                onClick=${() => close(false)}>${t("day.close")}</button>
              ${standing.tills.length > 0 && html`
                <button class="button danger" data-do="force-day" disabled=${isWaiting.value}
                  onClick=${() => askForceDay({
                    day: standing.open ?? "", tills: standing.tills, onYes: () => close(true),
                  })}>${t("day.force")}</button>`}
            </div>`}
        </section>`}
      ${standing && standing.days.length > 0 && html`
        <label class="field"><span>${t("day.which")}</span>
          <select name="day" value=${chosen.value}
            onChange=${(/** @type {any} */ event) => { chosen.value = event.target.value; }}>
            ${standing.days.map((day) => html`
              <option key=${day.business_day} value=${day.business_day}>
                ${day.business_day} ${day.is_closed ? t("day.is_closed") : ""}</option>`)}
          </select>
        </label>`}
      ${!sees && !summary.value && chosen.value && html`
        <button class="button" data-do="look-day" onClick=${look}>${t("day.look")}</button>`}
      ${summary.value && html`<${Summary} of=${summary.value} />`}
      ${(summary.value?.tills ?? []).filter((till) => till.closing).map((till) => html`
        <section class="card till-report" key=${`${till.workstation} ${till.number}`}>
          <h2>${t("day.till", { at: till.workstation, n: till.number })}
            ${till.is_forced && html` <em class="tag">${t("day.forced")}</em>`}</h2>
          <${ClosingTable} lines=${till.closing ?? []} />
          <${ZPaper} day=${chosen.value} till=${till} />
        </section>`)}
    </div>`;
}

/** The Z report on paper, where somebody wants to see it. @param {any} props */
function ZPaper({ day, till }) {
  const isShown = useSignal(false);
  if (isShown.value) {
    return html`<${TillPaper} day=${day} at=${till.workstation} number=${till.number} />`;
  }
  return html`<button class="button" data-do="show-z" data-of=${`${till.workstation} ${till.number}`}
    onClick=${() => { isShown.value = true; }}>${t("till.paper")}</button>`;
}
