// Which day is shown, and the way to another and back to today.
import { html } from "/shared/lib.js";
import { language, t } from "/shared/text.js";
import { go, route, view } from "../state.js";
import { isDay, later, weekday } from "../times.js";

/** @param {{ title: string, back?: unknown }} props */
export function DayBar({ title, back }) {
  const shown = view.value?.day ?? route.value.day;
  const isToday = route.value.day === null;
  const pick = (/** @type {string | null} */ day) => go({ ...route.value, day });
  return html`
    <div class="day-bar">
      <div class="day-title">${back}<h1>${title}</h1></div>
      ${shown && html`
        <div class="day-pick" role="group" aria-label=${t("day")}>
          <button class="button day-step" data-do="day-before" aria-label=${t("day.before")}
            onClick=${() => pick(later(shown, -1))}>‹</button>
          <label class="day-field">
            <span class="spoken">${t("day")}</span>
            <input type="date" name="day" value=${shown} required
              onChange=${(/** @type {any} */ event) => {
    if (isDay(event.target.value)) pick(event.target.value);
  }} />
          </label>
          <span class="day-weekday">${weekday(shown, language.value)}</span>
          <button class="button day-step" data-do="day-after" disabled=${isToday}
            aria-label=${t("day.after")} onClick=${() => pick(later(shown, 1))}>›</button>
          ${isToday
    ? html`<span class="badge" data-today="yes">${t("today")}</span>`
    : html`<button class="button primary" data-do="today" onClick=${() => pick(null)}>
        ${t("day.today")}</button>`}
        </div>`}
    </div>`;
}
