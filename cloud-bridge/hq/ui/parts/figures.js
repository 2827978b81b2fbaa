// Figures, and what they are to be read against.
import { html } from "/shared/lib.js";
import { language, t } from "/shared/text.js";
import { counted } from "../counted.js";
import { amount, average, change, percent, share } from "../amounts.js";
import { isolated } from "../isolated.js";
import { hourText } from "../series.js";

/**
 * One large figure.
 * @param {{ label: string, value: unknown, children?: unknown, name?: string, about?: unknown }}
 *   props `about`: the value in exact form, for programs
 */
export function Figure({ label, value, children, name, about }) {
  return html`
    <div class="figure card" data-figure=${name} data-value=${about}>
      <dt>${label}</dt>
      <dd class="figure-value">${value}</dd>
      ${children && html`<dd class="figure-detail">${children}</dd>`}
    </div>`;
}

/**
 * How much more than before, coloured and with a sign.
 * @param {{ now: number, before: number, currency: string, against: string }} props
 */
export function Against({ now, before, currency, against }) {
  const tenths = change(now, before);
  if (tenths === null) return html`<span class="hint">${t("nothing_to_compare")}</span>`;
  const tone = tenths > 0 ? "up" : tenths < 0 ? "down" : "even";
  return html`
    <span class=${`trend trend-${tone}`}>${percent(tenths)}</span>
    <span class="hint">${against} ${amount(before, currency)}</span>`;
}

/** The chain's figures of the day, in its first currency; the others in a line each.
 * @param {{ totals: import("../types.d.ts").DayTotal[], isToday: boolean }} props */
export function Totals({ totals, isToday }) {
  const [first, ...rest] = totals;
  if (!first) return null;
  const { currency, sales, net, discount } = first;
  const each = average(net, sales);
  return html`
    <dl class="figures">
      <${Figure} label=${t(isToday ? "total.today" : "total.day")} value=${amount(net, currency)}
        name="net" about=${net}>
        <${Against} now=${net} before=${first.net_week_before} currency=${currency}
          against=${t("against.day")} />
      <//>
      ${first.hour !== null && html`
        <${Figure} label=${t("total.hour", { hour: hourText(first.hour) })}
          value=${amount(first.hour_net, currency)} name="hour" about=${first.hour_net}>
          <${Against} now=${first.hour_net} before=${first.hour_net_week_before}
            currency=${currency} against=${t("against.hour")} />
        <//>`}
      <${Figure} label=${t("sales")} value=${sales.toLocaleString("en-US")} name="sales"
        about=${sales}>
        ${each !== null && html`<span class="hint">
          ${t("average", { amount: amount(each, currency) })}</span>`}
      <//>
      <${Figure} label=${t("discount")} value=${amount(discount, currency)} name="discount"
        about=${discount} />
    </dl>
    ${rest.map((other) => html`
      <p key=${other.currency} class="other-currency" data-currency=${other.currency}>
        ${t("other_currency", {
    amount: amount(other.net, other.currency), n: other.sales, currency: other.currency,
  })}</p>`)}`;
}

/**
 * Sums of groups with a bar each, the greatest first.
 * @param {object} props
 * @param {string} props.title
 * @param {string} props.name
 * @param {import("../types.d.ts").GroupSum[]} props.groups
 * @param {string} props.currency
 * @param {(group: import("../types.d.ts").GroupSum) => string} [props.call] what a group is called
 * @param {number} [props.most] how many are shown
 */
export function Groups({ title, name, groups, currency, call, most = 100 }) {
  const greatest = Math.max(0, ...groups.map(({ net }) => net));
  const called = call ?? (({ name: said, key }) => isolated(said || key) || t("nameless"));
  return html`
    <section class="card block" data-block=${name} aria-labelledby=${`block-${name}`}>
      <h2 id=${`block-${name}`}>${title}</h2>
      ${groups.length === 0 && html`<p class="hint">${t("nothing_sold")}</p>`}
      ${groups.length > 0 && html`
        <table class="table">
          <thead class="spoken"><tr><th>${title}</th><th>${t("sales")}</th><th>${t("net")}</th>
          </tr></thead>
          <tbody>
            ${groups.slice(0, most).map((group) => html`
              <tr key=${group.key} data-group=${group.key}>
                <th scope="row">${called(group)}<${Gauge} of=${group.net} most=${greatest} /></th>
                <td class="number hint">${counted("n_sales", group.sales)}</td>
                <td class="number strong">${amount(group.net, currency)}</td>
              </tr>`)}
          </tbody>
        </table>`}
      ${groups.length > most && html`<p class="hint">
        ${t("and_n_more", { n: groups.length - most })}</p>`}
    </section>`;
}

/** A bar beside a figure that says the same. @param {{ of: number, most: number }} props */
export function Gauge({ of, most }) {
  return html`
    <span class="gauge" aria-hidden="true" lang=${language.value}>
      <span class="gauge-fill" style=${{ width: `${share(of, most)}%` }}></span>
    </span>`;
}
