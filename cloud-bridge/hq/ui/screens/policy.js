// Which bundles of policy there are, and which store stands how to each.
import { html } from "/shared/lib.js";
import { named, t } from "/shared/text.js";
import { api } from "../api.js";
import { useLoaded } from "../loaded.js";
import { Pending } from "../parts/states.js";
import { href, nameOf, view } from "../state.js";
import { stamp } from "../times.js";

/** @typedef {import("../types.d.ts").PolicyView} PolicyView */

export function Policy() {
  const standings = view.value?.stores
    .map((one) => `${one.store}${one.policy_version}${one.policy_refused}`).join() ?? "";
  const { body, problem } = useLoaded(api.policy, [standings]);
  const bundles = /** @type {PolicyView[] | null} */ (body);
  return html`
    <div class="board">
      <div class="day-bar"><h1>${t("policy")}</h1></div>
      ${!bundles && html`<${Pending} problem=${problem} />`}
      ${bundles?.length === 0 && html`<p class="card block nothing" data-nothing="yes">
        <strong>${t("policy.no_bundle")}</strong><span>${t("policy.how")}</span></p>`}
      ${bundles?.map((bundle) => html`<${Bundle} key=${bundle.id} bundle=${bundle} />`)}
    </div>`;
}

/** @param {{ bundle: PolicyView }} props */
function Bundle({ bundle }) {
  const { version } = bundle;
  const isTo = bundle.stores.length === 0 ? t("policy.to_all")
    : t("policy.to", { stores: bundle.stores.map(nameOf).join(", ") });
  return html`
    <section class="card block" data-bundle=${version} aria-labelledby=${`bundle-${version}`}>
      <div class="block-head">
        <h2 id=${`bundle-${version}`}>${t("policy.version", { version })}</h2>
        <p class="hint">${t("policy.when", {
    effective: stamp(bundle.effective_ms), pushed: stamp(bundle.pushed_ms),
  })}</p>
      </div>
      <p>${isTo}${bundle.withdrawn_ms !== null && html` <em class="tag" data-withdrawn="yes">
        ${t("policy.withdrawn", { when: stamp(bundle.withdrawn_ms) })}</em>`}</p>
      <ul class="parts" aria-label=${t("policy.parts")}>
        ${bundle.parts.map(([name, size]) => html`
          <li key=${name}><code>${name}</code> <small>${bytes(size)}</small></li>`)}
      </ul>
      ${bundle.standings.length === 0 && html`<p class="hint">${t("policy.nobody")}</p>`}
      ${bundle.standings.length > 0 && html`
        <table class="table">
          <thead><tr><th>${t("store")}</th><th>${t("policy.standing")}</th></tr></thead>
          <tbody>
            ${bundle.standings.map(([store, standing, reason]) => html`
              <tr key=${store} data-standing=${standing} data-standing-store=${store}
                class=${standing === "refused" ? "row-alert" : ""}>
                <th scope="row"><a href=${href({ screen: "store", store })}>${nameOf(store)}</a></th>
                <td>${named("standing", standing)}${reason !== null && html`
                  <small>${reason}</small>`}</td>
              </tr>`)}
          </tbody>
        </table>`}
    </section>`;
}

/** "812 B", "4.1 kB": rounded up, for a person. @param {number} size */
const bytes = (size) => (size < 1000 ? `${size} B` : `${Math.ceil(size / 100) / 10} kB`);
