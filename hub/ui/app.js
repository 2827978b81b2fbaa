// Starts the page and says which screen is shown.
import { computed, html, render, effect } from "./lib.js";
import * as keys from "./keys.js";
import * as scanner from "./scanner.js";
import * as session from "./session.js";
import * as text from "./text.js";
import { takeScans } from "./counter.js";
import { scanned } from "./scans.js";
import {
  basket, isCoveredByQuestion, isTakenOver, isTraining, pending, refusals, screen,
  session as current, signIn, view, wantsClaim, wantsOffice,
} from "./state.js";
import { Header } from "./parts/header.js";
import { ConnectionBar, News, Refusals, StoreNotices, TakenOver } from "./parts/notices.js";
import { ApprovalHost } from "./parts/approval.js";
import { DialogHost } from "./parts/dialogs.js";
import { Setup } from "./screens/setup.js";
import { Claim } from "./screens/claim.js";
import { SignOn } from "./screens/sign-on.js";
import { Locked } from "./screens/locked.js";
import { Product } from "./screens/product.js";
import { Payment } from "./screens/payment.js";
import { ReceiptScreen } from "./screens/receipt.js";
import { Receipts } from "./screens/receipts.js";
import { Stock } from "./screens/stock.js";
import { TillScreen } from "./screens/till.js";
import { DayScreen } from "./screens/day.js";
import { Alerts } from "./screens/alerts.js";
import { Suspended } from "./screens/suspended.js";
import { Operators } from "./screens/operators.js";
import { Devices } from "./screens/devices.js";
import { Papers } from "./screens/papers.js";

/** @typedef {(props: any) => unknown} Component */

/** @type {Record<string, Component>} */
const SCREENS = {
  setup: Setup,
  claim: Claim,
  "sign-on": SignOn,
  locked: Locked,
  product: Product,
  payment: Payment,
  receipt: ReceiptScreen,
  receipts: Receipts,
  stock: Stock,
  alerts: Alerts,
  suspended: Suspended,
  operators: Operators,
  till: TillScreen,
  day: DayScreen,
  devices: Devices,
  papers: Papers,
};

/** The screen that fits what is known, whatever was last asked for. */
const shownScreen = computed(() => {
  const open = signIn.value;
  if (!open) return "starting";
  if (open.needs_setup) return "setup";
  if (wantsClaim.value) return "claim";
  if (!current.value) return open.workstation || wantsOffice.value ? "sign-on" : "claim";
  if (current.value.is_locked) return "locked";
  if (!current.value.workstation) {
    const offices = [
      "alerts", "operators", "suspended", "receipts", "day", "devices", "papers",
    ];
    return offices.includes(screen.value) ? screen.value : "stock";
  }
  if (view.value?.phase === "signed_off") return "sign-on";
  const till = view.value?.till;
  const isClosed = till !== undefined && till.policy !== "none" && till.open === null;
  if (isClosed && !basket.value && ["product", "payment"].includes(screen.value)) return "till";
  if (screen.value === "product" && isBeingPaid(view.value?.phase)) return "payment";
  if (screen.value === "payment" && !basket.value && pending.value.length === 0) return "product";
  return screen.value;
});

/** @param {string | undefined} phase */
function isBeingPaid(phase) {
  return ["tendering", "awaiting_card", "card_unknown"].includes(phase ?? "");
}

/** Screens on which the scanner sells. */
const SELLING = [
  "product", "payment", "receipt", "receipts", "stock", "alerts", "operators", "suspended",
  "till", "day", "devices", "papers",
];

/** Whether a scan means something on the screen that is shown. */
function takesScans() {
  const shown = shownScreen.peek();
  return !isTakenOver.peek() && (["sign-on", "locked"].includes(shown)
    || (SELLING.includes(shown) && current.peek()?.workstation != null));
}

function App() {
  const name = shownScreen.value;
  const Current = SCREENS[name];
  const isIn = SELLING.includes(name);
  const isCovered = isTakenOver.value && !wantsClaim.value;
  return html`
    <div class="page" data-screen=${name} data-ready=${view.value ? "yes" : "no"}
      data-training=${isTraining.value ? "yes" : "no"}>
      <${ConnectionBar} />
      ${isTraining.value && current.value && html`
        <p class="training" role="status">${text.t("training")}</p>`}
      ${isIn && html`<${Header} />`}
      <${StoreNotices} isIn=${isIn} />
      <main inert=${isCoveredByQuestion(isIn) || isCovered} class="screen">
        ${!Current && html`<p class="starting">${text.t("starting")}</p>`}
        ${Current && !isCovered && html`<${Current} />`}
      </main>
      <${Refusals} />
      <${News} />
      ${isIn && html`<${DialogHost} />`}
      ${isIn && html`<${ApprovalHost} />`}
      ${isCovered && html`<${TakenOver} />`}
    </div>`;
}

async function start() {
  keys.listen();
  scanner.listen({ isOn: takesScans, onScan: scanned });
  takeScans(takesScans);
  await text.begin();
  effect(() => {
    const store = signIn.value?.store.name ?? "";
    const workstation = signIn.value?.workstation;
    document.title = [workstation ? `${workstation} · ` : "", store || text.t("title")].join("");
  });
  effect(() => {
    // Each refusal flashes, also the second while the first still stands there.
    const latest = refusals.value.at(-1);
    document.documentElement.dataset.refused = latest ? (latest.id % 2 ? "odd" : "even") : "no";
  });
  render(html`<${App} />`, /** @type {Element} */ (document.getElementById("app")));
  await session.begin();
}

void start();
