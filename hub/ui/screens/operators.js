// A manager lets people sell, and brings in the catalogue.
import { html, useEffect, useSignal } from "../lib.js";
import { api } from "../api.js";
import { isOk } from "../http.js";
import { ask } from "../session.js";
import { linked, session, tell } from "../state.js";
import { named, t } from "../text.js";
import { BackStrip } from "../parts/header.js";
import { Field, FormError } from "../parts/forms.js";
import { giveBadge, takeBadge } from "../parts/people.js";
import { PromotionTroubles } from "../parts/promotion-file.js";
import { useBackKeys } from "./stock.js";

const ROLES = ["cashier", "supervisor", "manager"];

/** Whether headquarters decides this part, so that nobody here may. @param {string} part */
const isDecided = (part) => session.value?.decided_by_hq.includes(part) ?? false;

export function Operators() {
  const rows = useSignal(/** @type {import("../types.d.ts").Operator[]} */ ([]));
  useBackKeys();
  const read = async () => {
    const reply = await api.operators().catch(() => null);
    if (reply && isOk(reply)) rows.value = reply.body;
  };
  useEffect(() => { void read(); }, []);
  return html`
    <div class="office">
      <${BackStrip} title=${t("operators")} />
      ${linked.value?.fault && html`
        <div class="bar bar-bad" role="alert" data-link-fault=${linked.value.fault}>
          ${t("link_faulty")}</div>`}
      <${PromotionTroubles} />
      <table class="table">
        <thead><tr><th>${t("operator.id")}</th><th>${t("operator.name")}</th>
          <th>${t("role")}</th><th>${t("badge")}</th></tr></thead>
        <tbody>
          ${rows.value.map((row) => html`
            <tr key=${row.id}><td>${row.id}</td><td>${row.name}</td>
              <td>${named("role", row.role)}</td>
              <td><${BadgeOf} operator=${row} onChanged=${read} /></td></tr>`)}
        </tbody>
      </table>
      ${isDecided("people.json")
        ? html`<p class="card hint" data-decided="people">${t("decided.people")}</p>`
        : html`<${AddOperator} onAdded=${read} />`}
      ${isDecided("catalogue.csv")
        ? html`<p class="card hint" data-decided="catalogue">${t("decided.catalogue")}</p>`
        : html`<${ImportCatalogue} />`}
    </div>`;
}

/**
 * A badge is made, made again where it was lost, or taken away.
 * @param {{ operator: import("../types.d.ts").Operator, onChanged: () => void }} props
 */
function BadgeOf({ operator, onChanged }) {
  if (isDecided("people.json")) return t(operator.has_badge ? "badge.has" : "badge.none");
  /** @param {(operator: import("../types.d.ts").Operator) => Promise<boolean>} change */
  const then = (change) => async () => { if (await change(operator)) onChanged(); };
  return html`
    <span class="row-buttons">
      <button class="button" data-give-badge=${operator.id} onClick=${then(giveBadge)}>
        ${t(operator.has_badge ? "do.renew_badge" : "do.give_badge")}
      </button>
      ${operator.has_badge && html`
        <button class="button quiet" data-take-badge=${operator.id} onClick=${then(takeBadge)}>
          ${t("do.take_badge")}
        </button>`}
    </span>`;
}

/** @param {{ onAdded: () => void }} props */
function AddOperator({ onAdded }) {
  const id = useSignal("");
  const name = useSignal("");
  const pin = useSignal("");
  const role = useSignal("cashier");
  const error = useSignal("");
  /** @param {Event} event */
  const submit = async (event) => {
    event.preventDefault();
    if (!id.value.trim() || !name.value.trim()) error.value = t("fill_all");
    else error.value = /^\d{6,12}$/.test(pin.value) ? "" : t("pin.rule");
    if (error.value) return;
    const operator = { id: id.value.trim(), name: name.value.trim(), role: role.value,
      pin: pin.value };
    const { problem } = await ask(() => api.addOperator(operator));
    error.value = problem?.detail ?? "";
    if (problem) return;
    tell(t("operator.added", { name: operator.name }));
    id.value = "";
    name.value = "";
    pin.value = "";
    onAdded();
  };
  return html`
    <form class="form card" onSubmit=${submit} data-form="operator">
      <h2>${t("operator.add")}</h2>
      <div class="pair">
        <${Field} label=${t("operator.id")} value=${id} name="id" />
        <${Field} label=${t("operator.name")} value=${name} name="name" />
      </div>
      <div class="pair">
        <${Field} label=${t("pin")} value=${pin} name="pin" type="password" mode="numeric"
          autocomplete="new-password" longest=${12} hint=${t("pin.rule")} />
        <label class="field"><span>${t("role")}</span>
          <select name="role" value=${role.value}
            onChange=${(/** @type {any} */ event) => { role.value = event.target.value; }}>
            ${ROLES.map((one) => html`<option key=${one} value=${one}>${named("role", one)}</option>`)}
          </select>
        </label>
      </div>
      <${FormError} text=${error.value} />
      <button class="button primary">${t("operator.add")}</button>
    </form>`;
}

function ImportCatalogue() {
  const said = useSignal("");
  /** @param {any} event */
  const read = async (event) => {
    const file = event.target.files?.[0];
    if (!file) return;
    said.value = t("catalogue.reading");
    const { body, problem } = await ask(async () => api.importCatalogue(await file.text()));
    said.value = problem ? problem.detail : t("catalogue.done", { n: body.items });
    event.target.value = "";
  };
  return html`
    <div class="form card">
      <h2>${t("catalogue")}</h2>
      <label class="field"><span>${t("catalogue.file")}</span>
        <input type="file" accept=".csv,text/csv" name="catalogue" onChange=${read} /></label>
      <p role="status">${said.value}</p>
    </div>`;
}
