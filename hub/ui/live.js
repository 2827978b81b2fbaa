// What every tab hears of the hub, over one connection for the whole browser, and the watch that
// notices when it hears nothing.
import { LiveStream } from "./stream.js";
import { Silence } from "./silence.js";
import { uuidV7 } from "./ids.js";

/** @typedef {import("./stream.js").LiveMessage} LiveMessage */
/** @typedef {{ open: () => void, reopen: () => void, close: () => void }} Link */

/** How often the page looks whether the hub is silent, in milliseconds. */
const TICK_MS = 100;
/** How long a leading tab leads without renewing it, in milliseconds: hidden tabs wake slowly. */
const LEASE_MS = 2500;
const RENEW_MS = 500;
const LEASE = "hub.live.leader";

/**
 * @param {(message: LiveMessage) => void} hear
 * @returns {Link}
 */
export function link(hear) {
  if (typeof SharedWorker === "function") return workerLink(hear);
  if (typeof BroadcastChannel === "function" && storageWorks()) return leaderLink(hear);
  return new LiveStream(hear);
}

/** @param {(message: LiveMessage) => void} hear @returns {Link} */
function workerLink(hear) {
  const worker = new SharedWorker(new URL("./live-worker.js", import.meta.url), {
    type: "module",
    name: "hub-live-2",
  });
  worker.port.onmessage = ({ data }) => hear(data);
  /** @param {string} wish */
  const ask = (wish) => worker.port.postMessage(wish);
  let isOpen = false;
  addEventListener("pagehide", () => ask("close"));
  addEventListener("pageshow", (event) => {
    if (event.persisted && isOpen) ask("open");
  });
  return {
    open: () => { isOpen = true; ask("open"); },
    reopen: () => { isOpen = true; ask("reopen"); },
    close: () => { isOpen = false; ask("close"); },
  };
}

/**
 * Without shared workers one tab leads: it holds the stream and tells the others.
 * @param {(message: LiveMessage) => void} hear
 * @returns {Link}
 */
function leaderLink(hear) {
  const me = uuidV7();
  const channel = new BroadcastChannel("hub.live");
  const stream = new LiveStream((message) => {
    channel.postMessage(message);
    hear(message);
  });
  let isOpen = false;
  channel.onmessage = ({ data }) => {
    // Somebody's cookies changed: whoever leads connects anew and so sends everybody a view.
    if (data === "reopen") { if (leader() === me) stream.reopen(); }
    else if (isOpen) hear(data);
  };
  const renew = () => {
    if (!isOpen) return;
    const leads = leader();
    if (leads !== null && leads !== me) {
      stream.close();
      return;
    }
    localStorage.setItem(LEASE, JSON.stringify({ tab: me, until: Date.now() + LEASE_MS }));
    // Two tabs may have written at once; the last word counts, and it is read a moment later.
    setTimeout(() => { if (isOpen && leader() === me) stream.open(); }, 30);
  };
  const resign = () => {
    stream.close();
    if (leader() === me) localStorage.removeItem(LEASE);
  };
  setInterval(renew, RENEW_MS);
  addEventListener("pagehide", resign);
  addEventListener("storage", (event) => {
    if (event.key === LEASE && event.newValue === null) renew();
  });
  const open = () => { isOpen = true; renew(); };
  const reopen = () => {
    if (leader() === me) stream.reopen();
    else channel.postMessage("reopen");
    open();
  };
  return {
    open,
    reopen,
    close: () => { isOpen = false; resign(); },
  };
}

/** Which tab leads now; null where the last leader is gone. */
function leader() {
  try {
    const lease = JSON.parse(localStorage.getItem(LEASE) ?? "null");
    return lease && lease.until > Date.now() ? lease.tab : null;
  } catch {
    return null;
  }
}

function storageWorks() {
  try {
    localStorage.setItem("hub.probe", "1");
    return true;
  } catch {
    return false;
  }
}

/**
 * Notices when nothing was heard for too long.
 * @param {(isSilent: boolean) => void} tell called on every look
 */
export function watch(tell) {
  const silence = new Silence();
  let isOn = false;
  setInterval(() => {
    const isSilent = silence.look(performance.now());
    if (isOn && isSilent !== null) tell(isSilent);
  }, TICK_MS);
  return {
    heard() {
      silence.heard(performance.now());
      if (isOn) tell(false);
    },
    start() {
      isOn = true;
      silence.heard(performance.now());
    },
    stop() {
      isOn = false;
      tell(false);
    },
  };
}
