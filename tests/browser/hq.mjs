// A real headquarters for one test: the binary just built, its own broker, a directory of its own.
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** @typedef {import("node:test").TestContext} TestContext */
/** @typedef {import("node:child_process").ChildProcess} ChildProcess */

const BUILT = fileURLToPath(new URL("../../target/debug/tested-hq", import.meta.url));

/** The binary under test. */
const HQ = process.env.STORE_TESTS_HQ ?? BUILT;
/** Why no headquarters can be started here; null where one can. */
export const noHeadquarters = existsSync(HQ) ? null : `no headquarters at ${HQ}: cargo build -p store-tests`;

/** The administrator of every test: a made-up person. */
export const ADMIN = { id: "a1", name: "林經理", password: "twelve-cups-of-tea" };
/** Somebody who reads one store only. */
export const READER = { id: "s1", name: "陳督導", password: "eleven-cups-of-tea" };

/** A port that nobody listens at now: the stores' link files name the broker's. */
async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const address = /** @type {import("node:net").AddressInfo} */ (probe.address());
  await new Promise((resolve) => probe.close(resolve));
  return address.port;
}

export class Headquarters {
  url = "";
  setUpCode = "";
  /** @type {ChildProcess | null} */
  #child = null;
  #port = "0";
  #dir = mkdtempSync(join(tmpdir(), "hq-browser-"));
  #config = join(this.#dir, "hq.toml");
  #cookie = "";

  get #seat() {
    return ["--config", this.#config, "--data-dir", join(this.#dir, "data")];
  }

  async prepare() {
    const port = await freePort();
    const chain = `[chain]\nid = "formosa"\nname = "福爾摩沙超市"\n`;
    writeFileSync(this.#config, `${chain}[broker]\nlisten = "127.0.0.1"\nport = ${port}\n`);
    return this;
  }

  /** Starts it, or starts it again at the same ports with the same data. */
  async start() {
    const child = spawn(HQ, ["run", ...this.#seat, "--port", this.#port], {
      stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, HQ_LOG__LEVEL: "warn" },
    });
    this.#child = child;
    this.url = "";
    let log = "";
    child.stderr.on("data", (text) => { log += text; });
    const ended = new Promise((_, reject) => {
      child.once("exit", (code) => reject(new Error(`headquarters ended with ${code}: ${log}`)));
    });
    ended.catch(() => {});
    await Promise.race([this.#readStart(createInterface({ input: child.stdout })), ended]);
    await Promise.race([this.#ready(), ended]);
    return this;
  }

  /** @param {import("node:readline").Interface} lines @returns {Promise<void>} */
  #readStart(lines) {
    return new Promise((resolve) => {
      lines.on("line", (line) => {
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

  /**
   * Adds a store.
   * @param {string} id
   * @param {string} name
   * @param {string} region
   * @returns what its hub is started with
   */
  async addStore(id, name, region) {
    const out = join(this.#dir, `${id}.toml`);
    await promisify(execFile)(HQ, ["store", "add", id, "--name", name, "--region", region,
      "--out", out, ...this.#seat]);
    return { id, file: out };
  }

  /**
   * Publishes a bundle of policy.
   * @param {Record<string, string>} files by name
   */
  async pushPolicy(files) {
    const folder = mkdtempSync(join(this.#dir, "policy-"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    await promisify(execFile)(HQ, ["policy", "push", folder, ...this.#seat]);
  }

  /** Makes the first administrator, as the first page would. */
  async setUp() {
    await this.ask("POST", "/setup", { code: this.setUpCode, user: ADMIN });
    const { id: user, password } = ADMIN;
    const response = await this.ask("POST", "/session", { user, password });
    this.#cookie = (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  }

  /**
   * A request beside the page, of the administrator.
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   */
  async ask(method, path, body) {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { "Content-Type": "application/json", Cookie: this.#cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return response;
  }
}

/**
 * A running headquarters that is gone when the test is over.
 * @param {TestContext} context
 * @param {{ isSetUp?: boolean }} [how]
 */
export async function startHeadquarters(context, { isSetUp = true } = {}) {
  const hq = await new Headquarters().prepare();
  context.after(() => hq.remove());
  await hq.start();
  if (isSetUp) await hq.setUp();
  return hq;
}
