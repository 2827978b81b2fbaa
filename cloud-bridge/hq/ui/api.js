// Every request of the page.
import { call } from "/shared/http.js";

const id = encodeURIComponent;

/** What is asked for behind the `?`; what is null or empty is left out.
 * @param {Record<string, string | null>} values */
function query(values) {
  const given = Object.entries(values).flatMap(([name, value]) => (value ? [[name, value]] : []));
  const text = new URLSearchParams(given).toString();
  return text ? `?${text}` : "";
}

export const api = {
  session: () => call("GET", "/session"),
  /** @param {unknown} body */
  setUp: (body) => call("POST", "/setup", body),
  /** @param {unknown} body */
  signIn: (body) => call("POST", "/session", body),
  signOut: () => call("DELETE", "/session"),
  /** @param {string} store @param {string | null} day */
  store: (store, day) => call("GET", `/stores/${id(store)}${query({ day })}`),
  /** @param {string} store @param {string} search */
  stock: (store, search) => call("GET", `/stores/${id(store)}/stock${query({ search })}`),
  /**
   * @param {string} store
   * @param {string} day
   * @param {import("./types.d.ts").SaleView | null} before the last one that is known
   */
  sales: (store, day, before) => call("GET", `/sales${query({
    store, day, before: before && `${before.ended_ms}-${before.transaction}`,
  })}`),
  /** @param {string} store @param {string} transaction */
  sale: (store, transaction) => call("GET", `/sales/${id(store)}/${id(transaction)}`),
  /** @param {string | null} store @param {string | null} day @param {number} days */
  promotions: (store, day, days) =>
    call("GET", `/promotions${query({ store, day, days: String(days) })}`),
  /** @param {string} promotion @param {string | null} day @param {number} days */
  promotion: (promotion, day, days) =>
    call("GET", `/promotions/one${query({ promotion, day, days: String(days) })}`),
  streams: () => call("GET", "/streams"),
  /** @param {number | null} before the number of the last one that is known */
  aside: (before) => call("GET", `/aside${query({ before: before === null ? null : String(before) })}`),
  policy: () => call("GET", "/policy"),
  users: () => call("GET", "/users"),
  /** @param {unknown} body */
  addUser: (body) => call("POST", "/users", body),
  /** @param {string} user @param {unknown} body */
  changeUser: (user, body) => call("PUT", `/users/${id(user)}`, body),
  /** @param {string} user */
  removeUser: (user) => call("DELETE", `/users/${id(user)}`),
  /** @param {string} user */
  endSessions: (user) => call("DELETE", `/users/${id(user)}/sessions`),
  /** @param {string} store @param {string} name @param {unknown} body */
  command: (store, name, body) => call("POST", "/commands", { store, name, body }),
  /** @param {string} command */
  commandOutcome: (command) => call("GET", `/commands/${id(command)}`),
};

/** Where the live view of a day comes from. @param {string | null} day null: today */
export const livePath = (day) => `/live${query({ day })}`;
