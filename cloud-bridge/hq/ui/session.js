// Who is signed in, and the live view of the chain.
import { effect } from "/shared/lib.js";
import { isOk, NoAnswer, problemOf } from "/shared/http.js";
import { watch } from "/shared/live.js";
import { LiveStream } from "/shared/stream.js";
import { t } from "/shared/text.js";
import { api, livePath } from "./api.js";
import { Newest } from "./newest.js";
import {
  connections, isReplaced, isSilent, isStopping, needsSetup, route, session, show,
} from "./state.js";

/** @typedef {import("/shared/types.d.ts").Problem} Problem */
/** @typedef {import("/shared/types.d.ts").Reply} Reply */

/** Pause between two tries while headquarters does not answer, in milliseconds. */
const RETRY_MS = 500;

const guard = watch((silent) => { isSilent.value = silent; });
/** Of this tab: another tab may look at another day. */
let live = /** @type {LiveStream | null} */ (null);
let newest = new Newest();

/** @param {import("/shared/stream.js").LiveMessage} message */
function hear({ type, data }) {
  if (!session.peek()) return;
  if (type === "signed_out") {
    ended();
    return;
  }
  guard.heard();
  if (type === "open") {
    newest.connected();
    isStopping.value = false;
    connections.value += 1;
  }
  if (type === "view" && newest.accepts(data)) show(data);
  if (type === "notice" && data.code === "stopping") isStopping.value = true;
  if (type === "notice" && data.code === "session_ended") ended();
  if (type === "notice" && data.code === "too_many_views") replaced();
}

/** @param {string | null} day */
function watchDay(day) {
  live?.close();
  newest = new Newest();
  live = new LiveStream(hear, livePath(day));
  if (session.peek() && !document.hidden) open();
}

function open() {
  isReplaced.value = false;
  guard.start();
  live?.open();
}

/** Does not come back by itself: two windows would take the place from one another for ever. */
function replaced() {
  live?.close();
  guard.stop();
  isReplaced.value = true;
}

/** Is live again; the oldest window ends for it. */
export const goOnHere = () => open();

function ended() {
  live?.close();
  guard.stop();
  isReplaced.value = false;
  session.value = null;
  show(null);
}

// A browser has six connections for one server: only tabs that somebody sees keep one. The first
// event of a stream is the whole view, so a tab that comes back is whole at once.
document.addEventListener("visibilitychange", () => {
  if (!session.peek()) return;
  if (document.hidden) {
    live?.close();
    guard.stop();
  } else {
    open();
  }
});

/** @param {import("./types.d.ts").Session} next */
function began(next) {
  needsSetup.value = false;
  session.value = next;
  open();
}

/** Starts; tries until headquarters answers. */
export async function begin() {
  let day = route.peek().day;
  watchDay(day);
  effect(() => {
    if (route.value.day === day) return;
    day = route.value.day;
    watchDay(day);
  });
  for (;;) {
    try {
      await refresh();
      isSilent.value = false;
      return;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      isSilent.value = true;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

async function refresh() {
  const mine = await api.session();
  if (isOk(mine)) {
    began(mine.body);
  } else {
    needsSetup.value = problemOf(mine).code === "not_set_up";
  }
}

/**
 * Carries out a request; the problem comes back where there is one.
 * @param {() => Promise<Reply>} request
 * @returns {Promise<{ body: any, problem: Problem | null }>}
 */
export async function ask(request) {
  try {
    const reply = await request();
    if (reply.status === 401 && session.peek()) ended();
    return { body: reply.body, problem: isOk(reply) ? null : problemOf(reply) };
  } catch {
    const problem = { status: 0, code: "no_answer", detail: t("no_answer") };
    return { body: null, problem };
  }
}

/** @param {string} user @param {string} password */
export async function signIn(user, password) {
  const { body, problem } = await ask(() => api.signIn({ user, password }));
  if (!problem) began(body);
  return problem;
}

/**
 * The first person; who then is signed in.
 * @param {string} code
 * @param {{ id: string, name: string, password: string }} user
 */
export async function setUp(code, user) {
  const { problem } = await ask(() => api.setUp({ code, user }));
  return problem ?? await signIn(user.id, user.password);
}

export async function signOut() {
  const { problem } = await ask(api.signOut);
  if (!problem || problem.status === 401) ended();
  return problem;
}
