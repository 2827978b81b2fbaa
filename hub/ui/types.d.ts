// The wire's shapes as the page reads them (HTTP contract, version 1).
import type { Basket } from "./types/basket.d.ts";
import type { TillView } from "./types/till.d.ts";

export type * from "./types/basket.d.ts";
export type * from "./types/devices.d.ts";
export type * from "./types/paper.d.ts";
export type * from "./types/till.d.ts";

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
  /** Nothing that it does counts. */
  is_training?: boolean;
}

/** Tiles that are shown together. */
export interface FavouriteGroup {
  label: string;
  tiles: { label: string; item: Item }[];
}

/** A department, or a category of one. */
export interface CategoryTile {
  /** Empty for what has no department or category. */
  label: string;
  department: string;
  category: string | null;
  items: number;
  within: CategoryTile[];
}

/** Some items of a category. */
export interface CategoryPage {
  total: number;
  items: Item[];
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
  /** The one that was chosen among the items with this code. */
  item?: string;
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
  department?: string;
  serial?: string;
  ban?: string | null;
  carrier?: string | null;
  donation?: string | null;
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
  /** The items that a code may mean. */
  choices?: Choice[];
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
  kind: "cash" | "card" | "mobile" | "voucher" | "foreign";
  gives_change: boolean;
  opens_drawer: boolean;
  keeps_excess?: boolean;
  foreign?: { currency: string; rate: string };
}

/** A key for goods without a code. */
export interface DepartmentKey {
  id: string;
  label: Bilingual;
  tax_class: string;
  amount_min?: string;
  amount_max?: string;
}

export interface Session {
  /** Nothing that they do at their register counts. */
  is_training: boolean;
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
  departments: DepartmentKey[];
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

/** One of the items that a code may mean. */
export interface Choice {
  item: string;
  description: string;
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

/** What a register's scale shows. */
export interface ScaleView {
  /** Names the reading, for whoever sells by it. */
  reading: number;
  /** "stable", "zero", "moving", "absent", or what the trouble is. */
  state: string;
  weight: Quantity | null;
}

export interface Operator {
  id: string;
  name: string;
  role: string;
  has_badge: boolean;
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
