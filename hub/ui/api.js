// Every request of the page.
import { call } from "./http.js";

/** @typedef {import("./types.d.ts").Envelope} Envelope */

const id = encodeURIComponent;

/**
 * Where a till's report is.
 * @param {string} day @param {string} at @param {number} number @param {string} what
 * @param {string} x
 */
const paperOf = (day, at, number, what, x) =>
  `/days/${id(day)}/tills/${id(at)}/${number}/report${what}${x ? `?x=${id(x)}` : ""}`;

export const api = {
  signIn: () => call("GET", "/sign-in"),
  /** @param {unknown} body */
  setUp: (body) => call("POST", "/setup", body),
  /** @param {string} workstation @param {unknown} body */
  claim: (workstation, body) => call("POST", `/workstations/${id(workstation)}/claim`, body),
  /** @param {unknown} body */
  signOn: (body) => call("POST", "/session", body),
  lock: () => call("POST", "/session/lock"),
  /** @param {unknown} body */
  unlock: (body) => call("POST", "/session/unlock", body),
  /** @param {unknown} body */
  changePin: (body) => call("PUT", "/session/pin", body),
  clock: () => call("GET", "/clock"),
  /** @param {unknown} body @param {string | null} approval */
  setClock: (body, approval) => call("PUT", "/clock", body, { approval }),
  signOff: () => call("DELETE", "/session"),
  session: () => call("GET", "/session"),
  register: () => call("GET", "/register"),
  /** @param {Envelope} envelope @param {string | null} [approval] */
  command: (envelope, approval) => call("POST", "/register/commands", envelope, { approval }),
  /** @param {unknown} body */
  approve: (body) => call("POST", "/approvals", body),
  /** @param {string} transaction @param {string} command */
  outcome: (transaction, command) =>
    call("GET", `/register/commands/${id(transaction)}/${id(command)}`),
  /** @param {string} workstation */
  explanation: (workstation) => call("GET", `/register/${id(workstation)}/explanation`),
  /** @param {string} text */
  items: (text) => call("GET", `/items?search=${id(text)}&limit=20`),
  /** @param {string} item */
  elsewhere: (item) => call("GET", `/items/${id(item)}/elsewhere`),
  suspended: () => call("GET", "/suspended"),
  /** @param {string} code */
  item: (code) => call("GET", `/items/by-code/${id(code)}`),
  favourites: () => call("GET", "/favourites"),
  categories: () => call("GET", "/categories"),
  /**
   * @param {string} department @param {string | null} category all of the department where null
   * @param {number} from @param {number} limit
   */
  ofCategory: (department, category, from, limit) => {
    const wanted = new URLSearchParams({ department, from: `${from}`, limit: `${limit}` });
    if (category !== null) wanted.set("category", category);
    return call("GET", `/categories/items?${wanted}`);
  },
  /** @param {string} transaction */
  receipt: (transaction) => call("GET", `/transactions/${id(transaction)}/receipt`),
  /**
   * @param {string} transaction
   * @param {string} language of the copy
   * @param {string | null} approval
   */
  receiptCopy: (transaction, language, approval) =>
    call("POST", `/transactions/${id(transaction)}/receipt/copies?language=${id(language)}`,
      undefined, { approval }),
  /**
   * @param {Record<string, string>} wanted what is known of it; what is empty is left out
   * @param {string | null} approval
   */
  receipts: (wanted, approval) => {
    const said = Object.entries(wanted).filter(([, value]) => value !== "");
    return call("GET", `/receipts?${new URLSearchParams(said)}`, undefined, { approval });
  },
  /** @param {unknown} body @param {string | null} approval */
  train: (body, approval) => call("POST", "/session/training", body, { approval }),
  wipeTraining: () => call("DELETE", "/training"),
  customerCode: () => call("POST", "/register/customer-screen/code"),
  sendScreensAway: () => call("DELETE", "/register/customer-screen"),
  /** @param {unknown} envelope @param {string | null} approval */
  till: (envelope, approval) => call("POST", "/register/till", envelope, { approval }),
  days: () => call("GET", "/days"),
  /** @param {string} day @param {string | null} approval */
  day: (day, approval) => call("GET", `/days/${id(day)}`, undefined, { approval }),
  /** @param {string} day @param {string} at @param {number} number @param {string | null} approval */
  tillReport: (day, at, number, approval) =>
    call("GET", `/days/${id(day)}/tills/${id(at)}/${number}`, undefined, { approval }),
  /** @param {unknown} body @param {string | null} approval */
  printX: (body, approval) => call("POST", "/register/till/report", body, { approval }),
  /** @param {string} day @param {string} at @param {number} number @param {string} x none for the Z */
  tillPaper: (day, at, number, x) => call("GET", paperOf(day, at, number, "", x)),
  /**
   * @param {string} day @param {string} at @param {number} number
   * @param {string} x none for the Z
   * @param {string | null} approval
   */
  tillPaperCopy: (day, at, number, x, approval) =>
    call("POST", paperOf(day, at, number, "/copies", x), undefined, { approval }),
  /** @param {unknown} close @param {string | null} approval */
  closeDay: (close, approval) => call("POST", "/days/close", close, { approval }),
  operators: () => call("GET", "/operators"),
  /** @param {string} operator @param {string | null} approval */
  giveBadge: (operator, approval) =>
    call("POST", `/operators/${id(operator)}/badge`, undefined, { approval }),
  /** @param {string} operator @param {string | null} approval */
  takeBadge: (operator, approval) =>
    call("DELETE", `/operators/${id(operator)}/badge`, undefined, { approval }),
  /** @param {unknown} body */
  addOperator: (body) => call("POST", "/operators", body),
  /** @param {string} text */
  stock: (text) => call("GET", `/stock?search=${id(text)}`),
  alerts: () => call("GET", "/alerts"),
  deviceSettings: () => call("GET", "/devices/settings"),
  /** @param {unknown} devices */
  setDevices: (devices) => call("PUT", "/devices/settings", devices, { timeoutMs: 15_000 }),
  /** @param {string} device @param {string} action */
  tryDevice: (device, action) =>
    call("POST", `/devices/${id(device)}/try`, { action }, { timeoutMs: 30_000 }),
  scanDevices: () => call("POST", "/devices/scan", undefined, { timeoutMs: 120_000 }),
  papers: () => call("GET", "/print-jobs"),
  /** @param {string} transaction @param {number} copy @param {string | null} approval */
  cameOut: (transaction, copy, approval) =>
    call("POST", `/print-jobs/${id(transaction)}/${copy}/came-out`, undefined, { approval }),
  /** @param {string} paper @param {string | null} approval */
  paperCopy: (paper, approval) =>
    call("POST", `/print-jobs/${id(paper)}/copies`, undefined, { approval }),
  promotions: () => call("GET", "/promotions"),
  readPromotions: () => call("POST", "/promotions/file"),
  /** @param {string} csv */
  importCatalogue: (csv) =>
    call("PUT", "/catalogue", csv, { type: "text/csv", timeoutMs: 120_000 }),
};
