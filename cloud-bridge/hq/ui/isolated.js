// Texts that others wrote, as they stand among ours. Reads no clock.

/** Written from the right, or turns around what follows. */
const TURNS = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/;
/** What would end the isolation early. */
const ISOLATES = /[\u2066-\u2069]/g;

/**
 * The text, so that no sentence around it is turned around by what stands in it.
 * @param {string} text
 */
export const isolated = (text) =>
  (TURNS.test(text) ? `\u2068${text.replace(ISOLATES, "")}\u2069` : text);
