// How headquarters has a store's streams, and what it can ask of the store.
import { html, useEffect, useSignal } from "/shared/lib.js";
import { named, t } from "/shared/text.js";
import { api } from "../api.js";
import { useLoaded } from "../loaded.js";
import { Pending } from "../parts/states.js";
import { short } from "../sentences.js";
import { ask } from "../session.js";
import { isAdmin } from "../state.js";

/** @typedef {import("../types.d.ts").StreamView} StreamView */
/** @typedef {import("../types.d.ts").StoreView} StoreView */

/** How often the answer to a command is asked for, in milliseconds. */
const POLL_MS = 300;

/** @param {{ store: StoreView }} props */
export function LinkTab({ store }) {
  const { body, problem } = useLoaded(api.streams, [store.through, store.stream]);
  const all = /** @type {StreamView[] | null} */ (body);
  const streams = all?.filter((one) => one.store === store.store) ?? [];
  return html`
    ${isAdmin.value && html`<${Commands} store=${store} />`}
    <section class="card block scrolls" tabindex="0" data-block="streams"
      aria-labelledby="block-streams">
      <h2 id="block-streams">${t("streams")}</h2>
      ${!all && html`<${Pending} problem=${problem} />`}
      ${all && streams.length === 0 && html`<p class="hint">${t("streams.none")}</p>`}
      ${streams.length > 0 && html`
        <table class="table">
          <thead><tr><th>${t("stream")}</th><th class="number">${t("stream.through")}</th>
            <th class="number">${t("stream.waiting")}</th><th>${t("stream.state")}</th></tr></thead>
          <tbody>
            ${streams.map((one) => html`
              <tr key=${one.stream} data-stream=${one.stream} data-through=${one.through}>
                <th scope="row"><code title=${one.stream}>…${short(one.stream)}</code>
                  ${one.branch_of !== null && html`<small>
                    ${t("stream.branch_of", { stream: short(one.branch_of) })}</small>`}</th>
                <td class="number">${one.through}</td>
                <td class="number">${one.highest - one.through}</td>
                <td>${one.frozen !== null
    ? html`<em class="tag tag-frozen">${named("frozen", one.frozen)}</em>`
    : one.stream === store.stream ? t("stream.present") : t("stream.past")}</td>
              </tr>`)}
          </tbody>
        </table>`}
    </section>`;
}

/** @param {{ store: StoreView }} props */
function Commands({ store }) {
  const sent = useSignal(/** @type {{ id: string, name: string } | null} */ (null));
  const outcome = useSignal(/** @type {{ text: string, isBad: boolean } | null} */ (null));
  const give = async (/** @type {string} */ name) => {
    outcome.value = { text: t("command.waits"), isBad: false };
    const { body, problem } = await ask(() => api.command(store.store, name, {}));
    if (problem) outcome.value = { text: problem.detail, isBad: true };
    else sent.value = { id: body.id, name };
  };
  useEffect(() => {
    const asked = sent.value;
    if (!asked) return undefined;
    const timer = setInterval(async () => {
      const { body, problem } = await ask(() => api.commandOutcome(asked.id));
      if (sent.peek() !== asked || (!problem && !body.reply)) return;
      clearInterval(timer);
      outcome.value = problem ? { text: problem.detail, isBad: true } : said(asked.name, body.reply);
    }, POLL_MS);
    return () => clearInterval(timer);
  }, [sent.value]);
  return html`
    <section class="card block" data-block="commands" aria-labelledby="block-commands">
      <h2 id="block-commands">${t("commands")}</h2>
      <div class="commands">
        ${["verify", "describe"].map((name) => html`
          <button key=${name} class="button" data-command=${name}
            onClick=${() => void give(name)}>${t(`command.${name}`)}</button>`)}
      </div>
      ${store.online !== true && html`<p class="hint">${t("command.offline")}</p>`}
      <p role="status" class=${outcome.value?.isBad ? "form-error" : ""} data-outcome="yes">
        ${outcome.value?.text}</p>
    </section>`;
}

/**
 * A store's reply, in a sentence.
 * @param {string} name
 * @param {{ refused?: string, body: any }} reply
 */
function said(name, { refused, body }) {
  if (refused) return { text: t("command.refused", { code: refused }), isBad: true };
  if (name === "verify") {
    if (body?.holds) return { text: t("command.holds", { n: body.rows }), isBad: false };
    return { text: t("command.broken", { reason: body?.reason ?? "" }), isBad: true };
  }
  const bytes = body?.free_disk_bytes ?? null;
  const values = { version: body?.version ?? "", streams: body?.streams?.length ?? 0 };
  if (bytes === null) return { text: t("command.described_diskless", values), isBad: false };
  const free = Math.round(bytes / 1e9);
  return { text: t("command.described", { ...values, free }), isBad: false };
}
