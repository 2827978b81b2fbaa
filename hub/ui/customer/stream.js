// What the hub says to this screen: the newest screen, and whether it is heard at all.

/** Silence of this long is shown, in milliseconds: the hub is heard four times a second. */
const SILENCE_MS = 900;
/** After this long the connection is made anew, in milliseconds. */
const ANEW_MS = 3000;

/**
 * @param {{ show: (screen: any) => void, hear: (isHeard: boolean) => void }} to
 * @returns {() => void} ends it
 */
export function follow({ show, hear }) {
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
  }, 200);
  return () => { clearInterval(timer); source.close(); };
}
