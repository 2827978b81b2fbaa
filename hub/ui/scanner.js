// Listens to the keyboard for a wedge scanner, wherever the focus is.
import { WedgeDecoder } from "./wedge.js";

/** @param {EventTarget | null} target @returns {target is HTMLInputElement | HTMLTextAreaElement} */
function isField(target) {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement
    && !["button", "checkbox", "radio", "file", "submit"].includes(target.type);
}

/** What ends an element of a GS1 code; scanners type it as Ctrl and a bracket. */
const GROUP_SEPARATOR = "\u001d";

/**
 * Whether the browser itself does something with the key that no event of ours could bring back:
 * a button is pressed by the space bar, a list is searched by letters.
 * @param {KeyboardEvent} event
 */
function isNative({ key, target }) {
  return target instanceof HTMLSelectElement || (key === " " && !isField(target));
}

/**
 * The key as the scanner sent it, where an input method (Zhuyin, Cangjie …) has taken it for its
 * own: by its place on the keyboard.
 * @param {string} code
 */
function keyUnder(code) {
  const plain = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1] ?? /^Key([A-Z])$/.exec(code)?.[1];
  if (plain) return plain.toLowerCase();
  return { Enter: "Enter", NumpadEnter: "Enter", Tab: "Tab", Minus: "-" }[code] ?? "Unidentified";
}

/**
 * Shows a held key where the focus is, as if the person had just pressed it.
 * @param {string} key
 */
function show(key) {
  const target = document.activeElement ?? document.body;
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  if (!target.dispatchEvent(event)) return;
  // The only way that keeps selection, length limit, undo and the input event as they would be.
  if (isField(target)) document.execCommand("insertText", false, key);
}

/** Takes the last shown key back. */
function unshow() {
  const target = document.activeElement ?? document.body;
  if (isField(target)) {
    document.execCommand("delete");
    return;
  }
  const init = { key: "Backspace", bubbles: true, cancelable: true };
  target.dispatchEvent(new KeyboardEvent("keydown", init));
}

/** The field that a run is typed into, and what stood there before. */
function fieldBefore() {
  const field = document.activeElement;
  return isField(field) ? { field, value: field.value } : null;
}

/**
 * @param {ReturnType<typeof fieldBefore>} before
 * @param {number} count how many keys were shown
 */
function takeBack(before, count) {
  if (count === 0) return;
  if (before && before.field === document.activeElement) {
    // Ends what an input method was composing.
    before.field.blur();
    before.field.value = before.value;
    before.field.dispatchEvent(new Event("input", { bubbles: true }));
    return;
  }
  for (let left = count; left > 0; left -= 1) unshow();
}

/**
 * Listens for a scanner in the capture phase of the whole window.
 * @param {{ isOn: () => boolean, onScan: (code: string) => void }} wiring
 */
export function listen({ isOn, onScan }) {
  const decoder = new WedgeDecoder();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {ReturnType<typeof fieldBefore>} */
  let before = null;
  const forget = () => decoder.forget().forEach(show);

  window.addEventListener("keydown", (event) => {
    // Untrusted events are our own.
    if (!event.isTrusted) return;
    const isSeparator = event.ctrlKey && event.key === "]" && decoder.length > 0;
    const isChord = event.key !== "Control" && !isSeparator
      && (event.ctrlKey || event.altKey || event.metaKey);
    if (isChord || isNative(event) || !isOn()) {
      forget();
      return;
    }
    clearTimeout(timer);
    const isComposed = event.isComposing || event.key === "Process";
    const key = isSeparator ? GROUP_SEPARATOR : isComposed ? keyUnder(event.code) : event.key;
    const verdict = decoder.key(key, event.timeStamp, event.repeat);
    verdict.released.forEach(show);
    if (decoder.length === 1) before = fieldBefore();
    // What an input method has taken cannot be held back, only taken back.
    if (isComposed) decoder.release();
    if (verdict.kind !== "pass" && !isComposed) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    if (verdict.kind === "scan") {
      takeBack(before, verdict.takeBack);
      onScan(verdict.code);
    }
    if (decoder.isHolding) {
      timer = setTimeout(() => decoder.release().forEach(show), decoder.holdMs);
    }
  }, { capture: true });
  // A finger that touches another place means: what was typed belongs to the place before.
  window.addEventListener("pointerdown", forget, { capture: true });
}
