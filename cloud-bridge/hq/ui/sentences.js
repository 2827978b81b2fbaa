// What is to be said about a store, as a key of the texts and what is put in. Reads no clock.
import { moment } from "./times.js";

/** @typedef {import("./types.d.ts").StoreView} StoreView */
/** @typedef {import("./types.d.ts").ForkView} ForkView */
/** @typedef {[key: string, values: Record<string, string | number>]} Sentence */

/** Letters of a stream's name that tell it from the others for a person. */
const STREAM_LETTERS = 8;

/** The end of a UUID: streams begun at about the same time begin alike. @param {string} stream */
export const short = (stream) => stream.slice(-STREAM_LETTERS);

/**
 * Whether a store is there.
 * @param {StoreView} store
 * @param {number} nowMs
 * @returns {Sentence}
 */
export function presence(store, nowMs) {
  if (store.online === null) return ["presence.never", {}];
  const key = store.online ? "presence.online" : "presence.offline";
  const since = store.since_ms ?? store.heard_ms;
  if (since === null) return [`${key}_now`, {}];
  return [key, { since: moment(since, nowMs) }];
}

/**
 * What a store has that headquarters lacks: "3 sales waiting since 10:12".
 * @param {StoreView} store
 * @param {number} nowMs
 * @returns {Sentence | null} null where there is nothing to say
 */
export function lag(store, nowMs) {
  const { waiting_rows: rows, waiting_sales: sales, waiting_since_ms: sinceMs } = store;
  if (rows === 0) return store.online === false ? ["lag.unknown", {}] : null;
  const what = sales === 1 ? "sale" : sales > 1 ? "sales" : rows === 1 ? "row" : "rows";
  const n = sales > 0 ? sales : rows;
  if (sinceMs === null) return [`lag.${what}_now`, { n }];
  return [`lag.${what}`, { n, since: moment(sinceMs, nowMs) }];
}

/**
 * A fork, in a sentence.
 * @param {ForkView} fork
 * @param {string} name of the store
 * @returns {Sentence}
 */
export function forked(fork, name) {
  const values = {
    store: name,
    stream: short(fork.stream),
    after: fork.after,
    into: fork.into === null ? "" : short(fork.into),
  };
  const goesOn = fork.into === null ? "" : "_on";
  return [`fork.${fork.cause}${goesOn}`, values];
}

/**
 * What headquarters keeps of the other side of a fork.
 * @param {ForkView} fork
 * @returns {Sentence | null}
 */
export function keptOf(fork) {
  if (fork.rows_ahead === 0) return null;
  return [fork.rows_ahead === 1 ? "fork.kept_one" : "fork.kept", { n: fork.rows_ahead }];
}

/**
 * What of a store needs somebody, the gravest first: codes of the family `mark`.
 * @param {StoreView} store
 */
export function marks(store) {
  const codes = [];
  if (store.frozen) codes.push("frozen");
  if (store.policy_refused !== null) codes.push("policy_refused");
  return codes;
}
