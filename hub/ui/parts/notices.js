// What the page has to say without being asked.
import { html, useEffect, useRef } from "../lib.js";
import {
  dialog, isSilent, isStopping, news, pending, putRefusalAway, refusals, screen, spoken, view,
  wantsClaim,
} from "../state.js";
import { named, t } from "../text.js";

/** Red while the hub is silent, amber while it closes or a command waits. */
export function ConnectionBar() {
  const waiting = pending.value.filter((entry) => entry.state === "waiting").length;
  if (isSilent.value) {
    return html`
      <div class="bar bar-bad" role="alert" data-bar="silent">
        <strong>${t("hub_silent")}</strong>
        <span lang="en">${t("hub_silent_other")}</span>
        ${pending.value.length > 0 && html`
          <span class="bar-count">${t("commands_wait", { n: pending.value.length })}</span>`}
      </div>`;
  }
  if (isStopping.value) {
    return html`<div class="bar bar-warn" role="status">${t("hub_stopping")}</div>`;
  }
  if (waiting > 0) {
    return html`
      <div class="bar bar-warn" role="status" data-bar="waiting">
        ${t("commands_wait", { n: pending.value.length })}
      </div>`;
  }
  return null;
}

/**
 * What the hub says about itself: disk full, clock not trusted …
 * @param {{ isIn: boolean }} props whether somebody is there who can be asked
 */
export function StoreNotices({ isIn }) {
  const codes = view.value?.notices ?? [];
  return html`
    <div aria-live="polite">
      ${codes.map((code) => html`
        <div key=${code} class=${`bar ${code === "disk_full" ? "bar-bad" : "bar-warn"}`}
          data-notice=${code}>
          <span>${named("notice", code)}</span>
          ${isIn && code === "clock_not_trusted" && html`
            <button class="button quiet" data-do="clock"
              onClick=${() => { dialog.value = { kind: "clock" }; }}>${t("clock.title")}</button>`}
          ${isIn && code === "receipt_unknown" && html`
            <button class="button quiet" data-do="papers"
              onClick=${() => { screen.value = "papers"; }}>${t("papers.look")}</button>`}
          ${isIn && code.startsWith("printer_") && html`
            <button class="button quiet" data-do="device-troubles-of-notice"
              onClick=${() => { dialog.value = { kind: "device_troubles" }; }}>
              ${t("devices.what_to_do")}</button>`}
        </div>`)}
    </div>`;
}

/** Refusals, oldest first, until the cashier has put each away. */
export function Refusals() {
  const [first, ...rest] = refusals.value;
  return html`
    <div class="refusals" role="alert" aria-atomic="true">
      ${first && html`
        <div class="refusal" key=${first.id} data-refusal=${first.code}>
          <div class="refusal-text">
            ${first.subject && !first.detail.includes(first.subject) && html`<span class="refusal-subject">${first.subject}</span>`}
            <strong>${first.detail}</strong>
            ${rest.length > 0 && html`<span>${t("and_n_more", { n: rest.length })}</span>`}
          </div>
          <button class="button on-bad" onClick=${putRefusalAway}>
            ${t("understood")} <kbd>Esc</kbd>
          </button>
        </div>`}
    </div>`;
}

export function News() {
  return html`
    <div class="news-place" role="status">
      ${news.value && html`<p class="news">${news.value}</p>`}
      <p class="spoken" aria-live="polite">${spoken.value}</p>
    </div>`;
}

/** Over everything: another browser sells at this workstation now. */
export function TakenOver() {
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  useEffect(() => button.current?.focus(), []);
  return html`
    <div class="cover" role="alertdialog" aria-modal="true" aria-labelledby="taken-over"
      data-notice="workstation_taken_over">
      <div class="card">
        <h1 id="taken-over">${t("taken_over.title")}</h1>
        <p>${t("taken_over.text")}</p>
        <button class="button primary big" ref=${button}
          onClick=${() => { wantsClaim.value = true; }}>
          ${t("taken_over.claim")}
        </button>
      </div>
    </div>`;
}
