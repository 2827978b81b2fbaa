// Every text that a person can meet exists in both languages, with the same places to fill in.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const HUB = fileURLToPath(new URL("../../hub/", import.meta.url));
const read = (/** @type {string} */ path) => readFileSync(HUB + path, "utf8");

/** @param {string} family @param {string} tag @returns {Record<string, string>} */
const catalogue = (family, tag) => JSON.parse(read(`text/${family}.${tag}.json`));

const sources = readdirSync(`${HUB}ui`, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".js") && !path.startsWith("vendor"))
  .map((path) => ({ path, text: read(`ui/${path}`) }));

const english = catalogue("page", "en");

/** @param {string} text */
const places = (text) => (text.match(/\{\w+\}/g) ?? []).sort();

for (const family of ["page", "refusals"]) {
  test(`${family}: both languages say the same things`, () => {
    const chinese = catalogue(family, "zh-TW");
    const other = catalogue(family, "en");
    assert.deepEqual(Object.keys(chinese).sort(), Object.keys(other).sort());
    for (const [key, text] of Object.entries(chinese)) {
      assert.notEqual(text.trim(), "", key);
      assert.deepEqual(places(text), places(other[key] ?? ""), key);
    }
  });
}

/** Keys that a source asks for: whole ones, and families written `t(\`family.${…}\`)`. */
function asked() {
  /** @type {{ key: string, path: string }[]} */
  const whole = [];
  /** @type {Set<string>} */
  const families = new Set();
  for (const { path, text } of sources) {
    // The first argument: a key, or a choice between two.
    for (const call of text.matchAll(/\bt\(([^`,()]*)/g)) {
      for (const [, key] of (call[1] ?? "").matchAll(/"([a-z_]+(?:\.[a-z_]+)*)"/g)) {
        if (key) whole.push({ key, path });
      }
    }
    for (const [, family] of text.matchAll(/\bt\(`([a-z_]+)\.\$\{/g)) families.add(family ?? "");
    for (const [, family] of text.matchAll(/\bnamed\("([a-z_]+)"/g)) families.add(family ?? "");
    for (const [, key] of text.matchAll(/\["[^"]+", "(keys\.\w+)"\]/g)) {
      whole.push({ key: key ?? "", path });
    }
  }
  return { whole, families };
}

test("every text that the page asks for exists", () => {
  const { whole, families } = asked();
  assert.ok(whole.length > 120, `only ${whole.length} were found: how are they written now?`);
  const missing = whole.filter(({ key }) => !(key in english));
  assert.deepEqual(missing, []);
  for (const family of families) {
    assert.ok(Object.keys(english).some((key) => key.startsWith(`${family}.`)), family);
  }
});

test("no text is left that nobody asks for", () => {
  const { whole, families } = asked();
  const used = new Set(whole.map(({ key }) => key));
  const idle = Object.keys(english).filter((key) =>
    !used.has(key) && !families.has(key.slice(0, key.indexOf("."))));
  assert.deepEqual(idle, []);
});

test("every reason and tender that the store is shipped with has a name", () => {
  const settings = read("src/settings/defaults.toml");
  const reasons = settings.slice(settings.indexOf("[reasons]"), settings.indexOf("[barcodes]"));
  const codes = [...reasons.matchAll(/"([a-z_]+)"/g)].map(([, code]) => `reason.${code}`);
  const tenders = [...settings.matchAll(/\[\[tenders\]\]\nid = "(\w+)"/g)]
    .map(([, code]) => `tender.${code}`);
  assert.ok(codes.length >= 10 && tenders.length >= 3);
  assert.deepEqual([...codes, ...tenders].filter((key) => !(key in english)), []);
});

test("every reason for a price that the store is shipped with has a name on the receipt", () => {
  const shipped = /^price = (\[.*\])$/m.exec(read("src/settings/defaults.toml"))?.[1];
  assert.ok(shipped);
  for (const tag of ["zh-TW", "en"]) {
    const { reasons } = JSON.parse(read(`text/receipt.${tag}.json`));
    assert.deepEqual(JSON.parse(shipped).filter((/** @type {string} */ code) =>
      !(code in reasons)), [], tag);
  }
});

test("every command has a name to be refused under", () => {
  const register = sources.find(({ path }) => path === "register.js")?.text ?? "";
  const kinds = [...register.matchAll(/type: "(\w+)"/g)].map(([, kind]) => kind ?? "");
  assert.ok(kinds.length >= 10);
  // What names a code is refused under that code.
  const nameless = new Set(kinds.filter((kind) => !kind.endsWith("_item")));
  assert.deepEqual([...nameless].filter((kind) => !(`command.${kind}` in english)), []);
});
