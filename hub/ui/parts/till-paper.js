// A till's report as it stands on paper, and a copy of it.
import { html, useEffect, useSignal } from "../lib.js";
import { api } from "../api.js";
import { withApproval } from "../approvals.js";
import { ask } from "../session.js";
import { showRefusal, tell } from "../state.js";
import { named, t } from "../text.js";
import { Paper } from "./paper.js";

/** How often the printer is asked after, in milliseconds, and how often at most. */
const LOOK_MS = 700;
const LOOKS_MAX = 40;
/** What has no state is being made right now, or was printed long ago. */
const UNTOLD_LOOKS_MAX = 6;

/**
 * @param {{ day: string, at: string, number: number, x?: string }} props the Z report, or the X
 *   report that `x` names
 */
export function TillPaper({ day, at, number, x = "" }) {
  const paper = useSignal(/** @type {import("../types.d.ts").TillPaper | null} */ (null));
  useEffect(() => {
    let isGone = false;
    let looks = 0;
    const look = async () => {
      const { body, problem } = await ask(() => api.tillPaper(day, at, number, x));
      if (isGone) return;
      if (!problem) paper.value = body;
      looks += 1;
      const most = paper.value?.print ? LOOKS_MAX : UNTOLD_LOOKS_MAX;
      if (paper.value?.print !== "done" && looks < most) setTimeout(() => void look(), LOOK_MS);
    };
    void look();
    return () => { isGone = true; };
  }, [day, at, number, x]);
  const copy = async () => {
    const { problem } = await ask(() =>
      withApproval((token) => api.tillPaperCopy(day, at, number, x, token)));
    if (problem) showRefusal(problem.code, problem.detail);
    else tell(t("reprint.done"));
  };
  const known = paper.value;
  if (!known) return null;
  return html`
    <div class="till-paper" data-paper=${x ? "x" : "z"}>
      <div class="till-paper-do">
        ${known.print && html`
          <p class="receipt-state" role="status" data-print=${known.print}>
            ${named("print", known.print)}</p>`}
        <button class="button" data-do="copy-report" onClick=${copy}>${t("till.copy")}</button>
      </div>
      <pre class="receipt-paper" tabindex="0" aria-label=${t("till.paper")} role="region">
        <${Paper} rows=${known.rows} columns=${known.columns} />
      </pre>
    </div>`;
}
