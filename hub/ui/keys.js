// The keyboard: the topmost layer that knows a key gets it. A screen is a layer, a dialog is a
// layer that lets nothing through.
import { useLayoutEffect, useRef } from "./lib.js";

/**
 * @typedef {object} Layer
 * @property {Record<string, (event: KeyboardEvent) => unknown>} keys by name: "F2", "Enter"
 * @property {(character: string) => boolean} [onCharacter] typed while no field has the focus;
 *   whether it was of use
 * @property {boolean} [isModal]
 */

/** @type {{ current: Layer }[]} */
const layers = [];

/** @param {EventTarget | null} target */
export function isEditable(target) {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
    || target instanceof HTMLSelectElement;
}

/** @param {EventTarget | null} target */
function isPressable(target) {
  return target instanceof Element
    && target.closest("button, a[href], summary, [role=option]") !== null;
}

/**
 * A layer for as long as the component is there.
 * @param {Layer} layer
 */
export function useKeys(layer) {
  const latest = useRef(layer);
  latest.current = layer;
  // With the drawing, not after it: a quick cashier's next key is for what is on the screen now.
  useLayoutEffect(() => {
    layers.push(latest);
    return () => { layers.splice(layers.indexOf(latest), 1); };
  }, []);
}

const ONCE = /^(Enter|Escape|F\d+)$/;

/** @param {KeyboardEvent} event */
function dispatch(event) {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  // A finger that rests on Enter or F9 means it once.
  if (event.repeat && ONCE.test(event.key)) {
    event.preventDefault();
    return;
  }
  const editable = isEditable(event.target);
  // A button that has the focus is pressed by Enter as the browser does it.
  if ((event.key === "Enter" || event.key === " ") && isPressable(event.target)) return;
  for (const { current: layer } of listening()) {
    const handler = layer.keys[event.key];
    const isTyping = editable && (event.key.length === 1 || isForField(event.key));
    if (handler && !isTyping) {
      event.preventDefault();
      handler(event);
      return;
    }
    if (!editable && event.key.length === 1 && layer.onCharacter?.(event.key)) {
      event.preventDefault();
      return;
    }
  }
}

/** Who may hear a key, in order: a question alone, also where the screen below has changed. */
function listening() {
  const fromTop = [...layers].reverse();
  const modal = fromTop.find(({ current }) => current.isModal);
  return modal ? [modal] : fromTop;
}

/** @param {string} key */
const isForField = (key) =>
  ["Backspace", "Delete", "ArrowLeft", "ArrowRight", "Home", "End"].includes(key);

/** Starts listening; once. */
export function listen() {
  window.addEventListener("keydown", dispatch);
  // A button pressed by finger or mouse gives the focus back, so that the next Enter means what
  // the screen says and not that button again.
  window.addEventListener("click", (event) => {
    const active = document.activeElement;
    if (event.detail > 0 && active instanceof HTMLButtonElement) active.blur();
  });
}
