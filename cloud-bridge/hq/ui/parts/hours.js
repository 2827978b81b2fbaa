// Net by hour, as a picture and as a table.
import { html } from "/shared/lib.js";
import { t } from "/shared/text.js";
import { amount } from "../amounts.js";
import { columns, hourText, wholeHours } from "../series.js";
import { Chart } from "./chart.js";

/** @typedef {import("../types.d.ts").HourNet} HourNet */

/** @param {{ hours: HourNet[], currency: string }} props */
export function Hours({ hours, currency }) {
  const whole = wholeHours(hours);
  return html`
    <section class="card block hours" data-block="hours" aria-labelledby="block-hours">
      <div class="block-head">
        <h2 id="block-hours">${t("hours")}</h2>
        <p class="legend" aria-hidden="true">
          <span class="key-now"></span>${t("this_day")}
          <span class="key-before"></span>${t("week_before")}
        </p>
      </div>
      ${whole.length === 0 && html`<p class="hint">${t("nothing_sold")}</p>`}
      ${whole.length > 0 && html`
        <${HoursChart} hours=${whole} currency=${currency} />
        <${HoursTable} hours=${whole} currency=${currency} />`}
    </section>`;
}

/** @param {{ hours: HourNet[], currency: string }} props */
function HoursTable({ hours, currency }) {
  return html`
    <details class="as-table" data-do="hours-table">
      <summary>${t("as_table")}</summary>
      <table class="table">
        <thead><tr><th>${t("hour")}</th><th class="number">${t("sales")}</th>
          <th class="number">${t("this_day")}</th><th class="number">${t("week_before")}</th>
        </tr></thead>
        <tbody>
          ${hours.map((one) => html`
            <tr key=${one.hour} data-hour=${one.hour}>
              <th scope="row">${hourText(one.hour)}</th>
              <td class="number">${one.sales}</td>
              <td class="number strong">${amount(one.net, currency)}</td>
              <td class="number">${amount(one.net_week_before, currency)}</td>
            </tr>`)}
        </tbody>
      </table>
    </details>`;
}

/** Fewest hours that a picture has room for: one column alone says nothing. */
const HOURS_MIN = 8;

/** @param {{ hours: HourNet[], currency: string }} props */
export function HoursChart({ hours, currency }) {
  const label = t("hours.picture", {
    from: hourText(hours[0]?.hour ?? 0), to: hourText(hours.at(-1)?.hour ?? 0),
  });
  const pointed = (/** @type {number} */ at) => {
    const one = hours[at];
    return one ? t("hours.pointed", {
      hour: hourText(one.hour), now: amount(one.net, currency),
      before: amount(one.net_week_before, currency),
    }) : "";
  };
  return html`<${Chart} label=${label} columns=${columns(hours)} currency=${currency}
    least=${HOURS_MIN} mark=${String} pointed=${pointed} />`;
}
