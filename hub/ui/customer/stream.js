// What the hub says to this screen: the newest screen, and whether it is heard at all.

/** Silence of this long is shown, in milliseconds: the hub is heard four times a second. */
const SILENCE_MS = 900;
/** After this long the connection is made anew, in milliseconds. */
const ANEW_MS = 3000;

/**
 * Whether a screen is paired, as its hub says; null where it does not say: it is closing, or asked
 * too often.
 * @param {import("../types.d.ts").Reply | null} reply nothing where it was not heard
 */
export function pairedBy(reply) {
  if (reply?.status === 200) return true;
  return reply?.body?.code === "not_paired" ? false : null;
}

/**
 * @param {{ show: (screen: any) => void, hear: (isHeard: boolean) => void, look: () => void }} to
 *   `look`: the connection breaks again and again; a browser does not say why
 * @returns {() => void} ends it
 */
export function follow({ show, hear, look }) {
  let heardMs = performance.now();
  let madeMs = heardMs;
  let source = connect();

  function connect() {
    const made = new EventSource("/api/v1/customer-screen/live");
    const heard = () => { heardMs = performance.now(); hear(true); };
    made.addEventListener("screen", (event) => { heard(); show(JSON.parse(event.data)); });
    made.addEventListener("heartbeat", heard);
    return made;
  }

  const timer = setInterval(() => {
    const nowMs = performance.now();
    if (nowMs - heardMs > SILENCE_MS) hear(false);
    if (nowMs - heardMs < ANEW_MS || nowMs - madeMs < ANEW_MS) return;
    madeMs = nowMs;
    source.close();
    source = connect();
    look();
  }, 200);
  return () => { clearInterval(timer); source.close(); };
}
