// A real headquarters for one test: the binary just built, its own broker, a directory of its own.
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Program } from "./program.mjs";

/** @typedef {import("node:test").TestContext} TestContext */

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

export class Headquarters extends Program {
  #config = "";
  #cookie = "";

  constructor() {
    super(HQ, "hq-browser", { HQ_LOG__LEVEL: "warn" });
  }

  get #seat() {
    return ["--config", this.#config, "--data-dir", this.data];
  }

  async prepare() {
    const port = await freePort();
    const chain = `[chain]\nid = "formosa"\nname = "福爾摩沙超市"\n`;
    this.#config = join(this.dir, "hq.toml");
    writeFileSync(this.#config, `${chain}[broker]\nlisten = "127.0.0.1"\nport = ${port}\n`);
    return this;
  }

  /** Starts it, or starts it again at the same ports with the same data. */
  async start() {
    await this.launch(this.#seat);
    return this;
  }

  /**
   * Adds a store.
   * @param {string} id
   * @param {string} name
   * @param {string} region
   * @returns what its hub is started with
   */
  async addStore(id, name, region) {
    const out = join(this.dir, `${id}.toml`);
    await this.command("store", "add", id, "--name", name, "--region", region, "--out", out,
      ...this.#seat);
    return { id, file: out };
  }

  /**
   * Publishes a bundle of policy.
   * @param {Record<string, string>} files by name
   */
  async pushPolicy(files) {
    const folder = mkdtempSync(join(this.dir, "policy-"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    await this.command("policy", "push", folder, ...this.#seat);
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
