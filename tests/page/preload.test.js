// The page names every one of its modules at its top, so that a browser asks for all at once
// instead of finding one behind the other.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const PAGE = new URL("../../hub/ui/", import.meta.url);
/** What a module names of others. */
const NAMED = /^(?:import|export)\s[^;]*?from\s*"(\.[^"]+)"|^import\s*"(\.[^"]+)"/gm;

/**
 * Every module that one needs, itself among them.
 * @param {URL} module @param {Set<string>} [all]
 */
function needed(module, all = new Set()) {
  if (all.has(module.href)) return all;
  all.add(module.href);
  for (const [, from, bare] of readFileSync(module, "utf8").matchAll(NAMED)) {
    needed(new URL(from ?? bare ?? "", module), all);
  }
  return all;
}

test("the register's page asks for all its modules at once", () => {
  const page = readFileSync(new URL("index.html", PAGE), "utf8");
  const named = [...page.matchAll(/<link rel="modulepreload" href="\/ui\/([^"]+)">/g)];
  const asked = named.map(([, path]) => new URL(path ?? "", PAGE).href).sort();
  const app = new URL("app.js", PAGE);
  const wanted = [...needed(app)].filter((href) => href !== app.href).sort();
  assert.ok(wanted.length > 50, "the modules were found");
  assert.deepEqual(asked, wanted, "hub/ui/index.html names the modules that app.js needs");
});
