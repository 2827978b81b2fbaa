// What lies in a basket and why it costs what it costs.
import type { Bilingual, Money, NamedPromotion, Quantity } from "../types.d.ts";

export interface Modifier {
  method: "amount_off" | "percent_off" | "new_unit_price";
  amount: Money;
  percent?: string;
  price?: Money;
  reason: string;
  /** Absent where the cashier lowered the price. */
  promotion?: NamedPromotion | null;
}

export interface Line {
  line: number;
  kind: "sale" | "return";
  item: string;
  code: string;
  description: string;
  quantity: Quantity;
  unit_price: Money;
  shelf_amount: Money;
  price_source: "catalogue" | "label" | "keyed";
  modifiers: Modifier[];
  net: Money;
  /** The line of the goods that it is the deposit on. */
  deposit_of?: number;
  /** The number that the piece bears. */
  serial?: string;
  by_department?: boolean;
  voided: boolean;
}

export interface Tender {
  number: number;
  tender_type: string;
  amount: Money;
  change: Money;
  reference: string | null;
  /** The money of another country that was handed over. */
  foreign?: { amount: Money; rate: string };
  /** What a terminal said. */
  card?: { last_four?: string };
  voided: boolean;
}

export interface Tax {
  class: string;
  method: "inclusive" | "exclusive";
  percent: string;
  base: Money;
  tax: Money;
}

export interface Totals {
  shelf: Money;
  discount: Money;
  net: Money;
  taxes: Tax[];
  total: Money;
  tendered: Money;
  due: Money;
  change: Money;
}

/** Something worth saying to the customer next; exact where it is taken. */
export interface Prompt {
  id: string;
  promotion: string;
  adds:
    | { kind: "items"; item: string; code: string; count: number }
    | { kind: "amount"; amount: Money };
  cost: Money;
  saving: Money;
  total_after: Money;
  text: Bilingual;
}

/** What another way of paying would save. */
export interface Offer {
  tender_type: string;
  saving: Money;
  total_after: Money;
  text: Bilingual;
}

/** A promotion that was used. */
export interface AppliedPromotion extends NamedPromotion {
  uses: number;
  units: number;
  amount: Money;
  coupons: string[];
}

/** What proves the price. */
export interface Certificate {
  is_optimal: boolean;
  bound: Money;
  by_priority: boolean;
}

/** What promotions made of a basket. */
export interface Pricing {
  applied: AppliedPromotion[];
  points_earned: number;
  points_spent: number;
  /** Campaigns of which the customer gets a coupon. */
  coupons_earned: string[];
  certificate: Certificate;
}

/** What the cashier told the register about the customer. */
export interface PricingContext {
  member: string | null;
  tier: string | null;
  employee: boolean;
  coupons: string[];
  /** The way of paying that the price is for. */
  tender: string | null;
}

/** A request to a payment terminal whose outcome is not known yet. */
export interface CardRequest {
  request: string;
  kind: "sale" | "reversal";
  tender_type: string;
  amount: Money;
  terminal: string;
  reference: string;
  state: "awaiting" | "unknown";
  code?: string;
}

/** What a buyer says about the invoice. */
export interface Buyer {
  ban?: string;
  carrier?: string;
  donation?: string;
}

/** The same as it is said. */
export type Said = { [part in keyof Buyer]-?: string | null };

/** What the customer may hand over for what is due, in one way of paying. */
export interface Payable {
  tender_type: string;
  /** What leaves nothing to give back; absent in another currency. */
  exact?: Money;
  /** Decimals of what is handed over. */
  scale: number;
  quick: Money[];
}

export interface Basket {
  transaction_id: string;
  version: number;
  opened: string;
  lines: Line[];
  basket_modifiers: Modifier[];
  tenders: Tender[];
  totals: Totals;
  card?: CardRequest;
  buyer?: Buyer;
  payable?: Payable[];
  can_undo: boolean;
  /** Whose number is wanted before payment. */
  serial?: { line: number, description: string };
  /** What the cashier has to see before payment. */
  age?: { age: number, born_by: string };
  prompts?: Prompt[];
  offers?: Offer[];
  pricing?: Pricing | null;
  context?: PricingContext | null;
}

/** Why a basket costs what it costs. */
export interface Explanation extends Certificate {
  /** What promotions make of the goods that are bought. */
  total: Money;
  /** The total of the screen: with what stands beside. */
  to_pay: Money;
  beside?: { code: string; amount: Money; text: Bilingual }[];
  without_promotions: Money;
  lines: { line: number; item: string; units: ExplainedUnit[] }[];
  applied: ExplainedPromotion[];
  not_applied: (NamedPromotion & { text: Bilingual })[];
}

/** What became of one unit, in a sentence. */
export interface ExplainedUnit {
  text: Bilingual;
}

export interface ExplainedPromotion extends NamedPromotion {
  amount: Money;
  text: Bilingual;
  /** The best basket without it, and by how much it costs more. */
  runner_up: { total: Money; worse: Money; text: Bilingual } | null;
}
