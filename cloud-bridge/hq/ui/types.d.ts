// The bodies of headquarters' API as the page reads them: `cloud-bridge/hq/src/view.rs`. Amounts
// are whole minor units of the currency beside them.

export interface DayTotal {
  currency: string;
  sales: number;
  net: number;
  discount: number;
  net_week_before: number;
  hour_net: number;
  hour: number | null;
  hour_net_week_before: number;
}

export interface HourNet {
  hour: number;
  sales: number;
  net: number;
  net_week_before: number;
}

export interface StoreView {
  store: string;
  name: string;
  region: string;
  currency: string;
  online: boolean | null;
  since_ms: number | null;
  heard_ms: number | null;
  waiting_rows: number;
  waiting_sales: number;
  waiting_since_ms: number | null;
  stream: string | null;
  through: number;
  sales: number;
  net: number;
  net_week_before: number;
  alerts: number;
  policy_version: number | null;
  policy_refused: string | null;
  frozen: boolean;
  trade: boolean | null;
}

export interface GroupSum {
  key: string;
  name: string;
  sales: number;
  lines: number;
  quantity_thousandths: number;
  net: number;
}

export interface PromotionSums {
  baskets: number;
  uses: number;
  units: number;
  discount: number;
  net: number;
  shown: number;
  taken: number;
  declined: number;
}

export interface PromotionView {
  promotion: string;
  name: { zh: string; en: string } | null;
  currency: string;
  sums: PromotionSums;
}

export interface StorePromotion {
  store: string;
  sums: PromotionSums;
}

export interface DayPromotion {
  day: string;
  sums: PromotionSums;
}

export interface PromotionDetail {
  totals: PromotionView[];
  stores: StorePromotion[];
  days: DayPromotion[];
}

export interface SaleView {
  store: string;
  transaction: string;
  workstation: string;
  number: number | null;
  operator: string;
  business_day: string;
  ended_ms: number;
  utc_offset_s: number;
  currency: string;
  lines: number;
  total: number;
  net: number;
  folded_ms: number;
}

export interface AlertView {
  store: string;
  item: string;
  name: string;
  on_hand_thousandths: number;
  unit: string;
  since_ms: number;
}

export interface StockView {
  store: string;
  item: string;
  name: string;
  on_hand_thousandths: number;
  unit: string;
  safety_stock_thousandths: number | null;
  alert: boolean;
}

export interface ForkView {
  store: string;
  stream: string;
  after: number;
  cause: string;
  into: string | null;
  rows_ahead: number;
  at_ms: number;
}

export interface StreamView {
  store: string;
  stream: string;
  branch_of: string | null;
  through: number;
  highest: number;
  digest: string;
  frozen: string | null;
}

export interface AsideView {
  id: number;
  at_ms: number;
  topic: string;
  store: string | null;
  code: string;
  reason: string;
  size: number;
}

export interface PolicyView {
  id: string;
  version: number;
  pushed_ms: number;
  effective_ms: number;
  withdrawn_ms: number | null;
  stores: string[];
  parts: [string, number][];
  standings: [store: string, standing: string, reason: string | null][];
}

export interface ChainView {
  now_ms: number;
  revision: number;
  day: string;
  last_day: string | null;
  totals: DayTotal[];
  hours: HourNet[];
  stores: StoreView[];
  departments: GroupSum[];
  tenders: GroupSum[];
  promotions: PromotionView[];
  last_sales: SaleView[];
  alerts: AlertView[];
  alert_count: number;
  forks: ForkView[];
  aside_count: number;
  storage_full: boolean;
}

/** One store on one day. */
export interface StoreDay {
  hours: HourNet[];
  departments: GroupSum[];
  categories: GroupSum[];
  items: GroupSum[];
  tenders: GroupSum[];
  operators: GroupSum[];
  reasons: GroupSum[];
}

export interface Session {
  user: { id: string; name: string; role: "admin" | "chain" | "region" | "store" };
  chain: { id: string; name: string };
}

export interface User {
  id: string;
  name: string;
  role: string;
  scope: string[];
}

export interface CommandView {
  id: string;
  reply: { refused?: string; body: unknown } | null;
  expires_ms: number;
}

interface Money {
  amount: string;
  currency: string;
}

export interface Modifier {
  amount: Money;
  reason: string;
  percent?: string;
  promotion?: { id: string; name: { zh: string; en: string } };
}

export interface SaleLine {
  line: number;
  kind: "sale" | "return";
  code: string;
  description: string;
  quantity: { amount: string; unit: string };
  unit_price: Money;
  shelf_amount: Money;
  modifiers?: Modifier[];
  net: Money;
  voided?: { operator: string; reason: string };
}

export interface SaleTender {
  number: number;
  tender_type: string;
  amount: Money;
  change: Money;
  reference?: string;
  voided?: boolean;
}

/** The fact of a completed sale, as the store wrote it. */
export interface Sale {
  transaction: string;
  store: string;
  workstation: string;
  operator: string;
  business_day: string;
  opened: { wall_ms: number; utc_offset_s: number };
  ended: { wall_ms: number; utc_offset_s: number };
  currency: string;
  number?: number;
  lines: SaleLine[];
  tenders: SaleTender[];
  totals: {
    shelf: Money;
    discount: Money;
    net: Money;
    taxes: { class: string; method: string; percent: string; base: Money; tax: Money }[];
    total: Money;
    tendered: Money;
    change: Money;
  };
}
