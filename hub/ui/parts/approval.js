// A second person allows what the cashier may not do, at the same screen; nobody signs off.
import { html, useEffect, useLayoutEffect, useRef } from "../lib.js";
import { api } from "../api.js";
import { useKeys } from "../keys.js";
import { ask } from "../session.js";
import { approval, tell } from "../state.js";
import { named, t } from "../text.js";
import { Identity, useIdentity } from "./identity.js";

/** The question, over whatever else is asked. */
export function ApprovalHost() {
  const wanted = approval.value;
  // Nobody approves for a session that is over.
  useEffect(() => () => approval.peek()?.done(null), []);
  return wanted && html`<${Approval} key=${wanted.number} wanted=${wanted} />`;
}

/** @param {{ wanted: import("../state.js").WantedApproval }} props */
function Approval({ wanted }) {
  const box = useRef(/** @type {HTMLFormElement | null} */ (null));
  const refused = () => wanted.done(null);
  useKeys({
    isModal: true,
    keys: { Escape: refused, Enter: () => box.current?.requestSubmit() },
  });
  const identity = useIdentity(async (proof) => {
    const { body, problem } = await ask(() =>
      api.approve({ ...proof, permission: wanted.permission }));
    if (problem) return problem;
    tell(t("approval.given", { name: body.approved_by.name }));
    wanted.done(body.token);
    return null;
  });
  useLayoutEffect(() => {
    const before = document.activeElement;
    return () => { if (before instanceof HTMLElement && before.isConnected) before.focus(); };
  }, []);
  const permission = named("permission", wanted.permission);
  // The permission is often called as what it is wanted for.
  const isMore = wanted.subject !== "" && wanted.subject !== permission;
  return html`
    <div class="veil over">
      <div class="dialog" role="dialog" aria-modal="true" aria-labelledby="approval-title"
        data-approval=${wanted.permission}>
        <form class="form with-keypad" ref=${box} onSubmit=${identity.submit}>
          <h2 id="approval-title">${t("approval")}</h2>
          <p class="about">
            ${isMore && html`<strong>${wanted.subject}</strong> · `}${permission}
          </p>
          <${Identity} identity=${identity} />
          <div class="dialog-foot">
            <button type="button" class="button" onClick=${refused}>
              ${t("cancel")} <kbd>Esc</kbd>
            </button>
            <button class="button primary" data-do="approve" disabled=${identity.isHeld}>
              ${t("do.approve")} <kbd>Enter</kbd>
            </button>
          </div>
        </form>
      </div>
    </div>`;
}
