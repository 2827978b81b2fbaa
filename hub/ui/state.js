// What the page knows, as signals. Only `session.js` and `register.js` write here, and screens
// what they show.
import { signal, computed } from "./lib.js";

/** @typedef {import("./types.d.ts").RegisterView} RegisterView */
/** @typedef {import("./types.d.ts").Entry} Entry */

/**
 * @typedef {object} Refusal
 * @property {number} id
 * @property {string} code
 * @property {string} detail the hub's sentence
 * @property {string} subject what it was about: a code, a line
 */

/** @typedef {{ kind: string, [more: string]: any }} Dialog */

/**
 * @typedef {object} WantedApproval
 * @property {number} number of the question: two may ask for the same permission
 * @property {string} permission
 * @property {string} subject what it is wanted for
 * @property {(token: string | null) => void} done
 */

export const signIn = signal(/** @type {import("./types.d.ts").SignIn | null} */ (null));
export const session = signal(/** @type {import("./types.d.ts").Session | null} */ (null));
/** The newest view of the register; the hub's word, never changed here. */
export const view = signal(/** @type {RegisterView | null} */ (null));

/**
 * @typedef {"product" | "payment" | "receipt" | "receipts" | "stock" | "operators" | "alerts"
 *   | "suspended" | "till" | "day" | "devices" | "papers"} Screen
 */

/** Where the cashier is; what is shown also depends on the above (`app.js`). */
export const screen = signal(
  /** @type {Screen} */ ("product"),
);
/** What a receipt said of itself that was scanned: it is looked up. */
export const receiptWanted = signal(/** @type {string | null} */ (null));
/** The transaction whose receipt is shown. */
export const receiptOf = signal(/** @type {string | null} */ (null));
/** What is asked before something is done; null where nothing is. */
export const dialog = signal(/** @type {Dialog | null} */ (null));
/** What a second person is asked to allow; null where nothing is. */
export const approval = signal(/** @type {WantedApproval | null} */ (null));
/**
 * Whether a question covers the screen, which then takes nothing itself.
 * @param {boolean} isIn whether somebody is there who can be asked: nothing is drawn otherwise
 */
export const isCoveredByQuestion = (isIn) =>
  isIn && (dialog.value !== null || approval.value !== null);
/**
 * A scan goes here first while this is set: a field that expects a code. `read` is the same with
 * what the scanner said of its kind, which the hub understands.
 */
export const scanGoesTo = signal(
  /** @type {((code: string, read: string) => void) | null} */ (null),
);
/** Whether `scanGoesTo` asks who somebody is: nowhere else is a badge taken. */
export const wantsBadge = signal(false);
/** What a cashier taps instead of scanning it, as headquarters or the store chose it. */
export const favourites = signal(/** @type {import("./types.d.ts").FavouriteGroup[]} */ ([]));
/** What a cashier looks through, as headquarters or the store chose it. */
export const categories = signal(/** @type {import("./types.d.ts").CategoryTile[]} */ ([]));
/** What stands in the search field. */
export const query = signal("");

/** What a locked screen may know of its register; null where it has not heard. */
export const behind = signal(
  /** @type {{ phase: string, has_basket: boolean, notices: string[] } | null} */ (null),
);

/** What the scale of this register shows; null where it has none. */
export const scale = signal(/** @type {import("./types.d.ts").ScaleView | null} */ (null));

/** Nothing was heard of the hub for too long. */
export const isSilent = signal(false);
/** Another browser is this workstation now. */
export const isTakenOver = signal(false);
/** The hub said that it closes. */
export const isStopping = signal(false);
/** The manager is making this browser a workstation again. */
export const wantsClaim = signal(false);
/** Signing on without a register: the office. */
export const wantsOffice = signal(false);

/** Commands without an answer. */
export const pending = signal(/** @type {Entry[]} */ ([]));
/** Whether the cashier has to say whether what waits is still meant. */
export const isAsking = computed(() => pending.value[0]?.state === "asking");
/** What was refused and not yet put away by the cashier. */
export const refusals = signal(/** @type {Refusal[]} */ ([]));
/** Good news that goes away by itself. */
export const news = signal("");
/** Read out by a screen reader: the line just added. */
export const spoken = signal("");
/** How the link to headquarters is; null where the store has none. */
export const linked = signal(/** @type {import("./types.d.ts").LinkView | null} */ (null));
/** How every peripheral of the store is. */
export const devices = signal(/** @type {import("./types.d.ts").DeviceView[]} */ ([]));
/** The baskets that lie aside in the store, the first put aside first. */
export const suspended = signal(/** @type {import("./types.d.ts").SuspendedRow[]} */ ([]));
/** Items below their safety stock. */
export const alertCount = signal(0);

/** Whether nothing that is done at this register counts. */
export const isTraining = computed(
  () => Boolean((view.value ?? session.value)?.is_training),
);

export const basket = computed(() => view.value?.basket ?? null);
export const liveLines = computed(() => basket.value?.lines.filter((l) => !l.voided) ?? []);

const chosen = signal(/** @type {{ line: number, of: string } | null} */ (null));

/** The line that buttons act on: the one chosen, else the last. */
export const selected = computed(() => {
  const lines = liveLines.value;
  const choice = chosen.value;
  const hit = choice?.of === basket.value?.transaction_id
    && lines.find((line) => line.line === choice?.line);
  // A deposit is changed with its goods.
  const own = lines.filter((line) => line.deposit_of === undefined);
  const goods = hit && own.find((line) => line.line === (hit.deposit_of ?? hit.line));
  return goods || own.at(-1) || null;
});

/** @param {number | null} line null: the last one again */
export function select(line) {
  const of = basket.value?.transaction_id;
  chosen.value = line === null || !of ? null : { line, of };
}

/**
 * The same line as it is now; null where it is gone.
 * @param {import("./types.d.ts").Line | null} line
 * @param {string | undefined} of its basket
 */
export function lineNow(line, of) {
  if (!line || basket.value?.transaction_id !== of) return null;
  return liveLines.value.find((other) => other.line === line.line) ?? null;
}

/** @type {Set<string>} */
const pastBoots = new Set();

/**
 * Takes a view unless a newer one is known: revisions count within one boot of the hub.
 * @param {RegisterView} next
 */
export function accept(next) {
  const known = view.value;
  if (pastBoots.has(next.boot)) return;
  // Into training and out of it: another register, which counts for itself.
  const isSameOne = Boolean(known?.is_training) === Boolean(next.is_training);
  if (known && isSameOne && known.boot === next.boot && next.revision <= known.revision) return;
  if (known && known.boot !== next.boot) pastBoots.add(known.boot);
  view.value = next;
}

let refusalCount = 0;

/**
 * @param {string} code
 * @param {string} detail
 * @param {string} [subject]
 */
export function showRefusal(code, detail, subject = "") {
  refusalCount += 1;
  refusals.value = [...refusals.value, { id: refusalCount, code, detail, subject }];
}

export function putRefusalAway() {
  refusals.value = refusals.value.slice(1);
}

/** How long good news stays, in milliseconds. */
const NEWS_MS = 4000;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let newsTimer;

/** @param {string} text */
export function tell(text) {
  news.value = text;
  clearTimeout(newsTimer);
  newsTimer = setTimeout(() => { news.value = ""; }, NEWS_MS);
}
