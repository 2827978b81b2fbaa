// Forks and frozen streams, each in a sentence.
import { html } from "/shared/lib.js";
import { t } from "/shared/text.js";
import { forked, keptOf } from "../sentences.js";
import { href, nameOf } from "../state.js";
import { stamp } from "../times.js";

/** @typedef {import("../types.d.ts").ForkView} ForkView */

/** What nobody needs to do anything about. */
const IN_ORDER = ["restored"];

/** How many are shown at once, the newest first. */
const IN_SIGHT = 3;

/** @param {ForkView} fork */
const each = (fork) => html`
  <${Fork} key=${`${fork.store}/${fork.stream}/${fork.at_ms}`} fork=${fork} />`;

/** @param {{ forks: ForkView[] }} props */
export function Forks({ forks }) {
  if (forks.length === 0) return null;
  return html`
    <section class="forks" data-block="forks" aria-label=${t("forks")}>
      ${forks.slice(0, IN_SIGHT).map(each)}
      ${forks.length > IN_SIGHT && html`
        <details class="forks-more">
          <summary>${t("and_n_more", { n: forks.length - IN_SIGHT })}</summary>
          ${forks.slice(IN_SIGHT).map(each)}
        </details>`}
    </section>`;
}

/** @param {{ fork: ForkView }} props */
function Fork({ fork }) {
  const kept = keptOf(fork);
  const tone = IN_ORDER.includes(fork.cause) ? "fork-calm" : "fork-grave";
  return html`
    <p class=${`fork ${tone}`} data-fork=${fork.cause} data-fork-store=${fork.store}>
      <span>${t(...forked(fork, nameOf(fork.store)))}${kept && ` ${t(...kept)}`}</span>
      <span class="fork-foot"><span>${stamp(fork.at_ms)}</span>
        <a href=${href({ screen: "store", store: fork.store, tab: "link" })}>
          ${t("fork.more")}</a></span>
    </p>`;
}
