// Who is signed on in this browser, which workstation it is, and its link to the hub.
import { api } from "./api.js";
import { heardScale, heardScan } from "./counter.js";
import { watchUse } from "./idle.js";
import { isOk, NoAnswer, problemOf } from "./http.js";
import { effect } from "./lib.js";
import { link, watch } from "./live.js";
import { queue, whenHeld } from "./register.js";
import * as sound from "./sound.js";
import {
  accept, alertCount, behind, categories, devices, favourites, isSilent, isStopping, isTakenOver,
  linked, pending, scale, screen,
  session, showRefusal, signIn, suspended, tell, view, wantsClaim, wantsOffice,
} from "./state.js";
import { LiveStream } from "./stream.js";
import { t } from "./text.js";
import { uuidV7 } from "./ids.js";

/** How often the hub is asked for while nobody is signed on, in milliseconds. */
const POLL_MS = 2000;

const guard = watch((silent) => { isSilent.value = silent; });
const live = link(hear);
/** What the scanner reads where nobody is signed on: the badge of whoever is coming. */
const arrivals = new LiveStream(({ type, data }) => {
  if (type === "scan" && !session.peek()) heardScan(data);
}, "/workstation/live", "/sign-in");
/** Tells this browser's other tabs that somebody signed on or off, or that a tab is used. */
const tabs = typeof BroadcastChannel === "function" ? new BroadcastChannel("hub.tabs") : null;

/** @param {import("./stream.js").LiveMessage} message */
export function hear({ type, data }) {
  if (!session.peek()) return;
  if (type === "signed_out") {
    if (!isUnlocking) ended();
    return;
  }
  const wasSilent = isSilent.peek();
  guard.heard();
  if (wasSilent) queue.retryNow();
  if (isStopping.peek() && type !== "notice") isStopping.value = false;
  if (type === "view") {
    accept(data);
    follow(data);
  }
  if (type === "locked") {
    behind.value = data;
    if (!session.peek()?.is_locked) void say();
  }
  if (type === "alert") void countAlerts();
  if (type === "suspended") void readSuspended();
  if (type === "link") linked.value = data;
  if (type === "devices") devices.value = data;
  if (type === "scan") heardScan(data);
  if (type === "scale") heardScale(data);
  if (type === "notice") noticed(data.code);
}

/** @param {string} code */
function noticed(code) {
  if (code === "workstation_taken_over") takenOver();
  else if (code === "stopping") isStopping.value = true;
  else if (code === "session_ended" && !isUnlocking) ended();
}

function takenOver() {
  queue.hold();
  guard.stop();
  isTakenOver.value = true;
  sound.refused();
}

whenHeld((problem) => {
  if (problem.code === "workstation_taken_over") takenOver();
  else if (problem.code === "locked") locked();
  else ended();
});

/** The screen is locked: what waits keeps waiting, and the stream goes on. */
function locked() {
  const known = session.peek();
  queue.hold();
  if (known) session.value = { ...known, is_locked: true };
}

/** Whether this screen was locked without the hub's knowing it. */
let isLockOwed = false;
/** Whether somebody is just saying who they are at a locked screen. */
let isUnlocking = false;

/** Locks at the hub as well, as soon as it can be done. */
async function payLock() {
  const reply = await api.lock().catch(() => null);
  if (reply && isOk(reply)) isLockOwed = false;
}

/** Nobody is signed on any more; what waits keeps waiting for the same operator. */
function ended() {
  isLockOwed = false;
  queue.hold();
  live.close();
  guard.stop();
  session.value = null;
  view.value = null;
  linked.value = null;
  devices.value = [];
  scale.value = null;
  screen.value = "product";
  void refresh();
}

/** Which reading of the session is the newest; somebody who came since is newer than any. */
let refreshed = 0;

/** Reads who this browser is and starts what follows from it. */
export async function refresh() {
  refreshed += 1;
  const own = refreshed;
  const [open, mine] = await Promise.all([api.signIn(), api.session()]);
  if (isOk(open)) signIn.value = open.body;
  if (own !== refreshed) return;
  if (isOk(mine) && isLockOwed && !mine.body.is_locked) void payLock();
  else if (isOk(mine)) began(mine.body);
  else session.value = null;
}

/**
 * @param {import("./types.d.ts").Session} next
 * @param {{ isNew?: boolean }} [how] `isNew`: this tab changed the browser's cookies
 */
function began(next, { isNew = false } = {}) {
  refreshed += 1;
  const known = session.peek();
  const isSame = known?.operator.id === next.operator.id && known?.workstation === next.workstation
    && known?.is_locked === next.is_locked;
  const isUnlocked = known?.operator.id === next.operator.id && known?.is_locked;
  session.value = next;
  wantsClaim.value = false;
  if (next.is_locked) queue.hold();
  else behind.value = null;
  if (isSame && !isNew) return;
  if (!isUnlocked) view.value = null;
  guard.start();
  if (isNew && !isUnlocked) live.reopen();
  else live.open();
  // What another operator left unanswered is not sold in this one's name.
  const left = { status: 0, code: "operator_changed", detail: t("operator_changed") };
  queue.refuse(left, (entry) => entry.operator !== next.operator.id);
  if (next.workstation && next.is_locked) {
    // The register is read when somebody has said who they are.
  } else if (next.workstation) {
    void catchUp();
  } else {
    screen.value = "stock";
  }
  void countAlerts();
  void readSuspended();
}

/** Reads the register once, so that what waits is sent for the right basket. */
async function catchUp() {
  for (;;) {
    if (!session.peek()?.workstation) return;
    const reply = await api.register().catch(() => null);
    if (reply && isOk(reply)) {
      accept(reply.body);
      follow(reply.body);
      queue.resume();
      return;
    }
    if (reply?.status === 401) return ended();
    if (reply && problemOf(reply).code === "locked") return locked();
    if (reply && problemOf(reply).code === "workstation_taken_over") return takenOver();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Which rules the page has read: those of which run of the hub, by their number. */
let rulesRead = "";

/**
 * Reads ways of paying, reasons and favourites again where the register follows other rules.
 * @param {import("./types.d.ts").RegisterView} next
 */
function follow(next) {
  if (isLockOwed) return void payLock();
  const rules = `${next.boot} ${next.in_force}`;
  if (rules === rulesRead) return;
  rulesRead = rules;
  void readRules();
}

async function readRules() {
  const [mine, tiles, kinds] = await Promise.all([
    api.session().catch(() => null), api.favourites().catch(() => null),
    api.categories().catch(() => null),
  ]);
  const known = session.peek();
  if (!mine || !tiles || !kinds || !isOk(mine) || !isOk(tiles) || !isOk(kinds)) {
    // The next view tries again.
    rulesRead = "";
    return;
  }
  favourites.value = tiles.body;
  categories.value = kinds.body;
  if (known?.operator.id === mine.body.operator.id) session.value = mine.body;
}

/** Which reading of the list is the newest: an older answer says nothing any more. */
let suspendedRead = 0;

/** Reads which baskets lie aside. */
export async function readSuspended() {
  suspendedRead += 1;
  const own = suspendedRead;
  const reply = await api.suspended().catch(() => null);
  if (own === suspendedRead && reply && isOk(reply)) suspended.value = reply.body;
}

async function countAlerts() {
  const reply = await api.alerts().catch(() => null);
  if (reply && isOk(reply)) alertCount.value = reply.body.length;
}

/** Keeps `isSilent` true to the facts while there is no live stream: before anybody signs on. */
async function poll() {
  if (!session.peek() && !document.hidden) {
    const reply = await api.signIn().catch(() => null);
    if (!session.peek()) {
      isSilent.value = reply === null;
      if (reply && isOk(reply)) signIn.value = reply.body;
    }
  }
  setTimeout(() => void poll(), POLL_MS);
}

/** Listens for badges while nobody is signed on at this register and somebody sees the page: a
 * browser has few connections to one place, and hidden pages are to take none. */
function awaitBadges() {
  if (signIn.value?.workstation && !session.value && !document.hidden) arrivals.open();
  else arrivals.close();
}

/** Starts; tries until the hub answers. */
export async function begin() {
  effect(awaitBadges);
  document.addEventListener("visibilitychange", awaitBadges);
  let isUsedElsewhere = () => {};
  if (tabs) {
    tabs.onmessage = ({ data }) => {
      if (data === "used") isUsedElsewhere();
      else void refresh().catch(() => {});
    };
  }
  for (;;) {
    try {
      await refresh();
      isSilent.value = false;
      break;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      isSilent.value = true;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  void poll();
  isUsedElsewhere = watchUse({
    lockMinutes: () => {
      const mine = session.peek();
      return mine?.workstation && !mine.is_locked ? mine.lock_minutes : 0;
    },
    lock: () => void lock(),
    say: () => void say(),
    tellTabs: () => tabs?.postMessage("used"),
  });
}

/** Tells the hub that the screen is in use; it may have locked it already. */
export async function say() {
  const reply = await api.session().catch(() => null);
  if (reply && isOk(reply) && reply.body.is_locked) locked();
}

/**
 * Carries out a request of a form; the problem comes back where there is one. What the hub refuses
 * because the screen is locked shows the locked screen.
 * @param {() => Promise<import("./types.d.ts").Reply>} request
 * @returns {Promise<{ body: any, problem: import("./types.d.ts").Problem | null }>}
 */
export async function ask(request) {
  try {
    const reply = await request();
    const problem = isOk(reply) ? null : problemOf(reply);
    if (problem?.code === "locked") locked();
    return { body: reply.body, problem };
  } catch {
    const problem = { status: 0, code: "no_answer", detail: t("no_answer") };
    return { body: null, problem };
  }
}

/** @param {import("./parts/identity.js").Proof} proof */
export async function signOn(proof) {
  const { body, problem } = await ask(() => api.signOn({ ...proof, command_id: uuidV7() }));
  if (problem) return problem;
  began(body, { isNew: true });
  tabs?.postMessage("session");
  return null;
}

/**
 * Locks the screen: for a moment away, or for somebody who takes over. It is locked here whatever
 * the hub says, unless nobody is signed on there any more.
 */
export async function lock() {
  if (!session.peek()?.workstation || session.peek()?.is_locked) return;
  const { problem } = await ask(api.lock);
  if (problem?.status === 401) return ended();
  if (problem?.code === "workstation_taken_over") return takenOver();
  isLockOwed = problem !== null;
  locked();
  if (problem) showRefusal(problem.code, problem.detail);
  tabs?.postMessage("session");
}

/** Somebody goes on at a locked screen. @param {import("./parts/identity.js").Proof} proof */
export async function unlock(proof) {
  // The session before may end by it: that is no reason to go.
  isUnlocking = true;
  const { body, problem } = await ask(() => api.unlock({ ...proof, command_id: uuidV7() }));
  isUnlocking = false;
  if (problem?.status === 401 && problem.code !== "bad_credentials") {
    ended();
    return null;
  }
  if (problem) return problem;
  isLockOwed = false;
  began(body, { isNew: true });
  tabs?.postMessage("session");
  return null;
}

export async function signOff() {
  if (pending.peek().length > 0) return;
  const { problem } = await ask(api.signOff);
  if (problem && problem.status !== 401) {
    sound.refused();
    showRefusal(problem.code, problem.detail);
    return;
  }
  wantsOffice.value = false;
  ended();
  tabs?.postMessage("session");
}

/** @param {string} workstation @param {string} operator @param {string} pin */
export async function claim(workstation, operator, pin) {
  const { body, problem } = await ask(() => api.claim(workstation, { operator, pin }));
  if (problem) return problem;
  isTakenOver.value = false;
  wantsClaim.value = false;
  wantsOffice.value = false;
  tell(t(body.took_over ? "claim.took_over" : "claim.done", { workstation: body.workstation }));
  const left = { status: 0, code: "claimed_again", detail: t("claimed_again") };
  queue.refuse(left);
  session.value = null;
  view.value = null;
  await refresh().catch(() => {});
  if (session.peek()) live.reopen();
  tabs?.postMessage("session");
  return null;
}
