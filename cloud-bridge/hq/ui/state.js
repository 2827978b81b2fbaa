// What the page knows, as signals. Only `session.js` writes here, and `go` where somebody is.
import { computed, signal } from "/shared/lib.js";
import { isolated } from "./isolated.js";
import { read, write } from "./route.js";

/** @typedef {import("./types.d.ts").ChainView} ChainView */
/** @typedef {import("./route.js").Route} Route */

/** Whether there is nobody yet who could sign in; null until headquarters has answered. */
export const needsSetup = signal(/** @type {boolean | null} */ (null));
export const session = signal(/** @type {import("./types.d.ts").Session | null} */ (null));
/** The newest view of the chain; the server's word, never changed here. */
const latest = signal(/** @type {ChainView | null} */ (null));

/** Nothing was heard of headquarters for too long. */
export const isSilent = signal(false);
/** Headquarters said that it closes. */
export const isStopping = signal(false);
/** Other windows of the same session took this one's place: it is not live any more. */
export const isReplaced = signal(false);
/** How many connections were made: whoever reads something reads it again with each. */
export const connections = signal(0);

/** Large figures for a screen on a wall, without anything to press. */
export const isWall = signal(new URLSearchParams(location.search).has("wall"));

export const route = signal(read(location.hash));

/** The view of the day that was asked for; null until it is there. */
export const view = computed(() => {
  const known = latest.value;
  const { day } = route.value;
  return known && (day === null || known.day === day) ? known : null;
});

/** @param {ChainView | null} next */
export function show(next) {
  latest.value = next;
}

/** Somewhere else on the page. @param {Route} next */
export function go(next) {
  location.hash = write(next);
}

/**
 * The address of a place on the page, on the day that is shown.
 * @param {Omit<Route, "day"> & { day?: string | null }} place
 */
export const href = (place) => write({ day: route.value.day, ...place });

/** @param {string} store */
export const storeOf = (store) => view.value?.stores.find((one) => one.store === store) ?? null;

/** What a store is called on the page. @param {string} store its id, where no name is known */
export const nameOf = (store) => isolated(storeOf(store)?.name || store);

export const isAdmin = computed(() => session.value?.user.role === "admin");

addEventListener("hashchange", () => { route.value = read(location.hash); });
