// Whose the invoice is: a company's number, a carrier, a cause; keyed or scanned.
import { html, useLayoutEffect, useSignal } from "../lib.js";
import { buyersPart, buyerShown } from "../buyer.js";
import { nameBuyer } from "../register.js";
import { basket, dialog, scanGoesTo } from "../state.js";
import { t } from "../text.js";
import { Field } from "./forms.js";
import { close, Question } from "./question.js";

/** Blanks around what is typed are the hub's to take off. */
const LENGTH_MAX = { ban: 10, carrier: 18, donation: 9 };

/** @param {string} [carrier] what was typed of one already */
export function askBuyer(carrier = "") {
  if (basket.peek()) dialog.value = { kind: "buyer", carrier };
}

/** What was said. @param {import("../types.d.ts").Buyer | undefined} buyer */
export const buyerSaid = (buyer) =>
  buyerShown(buyer, (part, text) => t(`buyer.${part}_is`, { text }));

/** What was said, without the numbers. @param {import("../types.d.ts").Buyer | undefined} buyer */
export const buyerMarks = (buyer) => buyerShown(buyer, (part) => t(`buyer.has_${part}`));

/** What was said so far; a touch asks again. @param {{ disabled: boolean }} props */
export function BuyerChip({ disabled }) {
  const buyer = basket.value?.buyer;
  return html`
    <button class="button buyer" data-do="buyer" data-ban=${buyer?.ban}
      data-carrier=${buyer?.carrier} data-donation=${buyer?.donation} disabled=${disabled}
      onClick=${() => askBuyer()}>
      <span>${buyerSaid(buyer) || t("buyer.nothing")}</span> <kbd>/</kbd>
    </button>`;
}

/** @param {{ asked: { carrier: string } }} props */
export function BuyerQuestion({ asked }) {
  const said = basket.value?.buyer;
  const ban = useSignal(said?.ban ?? "");
  const carrier = useSignal(said?.carrier || asked.carrier);
  const donation = useSignal(said?.donation ?? "");
  useLayoutEffect(() => {
    const before = scanGoesTo.peek();
    const fields = { ban, carrier, donation };
    scanGoesTo.value = (code) => { fields[buyersPart(code) ?? "carrier"].value = code; };
    return () => { scanGoesTo.value = before; };
  }, []);
  const yes = () => {
    const text = (/** @type {{ value: string }} */ { value }) => value.trim() || null;
    nameBuyer({ ban: text(ban), carrier: text(carrier), donation: text(donation) });
    close();
  };
  return html`
    <${Question} title=${t("buyer.title")} about=${t("buyer.about")} yes=${t("ok")} onYes=${yes}>
      <${Field} label=${t("buyer.ban")} value=${ban} name="ban" mode="numeric"
        focused=${!asked.carrier} longest=${LENGTH_MAX.ban} />
      <${Field} label=${t("buyer.carrier")} value=${carrier} name="carrier"
        longest=${LENGTH_MAX.carrier} />
      <${Field} label=${t("buyer.donation")} value=${donation} name="donation" mode="numeric"
        longest=${LENGTH_MAX.donation} />
    <//>`;
}
