// The chain for a screen on a wall: read from across the room, nothing to press.
import { html, useEffect, useSignal } from "/shared/lib.js";
import { t } from "/shared/text.js";
import { counted } from "../counted.js";
import { amount } from "../amounts.js";
import { Against } from "../parts/figures.js";
import { HoursChart } from "../parts/hours.js";
import { Pending } from "../parts/states.js";
import { hourText, wholeHours } from "../series.js";
import { lag } from "../sentences.js";
import { isWall, nameOf, session, view } from "../state.js";
import { clock } from "../times.js";

/** Sales in sight. */
const SALES = 8;
/** How often the clock is looked at, in milliseconds. */
const CLOCK_MS = 1000;

export function Wall() {
  const known = view.value;
  useEffect(() => {
    const leave = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape") return;
      history.replaceState(null, "", `/${location.hash}`);
      isWall.value = false;
    };
    addEventListener("keydown", leave);
    return () => removeEventListener("keydown", leave);
  }, []);
  if (!known) return html`<div class="wall"><${Pending} problem=${null} /></div>`;
  const currency = known.totals[0]?.currency ?? known.stores[0]?.currency ?? "TWD";
  const hours = wholeHours(known.hours);
  return html`
    <div class="wall">
      <header class="wall-head"><h1>${session.value?.chain.name}</h1><${Clock} /></header>
      <${Sums} total=${known.totals[0] ?? null} currency=${currency} />
      <section class="wall-chart" aria-label=${t("hours")}>
        ${hours.length > 0 ? html`<${HoursChart} hours=${hours} currency=${currency} />`
    : html`<p class="hint">${t("nothing_today")}</p>`}
      </section>
      <section class="wall-stores" aria-label=${t("stores")}>
        ${known.stores.map((store) => html`<${Tile} key=${store.store} store=${store}
          nowMs=${known.now_ms} />`)}
      </section>
      <section class="wall-sales" aria-label=${t("last_sales")}>
        <ol>${known.last_sales.slice(0, SALES).map((sale) => html`
          <li key=${`${sale.store}/${sale.transaction}`} data-sale=${sale.transaction}>
            <span>${clock(sale.ended_ms, sale.utc_offset_s)}</span>
            <span class="wall-where">${nameOf(sale.store)}</span>
            <strong>${amount(sale.total, sale.currency)}</strong>
          </li>`)}</ol>
      </section>
    </div>`;
}

/** @param {{ total: import("../types.d.ts").DayTotal | null, currency: string }} props */
function Sums({ total, currency }) {
  return html`
    <section class="wall-sums" aria-label=${t("total.today")}>
      <p class="wall-total" data-figure="net" data-value=${total?.net ?? 0}>
        ${amount(total?.net ?? 0, currency)}</p>
      ${total && html`
        <p class="wall-against"><${Against} now=${total.net} before=${total.net_week_before}
          currency=${currency} against=${t("against.day")} /></p>
        <p class="wall-more">
          <span>${counted("n_sales", total.sales)}</span>
          ${total.hour !== null && html`<span>${hourText(total.hour)}
            ${" "}<strong>${amount(total.hour_net, currency)}</strong>
            ${" "}<${Against} now=${total.hour_net} before=${total.hour_net_week_before}
              currency=${currency} against=${t("against.hour")} /></span>`}
        </p>`}
    </section>`;
}

/** @param {{ store: import("../types.d.ts").StoreView, nowMs: number }} props */
function Tile({ store, nowMs }) {
  const said = lag(store, nowMs);
  const state = store.online === null ? "never" : store.online ? "yes" : "no";
  return html`
    <div class=${`tile tile-${state}`} data-store=${store.store} data-online=${state}>
      <p class="tile-name"><span class=${`dot dot-${state}`} role="img"
        aria-label=${t(`online.${state}`)}></span><span>${nameOf(store.store)}</span></p>
      <p class="tile-net">${store.currency && amount(store.net, store.currency)}</p>
      <p class="tile-foot">${store.frozen ? t("mark.frozen") : said ? t(...said)
    : counted("n_sales", store.sales)}</p>
    </div>`;
}

function Clock() {
  const now = useSignal(Date.now());
  useEffect(() => {
    const timer = setInterval(() => { now.value = Date.now(); }, CLOCK_MS);
    return () => clearInterval(timer);
  }, []);
  return html`<time class="wall-clock">${clock(now.value)}</time>`;
}
