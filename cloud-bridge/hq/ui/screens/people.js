// Who may see what: for administrators.
import { html, useSignal } from "/shared/lib.js";
import { Field, FormError } from "/shared/parts/forms.js";
import { t } from "/shared/text.js";
import { api } from "../api.js";
import { useLoaded } from "../loaded.js";
import { Pending } from "../parts/states.js";
import { ask } from "../session.js";
import { nameOf, view } from "../state.js";

/** @typedef {import("../types.d.ts").User} User */

const ROLES = ["chain", "region", "store", "admin"];

export function People() {
  const added = useSignal(0);
  const { body, problem } = useLoaded(api.users, [added.value]);
  const users = /** @type {User[] | null} */ (body);
  return html`
    <div class="board">
      <div class="day-bar"><h1>${t("people")}</h1></div>
      <div class="columns">
        <section class="card block column-wide" data-block="people"
          aria-labelledby="block-people">
          <h2 id="block-people">${t("people.list")}</h2>
          ${!users && html`<${Pending} problem=${problem} />`}
          ${users && html`
            <table class="table">
              <thead><tr><th>${t("user.name")}</th><th>${t("role")}</th><th>${t("scope")}</th>
              </tr></thead>
              <tbody>
                ${users.map((user) => html`
                  <tr key=${user.id} data-user=${user.id}>
                    <th scope="row">${user.name || user.id}<small>${user.id}</small></th>
                    <td>${t(`role.${user.role}`)}</td>
                    <td>${scopeText(user)}</td>
                  </tr>`)}
              </tbody>
            </table>`}
        </section>
        <${Add} onAdded=${() => { added.value += 1; }} />
      </div>
    </div>`;
}

/** @param {User} user */
function scopeText({ role, scope }) {
  if (role === "admin" || role === "chain") return t("scope.all");
  return scope.map((one) => (role === "store" ? nameOf(one) : one)).join(", ");
}

/** @param {{ onAdded: () => void }} props */
function Add({ onAdded }) {
  const [id, name, password, role] =
    [useSignal(""), useSignal(""), useSignal(""), useSignal("chain")];
  const scope = useSignal(/** @type {string[]} */ ([]));
  const [error, news] = [useSignal(""), useSignal("")];
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    [error.value, news.value] = ["", ""];
    const person = {
      id: id.value.trim(), name: name.value.trim(), password: password.value, role: role.value,
      scope: scope.value,
    };
    const { problem } = await ask(() => api.addUser(person));
    if (problem) {
      error.value = problem.detail;
      return;
    }
    news.value = t("people.added", { name: person.name || person.id });
    [id.value, name.value, password.value, scope.value] = ["", "", "", []];
    onAdded();
  };
  return html`
    <section class="card block column-narrow" data-block="add-person"
      aria-labelledby="block-add-person">
      <h2 id="block-add-person">${t("people.add")}</h2>
      <form class="form" onSubmit=${submit}>
        <${Field} label=${t("user.id")} value=${id} name="new-user" />
        <${Field} label=${t("user.name")} value=${name} name="new-name" />
        <${Field} label=${t("password")} value=${password} name="new-password" type="password"
          autocomplete="new-password" longest=${128} />
        <label class="field"><span>${t("role")}</span>
          <select name="new-role" value=${role.value} onChange=${(/** @type {any} */ event) => {
    role.value = event.target.value;
    scope.value = [];
  }}>
            ${ROLES.map((one) => html`<option key=${one} value=${one}>${t(`role.${one}`)}</option>`)}
          </select>
        </label>
        <${Scope} role=${role.value} chosen=${scope} />
        <${FormError} text=${error.value} />
        <p role="status" class="hint">${news.value}</p>
        <button class="button primary" data-do="add-person">${t("people.add")}</button>
      </form>
    </section>`;
}

/** Which regions, or which stores. @param {{ role: string,
 *   chosen: import("/shared/vendor/signals.js").Signal<string[]> }} props */
function Scope({ role, chosen }) {
  if (role !== "region" && role !== "store") return null;
  const stores = view.value?.stores ?? [];
  const choices = role === "store"
    ? stores.map((one) => ({ id: one.store, label: one.name || one.store }))
    : [...new Set(stores.map(({ region }) => region).filter(Boolean))]
      .map((region) => ({ id: region, label: region }));
  const toggle = (/** @type {string} */ one) => {
    const has = chosen.value.includes(one);
    chosen.value = has ? chosen.value.filter((other) => other !== one) : [...chosen.value, one];
  };
  return html`
    <fieldset class="choices">
      <legend>${t("scope")}</legend>
      ${choices.length === 0 && html`<p class="hint">${t("scope.nothing")}</p>`}
      ${choices.map(({ id, label }) => html`
        <label key=${id} class="choice">
          <input type="checkbox" name="scope" value=${id} checked=${chosen.value.includes(id)}
            onChange=${() => toggle(id)} /><span>${label}</span>
        </label>`)}
    </fieldset>`;
}
