// A manager makes this browser one of the store's registers.
import { html, useSignal } from "../lib.js";
import { claim } from "../session.js";
import { session, signIn, wantsClaim, wantsOffice } from "../state.js";
import { t } from "../text.js";
import { Encryption } from "../parts/encryption.js";
import { Entrance, Field, FormError } from "../parts/forms.js";

export function Claim() {
  const known = signIn.value;
  const chosen = useSignal(known?.workstation ?? known?.workstations[0] ?? "1");
  const operator = useSignal("");
  const pin = useSignal("");
  const error = useSignal("");
  const isBusy = useSignal(false);

  /** @param {Event} event */
  const submit = async (event) => {
    event.preventDefault();
    if (isBusy.value) return;
    if (!operator.value.trim() || !pin.value) {
      error.value = t("fill_all");
      return;
    }
    isBusy.value = true;
    const problem = await claim(chosen.value, operator.value.trim(), pin.value);
    isBusy.value = false;
    pin.value = "";
    error.value = problem?.detail ?? "";
  };

  return html`
    <${Entrance} title=${t("claim.title")} lead=${t("claim.lead")}>
      <form onSubmit=${submit} class="form">
        <fieldset class="choices">
          <legend>${t("claim.which")}</legend>
          ${known?.workstations.map((id) => html`
            <label class="choice" key=${id}>
              <input type="radio" name="workstation" value=${id} checked=${chosen.value === id}
                onChange=${() => { chosen.value = id; }} />
              <span>${id}</span>
            </label>`)}
        </fieldset>
        <p class="hint">${t("claim.takes_over")}</p>
        <div class="pair">
          <${Field} label=${t("claim.manager")} value=${operator} name="operator" focused />
          <${Field} label=${t("pin")} value=${pin} name="pin" type="password" mode="numeric"
            longest=${12} />
        </div>
        <${FormError} text=${error.value} />
        <button class="button primary big" disabled=${isBusy.value}>${t("claim.do")}</button>
        ${session.value || wantsClaim.value
          ? html`<button type="button" class="button"
              onClick=${() => { wantsClaim.value = false; }}>${t("back")}</button>`
          : html`<button type="button" class="button"
              onClick=${() => { wantsOffice.value = true; }}>${t("claim.office")}</button>`}
      </form>
      <${Encryption} secure=${known?.secure ?? true} />
    <//>`;
}
