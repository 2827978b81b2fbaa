// Who may see what: for administrators.
import { html, useEffect, useRef, useSignal } from "/shared/lib.js";
import { Field, FormError } from "/shared/parts/forms.js";
import { t } from "/shared/text.js";
import { api } from "../api.js";
import { isolated } from "../isolated.js";
import { useLoaded } from "../loaded.js";
import { AskFirst } from "../parts/ask-first.js";
import { PersonFields, scopeText } from "../parts/person.js";
import { Pending } from "../parts/states.js";
import { ask } from "../session.js";
import { session } from "../state.js";

/** @typedef {import("../types.d.ts").User} User */
/** @typedef {(said: string) => void} Done */

export function People() {
  const changes = useSignal(0);
  const chosen = useSignal(/** @type {string | null} */ (null));
  const news = useSignal("");
  const { body, problem } = useLoaded(api.users, [changes.value]);
  const users = /** @type {User[] | null} */ (body);
  const user = users?.find(({ id }) => id === chosen.value);
  const done = (/** @type {string} */ said) => {
    news.value = said;
    chosen.value = null;
    changes.value += 1;
  };
  const choose = (/** @type {string} */ id) => {
    news.value = "";
    chosen.value = id;
  };
  return html`
    <div class="board">
      <div class="day-bar"><h1>${t("people")}</h1></div>
      <div class="columns">
        <section class="card block column-wide" data-block="people"
          aria-labelledby="block-people">
          <h2 id="block-people">${t("people.list")}</h2>
          <p role="status" class="hint news-line" data-news=${news.value ? "yes" : "no"}>
            ${news.value}</p>
          ${!users && html`<${Pending} problem=${problem} />`}
          ${users && html`<${List} users=${users} chosen=${user?.id ?? null} choose=${choose} />`}
        </section>
        ${user ? html`<${Known} key=${user.id} user=${user} done=${done}
          leave=${() => { chosen.value = null; }} />` : html`<${Add} done=${done} />`}
      </div>
    </div>`;
}

/** @param {{ users: User[], chosen: string | null, choose: (id: string) => void }} props */
function List({ users, chosen, choose }) {
  const own = session.value?.user.id;
  return html`
    <table class="table people">
      <thead><tr><th>${t("user.name")}</th><th>${t("role")}</th><th>${t("scope")}</th>
        <th><span class="spoken">${t("people.change")}</span></th></tr></thead>
      <tbody>
        ${users.map((user) => html`
          <tr key=${user.id} data-user=${user.id} aria-selected=${user.id === chosen}>
            <th scope="row">${isolated(user.name || user.id)}
              <small>${isolated(user.id)}
                ${user.id === own && ` · ${t("people.you")}`}</small></th>
            <td>${t(`role.${user.role}`)}</td>
            <td class="scope-cell">${scopeText(user)}</td>
            <td class="number"><button class="button quiet" data-do="change-person"
              aria-label=${t("people.change_of", { name: isolated(user.name || user.id) })}
              onClick=${() => choose(user.id)}>${t("people.change")}</button></td>
          </tr>`)}
      </tbody>
    </table>
    ${users.length === 1 && html`<p class="hint" data-nothing="yes">${t("people.only_you")}</p>`}`;
}

/** Somebody new. @param {{ done: Done }} props */
function Add({ done }) {
  const [id, name, password, role] =
    [useSignal(""), useSignal(""), useSignal(""), useSignal("chain")];
  const scope = useSignal(/** @type {string[]} */ ([]));
  const error = useSignal("");
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    error.value = "";
    const person = {
      id: id.value.trim(), name: name.value.trim(), password: password.value, role: role.value,
      scope: scope.value,
    };
    const { problem } = await ask(() => api.addUser(person));
    if (problem) {
      error.value = problem.detail;
      return;
    }
    [id.value, name.value, password.value, scope.value] = ["", "", "", []];
    done(t("people.added", { name: isolated(person.name || person.id) }));
  };
  return html`
    <section class="card block column-narrow" data-block="add-person"
      aria-labelledby="block-add-person">
      <h2 id="block-add-person">${t("people.add")}</h2>
      <form class="form" onSubmit=${submit}>
        <${Field} label=${t("user.id")} value=${id} name="new-user" />
        <${PersonFields} name=${name} password=${password} passwordLabel=${t("password")}
          role=${role} scope=${scope} />
        <${FormError} text=${error.value} />
        <button class="button primary" data-do="add-person">${t("people.add")}</button>
      </form>
    </section>`;
}

/** Somebody who is there. @param {{ user: User, done: Done, leave: () => void }} props */
function Known({ user, done, leave }) {
  const [name, password, role] = [useSignal(user.name), useSignal(""), useSignal(user.role)];
  const scope = useSignal(user.scope);
  const error = useSignal("");
  const asking = useSignal(/** @type {"remove" | "end" | null} */ (null));
  const called = isolated(user.name || user.id);
  const card = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    card.current?.scrollIntoView({ block: "nearest" });
    // Back to where somebody came from, if it is there still.
    return () => {
      const row = [...document.querySelectorAll("[data-user]")]
        .find((one) => one instanceof HTMLElement && one.dataset.user === user.id);
      row?.querySelector("button")?.focus();
    };
  }, []);
  /** @param {() => Promise<import("/shared/types.d.ts").Reply>} request @param {string} said */
  const carryOut = async (request, said) => {
    [error.value, asking.value] = ["", null];
    const { problem } = await ask(request);
    if (problem) error.value = problem.detail;
    else done(said);
  };
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const to = {
      name: name.value.trim(), role: role.value, scope: scope.value,
      ...(password.value ? { password: password.value } : {}),
    };
    void carryOut(() => api.changeUser(user.id, to), t("people.changed", { name: called }));
  };
  const escape = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape" && asking.value === null) leave();
  };
  return html`
    <section class="card block column-narrow" data-block="change-person" ref=${card}
      aria-labelledby="block-change-person" onKeyDown=${escape}>
      <h2 id="block-change-person">${t("people.change_of", { name: called })}</h2>
      <form class="form" onSubmit=${submit}>
        <${PersonFields} name=${name} password=${password} focused
          passwordLabel=${t("password.new")} passwordHint=${t("password.keep")}
          role=${role} scope=${scope} />
        <p class="hint">${t("people.signs_out")}</p>
        <${FormError} text=${error.value} />
        <div class="pair">
          <button type="button" class="button" data-do="leave-person" onClick=${leave}>
            ${t("cancel")}</button>
          <button class="button primary" data-do="save-person">${t("save")}</button>
        </div>
      </form>
      <div class="grave">
        <button class="button" data-do="end-sessions" onClick=${() => { asking.value = "end"; }}>
          ${t("people.end")}</button>
        <button class="button bad-edge" data-do="remove-person"
          onClick=${() => { asking.value = "remove"; }}>${t("people.remove")}</button>
      </div>
      ${asking.value === "remove" && html`
        <${AskFirst} title=${t("people.remove.ask", { name: called })}
          about=${t("people.remove.about", { id: isolated(user.id) })} yes=${t("people.remove")}
          onYes=${() => void carryOut(() => api.removeUser(user.id),
    t("people.removed", { name: called }))}
          onNo=${() => { asking.value = null; }} />`}
      ${asking.value === "end" && html`
        <${AskFirst} title=${t("people.end.ask", { name: called })}
          about=${t("people.end.about", { id: isolated(user.id) })} yes=${t("people.end")}
          onYes=${() => void carryOut(() => api.endSessions(user.id),
    t("people.ended", { name: called }))}
          onNo=${() => { asking.value = null; }} />`}
    </section>`;
}
