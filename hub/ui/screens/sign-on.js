// The cashier begins.
import { html } from "../lib.js";
import { useKeys } from "../keys.js";
import { signOn } from "../session.js";
import { pending, putRefusalAway, signIn, wantsClaim, wantsOffice } from "../state.js";
import { t } from "../text.js";
import { Encryption } from "../parts/encryption.js";
import { Entrance } from "../parts/forms.js";
import { Identity, useIdentity } from "../parts/identity.js";

export function SignOn() {
  useKeys({ keys: { Escape: putRefusalAway } });
  const identity = useIdentity(signOn);
  const known = signIn.value;
  const place = known?.workstation && !wantsOffice.value
    ? t("register_n", { n: known.workstation }) : t("office");
  return html`
    <${Entrance} title=${known?.store.name ?? ""} lead=${place}>
      ${pending.value.length > 0 && html`
        <p class="hint">${t("commands_wait", { n: pending.value.length })}</p>`}
      <form onSubmit=${identity.submit} class="form">
        <${Identity} identity=${identity}>
          <button class="button primary big" disabled=${identity.isHeld}>
            ${t("sign_on")} <kbd>Enter</kbd>
          </button>
        <//>
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
