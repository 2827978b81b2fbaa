//! What a store does all day, made of as few numbers as will do. A sale follows from its id, so
//! that one that is rung up again is the same.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::date;
use store_core::fact::Fact;
use store_core::inventory::{MovementKind, StockMovement};
use store_core::safety_stock::SafetyStockLevel;
use store_core::transaction::{
    EntryMethod, LineItem, LineKind, ModifierMethod, PriceModifier, PriceSource, RetailTransaction,
    Tender, TenderTypeId, Totals,
};
use store_core::{
    BootId, BusinessDay, Currency, ItemId, LineNumber, Money, Now, OperatorId, Quantity,
    ReasonCode, StoreId, TransactionId, TransactionNumber, WorkstationId,
};
use uuid::Uuid;

use crate::random::Random;

pub const STORES: [&str; 2] = ["north", "south"];
const ITEMS: [(&str, &str, i64); 4] =
    [("milk", "cold", 89), ("soap", "house", 35), ("water", "drink", 15), ("tea", "drink", 25)];
const REGISTERS: [&str; 2] = ["1", "2"];
const CASHIERS: [&str; 3] = ["chen", "lin", "wang"];
const TENDERS: [&str; 2] = ["cash", "card"];
/// 2026-03-01 08:00 in Taipei.
const OPENING_MS: i64 = 1_772_323_200_000;
const TAIPEI_S: i32 = 8 * 3600;

pub fn store_id(store: usize) -> StoreId {
    StoreId::from_static(STORES[store])
}

/// What the clock of a store says.
pub fn clock(true_ms: u64) -> Now {
    Now {
        wall: Timestamp::from_millisecond(OPENING_MS + true_ms as i64).expect("a moment"),
        utc_offset_s: TAIPEI_S,
        monotonic_ms: true_ms,
        boot: BootId::new(Uuid::from_u128(1)),
        clock_trusted: true,
    }
}

pub fn register(random: &mut Random) -> WorkstationId {
    let name = *random.pick(&REGISTERS);
    WorkstationId::from_static(name)
}

/// Anything but a sale.
pub fn other_fact(random: &mut Random) -> Fact {
    let item = ItemId::from_static(random.pick(&ITEMS).0);
    let pieces = |count: u64| Quantity::pieces(count as i64).expect("so many");
    match random.below(4) {
        0 => {
            let kinds = [MovementKind::Received, MovementKind::WrittenOff, MovementKind::Adjusted];
            Fact::StockMoved(StockMovement {
                item,
                // A count would make the stock depend on the order in which forks were folded.
                kind: *random.pick(&kinds),
                quantity: pieces(random.between(1, 20)),
                reason: ReasonCode::from_static("delivery"),
                operator: cashier(random),
            })
        }
        1 => {
            let least = random.between(1, 10);
            let (safety_stock, clear_at) = (pieces(least), pieces(least + random.below(5)));
            Fact::SafetyStockSet(vec![SafetyStockLevel { item, safety_stock, clear_at }])
        }
        2 => Fact::OperatorSignedOff { workstation: register(random), operator: cashier(random) },
        _ => sign_on(random),
    }
}

/// The shortest of all.
pub fn sign_on(random: &mut Random) -> Fact {
    Fact::OperatorSignedOn { workstation: register(random), operator: cashier(random) }
}

fn cashier(random: &mut Random) -> OperatorId {
    let name = *random.pick(&CASHIERS);
    OperatorId::from_static(name)
}

fn twd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::TWD).expect("an amount")
}

/// The sale with this id, rung up at a register under a number.
pub fn sale(
    store: usize,
    id: TransactionId,
    workstation: WorkstationId,
    number: TransactionNumber,
) -> Fact {
    let mut random = Random::new(id.uuid().as_u64_pair().0);
    let opened = clock(random.below(10 * 3_600_000));
    let lines: Vec<LineItem> =
        (1..=random.between(1, 3)).map(|number| line(number as u32, &mut random)).collect();
    let shelf: i64 = lines.iter().map(|line| line.shelf_amount.minor()).sum();
    let net: i64 = lines.iter().map(|line| line.net.minor()).sum();
    let change = random.below(3) as i64 * 50;
    let tender = Tender {
        number: 1,
        tender_type: TenderTypeId::new(TENDERS[random.below(TENDERS.len() as u64) as usize])
            .expect("a way of paying"),
        amount: twd(net + change),
        change: twd(change),
        reference: None,
        line: None,
        item: None,
        department: None,
        face: None,
        foreign: None,
        card: None,
        voided: false,
    };
    Fact::SaleCompleted(Box::new(RetailTransaction {
        id,
        store: store_id(store),
        workstation,
        operator: cashier(&mut random),
        business_day: BusinessDay::new(date(2026, 3, 1 + random.below(2) as i8)),
        opened,
        currency: Currency::TWD,
        number: Some(number),
        lines,
        basket_modifiers: Vec::new(),
        tenders: vec![tender],
        totals: Totals {
            shelf: twd(shelf),
            discount: twd(shelf - net),
            net: twd(net),
            total: twd(net),
            tendered: twd(net),
            change: twd(change),
            ..Totals::zero(Currency::TWD)
        },
        ban: None,
        approvals: Vec::new(),
        pricing: None,
    }))
}

fn line(number: u32, random: &mut Random) -> LineItem {
    let (item, department, price) = *random.pick(&ITEMS);
    let pieces = random.between(1, 4) as i64;
    let shelf = twd(price * pieces);
    let off = if random.chance(200) { 5 } else { 0 };
    let modifier = PriceModifier {
        method: ModifierMethod::AmountOff,
        amount: twd(off),
        reason: ReasonCode::from_static("damaged"),
        operator: None,
        promotion: None,
    };
    LineItem {
        line: LineNumber(number),
        kind: LineKind::Sale,
        item: ItemId::from_static(item),
        code: Arc::from(item),
        entry: EntryMethod::Scanned,
        description: Arc::from(item),
        department: Arc::from(department),
        category: Arc::from(department),
        tax_class: Arc::from(""),
        quantity: Quantity::pieces(pieces).expect("so many"),
        unit_price: twd(price),
        shelf_amount: shelf,
        price_source: PriceSource::Catalogue,
        recorded_modifiers: Vec::new(),
        modifiers: if off > 0 { vec![modifier] } else { Vec::new() },
        net: twd(price * pieces - off),
        return_reason: None,
        by_department: false,
        deposit_of: None,
        serial: None,
        weighing: None,
        voided: None,
    }
}
