// Code 39: what a badge says to a scanner, as black and white bars.

/** Nine elements of each character, bar and gap in turn: w for a wide one, n for a narrow one. */
const ELEMENTS = {
  "0": "nnnwwnwnn", "1": "wnnwnnnnw", "2": "nnwwnnnnw", "3": "wnwwnnnnn", "4": "nnnwwnnnw",
  "5": "wnnwwnnnn", "6": "nnwwwnnnn", "7": "nnnwnnwnw", "8": "wnnwnnwnn", "9": "nnwwnnwnn",
  A: "wnnnnwnnw", B: "nnwnnwnnw", C: "wnwnnwnnn", D: "nnnnwwnnw", E: "wnnnwwnnn", F: "nnwnwwnnn",
  G: "nnnnnwwnw", H: "wnnnnwwnn", I: "nnwnnwwnn", J: "nnnnwwwnn", K: "wnnnnnnww", L: "nnwnnnnww",
  M: "wnwnnnnwn", N: "nnnnwnnww", O: "wnnnwnnwn", P: "nnwnwnnwn", Q: "nnnnnnwww", R: "wnnnnnwwn",
  S: "nnwnnnwwn", T: "nnnnwnwwn", U: "wwnnnnnnw", V: "nwwnnnnnw", W: "wwwnnnnnn", X: "nwnnwnnnw",
  Y: "wwnnwnnnn", Z: "nwwnwnnnn", "*": "nwnnwnwnn",
};
/** A wide element is so many narrow ones. */
const WIDE = 3;
/** What has to stay white on either side, in narrow elements. */
const QUIET = 10;

/**
 * The bars of a text, in narrow elements from the left; null where a character has none.
 * @param {string} text
 * @returns {{ width: number, bars: { at: number, width: number }[] } | null}
 */
export function code39(text) {
  /** @type {{ at: number, width: number }[]} */
  const bars = [];
  let at = QUIET;
  for (const character of `*${text}*`) {
    const elements = ELEMENTS[/** @type {keyof typeof ELEMENTS} */ (character)];
    if (!elements || (character === "*" && bars.length > 0 && text.includes("*"))) return null;
    [...elements].forEach((element, index) => {
      const width = element === "w" ? WIDE : 1;
      if (index % 2 === 0) bars.push({ at, width });
      at += width;
    });
    at += 1;
  }
  return { width: at - 1 + QUIET, bars };
}
