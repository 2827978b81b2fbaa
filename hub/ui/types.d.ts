// The wire's shapes as the page reads them (HTTP contract, version 1).

/** An amount as text with exactly the currency's decimals; never a number. */
export interface Money {
  amount: string;
  currency: string;
}

export type Unit = "piece" | "kilogram" | "litre" | "gallon";

/** How much of something, at most three decimals. */
export interface Quantity {
  amount: string;
  unit: Unit;
}

/** What the hub says in both languages. */
export interface Bilingual {
  zh: string;
  en: string;
}

/** A promotion by its id and the name that customers read. */
export interface NamedPromotion {
  id: string;
  name: Bilingual;
}

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
  voided: boolean;
}

export interface Tender {
  number: number;
  tender_type: string;
  amount: Money;
  change: Money;
  reference: string | null;
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

export interface Basket {
  transaction_id: string;
  version: number;
  opened: string;
  lines: Line[];
  basket_modifiers: Modifier[];
  tenders: Tender[];
  totals: Totals;
  card?: CardRequest;
  can_undo: boolean;
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

export interface LastSale {
  transaction_id: string;
  number: number;
  total: Money;
  change: Money;
}

export interface RegisterView {
  boot: string;
  revision: number;
  workstation: string;
  operator: { id: string; name: string } | null;
  phase: "signed_off" | "idle" | "selling" | "tendering" | "awaiting_card" | "card_unknown"
    | "committing";
  basket: Basket | null;
  last_sale: LastSale | null;
  till: TillView;
  notices: string[];
  in_force: number;
}

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

/** Tiles that are shown together. */
export interface FavouriteGroup {
  label: string;
  tiles: { label: string; item: Item }[];
}

/** The store's link to headquarters. */
export interface LinkView {
  is_connected: boolean;
  sales: number;
  since_ms: number | null;
  /** Why there is none until the hub starts again. */
  fault?: string | null;
}

/** What another store has of an item. */
export interface StockElsewhere {
  store: string;
  name: string;
  on_hand: Quantity;
}

/** The promotions in force, and what keeps others out. */
export interface PromotionsStanding {
  is_decided_by_hq: boolean;
  count: number;
  in_force: { id: string, name: Bilingual }[];
  file: {
    path: string,
    faults: { line: number | null, place: string | null, code: string, reason: string }[],
  } | null;
  refused: { version: number, reason: string, stays: number | null }[];
}

/** A command; `onto: "last"` is the page's own and is settled when the command is first sent. */
export interface Command {
  type: string;
  code?: string;
  onto?: number | null | "last";
  line?: number | null;
  quantity?: Quantity | null;
  weight?: Quantity;
  amount?: Money | null;
  modifier?: Record<string, unknown>;
  reason?: string;
  tender_type?: string | null;
  total?: Money;
  reference?: string | null;
  number?: number;
  member?: string;
  tier?: string | null;
  points?: number | null;
  is?: boolean;
  prompt?: string;
  request?: string;
  is_approved?: boolean;
  age?: number;
}

/** A basket that lies aside. */
export interface SuspendedRow {
  transaction_id: string;
  version: number;
  workstation: string;
  operator: string;
  operator_name: string | null;
  at: string;
  lines: number;
  total: Money;
}

export interface Envelope {
  command_id: string;
  transaction_id: string;
  version: number;
  command: Command;
}

export interface OutcomeEvent {
  type: string;
  total?: Money;
  line?: number;
  number?: number;
  change?: Money;
  due?: Money;
}

export interface Answer {
  command_id: string;
  repeated: boolean;
  outcome: { version: number; event: OutcomeEvent };
  view?: RegisterView;
}

export interface Problem {
  title?: string;
  status: number;
  code: string;
  detail: string;
  details?: Record<string, string>;
  view?: RegisterView;
}

export interface Reply {
  status: number;
  body: any;
}

export interface SignIn {
  store: { id: string; name: string };
  needs_setup: boolean;
  workstation: string | null;
  workstations: string[];
  secure: boolean;
  languages: string[];
}

export interface TenderRule {
  id: string;
  gives_change: boolean;
  opens_drawer: boolean;
}

export interface Session {
  operator: { id: string; name: string; role: "cashier" | "supervisor" | "manager" };
  workstation: string | null;
  store: { id: string; name: string };
  /** Whoever goes on has to say who they are. */
  is_locked: boolean;
  /** Minutes without use after which the screen locks; 0 for never. */
  lock_minutes: number;
  /** What they may do without asking anybody. */
  permissions: string[];
  currency: string;
  scale: number;
  tenders: TenderRule[];
  reasons: { price: string[]; return: string[]; abandon: string[]; cash: string[]; card?: string[] };
  /** Notes and coins of the currency, largest first. */
  denominations: Money[];
  /** Parts of headquarters' policy, which nobody here may change. */
  decided_by_hq: string[];
}

export interface Item {
  item: string;
  code: string;
  description: string;
  department: string;
  unit: Unit;
  price: Money | null;
}

export interface StockRow {
  item: string;
  description: string;
  on_hand: Quantity | null;
  is_negative: boolean;
  safety_stock: Quantity | null;
  alert: boolean;
}

export interface AlertRow {
  item: string;
  description: string | null;
  on_hand: Quantity;
  since_ms: number;
}

export interface Operator {
  id: string;
  name: string;
  role: string;
  has_badge: boolean;
}

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

/** A command that waits for its answer. */
export interface Entry {
  command_id: string;
  command: Command;
  operator: string;
  /** The basket that the cashier saw when asking for it. */
  basket: string | null;
  /** The token of a second person, where one approved it. */
  approval: string | null;
  envelope: Envelope | null;
  /** "asking": it waits for the cashier, who has to see it before it goes out. */
  state: "queued" | "sending" | "waiting" | "asking";
  resends: number;
  /** When the cashier asked for it, by this browser's clock. */
  made_ms: number;
  /** The cashier has seen it after a break and means it. */
  is_seen: boolean;
  /** It is for this basket, which is not the register's own. */
  names?: { transaction_id: string, version: number };
  /** It has been through a break of the connection, or a reload. */
  has_waited: boolean;
}
