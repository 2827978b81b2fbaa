// One store on one day.
import { html, useSignal } from "/shared/lib.js";
import { named, t } from "/shared/text.js";
import { api } from "../api.js";
import { amount } from "../amounts.js";
import { useLoaded } from "../loaded.js";
import { ask } from "../session.js";
import { DayBar } from "../parts/day-bar.js";
import { Against, Figure, Groups } from "../parts/figures.js";
import { Forks } from "../parts/forks.js";
import { Hours } from "../parts/hours.js";
import { LastSales } from "../parts/sales.js";
import { Pending } from "../parts/states.js";
import { Lag, Marks, Presence, TradeSwitch } from "../parts/stores.js";
import { TABS } from "../route.js";
import { isolated } from "../isolated.js";
import { href, nameOf, route, storeOf, view } from "../state.js";
import { tenderName } from "./chain.js";
import { PromotionList } from "./promotions.js";
import { LinkTab } from "./store-link.js";
import { StockTab } from "./store-stock.js";

export function Store() {
  const { store: id = "", tab = "overview" } = route.value;
  const known = view.value;
  const store = storeOf(id);
  const back = html`<a class="button quiet" href=${href({ screen: "chain" })}
    aria-label=${t("back_to_chain")}>←</a>`;
  return html`
    <div class="board">
      <${DayBar} title=${nameOf(id)} back=${back} />
      ${known && !store && html`<p class="card block failed" role="alert"
        data-failed="unknown_store">${t("store.unknown", { store: id })}</p>`}
      ${!known && html`<${Pending} problem=${null} />`}
      ${known && store && html`
        <${Head} store=${store} nowMs=${known.now_ms} />
        <nav class="tabs" aria-label=${t("store.tabs")}>
          ${TABS.map((one) => html`
            <a key=${one} class="tab" href=${href({ screen: "store", store: id, tab: one })}
              data-tab=${one} aria-current=${one === tab ? "page" : undefined}>
              ${t(`tab.${one}`)}</a>`)}
        </nav>
        <${Forks} forks=${known.forks.filter((fork) => fork.store === id)} />
        <${Tab} key=${`${tab}/${known.day}`} tab=${tab} store=${store} known=${known} />`}
    </div>`;
}

/** @param {{ store: import("../types.d.ts").StoreView, nowMs: number }} props */
function Head({ store, nowMs }) {
  return html`
    <p class="store-head">
      <span class="hint">${[store.store, isolated(store.region)].filter(Boolean).join(" · ")}</span>
      <${Presence} store=${store} nowMs=${nowMs} />
      <${Lag} store=${store} nowMs=${nowMs} />
      <${Marks} store=${store} />
      <span class="hint">${store.policy_version === null ? t("policy.none")
    : t("policy.in_force", { version: store.policy_version })}</span>
      ${store.trade !== null && html`<${TradeSwitch} store=${store} />`}
    </p>
    ${store.policy_refused !== null && html`<p class="fork fork-grave" data-refused="policy">
      ${t("policy.refused", { reason: store.policy_refused })}</p>`}`;
}

/** @param {{ tab: string, store: import("../types.d.ts").StoreView,
 *   known: import("../types.d.ts").ChainView }} props */
function Tab({ tab, store, known }) {
  if (tab === "stock") return html`<${StockTab} store=${store} known=${known} />`;
  if (tab === "promotions") {
    return html`<section class="card block" data-block="promotions" aria-label=${t("promotions")}>
      <${PromotionList} store=${store.store} /></section>`;
  }
  if (tab === "link") return html`<${LinkTab} store=${store} />`;
  return html`<${DayTab} tab=${tab} store=${store} known=${known} />`;
}

/** @param {{ tab: string, store: import("../types.d.ts").StoreView,
 *   known: import("../types.d.ts").ChainView }} props */
function DayTab({ tab, store, known }) {
  const { body, problem } = useLoaded(() => api.store(store.store, route.value.day),
    [store.through, store.sales, store.net]);
  if (!body) return html`<${Pending} problem=${problem} />`;
  const day = /** @type {import("../types.d.ts").StoreDay} */ (body);
  const { currency } = store;
  if (tab === "goods") {
    return html`
      <div class="pair-of-blocks">
        <${Groups} title=${t("categories")} name="categories" groups=${day.categories}
          currency=${currency} />
        <${Groups} title=${t("items")} name="items" groups=${day.items} currency=${currency} />
      </div>`;
  }
  if (tab === "operators") {
    return html`<${Groups} title=${t("operators")} name="operators" groups=${day.operators}
      currency=${currency} />`;
  }
  return html`
    <dl class="figures">
      <${Figure} label=${t("net")} value=${amount(store.net, currency)} name="net"
        about=${store.net}>
        <${Against} now=${store.net} before=${store.net_week_before} currency=${currency}
          against=${t("against.day")} />
      <//>
      <${Figure} label=${t("sales")} value=${store.sales.toLocaleString("en-US")} name="sales"
        about=${store.sales} />
    </dl>
    <div class="columns">
      <div class="column-wide">
        <${Hours} hours=${day.hours} currency=${currency} />
        <div class="pair-of-blocks">
          <${Groups} title=${t("departments")} name="departments" groups=${day.departments}
            currency=${currency} />
          <${Groups} title=${t("tenders")} name="tenders" groups=${day.tenders}
            currency=${currency} call=${tenderName} />
        </div>
        ${day.reasons.length > 0 && html`
          <${Groups} title=${t("discount.by_reason")} name="reasons" groups=${day.reasons}
            currency=${currency} call=${reasonName} />`}
      </div>
      <div class="column-narrow"><${DaySales} store=${store} known=${known} /></div>
    </div>`;
}

/** Sales of the day, the newest first, and earlier ones when asked for.
 * @param {{ store: import("../types.d.ts").StoreView,
 *   known: import("../types.d.ts").ChainView }} props */
function DaySales({ store, known }) {
  const { body, problem } = useLoaded(() => api.sales(store.store, known.day, null), [store.sales]);
  const earlier = useSignal(/** @type {import("../types.d.ts").SaleView[]} */ ([]));
  const isAll = useSignal(false);
  if (!body) return html`<${Pending} problem=${problem} />`;
  const sales = /** @type {import("../types.d.ts").SaleView[]} */ ([...body]);
  const ids = new Set(sales.map(({ transaction }) => transaction));
  sales.push(...earlier.value.filter(({ transaction }) => !ids.has(transaction)));
  const more = async () => {
    const last = sales.at(-1);
    if (!last) return;
    const asked = await ask(() => api.sales(store.store, known.day, last));
    if (asked.problem) return;
    isAll.value = asked.body.length === 0;
    earlier.value = [...sales, ...asked.body];
  };
  const isMore = !isAll.value && sales.length < store.sales;
  return html`
    <${LastSales} sales=${sales} nowMs=${known.now_ms} most=${sales.length}
      more=${isMore ? more : undefined} />`;
}

/** @param {import("../types.d.ts").GroupSum} group */
const reasonName = ({ key, name }) => name || named("reason", key);
