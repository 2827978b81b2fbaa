//! Every law has a case that breaks it, and one beside it that only looks as if it did.

use std::sync::Arc;

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::*;
use crate::inventory::{MovementKind, StockMovement};
use crate::transaction::*;
use crate::*;

mod promotion;

fn twd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::TWD).unwrap()
}

fn pieces(count: i64) -> Quantity {
    Quantity::pieces(count).unwrap()
}

fn line(number: u32, kind: LineKind, quantity: Quantity, shelf: i64, off: &[i64]) -> LineItem {
    let modifier = |amount: &i64| PriceModifier {
        method: ModifierMethod::AmountOff,
        amount: twd(*amount),
        reason: ReasonCode::new("damaged").unwrap(),
        operator: None,
        promotion: None,
    };
    LineItem {
        line: LineNumber(number),
        kind,
        item: ItemId::new("milk").unwrap(),
        code: Arc::from("4710088412584"),
        entry: EntryMethod::Scanned,
        description: Arc::from("林鳳營鮮乳 936ml"),
        department: Arc::from("食品"),
        category: Arc::from("乳品"),
        tax_class: Arc::from("standard"),
        quantity,
        unit_price: twd(95),
        shelf_amount: twd(shelf),
        price_source: PriceSource::Catalogue,
        recorded_modifiers: Vec::new(),
        modifiers: off.iter().map(modifier).collect(),
        net: twd(shelf - off.iter().sum::<i64>()),
        return_reason: None,
        by_department: false,
        deposit_of: None,
        serial: None,
        weighing: None,
        voided: None,
    }
}

fn tender(number: u32, tender_type: &str, amount: i64, change: i64) -> Tender {
    Tender {
        number,
        tender_type: TenderTypeId::new(tender_type).unwrap(),
        amount: twd(amount),
        change: twd(change),
        reference: None,
        line: None,
        item: None,
        department: None,
        face: None,
        foreign: None,
        card: None,
        voided: false,
    }
}

fn tax(method: TaxMethod, tax: i64) -> TaxLine {
    let percent = Decimal::from(5);
    TaxLine { class: Arc::from("standard"), method, percent, base: twd(60), tax: twd(tax) }
}

fn voided() -> VoidedLine {
    VoidedLine {
        operator: OperatorId::new("c1").unwrap(),
        reason: ReasonCode::new("voided").unwrap(),
    }
}

/// Milk with 5 off, a bottle back, a voided line and a voided tender that do not count, one tax
/// within the prices and one beside them; a coupon and cash with change.
fn sale() -> RetailTransaction {
    let opened = Now {
        wall: Timestamp::from_millisecond(1_795_579_200_123).unwrap(),
        utc_offset_s: 28_800,
        monotonic_ms: 1000,
        boot: BootId::new(uuid::Uuid::nil()),
        clock_trusted: true,
    };
    let taken_out =
        LineItem { voided: Some(voided()), ..line(3, LineKind::Sale, pieces(-9), -1, &[7]) };
    let handed_back = Tender { voided: true, ..tender(1, "cash", 1000, 0) };
    RetailTransaction {
        id: TransactionId::new(uuid::Uuid::nil()),
        store: StoreId::new("367").unwrap(),
        workstation: WorkstationId::new("1").unwrap(),
        operator: OperatorId::new("c1").unwrap(),
        business_day: opened.business_day(),
        opened,
        currency: Currency::TWD,
        number: Some(TransactionNumber(42)),
        lines: vec![
            line(1, LineKind::Sale, pieces(1), 95, &[5]),
            line(2, LineKind::Return, pieces(-1), -30, &[]),
            taken_out,
        ],
        basket_modifiers: Vec::new(),
        tenders: vec![handed_back, tender(2, "coupon", 10, 0), tender(3, "cash", 100, 47)],
        totals: Totals {
            shelf: twd(65),
            discount: twd(5),
            net: twd(60),
            taxes: vec![tax(TaxMethod::Exclusive, 3), tax(TaxMethod::Inclusive, 2)],
            total: twd(63),
            tendered: twd(63),
            due: twd(0),
            change: twd(47),
            rounding: None,
        },
        ban: None,
        approvals: Vec::new(),
        pricing: None,
    }
}

/// What becomes of the sale when this is done to it.
fn after(change: impl FnOnce(&mut RetailTransaction)) -> Result<(), Violation> {
    let mut sale = sale();
    change(&mut sale);
    check_sale(&sale)
}

#[test]
fn a_sale_that_adds_up_holds() {
    assert_eq!(check_sale(&sale()), Ok(()));
}

#[test]
fn lines_are_numbered_upwards_with_gaps_if_need_be() {
    let id = sale().id;
    let repeated = after(|sale| sale.lines[1].line = LineNumber(1));
    assert_eq!(repeated, Err(Violation::LinesOutOfOrder(id)));
    let swapped = after(|sale| sale.lines.swap(0, 1));
    assert_eq!(swapped, Err(Violation::LinesOutOfOrder(id)));
    assert_eq!(after(|sale| sale.lines[2].line = LineNumber(77)), Ok(()));
}

#[test]
fn what_is_sold_goes_out_and_what_is_returned_comes_back() {
    let wrong = |line| {
        let transaction = sale().id;
        Err(Violation::WrongSign { transaction, line: LineNumber(line) })
    };
    assert_eq!(after(|sale| sale.lines[0].quantity = pieces(-1)), wrong(1));
    assert_eq!(after(|sale| sale.lines[0].shelf_amount = twd(-1)), wrong(1));
    assert_eq!(after(|sale| sale.lines[1].quantity = pieces(1)), wrong(2));
    assert_eq!(after(|sale| sale.lines[1].shelf_amount = twd(1)), wrong(2));
    // A line that is only noted goes neither way.
    assert_eq!(after(|sale| sale.lines[0].quantity = pieces(0)), Ok(()));
    assert_eq!(after(|sale| sale.lines[1].quantity = pieces(0)), Ok(()));
}

#[test]
fn a_line_is_its_shelf_amount_less_its_modifiers() {
    let broken = |line| {
        let transaction = sale().id;
        Err(Violation::LineDoesNotAddUp { transaction, line: LineNumber(line) })
    };
    assert_eq!(after(|sale| sale.lines[0].net = twd(91)), broken(1));
    assert_eq!(after(|sale| sale.lines[0].modifiers.clear()), broken(1));
    // Recorded is not applied: only what was applied counts.
    let recorded = after(|sale| {
        sale.lines[1].recorded_modifiers = sale.lines[0].modifiers.clone();
    });
    assert_eq!(recorded, Ok(()));
    let two_halves = after(|sale| {
        let half = PriceModifier { amount: twd(2), ..sale.lines[0].modifiers[0].clone() };
        let rest = PriceModifier { amount: twd(3), ..half.clone() };
        sale.lines[0].modifiers = vec![half, rest];
    });
    assert_eq!(two_halves, Ok(()));
}

#[test]
fn each_total_is_what_its_parts_add_up_to() {
    type Total = fn(&mut Totals) -> &mut Money;
    let totals: [(&str, Total); 7] = [
        ("the shelf amount", |totals| &mut totals.shelf),
        ("the net amount", |totals| &mut totals.net),
        ("the discount", |totals| &mut totals.discount),
        ("the total", |totals| &mut totals.total),
        ("what was tendered", |totals| &mut totals.tendered),
        ("the change", |totals| &mut totals.change),
        ("what is due", |totals| &mut totals.due),
    ];
    for (total, of) in totals {
        let mut broken = sale();
        let computed = *of(&mut broken.totals);
        let stated = computed.add(twd(1)).unwrap();
        *of(&mut broken.totals) = stated;
        let transaction = broken.id;
        let expected = Violation::TotalDoesNotAddUp { transaction, total, stated, computed };
        assert_eq!(check_basket(&broken), Err(expected));
    }
}

#[test]
fn a_tax_beside_the_prices_counts_and_one_within_them_does_not() {
    let beside = after(|sale| sale.totals.taxes[0].tax = twd(4));
    assert!(matches!(beside, Err(Violation::TotalDoesNotAddUp { total: "the total", .. })));
    assert_eq!(after(|sale| sale.totals.taxes[1].tax = twd(4)), Ok(()));
}

#[test]
fn what_was_taken_out_or_handed_back_does_not_count() {
    let line_counts = after(|sale| {
        sale.lines[2] = line(3, LineKind::Sale, pieces(1), 10, &[]);
    });
    assert!(matches!(line_counts, Err(Violation::TotalDoesNotAddUp { .. })));
    let tender_counts = after(|sale| sale.tenders[0].voided = false);
    assert!(matches!(
        tender_counts,
        Err(Violation::TotalDoesNotAddUp { total: "what was tendered", .. })
    ));
    assert_eq!(after(|sale| sale.lines[2].shelf_amount = twd(12_345)), Ok(()));
    assert_eq!(after(|sale| sale.tenders[0].amount = twd(12_345)), Ok(()));
}

#[test]
fn amounts_of_two_currencies_cannot_be_added() {
    let dollars = Money::from_minor(500, Currency::USD).unwrap();
    let in_a_line = after(|sale| sale.lines[0].modifiers[0].amount = dollars);
    assert!(matches!(in_a_line, Err(Violation::BadAmounts { .. })));
    let in_a_tender = after(|sale| sale.tenders[1].amount = dollars);
    assert!(matches!(in_a_tender, Err(Violation::BadAmounts { .. })));
    // Nobody adds the unit price.
    assert_eq!(after(|sale| sale.lines[0].unit_price = dollars), Ok(()));
}

#[test]
fn a_completed_sale_has_a_number_and_a_basket_need_not() {
    let mut basket = sale();
    basket.number = None;
    assert_eq!(check_sale(&basket), Err(Violation::NoNumber(basket.id)));
    assert_eq!(check_basket(&basket), Ok(()));
}

#[test]
fn a_completed_sale_is_paid_for_exactly_and_a_basket_need_not_be() {
    let mut basket = sale();
    basket.tenders.truncate(2);
    basket.totals.tendered = twd(10);
    basket.totals.change = twd(0);
    basket.totals.due = twd(53);
    assert_eq!(check_basket(&basket), Ok(()));
    assert_eq!(check_sale(&basket), Err(Violation::NotPaid(basket.id)));

    let mut too_much = sale();
    too_much.tenders[2].change = twd(46);
    too_much.totals.tendered = twd(64);
    too_much.totals.change = twd(46);
    too_much.totals.due = twd(-1);
    assert_eq!(check_sale(&too_much), Err(Violation::NotPaid(too_much.id)));
}

#[test]
fn every_workstation_counts_by_itself_and_without_gaps() {
    let (one, two) = (WorkstationId::new("1").unwrap(), WorkstationId::new("2").unwrap());
    let check = |numbers: &[(&WorkstationId, u64)]| {
        check_numbers(numbers.iter().map(|(at, number)| (*at, TransactionNumber(*number))))
    };
    let last = check(&[(&one, 1), (&two, 1), (&one, 2), (&two, 2), (&one, 3)]).unwrap();
    assert_eq!(last[&one], TransactionNumber(3));
    assert_eq!(last[&two], TransactionNumber(2));
    let wrong = |expected, found| {
        Err(Violation::NumberOutOfOrder {
            workstation: one.clone(),
            expected: TransactionNumber(expected),
            found: TransactionNumber(found),
        })
    };
    assert_eq!(check(&[(&one, 2)]), wrong(1, 2), "the first is 1");
    assert_eq!(check(&[(&one, 1), (&one, 3)]), wrong(2, 3), "a gap");
    assert_eq!(check(&[(&one, 1), (&one, 1)]), wrong(2, 1), "a repeat");
    assert_eq!(check(&[(&one, 1), (&two, 1), (&one, 1)]), wrong(2, 1), "a repeat later on");
}

fn moved_by(kind: MovementKind, quantity: Quantity) -> Fact {
    Fact::StockMoved(StockMovement {
        item: ItemId::new("milk").unwrap(),
        kind,
        quantity,
        reason: ReasonCode::new("delivery").unwrap(),
        operator: OperatorId::new("c1").unwrap(),
    })
}

fn moved(kind: MovementKind, count: i64) -> Fact {
    moved_by(kind, pieces(count))
}

#[test]
fn stock_is_what_came_less_what_went() {
    let milk = ItemId::new("milk").unwrap();
    let abandoned = Fact::SaleAbandoned {
        transaction: Box::new(sale()),
        reason: ReasonCode::new("changed_mind").unwrap(),
    };
    // 12 came, 1 was sold and 1 came back, 2 were written off, 1 was found; an abandoned basket
    // moves nothing.
    let facts = [
        moved(MovementKind::Received, 12),
        Fact::SaleCompleted(Box::new(sale())),
        abandoned,
        moved(MovementKind::WrittenOff, 2),
        moved(MovementKind::Adjusted, 1),
    ];
    let stated = |count| BTreeMap::from([(milk.clone(), pieces(count))]);
    assert_eq!(check_stock(&facts, &stated(11)), Ok(()));
    let wrong = |stated: Option<i64>| {
        Err(Violation::StockNotConserved {
            item: milk.clone(),
            stated: stated.map(pieces),
            computed: Some(pieces(11)),
        })
    };
    assert_eq!(check_stock(&facts, &stated(10)), wrong(Some(10)));
    assert_eq!(check_stock(&facts, &BTreeMap::new()), wrong(None));
    let from_nowhere = Err(Violation::StockNotConserved {
        item: milk.clone(),
        stated: Some(pieces(1)),
        computed: None,
    });
    assert_eq!(check_stock(&[], &stated(1)), from_nowhere);
    // A count says how much there is, whatever was there before.
    let counted = [moved(MovementKind::Received, 12), moved(MovementKind::Counted, 3)];
    assert_eq!(check_stock(&counted, &stated(3)), Ok(()));
}

#[test]
fn the_first_item_by_its_id_is_the_one_that_is_named() {
    let stated = ["b", "a", "c"].map(|id| (ItemId::new(id).unwrap(), pieces(1)));
    let found = check_levels(&BTreeMap::new(), &BTreeMap::from(stated));
    assert!(
        matches!(&found, Err(Violation::StockNotConserved { item, .. }) if item.as_str() == "a")
    );
}

#[test]
fn stock_in_another_unit_starts_anew() {
    let milk = ItemId::new("milk").unwrap();
    let kilograms = Quantity::from_thousandths(1500, Unit::Kilogram).unwrap();
    let weighed = moved_by(MovementKind::Received, kilograms);
    let facts = [moved(MovementKind::Received, 12), weighed];
    assert_eq!(check_stock(&facts, &BTreeMap::from([(milk, kilograms)])), Ok(()));
}
