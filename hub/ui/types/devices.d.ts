// What stands on the counter, as the hub says it.
export type DeviceKind = "receipt_printer" | "cash_drawer" | "scanner" | "scale"
  | "customer_display" | "card_terminal" | "signal";

/** How a device is. */
export interface DeviceView {
  id: string;
  kind: DeviceKind;
  /** Empty for one of the whole store. */
  registers: number[];
  condition: string;
  works: boolean;
  reason: string | null;
  since_ms: number;
  is_simulated: boolean;
  /** Of a drawer, where its printer can tell. */
  is_open: boolean | null;
}

/** A device as settings say it; what its driver is told besides stands beside. */
export interface Device {
  id: string;
  kind: DeviceKind;
  port?: string;
  registers?: number[];
  fallback?: string;
  [option: string]: unknown;
}

export interface DeviceSettings {
  devices: Device[];
  source: "settings" | "screen" | "headquarters";
  fault: string | null;
  registers: number;
  /** What options can be, by `kind.option`. */
  choices: Record<string, string[]>;
}

/** Something that is plugged in. */
export interface FoundDevice {
  address: string | null;
  file: string;
  kind: string;
  model: string | null;
  product: string | null;
  reason: string;
  parameters: Record<string, string>;
  lines: string[];
  used_by: string | null;
  answered: string | null;
  /** What settings say of it besides, as its answer showed. */
  options: Record<string, string>;
}

/** A paper that a person has to know of. */
export interface OpenPaper {
  transaction_id: string;
  copy: number;
  number: number | null;
  total: import("../types.d.ts").Money | null;
  completed_ms: number | null;
  workstation: string | null;
  printer: string | null;
  state: "queued" | "printing" | "unknown" | "done";
  has_stood_in: boolean;
}

/** A simulated device and what it shows. */
export interface SimulatorView {
  id: string;
  kind: DeviceKind;
  registers: number[];
  address: string;
  fault: string;
  printer?: {
    status: string;
    paper_revision: number;
    receipts: number;
    is_printing: boolean;
    drawers: [boolean, boolean];
    beeps: number;
  };
  terminal?: {
    awaits_person: boolean;
    asks: { is_reversal: boolean, amount: string } | null;
    slips: number;
  };
  /** In grams. */
  scale?: { load_g: number, tare_g: number, is_moving: boolean };
  /** Two rows. */
  display?: [string, string];
  /** The lamps and the buzzer that are on, and the door. */
  signal?: { lit: string[], is_door_open: boolean };
}
