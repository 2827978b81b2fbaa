// What a browser has and Node does not, or not so. Import this first, then the page's modules. The
// page's timers must not keep a test alive.
const { setInterval: everyMs, setTimeout: inMs } = globalThis;

Object.assign(globalThis, {
  BroadcastChannel: undefined,
  setInterval: (/** @type {any} */ call, /** @type {number} */ ms) => everyMs(call, ms).unref(),
  setTimeout: (/** @type {any} */ call, /** @type {number} */ ms) => inMs(call, ms).unref(),
  EventSource: class { addEventListener() {} close() {} },
});
