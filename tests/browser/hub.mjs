// A real hub for one test: the binary just built, a directory of its own, any free port.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** @typedef {import("node:test").TestContext} TestContext */
/** @typedef {import("node:child_process").ChildProcess} ChildProcess */

const BUILT = fileURLToPath(new URL("../../target/debug/tested-hub", import.meta.url));

/** The binary under test. */
export const HUB = process.env.STORE_TESTS_HUB ?? BUILT;
/** Why no hub can be started here; null where one can. */
export const noHub = existsSync(HUB) ? null : `no hub at ${HUB}: cargo build -p store-tests`;

/** The manager of every test: a made-up person. */
export const MANAGER = { operator: "m1", name: "林店長", pin: "274951" };
/** A made-up cashier. */
export const CASHIER = { operator: "c1", name: "陳小安", pin: "830264" };

export class Hub {
  url = "";
  setUpCode = "";
  /** @type {ChildProcess | null} */
  #child = null;
  #port = "0";
  #dir = mkdtempSync(join(tmpdir(), "store-browser-"));
  #config = join(this.#dir, "hub.toml");
  #link;

  /**
   * @param {string} http what else is set in the table `http` of the settings
   * @param {{ id: string, file: string } | undefined} link which store headquarters knows it as
   */
  constructor(http, link) {
    this.#link = link?.file;
    const store = link ? `[store]\nid = "${link.id}"\n` : "";
    writeFileSync(this.#config, `${store}[http]\nlisten = "127.0.0.1"\n${http}`);
  }

  /** Starts it, or starts it again at the same port with the same data. */
  async start() {
    const child = spawn(HUB, [
      "run", "--config", this.#config, "--data-dir", join(this.#dir, "data"), "--port", this.#port,
      ...(this.#link ? ["--link", this.#link] : []),
    ], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, HUB_LOG__LEVEL: "warn" } });
    this.#child = child;
    this.url = "";
    let log = "";
    child.stderr.on("data", (text) => { log += text; });
    const ended = new Promise((_, reject) => {
      child.once("exit", (code) => reject(new Error(`the hub ended with ${code}: ${log}`)));
    });
    ended.catch(() => {});
    await Promise.race([this.#readStart(createInterface({ input: child.stdout })), ended]);
    await Promise.race([this.#ready(), ended]);
    return this;
  }

  /**
   * Reads what a start prints: name, addresses, directory, and before the first manager the code.
   * @param {import("node:readline").Interface} lines
   * @returns {Promise<void>}
   */
  #readStart(lines) {
    return new Promise((resolve) => {
      lines.on("line", (line) => {
        // Encrypted addresses are printed too, and where the authority's certificate is.
        const url = /^\s*(http:\/\/127\.0\.0\.1:\d+)$/.exec(line)?.[1];
        if (url && !this.url) {
          this.url = url;
          this.#port = new URL(url).port;
        }
        this.setUpCode = /one-time set-up code: (\S+)/.exec(line)?.[1] ?? this.setUpCode;
        if (this.url && this.setUpCode) resolve();
      });
    });
  }

  async #ready() {
    while (!(await fetch(`${this.url}/readyz`).then(({ ok }) => ok, () => false))) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** @param {NodeJS.Signals} name */
  signal(name) {
    this.#child?.kill(name);
  }

  /** Ends it at once, as a power cut would. */
  async kill() {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  async remove() {
    await this.kill();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** Makes the first manager, as the first page would. */
  async setUp() {
    const { operator: id, name, pin } = MANAGER;
    const body = { code: this.setUpCode, operator: { id, name, pin } };
    const response = await fetch(`${this.url}/api/v1/setup`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (response.status !== 201) throw new Error(`set-up: ${response.status}`);
  }
}

/**
 * A running hub that is gone when the test is over.
 * @param {TestContext} context
 * @param {{ http?: string, isSetUp?: boolean, link?: { id: string, file: string } }} [how]
 */
export async function startHub(context, { http = "", isSetUp = true, link } = {}) {
  const hub = new Hub(http, link);
  context.after(() => hub.remove());
  await hub.start();
  if (isSetUp) await hub.setUp();
  return hub;
}
