// What lowers the basket, in the totals: promotions by name, the cashier's discounts, what another
// way of paying would save.
import { html } from "../lib.js";
import { isUnproven, reductions } from "../promotions.js";
import { intendTender } from "../register.js";
import { basket, dialog } from "../state.js";
import { isZero, negated, shown } from "../money.js";
import { named, said, t } from "../text.js";

/** @typedef {import("../types.d.ts").Basket} Basket */

/** As many as leave room for the total; the explanation has them all. */
const NAMED_MAX = 4;

/** Rows of the list of totals. @param {{ open: Basket }} props */
export function SavingRows({ open }) {
  const { promotions, together, own } = reductions(open);
  const { points_earned: earned = 0, points_spent: spent = 0, coupons_earned: coupons = [] }
    = open.pricing ?? {};
  return html`
    ${promotions.slice(0, NAMED_MAX).map(({ id, name, amount }) => html`
      <div class="summary-off summary-promotion" key=${id} data-saves=${id}>
        <dt>${said(name)}</dt><dd>${shown(negated(amount))}</dd></div>`)}
    ${promotions.length > NAMED_MAX && html`
      <div class="summary-promotion"><dt>${t("promotions.more",
        { n: promotions.length - NAMED_MAX })}</dt><dd></dd></div>`}
    ${promotions.length > 0 && html`
      <div class="summary-off summary-together" data-together=${together.amount}>
        <dt>${t("promotions.together", { n: promotions.length })}</dt>
        <dd>${shown(negated(together))}</dd></div>`}
    ${!isZero(own) && html`
      <div class="summary-off"><dt>${t("discount")}</dt><dd>${shown(negated(own))}</dd></div>`}
    ${spent > 0 && html`
      <div><dt>${t("points.spent")}</dt><dd data-points-spent>${spent}</dd></div>`}
    ${earned > 0 && html`
      <div><dt>${t("points.earned")}</dt><dd data-points-earned>${earned}</dd></div>`}
    ${coupons.map((campaign) => html`
      <div key=${campaign}><dt>${t("coupon.earned")}</dt><dd>${campaign}</dd></div>`)}`;
}

/** The way to the explanation, and what it says where the price is not proven. */
export function WhyThisPrice() {
  const open = basket.value;
  if (!open?.pricing) return null;
  return html`
    <button class="button quiet why" data-do="explain"
      data-proven=${isUnproven(open) ? "no" : "yes"}
      onClick=${() => { dialog.value = { kind: "explanation" }; }}>
      ${t("do.explain")} <kbd>=</kbd>
      ${isUnproven(open) && html`<small>${t("proof.short")}</small>`}
    </button>`;
}

/** What another way of paying would save; a tap asks for the price of that. */
export function Offers() {
  const open = basket.value;
  const intended = open?.context?.tender ?? null;
  const offers = (open?.offers ?? []).filter((offer) => offer.tender_type !== intended);
  return html`
    ${intended && html`
      <button class="offer" aria-pressed="true" data-intended=${intended}
        onClick=${() => intendTender(null)}>
        ${t("offer.intended", { tender: named("tender", intended) })}
        <span aria-hidden="true"> ✕</span>
      </button>`}
    ${offers.map((offer) => html`
      <button class="offer" key=${offer.tender_type} data-offer=${offer.tender_type}
        onClick=${() => intendTender(offer.tender_type)}>${said(offer.text)}</button>`)}`;
}
