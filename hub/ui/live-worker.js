// The browser's one live stream, shared by all its tabs: HTTP/1.1 allows six connections to one
// origin, so a stream in every tab would leave none for the sales.
import { LiveStream } from "./stream.js";

/** @type {Set<MessagePort>} */
const tabs = new Set();
/** @type {import("./stream.js").LiveMessage | null} */
let latestView = null;
/** @type {import("./stream.js").LiveMessage | null} */
let latestLink = null;
/** @type {import("./stream.js").LiveMessage | null} */
let latestDevices = null;
let lastEventMs = -Infinity;

/** A view is handed to a new tab only while the hub is known to be there, in milliseconds. */
const FRESH_MS = 800;

const stream = new LiveStream((message) => {
  lastEventMs = performance.now();
  // Before a locked screen only the lesser is known.
  if (message.type === "view" || message.type === "locked") latestView = message;
  if (message.type === "link") latestLink = message;
  if (message.type === "devices") latestDevices = message;
  if (message.type === "signed_out") latestView = latestLink = latestDevices = null;
  tabs.forEach((tab) => tab.postMessage(message));
});

/** @param {MessagePort} tab @param {string} wish */
function grant(tab, wish) {
  if (wish === "open") {
    tabs.add(tab);
    stream.open();
    const isFresh = performance.now() - lastEventMs < FRESH_MS;
    for (const known of [latestView, latestLink, latestDevices]) {
      if (known && isFresh) tab.postMessage(known);
    }
  } else if (wish === "reopen") {
    tabs.add(tab);
    latestView = latestLink = latestDevices = null;
    stream.reopen();
  } else if (wish === "close") {
    tabs.delete(tab);
    if (tabs.size === 0) stream.close();
  }
}

/** @type {any} */ (self).onconnect = (/** @type {MessageEvent} */ event) => {
  const tab = event.ports[0];
  if (tab) tab.onmessage = ({ data }) => grant(tab, data);
};
