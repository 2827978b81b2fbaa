// What the customer brings: coupons, a member's number, work for the chain.
import { html, useLayoutEffect, useRef, useSignal } from "../lib.js";
import * as register from "../register.js";
import { couponsShown } from "../promotions.js";
import { basket, dialog, scanGoesTo } from "../state.js";
import { t } from "../text.js";
import { askBuyer, buyerMarks, buyerSaid } from "./buyer.js";
import { Field, FormError } from "./forms.js";
import { close, Question } from "./question.js";

const CODE_LENGTH_MAX = 64;
const POINTS_LENGTH_MAX = 9;
/** A number of points, or none. */
const WHOLE = /^\d*$/;

/** What was said of the customer so far, in one line; a touch asks again. */
export function CustomerChip() {
  const open = basket.value;
  if (!open) return null;
  const { buyer } = open;
  const { member, tier, employee } = open.context ?? {};
  const coupons = couponsShown(open);
  const used = coupons.filter(({ isUsed }) => isUsed).length;
  const words = [
    member && memberShown(member, tier),
    employee && t("customer.employee"),
    coupons.length > 0 && t("coupons.used_n", { n: coupons.length, used }),
  ].filter(Boolean);
  const asks = () => {
    if (words.length > 0) dialog.value = { kind: "customer" };
    else askBuyer();
  };
  // Before the first goods whose it is has to be seen: the next customer may stand there by now.
  const isEmpty = open.lines.every(({ voided }) => voided);
  const all = [isEmpty ? buyerSaid(buyer) : buyerMarks(buyer), ...words].filter(Boolean);
  if (all.length === 0) return null;
  return html`
    <button class="chip" data-member=${member} data-coupons=${coupons.length} data-used=${used}
      data-employee=${employee ? "yes" : "no"} data-ban=${buyer?.ban}
      data-carrier=${buyer?.carrier} data-donation=${buyer?.donation}
      onClick=${asks}><span>${all.join(" · ")}</span></button>`;
}

/** @param {string} number @param {string | null | undefined} tier */
function memberShown(number, tier) {
  return tier ? t("member.tier_n", { number, tier }) : t("member.n", { number });
}

export function Customer() {
  const coupon = useSignal("");
  const number = useSignal("");
  const tier = useSignal("");
  const points = useSignal("");
  const error = useSignal("");
  /** Where a scan goes: to the field that was last gone to. */
  const scansMember = useRef(false);
  useLayoutEffect(() => {
    scanGoesTo.value = (code) => {
      if (scansMember.current) number.value = code;
      else register.showCoupon(code);
    };
    return () => { scanGoesTo.value = null; };
  }, []);

  const open = basket.value;
  const member = open?.context?.member;
  const isEmployee = open?.context?.employee ?? false;
  const yes = () => {
    error.value = WHOLE.test(points.value.trim()) ? "" : t("member.points_whole");
    if (error.value) return;
    if (coupon.value.trim()) register.showCoupon(coupon.value.trim());
    if (number.value.trim()) {
      register.nameMember(number.value.trim(), tier.value.trim() || null,
        points.value.trim() ? Number(points.value) : null);
    }
    close();
  };
  return html`
    <${Question} title=${t("customer.title")} yes=${t("ok")} onYes=${yes}>
      <${Field} label=${t("coupon.code")} value=${coupon} name="coupon" focused
        longest=${CODE_LENGTH_MAX} onFocus=${() => { scansMember.current = false; }} />
      ${open && html`<${Shown} open=${open} />`}
      ${member
        ? html`
          <p class="given-row" data-named=${member}>
            <span>${memberShown(member, open?.context?.tier)}</span>
            <button type="button" class="button quiet" data-do="forget-member"
              onClick=${register.forgetMember}>${t("do.forget_member")}</button>
          </p>`
        : html`
          <${Field} label=${t("member.number")} value=${number} name="member"
            longest=${CODE_LENGTH_MAX} onFocus=${() => { scansMember.current = true; }} />
          <div class="pair">
            <${Field} label=${t("member.tier")} value=${tier} name="tier"
              longest=${CODE_LENGTH_MAX} />
            <${Field} label=${t("member.points")} value=${points} name="points" mode="numeric"
              longest=${POINTS_LENGTH_MAX} />
          </div>
          <${FormError} text=${error.value} />`}
      <button type="button" class="button switch" role="switch" aria-checked=${isEmployee}
        data-do="employee" onClick=${() => register.employeePurchase(!isEmployee)}>
        ${t("customer.employee")}
      </button>
    <//>`;
}

/** The coupons that were shown. @param {{ open: import("../types.d.ts").Basket }} props */
function Shown({ open }) {
  const coupons = couponsShown(open);
  if (coupons.length === 0) return null;
  return html`
    <ul class="given" aria-label=${t("coupons")}>
      ${coupons.map(({ code, isUsed }) => html`
        <li key=${code}>
          <span>${t(isUsed ? "coupon.used" : "coupon.unused", { code })}</span>
          <button type="button" class="button quiet" data-withdraw=${code}
            onClick=${() => register.withdrawCoupon(code)}>${t("do.withdraw_coupon")}</button>
        </li>`)}
    </ul>`;
}
