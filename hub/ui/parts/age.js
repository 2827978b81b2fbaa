// What the cashier has to see before the basket can be paid for.
import { html } from "../lib.js";
import { confirmAge } from "../register.js";
import { basket } from "../state.js";
import { t } from "../text.js";

/** The cashier has seen it, where it is asked for. */
export function seenAge() {
  const age = basket.peek()?.age;
  if (age) confirmAge(age.age);
}

export function AgeCheck() {
  const age = basket.value?.age;
  if (!age) return null;
  return html`
    <section class="age-check" role="status" data-age=${age.age}>
      <strong>${t("age.needed", { age: age.age, born_by: age.born_by })}</strong>
      <button class="button primary" data-do="confirm_age" onClick=${seenAge}>
        ${t("do.confirm_age")} <kbd>Home</kbd>
      </button>
    </section>`;
}
