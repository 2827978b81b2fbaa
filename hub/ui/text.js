// What a person reads, in the language of this browser: zh-TW first, English second.
import { signal } from "./lib.js";
import { speak } from "./http.js";

export const LANGUAGES = ["zh-TW", "en"];
const STORED_AS = "hub.language";

/** The language in use. */
export const language = signal("zh-TW");
const texts = signal(/** @type {Record<string, string>} */ ({}));

/** @param {string} tag */
async function load(tag) {
  const response = await fetch(`/ui/text/page.${tag}.json`);
  if (!response.ok) throw new Error(`page texts ${tag}: ${response.status}`);
  texts.value = await response.json();
  language.value = tag;
  document.documentElement.lang = tag;
  speak(tag);
}

/** Loads the language that this browser chose last. */
export async function begin() {
  let tag = null;
  try {
    tag = localStorage.getItem(STORED_AS);
  } catch {
    // Without storage every start is in the first language.
  }
  await load(tag && LANGUAGES.includes(tag) ? tag : "zh-TW");
}

/** @param {string} tag one of `LANGUAGES` */
export async function choose(tag) {
  await load(tag);
  try {
    localStorage.setItem(STORED_AS, tag);
  } catch {
    // Chosen for this page only.
  }
}

/**
 * The text with this key; `{name}` is replaced by the value of that name.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const text = texts.value[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * The text of a code that a store may have added itself, else the code.
 * @param {string} family "reason", "tender", "unit" …
 * @param {string} code
 */
export function named(family, code) {
  return texts.value[`${family}.${code}`] ?? code;
}

/**
 * What the hub says in both languages, in the one in use.
 * @param {import("./types.d.ts").Bilingual} text
 */
export function said({ zh, en }) {
  return language.value === "en" ? en : zh;
}
