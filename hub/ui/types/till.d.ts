// The cash of a register and the store's day.
import type { Money, RegisterView } from "../types.d.ts";

/** The till of a register. */
export interface TillView {
  policy: "none" | "shared" | "per_operator";
  is_blind: boolean;
  open: OpenTill | null;
}

export interface OpenTill {
  number: number;
  business_day: string;
  operator: string;
  opened: string;
  float: Money;
  is_counted: boolean;
  expected?: TenderSum[];
}

export interface TenderSum {
  tender_type: string;
  amount: Money;
}

export type TillCommand =
  | { type: "open"; float: Money }
  | { type: "loan"; amount: Money; reason?: string }
  | { type: "pickup"; amount: Money }
  | { type: "paid_in" | "paid_out"; amount: Money; reason: string }
  | { type: "count"; denominations: { value: Money; pieces: number }[]; others: TenderSum[] }
  | { type: "close" }
  | { type: "no_sale"; reason: string };

export interface ClosingLine {
  tender_type: string;
  expected: Money;
  counted: Money | null;
}

export interface TillAnswer {
  command_id: string;
  repeated: boolean;
  kind: string;
  till: number | null;
  business_day: string;
  closing?: ClosingLine[];
  view: RegisterView;
}

export interface Days {
  open: string | null;
  next: string;
  tills: string[];
  days: { business_day: string; is_closed: boolean }[];
}

/** What a day or a till came to. */
export interface DaySummary {
  total: Money;
  discount: Money;
  rounding: Money;
  tenders: { tender_type: string; count: number; taken: Money; change: Money; amount: Money }[];
  taxes: { class: string; percent: string; method: string; base: Money; tax: Money }[];
  departments: { department: string; lines: number; net: Money }[];
  operators: { operator: string; sales: number; total: Money }[];
  hours: { hour: number; sales: number; total: Money }[];
  counts: Record<string, number>;
  cash: { floats: Money; loans: Money; pickups: Money; paid_in: Money; paid_out: Money };
  tills: {
    workstation: string;
    number: number;
    operator: string;
    closing: ClosingLine[] | null;
    is_forced: boolean;
  }[];
  is_closed: boolean;
}
