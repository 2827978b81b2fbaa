//! Any fact at all, whether it makes sense or not.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::strategy::Union;
use store_core::buyer::Ban;
use store_core::card::{CardApproval, CardDecision, CardRequest, CardRequestKind, CardSlip};
use store_core::fact::{Fact, PostVoid};
use store_core::inventory::{MovementKind, StockMovement};
use store_core::permission::Permission;
use store_core::safety_stock::SafetyStockLevel;
use store_core::tax::TaxMethod;
use store_core::transaction::*;
use store_core::*;
use uuid::Uuid;

use super::line::{line, modifier, percent};
use super::{pricing, till};

pub fn some_now() -> Now {
    Now {
        wall: Timestamp::UNIX_EPOCH,
        utc_offset_s: 0,
        monotonic_ms: 0,
        boot: BootId::new(Uuid::nil()),
        clock_trusted: false,
    }
}

pub fn now() -> impl Strategy<Value = Now> {
    let wall_ms = -377_705_000_000_000_i64..253_402_000_000_000;
    (wall_ms, -50_400..=50_400_i32, any::<u64>(), any::<u128>(), any::<bool>()).prop_map(
        |(wall_ms, utc_offset_s, monotonic_ms, boot, clock_trusted)| Now {
            wall: Timestamp::from_millisecond(wall_ms).unwrap(),
            utc_offset_s,
            monotonic_ms,
            boot: BootId::new(Uuid::from_u128(boot)),
            clock_trusted,
        },
    )
}

pub fn fact() -> impl Strategy<Value = Fact> {
    Union::new([people().boxed(), payment().boxed(), basket().boxed()])
}

/// Who is at a register, and what they may do.
fn people() -> impl Strategy<Value = Fact> {
    let at = || (id(WorkstationId::new), id(OperatorId::new));
    let of = || any::<u128>().prop_map(|id| TransactionId::new(Uuid::from_u128(id)));
    Union::new([
        at().prop_map(|(workstation, operator)| Fact::OperatorSignedOn { workstation, operator })
            .boxed(),
        at().prop_map(|(workstation, operator)| Fact::OperatorSignedOff { workstation, operator })
            .boxed(),
        (at(), option::of(id(OperatorId::new)), any::<bool>(), now(), now())
            .prop_map(|((workstation, operator), approved_by, is_here, before, after)| {
                let workstation = is_here.then_some(workstation);
                let (before, after) = (before.wall, after.wall);
                Fact::TimeSet { workstation, operator, approved_by, before, after }
            })
            .boxed(),
        (option::of(of()), at(), id(OperatorId::new))
            .prop_map(|(transaction, (workstation, operator), before)| Fact::OperatorChanged {
                workstation,
                operator,
                before,
                transaction,
            })
            .boxed(),
        (option::of(of()), at(), any::<bool>(), permission())
            .prop_map(|(transaction, (workstation, operator), is_here, permission)| {
                let workstation = is_here.then_some(workstation);
                Fact::PermissionRefused { workstation, operator, permission, transaction }
            })
            .boxed(),
    ])
}

/// What happens while a basket is paid for.
fn payment() -> impl Strategy<Value = Fact> {
    let at = || (id(WorkstationId::new), id(OperatorId::new));
    let of = || any::<u128>().prop_map(|id| TransactionId::new(Uuid::from_u128(id)));
    Union::new([
        (of(), at(), tender())
            .prop_map(|(transaction, (workstation, operator), tender)| Fact::TenderTaken {
                transaction,
                workstation,
                operator,
                tender,
            })
            .boxed(),
        (of(), at(), any::<u32>())
            .prop_map(|(transaction, (workstation, operator), number)| Fact::TenderVoided {
                transaction,
                workstation,
                operator,
                number,
                card: None,
            })
            .boxed(),
        (of(), at(), request())
            .prop_map(|(transaction, (workstation, operator), request)| Fact::CardRequested {
                transaction,
                workstation,
                operator,
                request,
            })
            .boxed(),
        (of(), at(), slip(), text())
            .prop_map(|(transaction, (workstation, operator), slip, code)| Fact::CardDeclined {
                transaction,
                workstation,
                operator,
                request: slip.request,
                code,
                decision: slip.decision,
            })
            .boxed(),
    ])
}

/// How baskets end, and what has none.
fn basket() -> impl Strategy<Value = Fact> {
    let at = || (id(WorkstationId::new), id(OperatorId::new));
    let of = || any::<u128>().prop_map(|id| TransactionId::new(Uuid::from_u128(id)));
    Union::new([
        sale().prop_map(|sale| Fact::SaleCompleted(Box::new(sale))).boxed(),
        (sale(), id(ReasonCode::new))
            .prop_map(|(sale, reason)| Fact::SaleAbandoned { transaction: Box::new(sale), reason })
            .boxed(),
        (sale(), id(OperatorId::new))
            .prop_map(|(sale, operator)| Fact::BasketSuspended {
                transaction: Box::new(sale),
                operator,
            })
            .boxed(),
        (of(), at())
            .prop_map(|(transaction, (workstation, operator))| Fact::BasketRetrieved {
                transaction,
                workstation,
                operator,
            })
            .boxed(),
        (sale(), at(), option::of(id(OperatorId::new)), id(ReasonCode::new))
            .prop_map(|(sale, (workstation, operator), approved_by, reason)| {
                let void = PostVoid { sale, workstation, operator, approved_by, reason };
                Fact::SalePostVoided(Box::new(void))
            })
            .boxed(),
        movement().prop_map(Fact::StockMoved).boxed(),
        vec(level(), 0..4).prop_map(Fact::SafetyStockSet).boxed(),
        till::entry().prop_map(|entry| Fact::Till(Box::new(entry))).boxed(),
        till::day_closed().prop_map(Fact::BusinessDayClosed).boxed(),
    ])
}

/// Any id: what people type, quotes and all, and what they do not expect.
pub fn id<T: std::fmt::Debug>(new: fn(&str) -> Result<T, TextIdError>) -> impl Strategy<Value = T> {
    r#"[a-z0-9"\\/林鳳營🥛][ -~乳]{0,12}[a-z0-9"\\é]"#.prop_map(move |text| new(&text).unwrap())
}

pub fn text() -> impl Strategy<Value = Arc<str>> {
    ".{0,16}".prop_map(Arc::from)
}

pub fn money() -> impl Strategy<Value = Money> {
    let currency = prop::sample::select(vec![
        Currency::TWD,
        Currency::USD,
        Currency::EUR,
        Currency::JPY,
        Currency::KWD,
    ]);
    let minor = prop_oneof![-1000..1000_i64, -1_000_000_000_000_000..=1_000_000_000_000_000_i64];
    (minor, currency).prop_map(|(minor, currency)| Money::from_minor(minor, currency).unwrap())
}

pub fn quantity() -> impl Strategy<Value = Quantity> {
    let pieces = (-1_000_000..=1_000_000_i64).prop_map(|count| Quantity::pieces(count).unwrap());
    let unit = prop::sample::select(vec![Unit::Kilogram, Unit::Litre, Unit::Gallon]);
    let weighed = (-1_000_000_000..=1_000_000_000_i64, unit)
        .prop_map(|(count, unit)| Quantity::from_thousandths(count, unit).unwrap());
    prop_oneof![pieces, weighed]
}

fn tender() -> impl Strategy<Value = Tender> {
    let amounts = (any::<u32>(), id(TenderTypeId::new), money(), money());
    let worth = (option::of(money()), option::of(foreign()), option::of(slip()));
    let ties = (option::of(text()), option::of(any::<u32>()), option::of(id(ItemId::new)));
    (amounts, ties, option::of(text()), worth, any::<bool>()).prop_map(
        |(
            (number, tender_type, amount, change),
            (reference, line, item),
            department,
            worth,
            voided,
        )| {
            let line = line.map(LineNumber);
            let (face, foreign, card) = worth;
            Tender {
                number,
                tender_type,
                amount,
                change,
                reference,
                line,
                item,
                department,
                face,
                foreign,
                card,
                voided,
            }
        },
    )
}

fn foreign() -> impl Strategy<Value = ForeignCash> {
    (money(), percent()).prop_map(|(amount, rate)| ForeignCash { amount, rate })
}

fn slip() -> impl Strategy<Value = CardSlip> {
    let said = || option::of(text());
    let person = (id(OperatorId::new), id(ReasonCode::new))
        .prop_map(|(operator, reason)| CardDecision::Person { operator, reason });
    let decision = prop_oneof![Just(CardDecision::Terminal), Just(CardDecision::Inquiry), person];
    (any::<u128>(), id(TerminalId::new), (said(), said(), said(), said()), decision).prop_map(
        |(request, terminal, (scheme, last_four, approval, receipt), decision)| CardSlip {
            request: CardRequestId::new(Uuid::from_u128(request)),
            terminal,
            approval: CardApproval { scheme, last_four, approval, receipt },
            decision,
        },
    )
}

fn request() -> impl Strategy<Value = CardRequest> {
    let reversal = (any::<u32>(), slip()).prop_map(|(tender, slip)| CardRequestKind::Reversal {
        tender,
        of: slip.request,
        receipt: slip.approval.receipt,
        approval: slip.approval.approval,
    });
    let kind = prop_oneof![Just(CardRequestKind::Sale), reversal];
    (kind, id(TenderTypeId::new), money(), slip()).prop_map(|(kind, tender_type, amount, slip)| {
        CardRequest { id: slip.request, kind, tender_type, amount, terminal: slip.terminal }
    })
}

fn totals() -> impl Strategy<Value = Totals> {
    let method = prop::sample::select(vec![TaxMethod::Inclusive, TaxMethod::Exclusive]);
    let tax = (text(), method, percent(), money(), money()).prop_map(
        |(class, method, percent, base, tax)| TaxLine { class, method, percent, base, tax },
    );
    let amounts = (money(), money(), money(), money(), money(), money(), money());
    (amounts, vec(tax, 0..3), option::of(money())).prop_map(
        |((shelf, discount, net, total, tendered, due, change), taxes, rounding)| Totals {
            shelf,
            discount,
            net,
            taxes,
            total,
            tendered,
            due,
            change,
            rounding,
        },
    )
}

fn sale() -> impl Strategy<Value = RetailTransaction> {
    let ids = (any::<u128>(), id(StoreId::new), id(WorkstationId::new), id(OperatorId::new));
    let day = (-9999..=9999_i16, 1..=12_i8, 1..=28_i8)
        .prop_map(|(year, month, day)| BusinessDay::new(Date::new(year, month, day).unwrap()));
    let approval = (permission(), id(OperatorId::new))
        .prop_map(|(permission, approved_by)| Approval { permission, approved_by });
    let ban = option::of(Just(Ban::new("04595252").unwrap()));
    let made = (totals(), (vec(approval, 0..3), ban), option::of(pricing::pricing()));
    let parts = (vec(line(), 0..4), vec(modifier(), 0..2), vec(tender(), 0..4), made);
    (ids, day, now(), option::of(any::<u64>()), parts).prop_map(
        |((id, store, workstation, operator), business_day, opened, number, parts)| {
            let (lines, basket_modifiers, tenders, (totals, (approvals, ban), pricing)) = parts;
            RetailTransaction {
                id: TransactionId::new(Uuid::from_u128(id)),
                store,
                workstation,
                operator,
                business_day,
                opened,
                currency: totals.total.currency(),
                number: number.map(TransactionNumber),
                lines,
                basket_modifiers,
                tenders,
                ban,
                totals,
                approvals,
                pricing,
            }
        },
    )
}

fn permission() -> impl Strategy<Value = Permission> {
    prop::sample::select(Permission::ALL)
}

fn movement() -> impl Strategy<Value = StockMovement> {
    let kind = prop::sample::select(vec![
        MovementKind::Received,
        MovementKind::WrittenOff,
        MovementKind::Adjusted,
        MovementKind::Counted,
    ]);
    (id(ItemId::new), kind, quantity(), id(ReasonCode::new), id(OperatorId::new)).prop_map(
        |(item, kind, quantity, reason, operator)| StockMovement {
            item,
            kind,
            quantity,
            reason,
            operator,
        },
    )
}

fn level() -> impl Strategy<Value = SafetyStockLevel> {
    (id(ItemId::new), quantity(), quantity()).prop_map(|(item, safety_stock, clear_at)| {
        SafetyStockLevel { item, safety_stock, clear_at }
    })
}
