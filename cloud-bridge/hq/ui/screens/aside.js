// Messages that headquarters could not use, with the reason; no stream waits for them.
import { html } from "/shared/lib.js";
import { named, t } from "/shared/text.js";
import { api } from "../api.js";
import { useLoaded } from "../loaded.js";
import { Pending } from "../parts/states.js";
import { nameOf, view } from "../state.js";
import { stamp } from "../times.js";

export function Aside() {
  const { body, problem } = useLoaded(api.aside, [view.value?.aside_count ?? 0]);
  const messages = /** @type {import("../types.d.ts").AsideView[] | null} */ (body);
  return html`
    <div class="board">
      <div class="day-bar"><h1>${t("aside")}</h1></div>
      <p class="lead">${t("aside.lead")}</p>
      ${!messages && html`<${Pending} problem=${problem} />`}
      ${messages?.length === 0 && html`<p class="card block nothing" data-nothing="yes">
        <strong>${t("aside.none")}</strong></p>`}
      ${messages && messages.length > 0 && html`
        <section class="card block scrolls" tabindex="0" role="region" aria-label=${t("aside")}>
          <table class="table">
            <thead><tr><th>${t("time")}</th><th>${t("store")}</th><th>${t("aside.why")}</th>
              <th class="number">${t("aside.size")}</th></tr></thead>
            <tbody>
              ${messages.map((message) => html`
                <tr key=${message.id} data-aside-code=${message.code}>
                  <td class="nowrap">${stamp(message.at_ms)}</td>
                  <td>${message.store === null ? "–" : nameOf(message.store)}</td>
                  <td><strong>${named("aside", message.code)}</strong>
                    <small>${message.reason}</small><small><code>${message.topic}</code></small></td>
                  <td class="number nowrap">${message.size} B</td>
                </tr>`)}
            </tbody>
          </table>
        </section>`}
    </div>`;
}
