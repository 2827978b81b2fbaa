// What the basket comes to, and the buttons beside it.
import { html } from "../lib.js";
import { pay, suspend, undo } from "../register.js";
import {
  basket, dialog, liveLines, pending, screen, selected, session, suspended,
} from "../state.js";
import { grouped, minorOf, moneyOf, shown } from "../money.js";
import { t } from "../text.js";
import { CustomerChip } from "./customer.js";
import { Offers, SavingRows, WhyThisPrice } from "./savings.js";

/** How many pieces; what is weighed or measured counts as one. */
function pieces() {
  const goods = liveLines.value.filter(({ deposit_of: of }) => of === undefined);
  return goods.reduce((sum, { quantity }) =>
    sum + (quantity.unit === "piece" ? Number(quantity.amount) : 1), 0);
}

/** The totals; large, because the customer reads them too. */
export function Summary() {
  const open = basket.value;
  const mine = session.value;
  const nothing = moneyOf(0n, mine?.currency ?? "TWD", mine?.scale ?? 0);
  const totals = open?.totals;
  const added = totals?.taxes.filter(({ method }) => method === "exclusive") ?? [];
  return html`
    <section class="summary" aria-label=${t("totals")}>
      <dl class="summary-list" tabindex="0">
        <div><dt>${t("pieces")}</dt><dd data-pieces>${grouped(String(pieces()))}</dd></div>
        <div><dt>${t("shelf")}</dt><dd>${shown(totals?.shelf ?? nothing)}</dd></div>
        ${open && html`<${SavingRows} open=${open} />`}
        ${added.map((tax) => html`
          <div><dt>${t("tax_added", { percent: tax.percent })}</dt><dd>${shown(tax.tax)}</dd></div>`)}
      </dl>
      <p class="total">
        <span class="total-label">${t("total")}</span>
        <output class="total-amount" data-total=${totals?.total.amount ?? "0"}>
          ${shown(totals?.total ?? nothing)}
        </output>
      </p>
      <${Offers} />
      <div class="summary-foot"><${CustomerChip} /><${WhyThisPrice} /></div>
    </section>`;
}

/**
 * @param {{ name: string, hotkey: string, icon: string, disabled: boolean, count?: number,
 *   onClick: () => void }} p */
function Action({ name, hotkey, icon, disabled, onClick, count = 0 }) {
  return html`
    <button class="action" data-do=${name} disabled=${disabled} onClick=${onClick}>
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d=${icon} /></svg>
      <span>${t(`do.${name}`)}${count > 0 && ` ${count}`}</span><kbd>${hotkey}</kbd>
    </button>`;
}

const ICONS = {
  quantity: "M5 8h6M8 5v6M14 8h5M5 17h6M14 15h5M14 19h5",
  discount: "M6 18 18 6M8 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4M16 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4",
  void: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13",
  undo: "M9 6 4 11l5 5M4 11h10a6 6 0 0 1 0 12",
  abandon: "M6 6l12 12M18 6 6 18",
  price: "M4 5v14M8 5v14M11 5v14M15 5v14M20 5v14",
  suspend: "M12 4v11M7 10l5 5 5-5M4 20h16",
  retrieve: "M12 15V4M7 9l5-5 5 5M4 20h16",
  customer: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 21a8 8 0 0 1 16 0",
};

export function SellingActions() {
  const open = basket.value;
  const noLine = !selected.value;
  /** @param {string} kind */
  const ask = (kind) => () => { dialog.value = { kind }; };
  const canPay = liveLines.value.length > 0 || pending.value.length > 0;
  const canSuspend = liveLines.value.length > 0 && pending.value.length === 0;
  const pays = open !== null && minorOf(open.totals.due.amount) < 0n;
  return html`
    <div class="actions">
      <${Action} name="quantity" hotkey="F4" icon=${ICONS.quantity} disabled=${noLine}
        onClick=${ask("quantity")} />
      <${Action} name="discount" hotkey="F6" icon=${ICONS.discount} disabled=${noLine}
        onClick=${ask("discount")} />
      <${Action} name="void" hotkey="F3" icon=${ICONS.void} disabled=${noLine}
        onClick=${ask("void")} />
      <${Action} name="undo" hotkey="F7" icon=${ICONS.undo} disabled=${!open?.can_undo}
        onClick=${undo} />
      <${Action} name="customer" hotkey="Insert" icon=${ICONS.customer} disabled=${false}
        onClick=${ask("customer")} />
      <${Action} name="price_check" hotkey="F11" icon=${ICONS.price} disabled=${false}
        onClick=${ask("price_check")} />
      ${open ? html`
        <${Action} name="suspend" hotkey="PgDn" icon=${ICONS.suspend} disabled=${!canSuspend}
          onClick=${suspend} />` : html`
        <${Action} name="retrieve" hotkey="PgUp" icon=${ICONS.retrieve} count=${suspended.value.length}
          disabled=${suspended.value.length === 0} onClick=${() => { screen.value = "suspended"; }} />`}
      <${Action} name="abandon" hotkey="F8" icon=${ICONS.abandon} disabled=${!open}
        onClick=${ask("abandon")} />
      <button class="button primary pay" data-do="pay" disabled=${!canPay} onClick=${pay}>
        ${t(pays ? "do.pay_out" : "do.pay")} <kbd>F9</kbd>
      </button>
    </div>`;
}
