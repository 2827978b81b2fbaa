// The simulated devices of a store: what they show, and what a person does to them.
import { effect, html, render } from "../lib.js";
import * as text from "../text.js";
import { LanguageSwitch } from "../parts/forms.js";
import { Cable } from "./cable.js";
import { Display } from "./display.js";
import { keepLooking, simulators, trouble } from "./hands.js";
import { Printer } from "./printer.js";
import { Scale } from "./scale.js";
import { Scanner } from "./scanner.js";
import { Signal } from "./signal.js";
import { Terminal } from "./terminal.js";

const { named, t } = text;

/** @typedef {import("../types.d.ts").SimulatorView} SimulatorView */

/** @type {Record<string, (props: { of: SimulatorView }) => unknown>} */
const KINDS = {
  receipt_printer: Printer,
  card_terminal: Terminal,
  scanner: Scanner,
  scale: Scale,
  customer_display: Display,
  signal: Signal,
};

/** What the hands are at most comes first. */
const ORDER = Object.keys(KINDS);

/** @param {{ of: SimulatorView }} props */
function Device({ of }) {
  const Kind = KINDS[of.kind];
  const place = of.registers.length === 0 ? t("devices.of_store")
    : of.registers.map((n) => t("register_n", { n })).join(" · ");
  const title = `simulator-${of.id}`;
  return html`
    <section class=${`card simulator simulator-${of.kind}`} data-simulator=${of.id}
      aria-labelledby=${title}>
      <div class="simulator-head">
        <h2 id=${title}>${named("device_kind", of.kind)} ${of.id}</h2>
        <span class="badge">${place}</span>
      </div>
      ${Kind && html`<${Kind} of=${of} />`}
      <${Cable} of=${of} />
      <code class="simulator-address">${of.address}</code>
    </section>`;
}

/** Why nothing can be seen, and the way on. */
function Trouble() {
  const known = trouble.value;
  if (!known) return null;
  if (known.code === "no_answer") {
    return html`<div class="bar bar-bad" role="alert" data-bar="silent">${t("hub_silent")}</div>`;
  }
  const isOut = known.code === "not_signed_in" || known.code === "locked";
  return html`
    <div class="bar bar-warn" role="alert" data-trouble=${known.code}>
      <span>${isOut ? t("simulators.signed_out") : known.detail}</span>
      <a href="/" data-do="register">${t("simulators.to_register")}</a>
    </div>`;
}

function App() {
  const all = simulators.value?.toSorted((one, other) =>
    ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind));
  return html`
    <div class="simulators-page">
      <header class="simulators-head">
        <h1>${t("simulators")}</h1>
        <${LanguageSwitch} />
      </header>
      <${Trouble} />
      <main data-simulators=${all ? all.length : ""}>
        <p class="hint">${t("simulators.about")}</p>
        ${all?.length === 0 && html`<p class="card hint" data-empty>${t("simulators.none")}</p>`}
        <div class="simulators">
          ${all?.map((one) => html`<${Device} key=${one.id} of=${one} />`)}
        </div>
      </main>
    </div>`;
}

async function start() {
  await text.begin();
  effect(() => { document.title = t("simulators"); });
  render(html`<${App} />`, /** @type {Element} */ (document.getElementById("app")));
  keepLooking();
}

void start();
