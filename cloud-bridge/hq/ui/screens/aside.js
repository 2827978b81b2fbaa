// Messages that headquarters could not use, with the reason; no stream waits for them.
import { html, useSignal } from "/shared/lib.js";
import { named, t } from "/shared/text.js";
import { api } from "../api.js";
import { useLoaded } from "../loaded.js";
import { Pending } from "../parts/states.js";
import { ask } from "../session.js";
import { nameOf, view } from "../state.js";
import { stamp } from "../times.js";

/** @typedef {import("../types.d.ts").AsideView} AsideView */

export function Aside() {
  const { body, problem } = useLoaded(() => api.aside(null), [view.value?.aside_count ?? 0]);
  const earlier = useSignal(/** @type {AsideView[]} */ ([]));
  const newest = /** @type {AsideView[] | null} */ (body);
  const ids = new Set(newest?.map(({ id }) => id));
  const messages = [...newest ?? [], ...earlier.value.filter(({ id }) => !ids.has(id))];
  const isMore = messages.length < (view.value?.aside_count ?? 0);
  const more = async () => {
    const asked = await ask(() => api.aside(messages.at(-1)?.id ?? null));
    if (!asked.problem) earlier.value = [...messages, ...asked.body];
  };
  return html`
    <div class="board board-read">
      <div class="day-bar"><h1>${t("aside")}</h1></div>
      <p class="lead">${t("aside.lead")}</p>
      ${!newest && html`<${Pending} problem=${problem} />`}
      ${newest?.length === 0 && html`<p class="card block nothing" data-nothing="yes">
        <strong>${t("aside.none")}</strong></p>`}
      ${messages.length > 0 && html`
        <ol class="card block aside-list">
          ${messages.map((message) => html`<${Message} key=${message.id} message=${message} />`)}
        </ol>`}
      ${isMore && messages.length > 0 && html`
        <button class="button" data-do="earlier-aside" onClick=${more}>
          ${t("aside.earlier")}</button>`}
    </div>`;
}

/** @param {{ message: AsideView }} props */
function Message({ message }) {
  const of = message.store === null ? t("aside.of_nobody") : nameOf(message.store);
  return html`
    <li data-aside-code=${message.code}>
      <p class="aside-head"><strong>${named("aside", message.code)}</strong>
        <span class="hint">${stamp(message.at_ms)} · ${of} · ${message.size} B</span></p>
      <p>${message.reason}</p>
      <p class="hint"><code>${message.topic}</code></p>
    </li>`;
}
