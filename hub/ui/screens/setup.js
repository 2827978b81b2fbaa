// First start: the one-time code that the hub printed makes the first manager.
import { html, useSignal } from "../lib.js";
import { api } from "../api.js";
import { ask, refresh } from "../session.js";
import { signIn, tell } from "../state.js";
import { t } from "../text.js";
import { Encryption } from "../parts/encryption.js";
import { Entrance, Field, FormError } from "../parts/forms.js";

export function Setup() {
  const code = useSignal("");
  const id = useSignal("");
  const name = useSignal("");
  const pin = useSignal("");
  const again = useSignal("");
  const error = useSignal("");
  const isBusy = useSignal(false);

  /** @param {Event} event */
  const submit = async (event) => {
    event.preventDefault();
    error.value = missing();
    if (error.value || isBusy.value) return;
    isBusy.value = true;
    const operator = { id: id.value.trim(), name: name.value.trim(), pin: pin.value };
    const { problem } = await ask(() =>
      api.setUp({ code: code.value.trim().toUpperCase(), operator }));
    isBusy.value = false;
    if (problem) {
      error.value = problem.detail;
      return;
    }
    tell(t("setup.done"));
    await refresh().catch(() => {});
  };
  const missing = () => {
    if (!code.value.trim() || !id.value.trim() || !name.value.trim()) return t("fill_all");
    if (!/^\d{6,12}$/.test(pin.value)) return t("pin.rule");
    return pin.value === again.value ? "" : t("pin.differ");
  };

  return html`
    <${Entrance} title=${t("setup.title")} lead=${t("setup.lead")}>
      <form onSubmit=${submit} class="form">
        <${Field} label=${t("setup.code")} value=${code} name="code" focused hint=${t("setup.code_hint")} />
        <${Field} label=${t("operator.id")} value=${id} name="operator" hint=${t("operator.id_hint")} />
        <${Field} label=${t("operator.name")} value=${name} name="name" />
        <div class="pair">
          <${Field} label=${t("pin")} value=${pin} name="pin" type="password" mode="numeric"
            autocomplete="new-password" longest=${12} hint=${t("pin.rule")} />
          <${Field} label=${t("pin.again")} value=${again} name="pin-again" type="password"
            mode="numeric" autocomplete="new-password" longest=${12} />
        </div>
        <${FormError} text=${error.value} />
        <button class="button primary big" disabled=${isBusy.value}>${t("setup.do")}</button>
      </form>
      <${Encryption} secure=${signIn.value?.secure ?? true} />
    <//>`;
}
