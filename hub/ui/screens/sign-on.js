// The cashier begins.
import { html, useEffect, useSignal } from "../lib.js";
import { signOn } from "../session.js";
import { pending, signIn, wantsClaim, wantsOffice } from "../state.js";
import { t } from "../text.js";
import { Encryption } from "../parts/encryption.js";
import { Entrance, Field, FormError, Keypad } from "../parts/forms.js";

export function SignOn() {
  const operator = useSignal("");
  const pin = useSignal("");
  const field = useSignal(/** @type {"operator" | "pin"} */ ("operator"));
  const error = useSignal("");
  const lockedSeconds = useSignal(0);
  const isBusy = useSignal(false);
  const isLocked = lockedSeconds.value > 0;

  useEffect(() => {
    const timer = setInterval(() => {
      if (lockedSeconds.value > 0) lockedSeconds.value -= 1;
    }, 1000);
    return () => clearInterval(timer);
  }, []);

  /** @param {Event} event */
  const submit = async (event) => {
    event.preventDefault();
    if (isBusy.value || lockedSeconds.value > 0) return;
    if (!pin.value && operator.value) field.value = "pin";
    if (!operator.value.trim() || !pin.value) return;
    isBusy.value = true;
    const problem = await signOn(operator.value.trim(), pin.value);
    isBusy.value = false;
    if (!problem) return;
    pin.value = "";
    field.value = "operator";
    field.value = "pin";
    error.value = problem.detail;
    if (problem.code === "locked_out") lockedSeconds.value = Number(problem.details?.seconds ?? 60);
  };

  const known = signIn.value;
  const place = known?.workstation && !wantsOffice.value
    ? t("register_n", { n: known.workstation }) : t("office");
  return html`
    <${Entrance} title=${known?.store.name ?? ""} lead=${place}>
      ${pending.value.length > 0 && html`
        <p class="hint">${t("commands_wait", { n: pending.value.length })}</p>`}
      <form onSubmit=${submit} class="form sign-on">
        <div class="sign-on-fields">
          <${Field} label=${t("operator.id")} value=${operator} name="operator"
            focused=${field.value === "operator"} onFocus=${() => { field.value = "operator"; }}
            disabled=${isLocked} autocomplete="off" />
          <${Field} label=${t("pin")} value=${pin} name="pin" type="password" mode="none"
            focused=${field.value === "pin"} onFocus=${() => { field.value = "pin"; }}
            disabled=${isLocked} longest=${12} autocomplete="off" />
          <${FormError} text=${isLocked
            ? t("locked_out", { seconds: lockedSeconds.value }) : error.value} />
          <button class="button primary big" disabled=${isBusy.value || isLocked}>
            ${t("sign_on")} <kbd>Enter</kbd>
          </button>
        </div>
        <${Keypad} value=${field.value === "pin" ? pin : operator} disabled=${isLocked}
          extra="C" longest=${field.value === "pin" ? 12 : 64} />
      </form>
      <div class="entrance-foot">
        <${Encryption} secure=${known?.secure ?? true} />
        <button type="button" class="button quiet"
          onClick=${() => { wantsOffice.value = false; wantsClaim.value = true; }}>
          ${t("claim.other")}
        </button>
      </div>
    <//>`;
}
