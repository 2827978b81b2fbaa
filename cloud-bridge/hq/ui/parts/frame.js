// What stands around every screen: where one can go, who is signed in, whether anything is heard.
import { html, useEffect, useRef } from "/shared/lib.js";
import { LanguageSwitch } from "/shared/parts/forms.js";
import { t } from "/shared/text.js";
import { goOnHere, signOut } from "../session.js";
import {
  href, isAdmin, isReplaced, isSilent, isStopping, route, session, view,
} from "../state.js";

/** Red while headquarters is silent, amber while it closes. */
export function ConnectionBar() {
  if (isSilent.value) {
    return html`
      <div class="bar bar-bad" role="alert" data-bar="silent">
        <strong>${t("silent")}</strong> <span lang="en">${t("silent.other")}</span>
      </div>`;
  }
  if (isReplaced.value) {
    return html`<div class="bar bar-warn" role="alert" data-bar="replaced">
      <span>${t("replaced")}</span>
      <button class="button" data-do="go-on-here" onClick=${goOnHere}>${t("replaced.go_on")}</button>
    </div>`;
  }
  if (isStopping.value) {
    return html`<div class="bar bar-warn" role="status" data-bar="stopping">
      ${t("stopping")}</div>`;
  }
  if (view.value?.storage_full) {
    return html`<div class="bar bar-bad" role="alert" data-bar="storage-full">
      ${t("storage_full")}</div>`;
  }
  return null;
}

export function Header() {
  const mine = session.value;
  const { screen } = route.value;
  const places = [
    { to: "chain", label: t("chain"), count: 0 },
    { to: "promotions", label: t("promotions"), count: 0 },
    { to: "policy", label: t("policy"), count: 0 },
    { to: "aside", label: t("aside"), count: view.value?.aside_count ?? 0 },
    ...(isAdmin.value ? [{ to: "people", label: t("people"), count: 0 }] : []),
  ];
  const isAt = (/** @type {string} */ to) =>
    to === screen || (to === "chain" && ["store", "sale"].includes(screen));
  return html`
    <header class="top">
      <a class="skip" href="#main" onClick=${skip}>${t("skip")}</a>
      <div class="top-name">
        <span class=${`dot ${isSilent.value ? "dot-off" : ""}`} role="img"
          aria-label=${t(isSilent.value ? "silent" : "connected")}></span>
        <strong>${mine?.chain.name}</strong>
      </div>
      <nav class="places" aria-label=${t("places")}>
        ${places.map(({ to, label, count }) => html`
          <a key=${to} class="place" href=${href({ screen: /** @type {any} */ (to) })}
            data-place=${to} aria-current=${isAt(to) ? "page" : undefined}>
            ${label}${count > 0 && html` <span class="count">${count}</span>`}
          </a>`)}
      </nav>
      <${Menu} />
    </header>`;
}

/** To what the screen is about; an address of its own would be another place. @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function Menu() {
  const box = useRef(/** @type {HTMLDetailsElement | null} */ (null));
  useEffect(() => {
    const close = (/** @type {Event} */ event) => {
      const isInside = event.target instanceof Node && box.current?.contains(event.target);
      const isEscape = event instanceof KeyboardEvent && event.key === "Escape";
      if (!box.current?.open || (!isEscape && (event instanceof KeyboardEvent || isInside))) return;
      box.current.open = false;
      if (isEscape) box.current.querySelector("summary")?.focus();
    };
    addEventListener("click", close);
    addEventListener("keydown", close);
    return () => {
      removeEventListener("click", close);
      removeEventListener("keydown", close);
    };
  }, []);
  const user = session.value?.user;
  return html`
    <details class="account" ref=${box} data-do="menu">
      <summary class="button quiet">${user?.name || user?.id}</summary>
      <div class="account-list card">
        <p class="hint">${t(`role.${user?.role}`)}</p>
        <${LanguageSwitch} />
        <a class="button" href="/?wall" data-do="wall">${t("wall")}</a>
        <button class="button" data-do="sign-out" onClick=${() => void signOut()}>
          ${t("sign_out")}</button>
      </div>
    </details>`;
}
