// Everything that is not the sale itself.
import { html } from "../lib.js";
import { lock, signOff } from "../session.js";
import {
  basket, dialog, isTraining, pending, screen, session, view, wantsClaim,
} from "../state.js";
import { shown } from "../money.js";
import { t } from "../text.js";
import { train, wipeTraining } from "../training.js";
import { hasSimulated } from "./devices.js";
import { LanguageSwitch } from "./forms.js";
import { askPostVoid } from "./post-void.js";
import { ReceiptText, reprint } from "./receipt-text.js";

/** @param {any} props */
function Entry({ name, shortcut, disabled = false, onClick }) {
  const press = () => {
    dialog.value = null;
    onClick();
  };
  return html`<button class="button menu-entry" data-menu=${name} disabled=${disabled}
    onClick=${press}>
    ${t(`menu.${name}`)} ${shortcut && html`<kbd>${shortcut}</kbd>`}</button>`;
}

export function Menu() {
  const isManaging = session.value?.permissions.includes("manage_people");
  const isRegister = Boolean(session.value?.workstation);
  /** @param {import("../state.js").Screen} to */
  const go = (to) => () => { screen.value = to; };
  const isBusy = basket.value !== null || pending.value.length > 0;
  return html`
    <h2 id="dialog-title">${t("menu")}</h2>
    <div class="menu">
      ${isRegister && html`<${Entry} name="sell" onClick=${go("product")} />`}
      ${isRegister && html`<${Entry} name="return" onClick=${() => {
        screen.value = "product";
        dialog.value = { kind: "return" };
      }} />`}
      ${isRegister && html`<${Entry} name="till" onClick=${go("till")} />`}
      <${Entry} name="day" onClick=${go("day")} />
      <${Entry} name="suspended" onClick=${go("suspended")} />
      <${Entry} name="receipts" onClick=${go("receipts")} />
      <${Entry} name="papers" onClick=${go("papers")} />
      ${isRegister && html`<${Entry} name="customer_screen" onClick=${() => {
        dialog.value = { kind: "customer_screen" };
      }} />`}
      <${Entry} name="stock" onClick=${go("stock")} />
      <${Entry} name="alerts" onClick=${go("alerts")} />
      ${isRegister && html`<${Entry} name="lock" shortcut="Pause" onClick=${lock} />`}
      <${Entry} name="pin" onClick=${() => { dialog.value = { kind: "pin" }; }} />
      ${session.value?.permissions.includes("set_up_devices") && !isTraining.value && html`
        <${Entry} name="devices" onClick=${go("devices")} />`}
      ${hasSimulated() && html`
        <a class="button menu-entry" data-menu="simulators" href="/simulators" target="_blank"
          onClick=${() => { dialog.value = null; }}>${t("menu.simulators")}</a>`}
      ${isManaging && html`<${Entry} name="operators" onClick=${go("operators")} />`}
      ${isManaging && html`
        <${Entry} name="claim" disabled=${isBusy} onClick=${() => { wantsClaim.value = true; }} />`}
      ${isRegister && html`
        <${Entry} name=${isTraining.value ? "train_end" : "train"} disabled=${isBusy}
          onClick=${() => void train(!isTraining.peek())} />`}
      ${isManaging && !isTraining.value && html`
        <${Entry} name="train_wipe" onClick=${() => void wipeTraining()} />`}
      <${Entry} name="keys" onClick=${() => {
        dialog.value = { kind: "keys" };
      }} />
      <${Entry} name="sign_off" disabled=${isBusy} onClick=${signOff} />
    </div>
    ${isBusy && html`<p class="hint">${t("menu.basket_open")}</p>`}
    <${LanguageSwitch} />`;
}

/** @type {[keys: string, does: string][]} */
const KEYS = [
  ["F1 ?", "keys.help"], ["F2 /", "keys.search"], ["F3 Del", "keys.void"], ["F4", "keys.quantity"],
  ["3*", "keys.times"], ["F5", "keys.take_prompt"], ["F12", "keys.decline_prompt"],
  ["Insert", "keys.customer"], ["=", "keys.explain"], ["F6", "keys.discount"], ["F7", "keys.undo"], ["F8", "keys.abandon"],
  ["PgDn", "keys.suspend"], ["PgUp", "keys.retrieve"], ["F11", "keys.price_check"],
  ["End", "keys.tiles"], ["Home", "keys.confirm_age"], ["#", "keys.name_serial"],
  ["+", "keys.department"], ["Pause", "keys.lock"],
  ["F9", "keys.pay"], ["F10", "keys.menu"], ["↑ ↓", "keys.choose"],
  ["1 9", "keys.choose_item"], ["Enter", "keys.enter"],
  ["Esc", "keys.escape"], ["F2 F3 F4", "keys.tenders"],
];

/** Every key there is. */
export function Keys() {
  return html`
    <h2 id="dialog-title">${t("menu.keys")}</h2>
    <dl class="key-list">
      ${KEYS.map(([key, text]) => html`
        <div key=${key}><dt>${key.split(" ").map((one) => html`<kbd>${one}</kbd> `)}</dt>
          <dd>${t(text)}</dd></div>`)}
    </dl>
    <div class="dialog-foot">
      <button class="button primary" data-first onClick=${() => { dialog.value = null; }}>
        ${t("ok")} <kbd>Esc</kbd>
      </button>
    </div>`;
}

/** The receipt of the sale before. */
export function LastReceipt() {
  const last = view.value?.last_sale;
  if (!last) return null;
  return html`
    <h2 id="dialog-title">${t("last_sale", { number: last.number })} · ${shown(last.total)}</h2>
    <${ReceiptText} transaction=${last.transaction_id} />
    <div class="dialog-foot">
      <button class="button bad" data-do="post_void" onClick=${() => askPostVoid(last)}>
        ${t("do.post_void")}
      </button>
      <button class="button" onClick=${() => reprint(last.transaction_id)}>
        ${t("do.reprint")}
      </button>
      <button class="button primary" data-first onClick=${() => { dialog.value = null; }}>
        ${t("ok")} <kbd>Esc</kbd>
      </button>
    </div>`;
}
