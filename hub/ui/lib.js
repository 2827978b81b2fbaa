// The one door to the vendored libraries, so that a second copy of preact cannot slip in
// (two copies break signals).
import { h, render } from "./vendor/preact.js";
import { useEffect, useLayoutEffect, useRef } from "./vendor/preact-hooks.js";
import htm from "./vendor/htm.js";
import { signal, computed, effect, batch, useSignal } from "./vendor/signals.js";

/** Turns a tagged template into elements. */
export const html = htm.bind(h);

export {
  render, useEffect, useLayoutEffect, useRef, signal, computed, effect, batch, useSignal,
};
