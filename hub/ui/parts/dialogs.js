// What is asked before something is done. One question at a time; Escape always means no.
import { html, useEffect, useLayoutEffect, useRef } from "../lib.js";
import { useKeys } from "../keys.js";
import { dialog, isAsking, putRefusalAway, refusals } from "../state.js";
import { BuyerQuestion } from "./buyer.js";
import { Customer } from "./customer.js";
import { CustomerScreenCode } from "./customer-screen.js";
import { Elsewhere } from "./elsewhere.js";
import { ExplanationPanel } from "./explanation.js";
import { lock } from "../session.js";
import { Badge, OwnPin } from "./people.js";
import { Clock } from "./clock.js";
import { ChooseItem } from "./choose.js";
import { DeviceTroubles } from "./devices.js";
import { DepartmentPrice } from "./departments.js";
import { SerialOf } from "./serial.js";
import { ForceDay } from "./force-day.js";
import { close } from "./question.js";
import { Abandon, Discount, Price, QuantityOf, ReturnItem, VoidLine, Weight } from "./questions.js";
import { Keys, LastReceipt, Menu } from "./menu.js";
import { PostVoid } from "./post-void.js";
import { PriceCheck } from "./price-check.js";
import { Unsent } from "./unsent.js";

/** @type {Record<string, (props: any) => unknown>} */
const KINDS = {
  choose: ChooseItem,
  department: DepartmentPrice,
  serial: SerialOf,
  quantity: QuantityOf,
  weight: Weight,
  price: Price,
  discount: Discount,
  void: VoidLine,
  abandon: Abandon,
  post_void: PostVoid,
  force_day: ForceDay,
  price_check: PriceCheck,
  return: ReturnItem,
  menu: Menu,
  keys: Keys,
  last_receipt: LastReceipt,
  elsewhere: Elsewhere,
  buyer: BuyerQuestion,
  customer: Customer,
  customer_screen: CustomerScreenCode,
  explanation: ExplanationPanel,
  badge: Badge,
  clock: Clock,
  device_troubles: DeviceTroubles,
  pin: OwnPin,
  unsent: Unsent,
};

export function DialogHost() {
  useKeys({
    keys: {
      F1: () => { dialog.value = { kind: "keys" }; },
      "?": () => { dialog.value = { kind: "keys" }; },
      F10: () => { dialog.value = { kind: "menu" }; },
      Pause: () => void lock(),
    },
  });
  const asked = dialog.value ?? (isAsking.value ? { kind: "unsent" } : null);
  // A question does not outlive the session in which it was asked.
  useEffect(() => () => { dialog.value = null; }, []);
  const Kind = asked && KINDS[asked.kind];
  return Kind ? html`<${Frame} key=${asked.kind}><${Kind} asked=${asked} /><//>` : null;
}

/** @param {any} props */
function Frame({ children }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useKeys({
    isModal: true,
    keys: {
      Escape: () => { if (refusals.value.length > 0) putRefusalAway(); else close(); },
      F1: close,
      F10: close,
      // Wherever in the question the focus is.
      Enter: () => box.current?.querySelector("form")?.requestSubmit(),
      Delete: () => box.current
        ?.querySelector(/** @type {"button"} */ ("button[data-key=Delete]"))?.click(),
    },
    // A digit that stands on a button presses it.
    onCharacter: (character) => {
      const digit = /^[1-9]$/.test(character) && `button[data-key="${character}"]`;
      const button = digit && box.current?.querySelector(digit);
      if (!(button instanceof HTMLButtonElement)) return false;
      button.click();
      return true;
    },
  });
  useLayoutEffect(() => {
    const before = document.activeElement;
    const inside = box.current;
    if (inside && !inside.contains(document.activeElement)) {
      (inside.querySelector("input, [data-first]") ?? inside.querySelector("button"))
        // @ts-expect-error every one of these takes the focus
        ?.focus();
    }
    return () => { if (before instanceof HTMLElement && before.isConnected) before.focus(); };
  }, []);
  /** @param {Event} event */
  const outside = (event) => { if (event.target === event.currentTarget) close(); };
  return html`
    <div class="veil" onClick=${outside}>
      <div class="dialog" role="dialog" aria-modal="true" aria-labelledby="dialog-title" ref=${box}
        tabindex="-1">
        ${children}
      </div>
    </div>`;
}
