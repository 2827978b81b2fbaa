// Several items have the code that was scanned: the cashier says which it is.
import { html, useLayoutEffect, useRef } from "../lib.js";
import { choose } from "../goods.js";
import { shown } from "../money.js";
import { t } from "../text.js";
import { close } from "./question.js";

/** @typedef {import("../types.d.ts").Choice} Choice */

/** As many as there are digit keys. */
const KEYS_MAX = 9;

/**
 * The items as buttons: pressed by their digits, by arrows and Enter, or by a finger.
 * @param {{ choices: Choice[], onChoose: (choice: Choice) => void }} props
 */
export function Choices({ choices, onChoose }) {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  // The next key is for them.
  useLayoutEffect(() => { list.current?.querySelector("button")?.focus(); }, [choices]);
  /** @param {KeyboardEvent} event */
  const arrows = (event) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 || !list.current) return;
    event.preventDefault();
    const buttons = [...list.current.querySelectorAll("button")];
    const at = buttons.findIndex((button) => button === document.activeElement);
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  };
  return html`
    <ol class="choose-list" ref=${list} onKeyDown=${arrows}>
      ${choices.map((choice, at) => html`
        <li class="choose-item" key=${choice.item}>
          <button type="button" class="button" data-choose=${choice.item} data-key=${at + 1}
            data-first=${at === 0 || null} onClick=${() => onChoose(choice)}>
            ${at < KEYS_MAX && html`<kbd>${at + 1}</kbd>`}
            <span class="choose-name">${choice.description} <small>${choice.item}</small></span>
            <strong>${choice.price ? shown(choice.price) : t("no_price")}</strong>
          </button>
        </li>`)}
    </ol>`;
}

/** @param {{ asked: { command: import("../types.d.ts").Command, choices: Choice[] } }} props */
export function ChooseItem({ asked }) {
  /** @param {Choice} choice */
  const take = ({ item }) => {
    close();
    choose(asked.command, item);
  };
  return html`
    <h2 id="dialog-title">${t("choose.title")}</h2>
    <p class="about">${t("choose.about", { code: asked.command.code ?? "" })}</p>
    <${Choices} choices=${asked.choices} onChoose=${take} />
    <div class="dialog-foot">
      <button type="button" class="button" onClick=${close}>${t("cancel")} <kbd>Esc</kbd></button>
    </div>`;
}
