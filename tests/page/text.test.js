// Every text that a person can meet exists in both languages, with the same places to fill in.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const HUB = fileURLToPath(new URL("../../hub/", import.meta.url));
const read = (/** @type {string} */ path) => readFileSync(HUB + path, "utf8");

/** @param {string} family @param {string} tag @returns {Record<string, string>} */
const catalogue = (family, tag) => JSON.parse(read(`text/${family}.${tag}.json`));

const HQ = fileURLToPath(new URL("../../cloud-bridge/hq/", import.meta.url));

/** @param {string} folder of a page */
const modules = (folder) => readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".js") && !path.startsWith("vendor"))
  .map((path) => ({ path, text: readFileSync(join(folder, path), "utf8") }));

const sources = modules(`${HUB}ui`);
const english = catalogue("page", "en");

/** Modules of the till's page whose texts headquarters' page has to have as well. */
const SHARED = ["parts/forms.js"];
const headquarters = ["zh-TW", "en"].map((tag) =>
  JSON.parse(readFileSync(`${HQ}text/page.${tag}.json`, "utf8")));

/** The pages: what they ask for and what there is. */
const PAGES = [
  { page: "the till", asking: sources, texts: english, least: 120 },
  {
    page: "headquarters",
    asking: [...modules(`${HQ}ui`), ...sources.filter(({ path }) => SHARED.includes(path))],
    texts: headquarters[1],
    least: 120,
  },
];

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

/**
 * Keys that modules ask for: whole ones, and families written `t(\`family.${…}\`)`.
 * @param {{ path: string, text: string }[]} asking
 */
function asked(asking) {
  /** @type {{ key: string, path: string }[]} */
  const whole = [];
  /** @type {Set<string>} */
  const families = new Set();
  for (const { path, text } of asking) {
    // The first argument: a key, or a choice between two.
    for (const call of text.matchAll(/\bt\(([^`,()]*)/g)) {
      for (const [, key] of (call[1] ?? "").matchAll(/"([a-z_]+(?:\.[a-z_]+)*)"/g)) {
        if (key) whole.push({ key, path });
      }
    }
    for (const [, family] of text.matchAll(/\bt\(`([a-z_]+)\.\$\{/g)) families.add(family ?? "");
    for (const [, family] of text.matchAll(/\bnamed\("([a-z_]+)"/g)) families.add(family ?? "");
    for (const [, key] of text.matchAll(/\bcounted\("(\w+)"/g)) {
      whole.push({ key: key ?? "", path }, { key: `${key}_one`, path });
    }
    // What is said of a store or a fork is put together there, and tried key by key elsewhere.
    if (path === "sentences.js") ["presence", "lag", "fork"].forEach((one) => families.add(one));
    for (const [, key] of text.matchAll(/\["[^"]+", "(keys\.\w+)"\]/g)) {
      whole.push({ key: key ?? "", path });
    }
  }
  return { whole, families };
}

for (const { page, asking, texts, least } of PAGES) {
  test(`every text that the page asks for exists: ${page}`, () => {
    const { whole, families } = asked(asking);
    assert.ok(whole.length > least, `only ${whole.length} were found: how are they written now?`);
    const missing = whole.filter(({ key }) => !(key in texts));
    assert.deepEqual(missing, []);
    for (const family of families) {
      assert.ok(Object.keys(texts).some((key) => key.startsWith(`${family}.`)), family);
    }
  });

  test(`no text is left that nobody asks for: ${page}`, () => {
    const { whole, families } = asked(asking);
    const used = new Set(whole.map(({ key }) => key));
    const idle = Object.keys(texts).filter((key) =>
      !used.has(key) && !families.has(key.slice(0, key.indexOf("."))));
    assert.deepEqual(idle, []);
  });
}

test("headquarters' page says the same things in both languages", () => {
  const [chinese, other] = headquarters;
  assert.deepEqual(Object.keys(chinese).sort(), Object.keys(other).sort());
  for (const [key, text] of Object.entries(chinese)) {
    assert.notEqual(text.trim(), "", key);
    assert.deepEqual(places(text), places(other[key] ?? ""), key);
  }
});

test("a reason, a tender and a unit are called the same at the till and at headquarters", () => {
  for (const [at, tag] of ["zh-TW", "en"].entries()) {
    const till = Object.entries(catalogue("page", tag))
      .filter(([key]) => /^(reason|tender|unit)\./.test(key));
    assert.ok(till.length > 25);
    for (const [key, text] of till) assert.equal(headquarters[at][key], text, key);
  }
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
