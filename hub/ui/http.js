// How a page asks its server. A status is an answer; no answer is an error of its own.

/** @typedef {import("./types.d.ts").Reply} Reply */
/** @typedef {import("./types.d.ts").Problem} Problem */

/** How long an answer may take before the request counts as unanswered, in milliseconds. */
const ANSWER_MS_MAX = 4000;

/** There was no answer: nobody knows whether what was asked was done. */
export class NoAnswer extends Error {}

let language = "zh-TW";

/**
 * The language of the server's sentences from now on.
 * @param {string} tag
 */
export function speak(tag) {
  language = tag;
}

/**
 * @param {string} method
 * @param {string} path under /api/v1
 * @param {unknown} [body] JSON, or text with `type`
 * @param {{ type?: string, timeoutMs?: number, approval?: string | null }} [how] `approval`: the
 *   token of a second person
 * @returns {Promise<Reply>}
 * @throws {NoAnswer} where the server could not be reached, or not in time
 */
export async function call(method, path, body, how = {}) {
  const { type, timeoutMs = ANSWER_MS_MAX, approval } = how;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  /** @type {Record<string, string>} */
  const headers = { "Accept-Language": language, Accept: "application/json" };
  if (approval) headers.Approval = approval;
  if (body !== undefined) headers["Content-Type"] = type ?? "application/json";
  try {
    const response = await fetch(`/api/v1${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : type ? /** @type {string} */ (body)
        : JSON.stringify(body),
      signal: abort.signal,
      cache: "no-store",
    });
    const text = await response.text();
    return { status: response.status, body: parsed(text) };
  } catch (error) {
    throw new NoAnswer(`${method} ${path}: ${error}`);
  } finally {
    clearTimeout(timer);
  }
}

/** @param {string} text */
function parsed(text) {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * The problem of a reply; one is made up where the server sent none.
 * @param {Reply} reply
 * @returns {Problem}
 */
export function problemOf(reply) {
  const body = reply.body;
  if (body && typeof body.code === "string") {
    return { detail: body.title ?? body.code, ...body, status: reply.status };
  }
  return { status: reply.status, code: `status_${reply.status}`, detail: `HTTP ${reply.status}` };
}

/** @param {Reply} reply */
export const isOk = (reply) => reply.status >= 200 && reply.status < 300;
