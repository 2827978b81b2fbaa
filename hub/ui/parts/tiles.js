// What is tapped instead of scanned: favourites, and the categories of what is sold. Of these a page
// of items is asked for at a time: a store has 50,000.
import { html, useEffect, useRef, useSignal } from "../lib.js";
import { api } from "../api.js";
import { isOk } from "../http.js";
import { categories, favourites } from "../state.js";
import { t } from "../text.js";
import { shown } from "../money.js";

/** @typedef {import("../types.d.ts").Item} Item */
/** @typedef {import("../types.d.ts").CategoryTile} CategoryTile */
/** @typedef {import("../types.d.ts").CategoryPage} CategoryPage */

/** Items of one page: three rows of a desk's screen. */
const PAGE = 12;

/** To the first tile, from the keyboard. */
export function toTiles() {
  const first = document.querySelector(".tiles button");
  if (first instanceof HTMLElement) first.focus();
}

/** @param {{ onTake: (item: Item) => void }} props */
export function Tiles({ onTake }) {
  const opened = useSignal(/** @type {CategoryTile | null} */ (null));
  const within = useSignal(/** @type {CategoryTile | null} */ (null));
  const from = useSignal(0);
  const page = useSignal(/** @type {CategoryPage | null} */ (null));
  const asked = useRef(0);
  const wanted = within.value ?? opened.value;

  useEffect(() => {
    page.value = null;
    if (wanted) void read(wanted, from.value);
  }, [wanted, from.value]);

  /** @param {CategoryTile} tile @param {number} start */
  const read = async (tile, start) => {
    asked.current += 1;
    const own = asked.current;
    const reply = await api.ofCategory(tile.department, tile.category, start, PAGE)
      .catch(() => null);
    if (reply && isOk(reply) && own === asked.current) page.value = reply.body;
  };
  /** @param {CategoryTile | null} tile */
  const open = (tile) => {
    opened.value = tile;
    within.value = null;
    from.value = 0;
  };
  /** @param {CategoryTile | null} tile */
  const narrow = (tile) => {
    within.value = tile;
    from.value = 0;
  };
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    if (event.key === "Escape" && opened.value) {
      event.preventDefault();
      open(null);
      toTiles();
    } else {
      walk(event);
    }
  };

  if (favourites.value.length === 0 && categories.value.length === 0) return null;
  return html`
    <section class="tiles" aria-label=${t("tiles")} onKeyDown=${onKeyDown}>
      <div class="tiles-row scrolls" data-row role="group" aria-label=${t("tiles")}>
        ${categories.value.map((tile) => html`
          <${Category} key=${tile.label} tile=${tile} isOpen=${opened.value === tile}
            onOpen=${() => open(opened.value === tile ? null : tile)} />`)}
        <kbd class="tiles-key">End</kbd>
      </div>
      ${opened.value === null && html`<${Favourites} onTake=${onTake} />`}
      ${opened.value && opened.value.within.length > 0 && html`
        <div class="tiles-row scrolls" data-row role="group" aria-label=${named(opened.value)}>
          <button class="button tile-category" aria-pressed=${within.value === null}
            onClick=${() => narrow(null)}>${t("tiles.all")}</button>
          ${opened.value.within.map((tile) => html`
            <${Category} key=${tile.label} tile=${tile} isOpen=${within.value === tile}
              onOpen=${() => narrow(tile)} />`)}
        </div>`}
      ${wanted && page.value && html`
        <${Items} page=${page.value} label=${named(wanted)} onTake=${onTake} />
        <${Pager} from=${from.value} total=${page.value.total} onClose=${() => open(null)}
          onTurn=${(/** @type {number} */ start) => { from.value = start; }} />`}
    </section>`;
}

/** @param {CategoryTile} tile */
const named = (tile) => tile.label === "" ? t("tiles.other") : tile.label;

/** @param {{ tile: CategoryTile, isOpen: boolean, onOpen: () => void }} props */
function Category({ tile, isOpen, onOpen }) {
  return html`
    <button class="button tile-category" data-category=${tile.label} aria-pressed=${isOpen}
      onClick=${onOpen}>${named(tile)}</button>`;
}

/** @param {{ page: CategoryPage, label: string, onTake: (item: Item) => void }} props */
function Items({ page, label, onTake }) {
  if (page.items.length === 0) return html`<p class="hint">${t("tiles.nothing")}</p>`;
  return html`
    <div class="tiles-items" data-row role="group" aria-label=${label}>
      ${page.items.map((item) => html`
        <button class="button tile" key=${item.item} data-tile=${item.item}
          onClick=${() => onTake(item)}>
          <span class="tile-name">${item.description}</span>
          <small>${item.price ? shown(item.price) : t("no_price")}</small>
        </button>`)}
    </div>`;
}

/**
 * @param {{ from: number, total: number, onTurn: (from: number) => void, onClose: () => void }} props
 */
function Pager({ from, total, onTurn, onClose }) {
  const pages = Math.ceil(total / PAGE);
  return html`
    <div class="tiles-pager" data-row>
      ${pages > 1 && html`
        <button class="button" data-turn="previous" aria-label=${t("tiles.previous")}
          disabled=${from === 0} onClick=${() => onTurn(from - PAGE)}>◀</button>
        <span role="status">${t("tiles.page", { page: from / PAGE + 1, pages })}</span>
        <button class="button" data-turn="next" aria-label=${t("tiles.next")}
          disabled=${from + PAGE >= total} onClick=${() => onTurn(from + PAGE)}>▶</button>`}
      <button class="button quiet" data-do="close-tiles" onClick=${onClose}>
        ${t("tiles.close")} <kbd>Esc</kbd>
      </button>
    </div>`;
}

/**
 * What is sold without a code at hand, a tap each.
 * @param {{ onTake: (item: Item) => void }} props
 */
function Favourites({ onTake }) {
  if (favourites.value.length === 0) return null;
  return html`
    <div class="favourites" role="group" aria-label=${t("favourites")}>
      ${favourites.value.map((group) => html`
        <div class="favourites-group" data-row role="group" aria-label=${group.label}
          key=${group.label}>
          <h2 class="favourites-label">${group.label}</h2>
          ${group.tiles.map(({ label, item }) => html`
            <button class="button favourite" key=${item.item} onClick=${() => onTake(item)}>
              <span>${label}</span>
              <small>${item.price ? shown(item.price) : t("no_price")}</small>
            </button>`)}
        </div>`)}
    </div>`;
}

/**
 * The arrows: to the button beside, or to the first of the row above or below.
 * @param {KeyboardEvent} event
 */
function walk(event) {
  const { currentTarget: all, target } = event;
  if (!(all instanceof HTMLElement) || !(target instanceof HTMLElement)) return;
  /** @param {ParentNode} of */
  const buttons = (of) =>
    /** @type {HTMLElement[]} */ ([...of.querySelectorAll("button:not(:disabled)")]);
  const beside = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const above = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const every = buttons(all);
  let next = beside && every[every.indexOf(target) + beside];
  if (above) {
    const rows = [...all.querySelectorAll("[data-row]")];
    const at = rows.findIndex((row) => row.contains(target));
    const row = rows[at + above];
    next = row && buttons(row)[0];
  }
  if (beside || above) event.preventDefault();
  if (next) next.focus();
}
