// One sale as the store wrote it down.
import { html } from "/shared/lib.js";
import { grouped, isZero, shown } from "/shared/money.js";
import { language, named, t } from "/shared/text.js";
import { api } from "../api.js";
import { useLoaded } from "../loaded.js";
import { Pending } from "../parts/states.js";
import { isolated } from "../isolated.js";
import { nameIn } from "../promotions.js";
import { href, nameOf, route } from "../state.js";
import { clock } from "../times.js";

/** @typedef {import("../types.d.ts").Sale} Sale */
/** @typedef {import("../types.d.ts").SaleLine} SaleLine */

export function SaleScreen() {
  const { store = "", transaction = "" } = route.value;
  const { body, problem } = useLoaded(() => api.sale(store, transaction));
  const back = href({ screen: "store", store });
  return html`
    <div class="board board-narrow">
      <div class="day-bar"><div class="day-title">
        <a class="button quiet" href=${back} aria-label=${t("back_to_store")}>←</a>
        <h1>${t("sale")}</h1></div></div>
      ${body ? html`<${Paper} sale=${body.fact} />` : html`<${Pending} problem=${problem} />`}
    </div>`;
}

/** @param {{ sale: Sale }} props */
function Paper({ sale }) {
  const { totals } = sale;
  const facts = [
    [t("store"), nameOf(sale.store)],
    [t("register"), sale.workstation],
    [t("number"), sale.number === undefined ? "–" : String(sale.number)],
    [t("time"), `${sale.business_day} ${clock(sale.ended.wall_ms, sale.ended.utc_offset_s)}`],
    [t("operator"), isolated(sale.operator)],
  ];
  return html`
    <article class="card paper" data-paper=${sale.transaction}>
      <dl class="paper-facts">
        ${facts.map(([label, value]) => html`<div key=${label}><dt>${label}</dt><dd>${value}</dd></div>`)}
      </dl>
      <ol class="paper-lines">
        ${sale.lines.map((line) => html`<${Line} key=${line.line} line=${line} />`)}
      </ol>
      <dl class="paper-sums">
        <div><dt>${t("shelf")}</dt><dd>${shown(totals.shelf)}</dd></div>
        ${!isZero(totals.discount) && html`
          <div><dt>${t("discount")}</dt><dd>−${shown(totals.discount)}</dd></div>`}
        ${totals.taxes.map((tax) => html`
          <div key=${tax.class} class="hint"><dt>${t("tax", {
    class: named("tax_class", tax.class), percent: tax.percent,
  })}</dt><dd>${shown(tax.tax)}</dd></div>`)}
        <div class="paper-total"><dt>${t("total")}</dt>
          <dd data-total=${totals.total.amount}>${shown(totals.total)}</dd></div>
        ${sale.tenders.filter((tender) => !tender.voided).map((tender) => html`
          <div key=${tender.number}><dt>${named("tender", tender.tender_type)}
            ${tender.reference && html` <small>${tender.reference}</small>`}</dt>
            <dd>${shown(tender.amount)}</dd></div>`)}
        ${!isZero(totals.change) && html`
          <div><dt>${t("change")}</dt><dd>${shown(totals.change)}</dd></div>`}
      </dl>
      <p class="hint paper-id">${sale.transaction}</p>
    </article>`;
}

/** The promotion that lowered the price, else why somebody did.
 * @param {import("../types.d.ts").Modifier} modifier */
const modifierName = ({ reason, promotion }) => (promotion
  ? isolated(nameIn({ promotion: promotion.id, name: promotion.name }, language.value))
  : named("reason", reason));

/** @param {{ line: SaleLine }} props */
function Line({ line }) {
  const state = line.voided ? "voided" : line.kind;
  return html`
    <li class=${`paper-line paper-${state}`} data-line=${state}>
      <span class="paper-name">${isolated(line.description)}
        ${state !== "sale" && html` <em class="tag">${t(`line.${state}`)}</em>`}
        <small>${line.code} · ${grouped(line.quantity.amount)} ${named("unit", line.quantity.unit)}
          × ${shown(line.unit_price)}</small></span>
      <span class="strong">${shown(line.net)}</span>
      ${(line.modifiers ?? []).map((modifier, at) => html`
        <span key=${at} class="paper-off">${modifierName(modifier)}
          ${modifier.percent && ` ${modifier.percent}%`}</span>
        <span class="paper-off">−${shown(modifier.amount)}</span>`)}
    </li>`;
}
