// The stores of the chain: what they sold, whether they are there, and what waits.
import { html, useSignal } from "/shared/lib.js";
import { t } from "/shared/text.js";
import { counted } from "../counted.js";
import { amount, change, percent } from "../amounts.js";
import { lag, marks, presence } from "../sentences.js";
import { ask } from "../session.js";
import { api } from "../api.js";
import { isolated } from "../isolated.js";
import { href, isAdmin, nameOf } from "../state.js";
import { Gauge } from "./figures.js";

/** @typedef {import("../types.d.ts").StoreView} StoreView */

/** A dot and a sentence. @param {{ store: StoreView, nowMs: number }} props */
export function Presence({ store, nowMs }) {
  const [key, values] = presence(store, nowMs);
  const state = store.online === null ? "never" : store.online ? "yes" : "no";
  return html`
    <span class="presence" data-online=${state}>
      <span class=${`dot dot-${state}`} aria-hidden="true"></span>${t(key, values)}
    </span>`;
}

/** @param {{ store: StoreView, nowMs: number }} props */
export function Lag({ store, nowMs }) {
  if (store.online === null) return null;
  const said = lag(store, nowMs);
  const isLate = store.waiting_rows > 0;
  return html`
    <span class=${isLate ? "late" : "hint"} data-lag=${store.waiting_sales}
      data-lag-rows=${store.waiting_rows}>${said ? t(...said) : t("lag.none")}</span>`;
}

/** @param {{ store: StoreView }} props */
export function Marks({ store }) {
  return html`${marks(store).map((code) => html`
    <em key=${code} class=${`tag tag-${code}`} data-mark=${code}>${t(`mark.${code}`)}</em>`)}`;
}

/** @param {{ stores: StoreView[], nowMs: number }} props */
export function Stores({ stores, nowMs }) {
  const greatest = Math.max(0, ...stores.map(({ net }) => net));
  return html`
    <section class="card block" data-block="stores" aria-labelledby="block-stores">
      <h2 id="block-stores">${t("stores")} <span class="hint">${t("stores.online", {
    n: stores.filter(({ online }) => online).length, of: stores.length,
  })}</span></h2>
      ${stores.length === 0 && html`<p class="hint">${t("stores.none")}</p>`}
      ${stores.length > 0 && html`
        <table class="table stores" role="table">
          <thead role="rowgroup"><tr role="row">
            <th role="columnheader">${t("store")}</th>
            <th role="columnheader" class="number">${t("net")}</th>
            <th role="columnheader" class="number">${t("against.week")}</th>
            <th role="columnheader" class="number">${t("sales")}</th>
            <th role="columnheader">${t("link")}</th>
            <th role="columnheader" class="number">${t("policy")}</th>
          </tr></thead>
          <tbody role="rowgroup">
            ${stores.map((store) => html`
              <${Row} key=${store.store} store=${store} nowMs=${nowMs} greatest=${greatest} />`)}
          </tbody>
        </table>`}
    </section>`;
}

/** @param {{ store: StoreView, nowMs: number, greatest: number }} props */
function Row({ store, nowMs, greatest }) {
  const tenths = change(store.net, store.net_week_before);
  const tone = tenths === null || tenths === 0 ? "even" : tenths > 0 ? "up" : "down";
  return html`
    <tr role="row" data-store=${store.store} data-net=${store.net}>
      <th role="rowheader" scope="row">
        <a href=${href({ screen: "store", store: store.store })}
          title=${store.name}>${nameOf(store.store)}</a>
        <small>${[store.store, isolated(store.region)].filter(Boolean).join(" · ")}
          ${store.alerts > 0 && html` · <a
            href=${href({ screen: "store", store: store.store, tab: "stock" })}>
            ${counted("alerts_n", store.alerts)}</a>`}</small>
        <${Gauge} of=${store.net} most=${greatest} />
      </th>
      <td role="cell" class="number strong">${store.currency && amount(store.net, store.currency)}</td>
      <td role="cell" class=${`number trend-${tone}`}>${tenths === null ? "–" : percent(tenths)}</td>
      <td role="cell" class="number">${counted("n_sales", store.sales)}</td>
      <td role="cell" class="link-cell"><${Presence} store=${store} nowMs=${nowMs} />
        <${Lag} store=${store} nowMs=${nowMs} /> <${Marks} store=${store} />
        ${store.trade !== null && html`<${TradeSwitch} store=${store} />`}</td>
      <td role="cell" class="number" data-policy=${store.policy_version}>${store.policy_version === null ? t("policy.none_short")
    : t("policy.version", { version: store.policy_version })}</td>
    </tr>`;
}

/** Whether simulated trade goes on in a store of the demonstration. @param {{ store: StoreView }} props */
export function TradeSwitch({ store }) {
  const problem = useSignal("");
  const isBusy = useSignal(false);
  const toggle = async () => {
    isBusy.value = true;
    const body = { on: !store.trade };
    const asked = await ask(() => api.command(store.store, "background_trade", body));
    problem.value = asked.problem?.detail ?? "";
    isBusy.value = false;
  };
  return html`
    <span class="trade">
      <button class="switch" role="switch" aria-checked=${store.trade === true}
        aria-label=${t("trade.of", { store: nameOf(store.store) })}
        disabled=${isBusy.value || !isAdmin.value} data-trade=${store.trade ? "on" : "off"}
        onClick=${() => void toggle()}><span class="switch-knob"></span></button>
      <span class="hint">${t(store.trade ? "trade.on" : "trade.off")}</span>
      ${problem.value && html`<span class="form-error" role="alert">${problem.value}</span>`}
    </span>`;
}
