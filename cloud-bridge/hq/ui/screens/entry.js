// Before anybody is signed in: the first person, and everybody's way in.
import { html, useSignal } from "/shared/lib.js";
import { Entrance, Field, FormError } from "/shared/parts/forms.js";
import { t } from "/shared/text.js";
import { setUp, signIn } from "../session.js";

/** Letters of a password at least; headquarters says the same. */
const PASSWORD_MIN = 10;

export function Setup() {
  const [code, user, name, password, again] =
    [useSignal(""), useSignal(""), useSignal(""), useSignal(""), useSignal("")];
  const error = useSignal("");
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    error.value = "";
    if (password.value !== again.value) {
      error.value = t("password.differs");
      return;
    }
    const person = { id: user.value.trim(), name: name.value.trim(), password: password.value };
    const problem = await setUp(code.value.trim(), person);
    if (problem) error.value = problem.detail;
  };
  return html`
    <${Entrance} title=${t("setup")} lead=${t("setup.lead")}>
      <form class="form" onSubmit=${submit}>
        <${Field} label=${t("setup.code")} value=${code} name="code" focused
          hint=${t("setup.code_hint")} />
        <div class="pair">
          <${Field} label=${t("user.id")} value=${user} name="user" autocomplete="username" />
          <${Field} label=${t("user.name")} value=${name} name="name" autocomplete="name" />
        </div>
        <div class="pair">
          <${Field} label=${t("password")} value=${password} name="password" type="password"
            autocomplete="new-password" longest=${128}
            hint=${t("password.hint", { n: PASSWORD_MIN })} />
          <${Field} label=${t("password.again")} value=${again} name="again" type="password"
            autocomplete="new-password" longest=${128} />
        </div>
        <${FormError} text=${error.value} />
        <button class="button primary big" data-do="set-up">${t("setup.do")}</button>
      </form>
    <//>`;
}

export function Entry() {
  const [user, password, error] = [useSignal(""), useSignal(""), useSignal("")];
  const isBusy = useSignal(false);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    error.value = "";
    isBusy.value = true;
    const problem = await signIn(user.value.trim(), password.value);
    isBusy.value = false;
    if (problem) {
      error.value = problem.detail;
      password.value = "";
    }
  };
  return html`
    <${Entrance} title=${t("title")} lead=${t("sign_in.lead")}>
      <form class="form" onSubmit=${submit}>
        <${Field} label=${t("user.id")} value=${user} name="user" autocomplete="username" focused />
        <${Field} label=${t("password")} value=${password} name="password" type="password"
          autocomplete="current-password" longest=${128} />
        <${FormError} text=${error.value} />
        <button class="button primary big" data-do="sign-in" disabled=${isBusy.value}>
          ${t("sign_in")}</button>
      </form>
    <//>`;
}
