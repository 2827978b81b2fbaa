// Papers that a person has to know of: whether they came out, whether they wait, and where.
import { html, useEffect, useSignal } from "../lib.js";
import { api } from "../api.js";
import { withApproval } from "../approvals.js";
import { deedsOf } from "../devices.js";
import { isOk } from "../http.js";
import { shown } from "../money.js";
import { ask } from "../session.js";
import { showRefusal, tell } from "../state.js";
import { language, named, t } from "../text.js";
import { BackStrip } from "../parts/header.js";
import { reprint } from "../parts/receipt-text.js";
import { useBackKeys } from "./stock.js";

/** @typedef {import("../types.d.ts").OpenPaper} OpenPaper */

/** How often the list is read while it is looked at, in milliseconds. */
const LOOK_MS = 1500;

/** What it is called. @param {OpenPaper} paper */
function titleOf({ workstation, number, copy }) {
  const name = number === null ? t("papers.report") : `${workstation ?? ""}-${number}`;
  return copy > 0 ? t("papers.copy", { name, n: copy }) : name;
}

/** @param {number} ms milliseconds since 1970 */
const moment = (ms) => new Intl.DateTimeFormat(language.value,
  { dateStyle: "short", timeStyle: "short" }).format(ms);

/** @param {{ paper: OpenPaper, onDone: () => void }} props */
function Row({ paper, onDone }) {
  const key = `${paper.transaction_id} ${paper.copy}`;
  const deeds = deedsOf(paper);
  const cameOut = async () => {
    const { problem } = await ask(() => withApproval((token) =>
      api.cameOut(paper.transaction_id, paper.copy, token)));
    if (problem) showRefusal(problem.code, problem.detail, titleOf(paper));
    else tell(t("papers.settled", { name: titleOf(paper) }));
    onDone();
  };
  const again = async () => {
    if (paper.number !== null) await reprint(paper.transaction_id);
    else {
      const { problem } = await ask(() => withApproval((token) =>
        api.paperCopy(paper.transaction_id, token)));
      if (problem) showRefusal(problem.code, problem.detail, titleOf(paper));
      else tell(t("reprint.done"));
    }
    onDone();
  };
  return html`
    <li class="device-row" data-paper=${key} data-state=${paper.state}>
      <div class="device-what">
        <strong>${titleOf(paper)}</strong>
        ${paper.total && html`<span>${shown(paper.total)}</span>`}
        ${paper.completed_ms !== null && html`<span>${moment(paper.completed_ms)}</span>`}
        <span class=${`condition condition-${paper.state === "unknown" ? "fails" : "wants"}`}>
          ${named("paper_state", paper.has_stood_in && paper.state === "done" ? "stood_in"
            : paper.state)}</span>
      </div>
      <p class="hint">
        ${paper.workstation && html`<span>${t("register_n", { n: paper.workstation })}</span>`}
        ${paper.printer && html` · <span>${t("papers.at", { printer: paper.printer })}</span>`}
      </p>
      ${deeds.length > 0 && html`
        <div class="row-buttons">
          ${deeds.includes("came_out") && html`
            <button class="button" data-came-out=${key} onClick=${cameOut}>
              ${t("papers.came_out")}</button>`}
          ${deeds.includes("again") && html`
            <button class="button" data-again=${key} onClick=${again}>
              ${t("papers.again")}</button>`}
        </div>`}
    </li>`;
}

export function Papers() {
  const papers = useSignal(/** @type {OpenPaper[] | null} */ (null));
  useBackKeys();
  const read = async () => {
    const reply = await api.papers().catch(() => null);
    if (reply && isOk(reply)) papers.value = reply.body;
  };
  useEffect(() => {
    void read();
    const timer = setInterval(() => void read(), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  const all = papers.value ?? [];
  const unknown = all.filter(({ state }) => state === "unknown");
  const others = all.filter(({ state }) => state !== "unknown");
  /** @param {string} title @param {OpenPaper[]} those */
  const section = (title, those) => those.length > 0 && html`
    <section class="card">
      <h2>${title}</h2>
      <ul class="device-list">
        ${those.map((paper) => html`
          <${Row} key=${`${paper.transaction_id} ${paper.copy}`} paper=${paper}
            onDone=${() => void read()} />`)}
      </ul>
    </section>`;
  return html`
    <div class="office papers" data-papers=${papers.value ? all.length : ""}>
      <${BackStrip} title=${t("menu.papers")} />
      ${papers.value && all.length === 0 && html`<p class="hint">${t("papers.none")}</p>`}
      ${unknown.length > 0 && html`<p class="hint">${t("papers.unknown_about")}</p>`}
      ${section(t("papers.unknown"), unknown)}
      ${section(t("papers.others"), others)}
    </div>`;
}
