// Selling: scan or search, lines, totals.
import { html, useEffect, useRef, useSignal } from "../lib.js";
import { api } from "../api.js";
import { isOk } from "../http.js";
import { useKeys } from "../keys.js";
import { keyed, pay, setQuantity, suspend, undo } from "../register.js";
import { MULTIPLIER } from "../scans.js";
import {
  basket, dialog, liveLines, pending, query, putRefusalAway, refusals, screen, select,
  selected, session, view,
} from "../state.js";
import { t } from "../text.js";
import { parseQuantity, shown } from "../money.js";
import { AgeCheck, seenAge } from "../parts/age.js";
import { Departments } from "../parts/departments.js";
import { ElsewhereButton } from "../parts/elsewhere.js";
import { Lines } from "../parts/lines.js";
import { Prompts } from "../parts/prompts.js";
import { askSerial, SerialNeeded } from "../parts/serial.js";
import { SellingActions, Summary } from "../parts/summary.js";
import { Tiles, toTiles } from "../parts/tiles.js";

/** @typedef {import("../types.d.ts").Item} Item */

/** A pause in typing after which the search is sent, in milliseconds. */
const SEARCH_PAUSE_MS = 180;

/** Looks like a code rather than a name. */
const CODE = /^[0-9][0-9A-Za-z-]*$/;

export function Product() {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const found = useSignal(/** @type {Item[] | null} */ (null));
  const picked = useSignal(0);
  const times = MULTIPLIER.exec(query.value);
  const wanted = query.value.slice(times?.[0].length ?? 0).trim();

  useEffect(() => {
    found.value = null;
    picked.value = 0;
    if (wanted.length < 1 || CODE.test(wanted)) return undefined;
    const timer = setTimeout(() => void look(wanted), SEARCH_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [wanted]);

  /** @param {string} text */
  const look = async (text) => {
    const reply = await api.items(text).catch(() => null);
    const isStill = query.peek().trim().endsWith(text);
    if (reply && isOk(reply) && isStill) found.value = reply.body;
  };
  const clear = () => {
    query.value = "";
    found.value = null;
    field.current?.blur();
  };
  /** @param {Item} item */
  const take = (item) => {
    keyed(item.code, times?.[1], item.unit, item.item);
    clear();
  };
  const submit = () => {
    if (wanted === "") {
      const line = selected.value;
      const quantity = times && line && parseQuantity(times[1] ?? "", line.quantity.unit);
      if (quantity && line) {
        setQuantity(line.line, quantity);
        clear();
      }
    } else if (CODE.test(wanted)) {
      keyed(wanted, times?.[1]);
      clear();
    } else {
      const item = found.value?.[picked.value];
      if (item) take(item);
      else void look(wanted);
    }
  };
  /** @param {number} step */
  const move = (step) => {
    const items = found.value;
    if (items?.length) {
      picked.value = (picked.value + step + items.length) % items.length;
      return;
    }
    const lines = liveLines.value.filter((line) => line.deposit_of === undefined);
    const at = lines.findIndex((line) => line.line === selected.value?.line);
    const next = lines[at + step];
    if (next) select(next.line);
  };
  const isListed = (found.value?.length ?? 0) > 0;
  const toSearch = () => field.current?.focus();

  useKeys({
    keys: {
      ...askKeys(),
      F2: toSearch,
      "/": toSearch,
      F7: () => { if (basket.value?.can_undo) undo(); },
      F9: pay,
      Enter: submit,
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      Escape: () => { if (refusals.value.length > 0) putRefusalAway(); else clear(); },
    },
    onCharacter: (character) => {
      if (!/[\p{L}\p{N}*.]/u.test(character)) return false;
      query.value += character;
      const input = field.current;
      if (!input) return true;
      // At once: the next character may be typed into the field before it is drawn again.
      input.value = query.value;
      input.focus();
      return true;
    },
  });

  return html`
    <div class="selling">
      <h1 class="spoken">${t("menu.sell")}</h1>
      <section class="selling-lines" aria-label=${t("menu.sell")}>
        <form class="search" role="search"
          onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); submit(); }}>
          <input ref=${field} class="search-field" type="text" name="search" autocomplete="off"
            spellcheck=${false} enterkeyhint="go" placeholder=${t("search.placeholder")}
            aria-label=${t("search.label")} value=${query.value} role="combobox"
            aria-autocomplete="list" aria-expanded=${isListed}
            aria-controls=${isListed ? "found" : undefined}
            aria-activedescendant=${isListed ? `found-${picked.value}` : undefined}
            onInput=${(/** @type {any} */ event) => { query.value = event.target.value; }} />
          <kbd class="search-key">F2</kbd>
        </form>
        ${found.value && html`
          <${Found} items=${found.value} picked=${picked.value} onTake=${take} />`}
        ${wanted === "" && html`<${Tiles} onTake=${take} />`}
        ${found.value === null && html`<${Departments} />`}
        ${liveLines.value.length === 0 && !basket.value ? html`<${LastSale} />` : null}
        <${AgeCheck} />
        <${SerialNeeded} />
        <${Lines} />
        <${Prompts} />
        <${ElsewhereButton} />
      </section>
      <aside class="selling-side">
        <${Summary} />
        <${SellingActions} />
      </aside>
    </div>`;
}

/** Keys that open a question about the line or the basket. */
function askKeys() {
  /** @param {string} kind */
  const ask = (kind) => () => {
    const needsLine = kind === "quantity" || kind === "void";
    if (needsLine ? selected.value : basket.value) dialog.value = { kind };
  };
  return {
    F3: ask("void"), Delete: ask("void"), F4: ask("quantity"), F6: ask("discount"),
    F8: ask("abandon"), "=": ask("explanation"),
    F11: () => { dialog.value = { kind: "price_check" }; },
    Home: seenAge,
    End: toTiles,
    "#": askSerial,
    "+": () => {
      if (session.value?.departments?.length) dialog.value = { kind: "department" };
    },
    PageDown: () => {
      if (liveLines.value.length > 0 && pending.value.length === 0) suspend();
    },
    PageUp: () => { if (!basket.value) screen.value = "suspended"; },
    Insert: () => { dialog.value = { kind: "customer" }; },
  };
}

/** @param {{ items: Item[], picked: number, onTake: (item: Item) => void }} props */
function Found({ items, picked, onTake }) {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    list.current?.children[picked]?.scrollIntoView({ block: "nearest" });
  }, [picked]);
  if (items.length === 0) return html`<p class="found found-none">${t("search.nothing")}</p>`;
  return html`
    <ul class="found" id="found" role="listbox" ref=${list} aria-label=${t("search.label")}>
      ${items.map((item, at) => html`
        <li key=${item.item} role="option" id=${`found-${at}`} aria-selected=${at === picked} class="found-item"
          onClick=${() => onTake(item)}>
          <span class="found-name">${item.description}</span>
          <small>${item.code} · ${item.department}</small>
          <span class="found-price">${item.price ? shown(item.price) : t("no_price")}</span>
        </li>`)}
    </ul>`;
}

/** The sale before, while the next customer is not there yet. */
function LastSale() {
  const last = view.value?.last_sale;
  if (!last || !session.value) return null;
  return html`
    <p class="last-sale">
      <span>${t("last_sale", { number: last.number })}</span>
      <span>${t("total")} <strong>${shown(last.total)}</strong></span>
      <span>${t("change")} <strong>${shown(last.change)}</strong></span>
      <button class="button quiet" onClick=${() => { dialog.value = { kind: "last_receipt" }; }}>
        ${t("receipt")}
      </button>
    </p>`;
}
