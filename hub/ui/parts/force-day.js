// Whether the day is closed with the tills that are still open.
import { html } from "../lib.js";
import { dialog } from "../state.js";
import { t } from "../text.js";
import { close, Question } from "./question.js";

/** @typedef {{ day: string, tills: string[], onYes: () => unknown }} Forcing */

/** Asks first: what is in those tills counts as never counted. @param {Forcing} forcing */
export function askForceDay(forcing) {
  dialog.value = { kind: "force_day", ...forcing };
}

/** @param {{ asked: Forcing }} props */
export function ForceDay({ asked: { day, tills, onYes } }) {
  const yes = () => {
    close();
    void onYes();
  };
  return html`
    <${Question} title=${t("day.force")} about=${t("day.open", { day })} yes=${t("day.force")} isBad
      onYes=${yes}>
      <p class="about about-line" tabindex="-1" data-first data-forces=${tills.join(" ")}>
        ${t("day.force_tills", { tills: tills.join("、") })}
      </p>
    <//>`;
}
