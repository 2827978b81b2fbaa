// What stands on the counter: which of it wants a hand, and what settings say of it. Decides and
// shows nothing.

/** @typedef {import("./types.d.ts").DeviceView} DeviceView */
/** @typedef {import("./types.d.ts").Device} Device */
/** @typedef {import("./types.d.ts").DeviceKind} DeviceKind */

/** Every kind, in the order in which screens list them. */
export const KINDS = /** @type {const} */ ([
  "receipt_printer", "cash_drawer", "scanner", "scale", "customer_display", "card_terminal",
  "signal",
]);

/** What each kind can be asked to do, to see whether it works. */
const TRIALS = /** @type {Record<string, string[]>} */ ({
  receipt_printer: ["test_page", "open_drawer", "beep"],
  cash_drawer: ["open_drawer"],
  scale: ["weigh"],
  customer_display: ["show"],
  signal: ["lamps"],
});

/** @param {string} kind */
export const trialsOf = (kind) => TRIALS[kind] ?? [];

/**
 * @typedef {object} Option
 * @property {string} name
 * @property {"choice" | "text" | "number" | "flag"} type
 * @property {string[]} [choices] what it can be; from the hub where nothing stands here
 */

/** What a driver can be told besides its port, by kind. */
const OPTIONS = /** @type {Record<string, Option[]>} */ ({
  receipt_printer: [
    { name: "profile", type: "choice" },
    { name: "mode", type: "choice", choices: ["raster", "big5", "gb18030"] },
    { name: "family", type: "choice", choices: ["esc_pos", "star"] },
    { name: "drawer_sense", type: "choice", choices: ["high_is_open", "low_is_open"] },
  ],
  cash_drawer: [
    { name: "printer", type: "text" },
    { name: "pin", type: "choice", choices: ["pin2", "pin5"] },
    { name: "open_max_s", type: "number" },
  ],
  card_terminal: [
    { name: "dialect", type: "choice" },
    { name: "answer_s", type: "number" },
  ],
  scanner: [
    {
      name: "framing", type: "choice",
      choices: ["suffix_or_silence", "suffix", "silence", "stx_etx"],
    },
    { name: "prefix", type: "text" },
  ],
  scale: [
    {
      name: "protocol", type: "choice",
      choices: ["toledo_8217", "sma", "cas_stream", "cas_ecr", "dibal", "dialog_06", "usb_hid"],
    },
    { name: "min_g", type: "number" },
    { name: "max_g", type: "number" },
  ],
  customer_display: [
    { name: "dialect", type: "choice", choices: ["cd5220", "epson", "logic_controls"] },
    { name: "letters", type: "choice", choices: ["ascii", "big5"] },
    {
      name: "brightness", type: "choice",
      choices: ["quarter", "half", "three_quarters", "full"],
    },
  ],
  signal: [{ name: "debounce_ms", type: "number" }],
});

/**
 * The options of a kind, each with what it can be.
 * @param {string} kind
 * @param {Record<string, string[]>} choices as the hub knows them
 * @returns {Option[]}
 */
export function optionsOf(kind, choices) {
  return (OPTIONS[kind] ?? []).map((option) => {
    const known = option.choices ?? choices[`${kind}.${option.name}`];
    // Nobody says what it can be: it is typed, and the hub says whether it is one.
    if (option.type === "choice" && !known) return { ...option, type: "text" };
    return known ? { ...option, choices: known } : option;
  });
}

/** What everything but options is called. */
const FIXED = ["id", "kind", "port", "registers", "fallback"];

/** Whether a register uses a device: its own, or one of the whole store.
 * @param {{ registers?: number[] }} device @param {string | null} workstation
 */
export const isUsedAt = (device, workstation) => workstation === null
  || !device.registers?.length || device.registers.includes(Number(workstation));

/**
 * The devices of a register that want a hand: those that do not work first. One that is only being
 * started is not among them.
 * @param {DeviceView[]} devices
 * @param {string | null} workstation null for the whole store
 */
export function troubles(devices, workstation) {
  const own = devices.filter((device) => isUsedAt(device, workstation));
  const wanting = own.filter(({ condition }) => condition !== "ready" && condition !== "starting");
  return [...wanting.filter(({ works }) => !works), ...wanting.filter(({ works }) => works)];
}

/**
 * Devices as a list by register: the store's own first.
 * @template {{ registers?: number[], kind: DeviceKind, id: string }} T
 * @param {T[]} devices
 * @returns {{ register: number | null, devices: T[] }[]}
 */
export function byRegister(devices) {
  const numbers = [...new Set(devices.flatMap(({ registers }) => registers ?? []))];
  numbers.sort((one, other) => one - other);
  const sorted = [...devices].sort((one, other) =>
    KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) || one.id.localeCompare(other.id));
  const shared = sorted.filter(({ registers }) => !registers?.length);
  const groups = numbers.map((register) => ({
    register: /** @type {number | null} */ (register),
    devices: sorted.filter(({ registers }) => registers?.includes(register)),
  }));
  return shared.length > 0 ? [{ register: null, devices: shared }, ...groups] : groups;
}

/**
 * A name that no device has yet.
 * @param {{ id: string }[]} devices @param {string} kind
 */
export function freeId(devices, kind) {
  const base = { receipt_printer: "printer", cash_drawer: "drawer", customer_display: "display",
    card_terminal: "terminal" }[kind] ?? kind;
  for (let at = 1; ; at += 1) {
    const id = `${base}-${at}`;
    if (devices.every((device) => device.id !== id)) return id;
  }
}

/**
 * The list with a device in the place of another, or behind all.
 * @param {Device[]} devices
 * @param {string | null} id of the one that it replaces
 * @param {Device} device
 */
export function withDevice(devices, id, device) {
  const at = devices.findIndex((other) => other.id === id);
  if (at < 0) return [...devices, device];
  // Whoever prints instead of it, or hangs on it, follows a new name.
  return devices.map((other, index) => index === at ? device : renamed(other, id, device.id));
}

/** @param {Device} device @param {string | null} from @param {string} to @returns {Device} */
function renamed(device, from, to) {
  if (from === to) return device;
  const next = { ...device };
  if (next.fallback === from) next.fallback = to;
  if (next.printer === from) next.printer = to;
  return next;
}

/**
 * The others: what hangs on the one that is taken away goes back to its register's own.
 * @param {Device[]} devices @param {string} id
 */
export const without = (devices, id) => devices
  .filter((device) => device.id !== id)
  .map((device) => {
    const next = { ...device };
    if (next.fallback === id) delete next.fallback;
    if (next.printer === id) delete next.printer;
    return next;
  });

/**
 * What a person typed, as settings say it: what is empty is left out.
 * @param {Device} before what it was; options that the form does not know stay
 * @param {Record<string, string>} fields by name; `registers` as "1 3"
 * @param {Option[]} options
 * @returns {Device}
 */
export function deviceOf(before, fields, options) {
  const text = (/** @type {string} */ name) => (fields[name] ?? "").trim();
  const kind = /** @type {DeviceKind} */ (text("kind"));
  const kept = before.kind === kind
    ? Object.entries(before).filter(([name]) =>
      !FIXED.includes(name) && options.every((option) => option.name !== name))
    : [];
  const device = /** @type {Device} */ ({ id: text("id"), kind });
  if (text("port")) device.port = text("port");
  const registers = text("registers").split(/[\s,]+/).filter(Boolean).map(Number);
  if (registers.length > 0) device.registers = registers;
  if (kind === "receipt_printer" && text("fallback")) device.fallback = text("fallback");
  for (const { name, type } of options) {
    const said = text(name);
    if (said === "") continue;
    device[name] = type === "number" ? Number(said) : type === "flag" ? said === "true" : said;
  }
  return { ...device, ...Object.fromEntries(kept) };
}

/**
 * What stands in the form for a device of a kind: what was said of another kind means nothing then.
 * @param {Partial<Device>} device @param {string} kind
 */
export function fieldsOf(device, kind) {
  const said = device.kind === kind ? Object.entries(device) : [];
  const written = said.map(([name, value]) => [name, String(value)]);
  return /** @type {Record<string, string>} */ (Object.fromEntries(written));
}

/** Which kind of device something that is plugged in may be set up as.
 * @param {string} kind as the hub found it
 * @returns {DeviceKind}
 */
export function kindOfFound(kind) {
  const known = KINDS.find((one) => one === kind);
  if (known) return known;
  return kind === "keyboard" ? "scanner" : kind === "gpio" ? "signal" : "receipt_printer";
}

/**
 * The device that something plugged in is taken over as, with all that its answer showed.
 * @param {import("./types.d.ts").FoundDevice} found
 * @param {{ id: string }[]} devices those that there are
 * @returns {Device}
 */
export function deviceFound({ kind: seems, address, options }, devices) {
  const kind = kindOfFound(seems);
  return { id: freeId(devices, kind), kind, port: address ?? "", ...options };
}

/**
 * What is left to a person of a paper: those that nobody knows of can be settled.
 * @param {import("./types.d.ts").OpenPaper} paper
 */
export function deedsOf({ state }) {
  if (state !== "unknown") return [];
  return ["came_out", "again"];
}
