// Who somebody is: an id and a PIN, or a badge that is read by the scanner.
import { html, useEffect, useLayoutEffect, useSignal } from "../lib.js";
import { scanGoesTo, wantsBadge } from "../state.js";
import { t } from "../text.js";
import { Field, FormError, Keypad } from "./forms.js";

/** @typedef {{ operator: string, pin: string } | { badge: string }} Proof */

const PIN_LENGTH_MAX = 12;

/**
 * What a form knows of who is there.
 * @param {(proof: Proof) => Promise<import("../types.d.ts").Problem | null>} prove
 * @param {string} [expected] who is most likely there
 */
export function useIdentity(prove, expected = "") {
  const operator = useSignal(expected);
  const pin = useSignal("");
  const field = useSignal(/** @type {"operator" | "pin"} */ (expected ? "pin" : "operator"));
  const error = useSignal("");
  const lockedSeconds = useSignal(0);
  const isBusy = useSignal(false);
  // Rises where the focus has to be taken anew: a field that was disabled has lost it.
  const tries = useSignal(0);
  const isLocked = lockedSeconds.value > 0;

  useEffect(() => {
    const timer = setInterval(() => {
      if (lockedSeconds.value === 0) return;
      lockedSeconds.value -= 1;
      if (lockedSeconds.value === 0) tries.value += 1;
    }, 1000);
    return () => clearInterval(timer);
  }, []);

  /** @param {Proof} proof */
  const tryIt = async (proof) => {
    if (isBusy.value || lockedSeconds.value > 0) return;
    isBusy.value = true;
    const problem = await prove(proof);
    isBusy.value = false;
    if (!problem) return;
    pin.value = "";
    field.value = operator.value ? "pin" : "operator";
    tries.value += 1;
    error.value = problem.detail;
    if (problem.code === "locked_out") lockedSeconds.value = Number(problem.details?.seconds ?? 60);
  };

  useLayoutEffect(() => {
    const [before, wanted] = [scanGoesTo.peek(), wantsBadge.peek()];
    scanGoesTo.value = (badge) => void tryIt({ badge });
    wantsBadge.value = true;
    return () => { scanGoesTo.value = before; wantsBadge.value = wanted; };
  }, []);

  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    if (!pin.value && operator.value) field.value = "pin";
    if (!operator.value.trim() || !pin.value) return;
    void tryIt({ operator: operator.value.trim(), pin: pin.value });
  };
  return {
    operator, pin, field, error, lockedSeconds, tries, submit, isLocked,
    isHeld: isBusy.value || isLocked,
  };
}

/**
 * The fields and the keypad of it.
 * @param {{ identity: ReturnType<typeof useIdentity>, children?: unknown }} props
 */
export function Identity({ identity, children }) {
  const { operator, pin, field, error, lockedSeconds, tries, isLocked } = identity;
  return html`
    <div class="sign-on">
      <div class="sign-on-fields">
        <${Field} key=${`operator ${tries.value}`} label=${t("operator.id")} value=${operator}
          name="operator" focused=${field.value === "operator"}
          onFocus=${() => { field.value = "operator"; }}
          disabled=${isLocked} autocomplete="off" />
        <${Field} key=${`pin ${tries.value}`} label=${t("pin")} value=${pin} name="pin"
          type="password" mode="none"
          focused=${field.value === "pin"} onFocus=${() => { field.value = "pin"; }}
          disabled=${isLocked} longest=${PIN_LENGTH_MAX} autocomplete="off" />
        <p class="hint">${t("badge.or_scan")}</p>
        <${FormError} text=${isLocked
          ? t("locked_out", { seconds: lockedSeconds.value }) : error.value} />
        ${children}
      </div>
      <${Keypad} value=${field.value === "pin" ? pin : operator} disabled=${isLocked}
        extra="C" longest=${field.value === "pin" ? PIN_LENGTH_MAX : 64} />
    </div>`;
}
