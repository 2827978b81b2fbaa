// A program of ours at work for one test: started as people start it, and gone with the test.
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

/** @typedef {import("node:child_process").ChildProcess} ChildProcess */

export class Program {
  url = "";
  setUpCode = "";
  /** A directory of its own. */
  dir;
  /** @type {ChildProcess | null} */
  #child = null;
  #port = "0";
  #file;
  #environment;

  /**
   * @param {string} file the program
   * @param {string} name what its directory begins with
   * @param {Record<string, string>} environment
   */
  constructor(file, name, environment) {
    this.#file = file;
    this.#environment = environment;
    this.dir = mkdtempSync(join(tmpdir(), `${name}-`));
  }

  /** Where it keeps what it must not lose. */
  get data() {
    return join(this.dir, "data");
  }

  /** Starts it, or starts it again at the same port with the same data. @param {string[]} words */
  async launch(words) {
    const child = spawn(this.#file, ["run", ...words, "--port", this.#port], {
      stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...this.#environment },
    });
    this.#child = child;
    this.url = "";
    let log = "";
    child.stderr.on("data", (text) => { log += text; });
    const ended = new Promise((_, reject) => {
      child.once("exit", (code) => reject(new Error(`${this.#file} ended with ${code}: ${log}`)));
    });
    ended.catch(() => {});
    await Promise.race([this.#readStart(createInterface({ input: child.stdout })), ended]);
    await Promise.race([this.#ready(), ended]);
  }

  /** Another command of the same program, to its end. @param {string[]} words */
  async command(...words) {
    await promisify(execFile)(this.#file, words, {
      env: { ...process.env, ...this.#environment },
    });
  }

  /**
   * Reads what a start prints: name, addresses, directory, and the code while nobody is set up.
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
    rmSync(this.dir, { recursive: true, force: true });
  }
}
