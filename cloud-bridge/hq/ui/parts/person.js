// What is asked of a person, whether new or known: name, password, role, and what they may see.
import { html } from "/shared/lib.js";
import { Field } from "/shared/parts/forms.js";
import { t } from "/shared/text.js";
import { isolated } from "../isolated.js";
import { nameOf, view } from "../state.js";

/** @typedef {import("/shared/vendor/signals.js").Signal<string>} TextSignal */
/** @typedef {import("/shared/vendor/signals.js").Signal<string[]>} ListSignal */
/** @typedef {import("../types.d.ts").User} User */

const ROLES = ["chain", "region", "store", "admin"];

/** What somebody may see, in words. @param {User} user */
export function scopeText({ role, scope }) {
  if (role === "admin" || role === "chain") return t("scope.all");
  return scope.map((one) => (role === "store" ? nameOf(one) : isolated(one))).join(", ");
}

/**
 * @param {object} props
 * @param {TextSignal} props.name
 * @param {TextSignal} props.password
 * @param {string} props.passwordLabel
 * @param {string} [props.passwordHint]
 * @param {TextSignal} props.role
 * @param {ListSignal} props.scope
 * @param {boolean} [props.focused]
 */
export function PersonFields({
  name, password, passwordLabel, passwordHint, role, scope, focused = false,
}) {
  const choose = (/** @type {any} */ event) => {
    role.value = event.target.value;
    scope.value = [];
  };
  return html`
    <${Field} label=${t("user.name")} value=${name} name="new-name" focused=${focused} />
    <${Field} label=${passwordLabel} value=${password} name="new-password" type="password"
      autocomplete="new-password" longest=${128} hint=${passwordHint} />
    <label class="field"><span>${t("role")}</span>
      <select name="new-role" value=${role.value} onChange=${choose}>
        ${ROLES.map((one) => html`<option key=${one} value=${one}>${t(`role.${one}`)}</option>`)}
      </select>
    </label>
    <${Scope} role=${role.value} chosen=${scope} />`;
}

/** Which regions, or which stores: those there are, and those somebody has that are gone.
 * @param {{ role: string, chosen: ListSignal }} props */
function Scope({ role, chosen }) {
  if (role !== "region" && role !== "store") return null;
  const stores = view.value?.stores ?? [];
  const known = stores.map(({ store, region }) => (role === "store" ? store : region));
  const choices = [...new Set([...known.filter(Boolean), ...chosen.value])];
  const toggle = (/** @type {string} */ one) => {
    const has = chosen.value.includes(one);
    chosen.value = has ? chosen.value.filter((other) => other !== one) : [...chosen.value, one];
  };
  return html`
    <fieldset class="choices">
      <legend>${t("scope")}</legend>
      ${choices.length === 0 && html`<p class="hint">${t("scope.nothing")}</p>`}
      ${choices.map((id) => html`
        <label key=${id} class="choice">
          <input type="checkbox" name="scope" value=${id} checked=${chosen.value.includes(id)}
            onChange=${() => toggle(id)} /><span>${role === "store" ? nameOf(id) : isolated(id)}</span>
        </label>`)}
    </fieldset>`;
}
