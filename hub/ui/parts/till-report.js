// What a till or a day came to, in tables.
import { html, useEffect, useSignal } from "../lib.js";
import { api } from "../api.js";
import { withApproval } from "../approvals.js";
import { useKeys } from "../keys.js";
import { ask } from "../session.js";
import { session, view } from "../state.js";
import { shown } from "../money.js";
import { named, t } from "../text.js";
import { overOf, printX } from "../till.js";
import { TillPaper } from "./till-paper.js";

/** @typedef {import("../types.d.ts").DaySummary} DaySummary */

/** @param {{ lines: import("../types.d.ts").ClosingLine[] }} props */
export function ClosingTable({ lines }) {
  const scale = session.value?.scale ?? 0;
  return html`
    <table class="table">
      <thead><tr><th>${t("tender_type")}</th><th class="number">${t("till.should_be")}</th>
        <th class="number">${t("till.was")}</th><th class="number">${t("till.over")}</th></tr>
      </thead>
      <tbody>
        ${lines.map((line) => {
          const over = overOf(line, scale);
          return html`
            <tr key=${line.tender_type + line.expected.currency} data-closing=${line.tender_type}>
              <td>${named("tender", line.tender_type)}</td>
              <td class="number">${shown(line.expected)}</td>
              <td class="number">${line.counted ? shown(line.counted) : "—"}</td>
              <td class="number">${over ? shown(over) : "—"}</td>
            </tr>`;
        })}
      </tbody>
    </table>`;
}

/** @param {{ title: string, rows: [string, string, string?][] }} props */
function Sums({ title, rows }) {
  if (rows.length === 0) return null;
  return html`
    <table class="table">
      <thead><tr><th colspan="3">${title}</th></tr></thead>
      <tbody>
        ${rows.map(([name, often, amount = ""]) => html`
          <tr key=${name}><td>${name}</td><td class="number">${often}</td>
            <td class="number">${amount}</td></tr>`)}
      </tbody>
    </table>`;
}

/** @param {{ of: DaySummary }} props */
export function Summary({ of }) {
  const { cash, counts } = of;
  return html`
    <div class="till-sums" data-total=${of.total.amount}>
      <p class="till-total">${t("day.total")} <strong>${shown(of.total)}</strong></p>
      <${Sums} title=${t("tender_type")} rows=${of.tenders.map((line) => [
        named("tender", line.tender_type), String(line.count), shown(line.amount)])} />
      <${Sums} title=${t("day.taxes")} rows=${of.taxes.map((line) => [
        `${named("tax_class", line.class) || "—"} ${line.percent} %`, shown(line.base), shown(line.tax)])} />
      <${Sums} title=${t("day.departments")} rows=${of.departments.map((line) => [
        line.department || "—", String(line.lines), shown(line.net)])} />
      <${Sums} title=${t("day.operators")} rows=${of.operators.map((line) => [
        line.operator, String(line.sales), shown(line.total)])} />
      <${Sums} title=${t("day.hours")} rows=${of.hours.map((line) => [
        `${String(line.hour).padStart(2, "0")}:00`, String(line.sales), shown(line.total)])} />
      <${Sums} title=${t("day.cash")} rows=${["floats", "loans", "pickups", "paid_in", "paid_out"]
        .map((key) => [t(`cash_sums.${key}`), "",
          shown(cash[/** @type {keyof typeof cash} */ (key)])])} />
      <${Sums} title=${t("day.counts")} rows=${Object.entries(counts)
        .map(([key, often]) => [t(`day_counts.${key}`), "", String(often)])} />
    </div>`;
}

/** The X report: read anew each time it is shown. @param {{ day: string, number: number }} props */
export function TillReport({ day, number }) {
  const report = useSignal(/** @type {DaySummary | null} */ (null));
  const x = useSignal("");
  const error = useSignal("");
  const isBusy = useSignal(false);
  const here = view.value?.workstation ?? "";
  useEffect(() => {
    void ask(() => withApproval((token) => api.tillReport(day, here, number, token)))
      .then(({ body, problem }) => {
        error.value = problem?.detail ?? "";
        if (!problem) report.value = body;
      });
  }, [day, number]);
  const print = async () => {
    if (isBusy.peek()) return;
    isBusy.value = true;
    const { problem, id } = await printX();
    isBusy.value = false;
    error.value = problem?.detail ?? "";
    if (!problem) x.value = id;
  };
  useKeys({ keys: { Enter: () => void print() } });
  return html`
    <section class="card till-report" data-x=${number}>
      <h2>${t("till.x", { n: number })}</h2>
      <button class="button" data-do="print-x" disabled=${isBusy.value} onClick=${print}>
        ${t("till.print_x")} <kbd>Enter</kbd></button>
      ${error.value && html`<p class="form-error" role="alert">${error.value}</p>`}
      ${x.value && html`<${TillPaper} key=${x.value} day=${day} at=${here} number=${number}
        x=${x.value} />`}
      ${report.value && html`<${Summary} of=${report.value} />`}
    </section>`;
}
