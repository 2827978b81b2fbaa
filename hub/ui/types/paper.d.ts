// What is printed, and what the customer sees.
import type { Money, Quantity } from "../types.d.ts";

/** What the printer draws; `Symbol` is a code in cells of dots, black where there is a `1`. */
export type PaperRow =
  | { row: "text", text: string, align: "left" | "centre" | "right", is_bold: boolean,
      size: "normal" | "double" }
  | PaperSymbol & { row: "symbol" }
  | { row: "rule" | "blank" | "cut" | "drawer_pulse" };

export interface PaperSymbol {
  cells: string[];
  cell_width_dots: number;
  cell_height_dots: number;
}

/** A receipt that was found in the electronic journal. */
export interface FoundReceipt {
  transaction_id: string;
  workstation: string;
  number: number;
  operator: string;
  business_day: string;
  completed: string;
  total: Money;
  lines: number;
  is_undone: boolean;
}

export interface CustomerLine {
  line: number;
  description: string;
  quantity: Quantity;
  shelf_amount: Money;
  net: Money;
  is_return: boolean;
}

/** What the customer sees at a register. */
export interface CustomerScreen {
  boot: string;
  revision: number;
  workstation: string;
  showing: "closed" | "welcome" | "basket" | "paying" | "thanks";
  lines: CustomerLine[];
  saved: Money | null;
  total: Money | null;
  due: Money | null;
  change: Money | null;
  number: number | null;
  prompts: { zh: string, en: string }[];
  is_training: boolean;
}

export interface Receipt {
  online: { address: string, symbol: PaperSymbol } | null;
  columns: number;
  rows: PaperRow[];
  transaction_id: string;
  number: number;
  text: string;
  copy: boolean;
  print: "queued" | "printing" | "done" | "unknown";
}

export interface TillPaper {
  till: number;
  business_day: string;
  text: string;
  columns: number;
  rows: PaperRow[];
  print: "queued" | "printing" | "done" | "unknown" | null;
}
