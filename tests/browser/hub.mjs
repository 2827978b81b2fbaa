// A real hub for one test: the binary just built, a directory of its own, any free port.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Program } from "./program.mjs";

/** @typedef {import("node:test").TestContext} TestContext */

const BUILT = fileURLToPath(new URL("../../target/debug/tested-hub", import.meta.url));

/** The binary under test. */
export const HUB = process.env.STORE_TESTS_HUB ?? BUILT;
/** Why no hub can be started here; null where one can. */
export const noHub = existsSync(HUB) ? null : `no hub at ${HUB}: cargo build -p store-tests`;

/** The manager of every test: a made-up person. */
export const MANAGER = { operator: "m1", name: "林店長", pin: "274951" };
/** A made-up cashier. */
export const CASHIER = { operator: "c1", name: "陳小安", pin: "830264" };

export class Hub extends Program {
  #link;

  /**
   * @param {string} http what else is set in the table `http` of the settings
   * @param {{ id: string, file: string } | undefined} link which store headquarters knows it as
   * @param {string | undefined} promotions a file of promotions in force
   * @param {string} till whose the money at a register is; who wants to try tills says so
   * @param {string} more further tables of its settings
   */
  constructor(http, link, promotions, till, more) {
    // Started again it has the port that it had; the encrypted one, which would follow from it,
    // may be another program's by then.
    super(HUB, "store-browser",
      { HUB_LOG__LEVEL: "warn", HUB_TILL__POLICY: till, HUB_HTTP__TLS_PORT: "0" });
    this.#link = link?.file;
    const store = link ? `[store]\nid = "${link.id}"\n` : "";
    const told = promotions ? `[promotions]\nfile = "${join(this.dir, "promotions.toml")}"\n` : "";
    if (promotions) writeFileSync(join(this.dir, "promotions.toml"), promotions);
    writeFileSync(this.#config, `${store}${told}[http]\nlisten = "127.0.0.1"\n${http}\n${more}`);
  }

  get #config() {
    return join(this.dir, "hub.toml");
  }

  get #place() {
    return ["--config", this.#config, "--data-dir", this.data];
  }

  /** Starts it, or starts it again at the same port with the same data. */
  async start() {
    await this.launch([...this.#place, ...(this.#link ? ["--link", this.#link] : [])]);
    return this;
  }

  /** Copies its journal beside its work. @param {string} to */
  async backUp(to) {
    await this.command("backup", "--to", to, ...this.#place);
  }

  /** Puts a copy in the place of its journal; it must not be at work. @param {string} from */
  async restore(from) {
    await this.command("restore", from, "--force", ...this.#place);
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
 * @param {{ http?: string, isSetUp?: boolean, link?: { id: string, file: string },
 *   promotions?: string, till?: string, more?: string }} [how]
 */
export async function startHub(
  context, { http = "", isSetUp = true, link, promotions, till = "none", more = "" } = {},
) {
  const hub = new Hub(http, link, promotions, till, more);
  context.after(() => hub.remove());
  await hub.start();
  if (isSetUp) await hub.setUp();
  return hub;
}
