// The screen that the customer looks at. It shows and asks nothing.
import { html, render, signal, useEffect, useRef } from "../lib.js";
import { call } from "../http.js";
import { isNegative, isZero, grouped, negated, shown } from "../money.js";
import * as text from "../text.js";
import { follow, pairedBy } from "./stream.js";

const { named, t } = text;

/** @typedef {import("../types.d.ts").CustomerScreen} CustomerScreen */

const screen = signal(/** @type {CustomerScreen | null} */ (null));
const isHeard = signal(true);
/** Nobody knows yet whether it is paired: null. */
const isPaired = signal(/** @type {boolean | null} */ (null));
const problem = signal("");

/** Ends what follows the register, where anything does. */
let unfollow = () => {};

async function look() {
  const reply = await call("GET", "/customer-screen").catch(() => null);
  const paired = pairedBy(reply);
  if (paired === null) {
    isHeard.value = false;
    setTimeout(() => void look(), 1000);
    return;
  }
  isPaired.value = paired;
  unfollow();
  unfollow = () => {};
  if (!paired || !reply) return;
  screen.value = reply.body;
  unfollow = follow({
    show: (next) => { screen.value = next; },
    hear: (heard) => { isHeard.value = heard; },
    look: () => void lookAgain(),
  });
}

/** The stream does not come back: perhaps the register has sent this screen away. */
async function lookAgain() {
  const reply = await call("GET", "/customer-screen").catch(() => null);
  if (pairedBy(reply) !== false) return;
  unfollow();
  isPaired.value = false;
}

/** @param {SubmitEvent} event */
async function pair(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  const code = String(new FormData(form).get("code") ?? "");
  const reply = await call("POST", "/customer-screen", { code }).catch(() => null);
  problem.value = !reply ? t("no_answer") : reply.status === 201 ? ""
    : reply.body?.detail ?? t("no_answer");
  if (reply?.status === 201) await look();
}

function Pairing() {
  return html`
    <form class="pairing" onSubmit=${pair}>
      <h1>${t("customer.pair")}</h1>
      <p>${t("customer.pair_how")}</p>
      <label>${t("customer.code")}
        <input name="code" inputmode="numeric" autocomplete="off" maxlength="6" required
          autofocus />
      </label>
      ${problem.value && html`<p class="problem" role="alert">${problem.value}</p>`}
      <button>${t("customer.do_pair")}</button>
    </form>`;
}

/** @param {{ line: import("../types.d.ts").CustomerLine }} props */
function Line({ line }) {
  const isOne = line.quantity.unit === "piece" && line.quantity.amount === "1";
  const isLower = line.net.amount !== line.shelf_amount.amount;
  return html`
    <li class="line">
      <span class="name">${line.is_return && html`<em>${t("customer.return")}</em>`}
        ${line.description}
        ${!isOne && html`
          <small>${grouped(line.quantity.amount)} ${named("unit", line.quantity.unit)}</small>`}
      </span>
      <span class="price">
        ${isLower && html`<s>${shown(line.shelf_amount)}</s>`} ${shown(line.net)}
      </span>
    </li>`;
}

function Basket() {
  const now = screen.value;
  const end = useRef(/** @type {HTMLElement | null} */ (null));
  const count = now?.lines.length ?? 0;
  useEffect(() => { end.current?.scrollIntoView({ block: "end" }); }, [count]);
  if (!now) return null;
  const isPaying = now.showing === "paying";
  const zh = text.language.value === "zh-TW";
  return html`
    <div class="sale">
      <h1 class="spoken">${t("customer.lines")}</h1>
      <ul class="lines" tabindex="0" aria-label=${t("customer.lines")}>
        ${now.lines.map((line) => html`<${Line} key=${line.line} line=${line} />`)}
        <li ref=${end} class="end" aria-hidden="true"></li>
      </ul>
      <aside class="sums">
        ${now.prompts.slice(0, 2).map((prompt) => html`
          <p class="prompt">${zh ? prompt.zh : prompt.en}</p>`)}
        ${now.saved && !isZero(now.saved) && !isNegative(now.saved) && html`
          <p class="sum saved"><span>${t("customer.saved")}</span><b>${shown(now.saved)}</b></p>`}
        ${now.total && html`
          <p class="sum total"><span>${t("total")}</span>
            <b data-total=${now.total.amount}>${shown(now.total)}</b></p>`}
        ${isPaying && now.due && html`
          <p class="sum due"><span>${t("customer.due")}</span><b>${shown(now.due)}</b></p>`}
        ${isPaying && now.change && !isZero(now.change) && html`
          <p class="sum"><span>${t("change")}</span><b>${shown(now.change)}</b></p>`}
      </aside>
    </div>`;
}

function Thanks() {
  const now = screen.value;
  const isPaidOut = Boolean(now?.total && isNegative(now.total));
  const back = isPaidOut && now?.total ? negated(now.total) : now?.change;
  return html`
    <div class="quiet">
      <h1>${t("customer.thanks")}</h1>
      ${back && !isZero(back) && html`
        <p class="back"><span>${t(isPaidOut ? "paid_out" : "change")}</span>
          <b data-change=${back.amount}>${shown(back)}</b></p>`}
      ${now?.total && html`<p>${t("total")} ${shown(now.total)}</p>`}
    </div>`;
}

/** @param {{ of: string }} props */
function Quiet({ of }) {
  return html`<div class="quiet"><h1>${t(`customer.${of}`)}</h1></div>`;
}

function Shown() {
  if (isPaired.value === null) return html`<${Quiet} of="starting" />`;
  if (!isPaired.value) return html`<${Pairing} />`;
  if (!isHeard.value) return html`<${Quiet} of="unheard" />`;
  switch (screen.value?.showing) {
    case "basket":
    case "paying": return html`<${Basket} />`;
    case "thanks": return html`<${Thanks} />`;
    case "welcome": return html`<${Quiet} of="welcome" />`;
    default: return html`<${Quiet} of="closed" />`;
  }
}

function App() {
  const other = text.language.value === "zh-TW" ? "en" : "zh-TW";
  const showing = isPaired.value ? isHeard.value ? screen.value?.showing : "unheard" : "pairing";
  return html`
    <div class="customer" data-showing=${showing}>
      ${isPaired.value && screen.value?.is_training && html`
        <p class="training">${t("customer.training")}</p>`}
      <header>
        <span>
          ${screen.value && t("customer.register", { workstation: screen.value.workstation })}
        </span>
        <button class="language" lang=${other} onClick=${() => void text.choose(other)}>
          ${other === "en" ? "English" : "中文"}
        </button>
      </header>
      <main aria-live="polite"><${Shown} /></main>
    </div>`;
}

await text.begin();
const root = document.getElementById("app");
if (root) render(html`<${App} />`, root);
void look();
