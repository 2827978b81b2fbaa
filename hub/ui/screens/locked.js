// A locked screen: its cashier goes on, or another takes the register over with the basket.
import { html } from "../lib.js";
import { useKeys } from "../keys.js";
import { signOff, unlock } from "../session.js";
import { basket, behind, pending, putRefusalAway, session, signIn } from "../state.js";
import { t } from "../text.js";
import { Encryption } from "../parts/encryption.js";
import { Entrance } from "../parts/forms.js";
import { Identity, useIdentity } from "../parts/identity.js";

export function Locked() {
  const mine = session.value?.operator;
  useKeys({ keys: { Escape: putRefusalAway } });
  const identity = useIdentity(unlock, mine?.id ?? "");
  const has = behind.value?.has_basket ?? basket.value !== null;
  const isBusy = has || pending.value.length > 0;
  return html`
    <${Entrance} title=${t("locked.title", { name: mine?.name ?? "" })}
      lead=${t(isBusy ? "locked.basket" : "locked.lead")}>
      <form onSubmit=${identity.submit} class="form">
        <${Identity} identity=${identity}>
          <button class="button primary big" data-do="unlock" disabled=${identity.isHeld}>
            ${t("do.unlock")} <kbd>Enter</kbd>
          </button>
        <//>
      </form>
      <div class="entrance-foot">
        <${Encryption} secure=${signIn.value?.secure ?? true} />
        <button type="button" class="button quiet" disabled=${isBusy} onClick=${signOff}>
          ${t("menu.sign_off")}
        </button>
      </div>
    <//>`;
}
