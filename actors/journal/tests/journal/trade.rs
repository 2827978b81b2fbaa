//! What a store writes.

use std::sync::Arc;

use jiff::Timestamp;
use store_core::buyer::{BuyerWish, Carrier, DonationCode};
use store_core::fact::{Fact, PostVoid};
use store_core::inventory::{MovementKind, StockMovement};
use store_core::permission::Permission;
use store_core::promotion::PromotionUse;
use store_core::promotion::rule::Text;
use store_core::safety_stock::SafetyStockLevel;
use store_core::tax::TaxMethod;
use store_core::transaction::*;
use store_core::*;
use store_journal::{Append, Draft, DraftChange, PrintJob, PrintState, Write};
use uuid::Uuid;

/// Ids and moments, one after the other.
#[derive(Clone, Debug)]
pub struct Trade {
    ids: u128,
    seconds: i64,
}

pub fn store() -> StoreId {
    StoreId::new("367").unwrap()
}

pub fn at(workstation: &str) -> WorkstationId {
    WorkstationId::new(workstation).unwrap()
}

pub fn cashier() -> OperatorId {
    OperatorId::new("c1").unwrap()
}

pub fn item(id: &str) -> ItemId {
    ItemId::new(id).unwrap()
}

pub fn reason(code: &str) -> ReasonCode {
    ReasonCode::new(code).unwrap()
}

pub fn twd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::TWD).unwrap()
}

pub fn pieces(count: i64) -> Quantity {
    Quantity::pieces(count).unwrap()
}

/// The moment so many seconds after the doors opened.
pub fn moment(seconds: i64) -> Now {
    Now {
        wall: Timestamp::from_millisecond(1_795_579_200_123 + seconds * 1000).unwrap(),
        utc_offset_s: 28_800,
        monotonic_ms: u64::try_from(seconds * 1000).unwrap(),
        boot: BootId::new(Uuid::from_u128(0xb007)),
        clock_trusted: true,
    }
}

/// 5 off the goods by a promotion, for a member with a coupon.
fn pricing(of: &str) -> SalePricing {
    SalePricing {
        set: Arc::from("1f"),
        promotions: vec![PromotionUse {
            promotion: applied(of),
            uses: 1,
            units: 2,
            amount: twd(5),
            sales: twd(30),
            coupons: vec![Arc::from("FIVE")],
        }],
        points_earned: 1,
        points_spent: 3,
        coupons_earned: Vec::new(),
        prompts: Vec::new(),
        customer: Customer { member: Some(member()), ..Customer::default() },
        by_priority: false,
        base_points: None,
        rules: Vec::new(),
    }
}

fn applied(of: &str) -> AppliedPromotion {
    let name = Text { zh: Arc::from("折 5 元"), en: Arc::from("5 off") };
    AppliedPromotion { id: five(of), name }
}

/// The promotion of a basket of one item.
pub fn five(of: &str) -> PromotionId {
    PromotionId::new(&format!("five-{of}")).unwrap()
}

/// Who buys everything.
pub fn member() -> MemberId {
    MemberId::new("m1").unwrap()
}

impl Trade {
    /// Whose ids are not those of a trade with another number.
    pub const fn new(number: u32) -> Self {
        Self { ids: (number as u128) << 64, seconds: 0 }
    }

    pub const fn uuid(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }

    pub fn transaction(&mut self) -> TransactionId {
        TransactionId::new(self.uuid())
    }

    pub fn now(&mut self) -> Now {
        self.seconds += 1;
        moment(self.seconds)
    }

    /// A promise that changes no basket.
    pub fn append(&mut self, fact: Fact) -> Append {
        Append {
            id: CommandId::new(self.uuid()),
            now: self.now(),
            fact,
            draft: DraftChange::Keep,
            print: None,
        }
    }

    pub fn sign_on(&mut self, workstation: &str) -> Append {
        let workstation = at(workstation);
        self.append(Fact::OperatorSignedOn { workstation, operator: cashier() })
    }

    pub fn sign_off(&mut self, workstation: &str) -> Append {
        let workstation = at(workstation);
        self.append(Fact::OperatorSignedOff { workstation, operator: cashier() })
    }

    /// A basket of so many of one item at 35 each, 5 off the first, paid in cash with change; with
    /// a voided line and a voided tender, which do not count.
    pub fn basket(&mut self, workstation: &str, of: &str, count: i64) -> RetailTransaction {
        let id = self.transaction();
        let opened = self.now();
        let (shelf, net) = (35 * count, 35 * count - 5);
        let line = line(of, count);
        let voided = VoidedLine { operator: cashier(), reason: reason("voided") };
        let void = LineItem { line: LineNumber(2), voided: Some(voided), ..line.clone() };
        let base = twd(net);
        let class = Arc::from("standard");
        let tax =
            TaxLine { class, method: TaxMethod::Inclusive, percent: 5.into(), base, tax: twd(1) };
        RetailTransaction {
            id,
            store: store(),
            workstation: at(workstation),
            operator: cashier(),
            business_day: opened.business_day(),
            opened,
            currency: Currency::TWD,
            number: None,
            lines: vec![line, void],
            basket_modifiers: Vec::new(),
            tenders: vec![Tender { voided: true, ..cash(1, 1000, 0) }, cash(2, net + 7, 7)],
            totals: Totals {
                shelf: twd(shelf),
                discount: twd(5),
                net: twd(net),
                taxes: vec![tax],
                total: twd(net),
                tendered: twd(net),
                due: twd(0),
                change: twd(7),
                rounding: None,
            },
            ban: None,
            approvals: vec![Approval {
                permission: Permission::LowerPrice,
                approved_by: OperatorId::from_static("s1"),
            }],
            pricing: Some(pricing(of)),
        }
    }

    /// The basket, completed under this number, with its receipt.
    pub fn completed(&mut self, mut basket: RetailTransaction, number: u64) -> Append {
        basket.number = Some(TransactionNumber(number));
        let transaction = basket.id;
        let absorbed = format!("{{\"absorbed by\":\"{transaction}\"}}");
        let print = Some(receipt(transaction));
        let fact = Fact::SaleCompleted(Box::new(basket));
        let wish = wish(number);
        let draft = DraftChange::End { transaction, absorbed, wish };
        Append { draft, print, ..self.append(fact) }
    }

    /// A whole sale under this number.
    pub fn sale(&mut self, workstation: &str, number: u64) -> Append {
        let basket = self.basket(workstation, "milk", 2);
        self.completed(basket, number)
    }

    pub fn abandoned(&mut self, basket: RetailTransaction) -> Append {
        let transaction = basket.id;
        let fact =
            Fact::SaleAbandoned { transaction: Box::new(basket), reason: reason("changed_mind") };
        let wish = BuyerWish::default();
        let draft = DraftChange::End { transaction, absorbed: "[]".to_owned(), wish };
        Append { draft, ..self.append(fact) }
    }

    pub fn suspended(&mut self, basket: &RetailTransaction, version: u64) -> Append {
        let transaction = Box::new(basket.clone());
        let fact = Fact::BasketSuspended { transaction, operator: cashier() };
        Append { draft: DraftChange::Suspend(draft(basket, version)), ..self.append(fact) }
    }

    pub fn retrieved(&mut self, basket: &RetailTransaction, version: u64) -> Append {
        let (transaction, workstation) = (basket.id, basket.workstation.clone());
        let fact = Fact::BasketRetrieved { transaction, workstation, operator: cashier() };
        Append { draft: DraftChange::Retrieve(draft(basket, version)), ..self.append(fact) }
    }

    pub fn undone(&mut self, sale: &Append, workstation: &str) -> Append {
        let Fact::SaleCompleted(sale) = &sale.fact else { panic!("a sale is undone") };
        self.append(Fact::SalePostVoided(Box::new(PostVoid {
            sale: (**sale).clone(),
            workstation: at(workstation),
            operator: cashier(),
            approved_by: None,
            reason: reason("mistake"),
        })))
    }

    pub fn tender_taken(&mut self, basket: &RetailTransaction, version: u64) -> Append {
        let fact = Fact::TenderTaken {
            transaction: basket.id,
            workstation: basket.workstation.clone(),
            operator: cashier(),
            tender: cash(3, 100, 0),
        };
        Append { draft: DraftChange::Save(draft(basket, version)), ..self.append(fact) }
    }

    pub fn tender_voided(&mut self, basket: &RetailTransaction) -> Append {
        let (transaction, workstation) = (basket.id, basket.workstation.clone());
        self.append(Fact::TenderVoided {
            transaction,
            workstation,
            operator: cashier(),
            number: 3,
            card: None,
        })
    }

    pub fn moved(&mut self, of: &str, kind: MovementKind, quantity: Quantity) -> Append {
        self.append(Fact::StockMoved(StockMovement {
            item: item(of),
            kind,
            quantity,
            reason: reason("delivery"),
            operator: cashier(),
        }))
    }

    pub fn levels(&mut self, levels: &[(&str, i64, i64)]) -> Append {
        let level = |(of, safety_stock, clear_at): &(&str, i64, i64)| SafetyStockLevel {
            item: item(of),
            safety_stock: pieces(*safety_stock),
            clear_at: pieces(*clear_at),
        };
        self.append(Fact::SafetyStockSet(levels.iter().map(level).collect()))
    }
}

fn line(of: &str, count: i64) -> LineItem {
    let off = PriceModifier {
        method: ModifierMethod::AmountOff,
        amount: twd(5),
        reason: reason("promotion"),
        operator: None,
        promotion: Some(applied(of)),
    };
    LineItem {
        line: LineNumber(1),
        kind: LineKind::Sale,
        item: item(of),
        code: Arc::from("4710088412584"),
        entry: EntryMethod::Scanned,
        description: Arc::from("林鳳營鮮乳 936ml"),
        department: Arc::from("食品"),
        category: Arc::from("乳品"),
        tax_class: Arc::from("standard"),
        quantity: pieces(count),
        unit_price: twd(35),
        shelf_amount: twd(35 * count),
        price_source: PriceSource::Catalogue,
        recorded_modifiers: Vec::new(),
        modifiers: vec![off],
        net: twd(35 * count - 5),
        return_reason: None,
        by_department: false,
        deposit_of: None,
        serial: None,
        weighing: None,
        voided: None,
    }
}

fn cash(number: u32, amount: i64, change: i64) -> Tender {
    Tender {
        number,
        tender_type: TenderTypeId::new("cash").unwrap(),
        amount: twd(amount),
        change: twd(change),
        reference: Some(Arc::from("8801")),
        line: Some(LineNumber(1)),
        item: None,
        department: Some(Arc::from("食品")),
        face: None,
        foreign: None,
        card: None,
        voided: false,
    }
}

pub fn receipt(transaction: TransactionId) -> PrintJob {
    let document = format!("receipt of {transaction}");
    PrintJob {
        transaction,
        copy: 0,
        state: PrintState::Queued,
        document,
        workstation: None,
        printer: None,
    }
}

pub fn draft(basket: &RetailTransaction, version: u64) -> Draft {
    Draft {
        transaction: basket.id,
        workstation: basket.workstation.clone(),
        version,
        body: format!("basket {} as of version {version}", basket.id),
    }
}

pub fn promise(append: &Append) -> Write {
    Write::Append(Box::new(append.clone()))
}

/// What the buyer of a sale says about the invoice: nothing, a carrier, or both.
fn wish(number: u64) -> BuyerWish {
    let carrier = Carrier::new(&format!("/SALE{:03}", number % 1000)).unwrap();
    let donation = DonationCode::new("8999").unwrap();
    BuyerWish {
        carrier: (!number.is_multiple_of(3)).then_some(carrier),
        donation: (number % 3 > 1).then_some(donation),
    }
}
