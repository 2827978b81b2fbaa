// Short tones: a cashier looks at the goods, not at the screen.

/** @type {AudioContext | null} */
let context = null;

/**
 * @param {number} hertz
 * @param {number} seconds
 * @param {number} after seconds from now
 */
function tone(hertz, seconds, after = 0) {
  try {
    context ??= new AudioContext();
    if (context.state === "suspended") void context.resume();
    const start = context.currentTime + after;
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.frequency.value = hertz;
    gain.gain.setValueAtTime(0.12, start);
    gain.gain.exponentialRampToValueAtTime(0.001, start + seconds);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(start);
    oscillator.stop(start + seconds);
  } catch {
    // A terminal without sound still shows everything.
  }
}

/** Something was added. */
export const accepted = () => tone(1320, 0.07);

/** Something was refused. */
export const refused = () => {
  tone(240, 0.18);
  tone(190, 0.26, 0.2);
};
