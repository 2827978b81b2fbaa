// One connection of server-sent events, kept open. Runs in the shared worker, or in the leading
// tab where the browser has no shared workers.

/** Without an event for so long the connection is given up and made anew, in milliseconds. */
const SILENCE_MS_MAX = 4000;
/** Pauses before the next connection, in milliseconds; the last one stays. */
const BACKOFF_MS = [200, 500, 1000, 2000];

/** Statuses of a session that is over: signed off, or another browser is the workstation now. */
const ENDED = [401, 409];

/**
 * @typedef {{ type: "open" | "beat" | "view" | "locked" | "alert" | "link" | "suspended" | "devices" | "scan" | "scale" | "notice" | "signed_out", data?: any }} LiveMessage
 */

/** What is said besides that the hub is there. */
const TYPES = /** @type {const} */ ([
  "view", "locked", "alert", "link", "suspended", "devices", "scan", "scale", "notice",
]);

export class LiveStream {
  /** @type {EventSource | null} */
  #source = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #failures = 0;
  #isWanted = false;
  #emit;
  #path;
  #probe;

  /**
   * @param {(message: LiveMessage) => void} emit
   * @param {string} [path] under /api/v1
   * @param {string} [probe] what says whether trying again is of use
   */
  constructor(emit, path = "/live", probe = "/session") {
    this.#emit = emit;
    this.#path = path;
    this.#probe = probe;
  }

  /** Opens the stream unless it is open. */
  open() {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.#failures = 0;
    this.#connect();
  }

  /** Opens it anew: the browser's cookies are others now. */
  reopen() {
    this.close();
    this.open();
  }

  close() {
    this.#isWanted = false;
    this.#drop();
  }

  #drop() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #connect() {
    this.#drop();
    const source = new EventSource(`/api/v1${this.#path}`);
    this.#source = source;
    this.#awaitEvent();
    source.onopen = () => this.#emit({ type: "open" });
    for (const type of TYPES) {
      source.addEventListener(type, (event) => {
        this.#heard();
        this.#emit({ type, data: JSON.parse(event.data) });
      });
    }
    source.addEventListener("heartbeat", () => {
      this.#heard();
      this.#emit({ type: "beat" });
    });
    source.onerror = () => this.#failed();
  }

  #heard() {
    this.#failures = 0;
    this.#awaitEvent();
  }

  #awaitEvent() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#failed(), SILENCE_MS_MAX);
  }

  #failed() {
    if (!this.#isWanted) return;
    this.#drop();
    const pause = BACKOFF_MS[Math.min(this.#failures, BACKOFF_MS.length - 1)];
    this.#failures += 1;
    this.#timer = setTimeout(() => void this.#retry(), pause);
  }

  /** An event source hides the status; some mean that trying again is of no use. */
  async #retry() {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), SILENCE_MS_MAX);
    const status = await fetch(`/api/v1${this.#probe}`, { cache: "no-store", signal: abort.signal })
      .then((response) => response.status, () => 0);
    clearTimeout(timer);
    if (!this.#isWanted || this.#source) return;
    if (ENDED.includes(status)) {
      this.#isWanted = false;
      this.#emit({ type: "signed_out" });
    } else if (status === 0) {
      this.#failed();
    } else {
      this.#connect();
    }
  }
}
