//! Any entry of a till, whether it makes sense or not.

use jiff::civil::Date;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use store_core::day::DayClosed;
use store_core::till::*;
use store_core::transaction::TenderTypeId;
use store_core::*;

use super::facts::{id, money};

fn day() -> impl Strategy<Value = BusinessDay> {
    (1970..=2999_i16, 1..=12_i8, 1..=28_i8)
        .prop_map(|(year, month, day)| BusinessDay::new(Date::new(year, month, day).unwrap()))
}

fn count() -> impl Strategy<Value = CashCount> {
    let one = (money(), any::<u32>()).prop_map(|(value, pieces)| Denomination { value, pieces });
    let other = (id(TenderTypeId::new), money())
        .prop_map(|(tender_type, amount)| TenderSum { tender_type, amount });
    (vec(one, 0..4), vec(other, 0..3))
        .prop_map(|(denominations, others)| CashCount { denominations, others })
}

fn closing() -> impl Strategy<Value = TillClosing> {
    let line = (id(TenderTypeId::new), money(), option::of(money())).prop_map(
        |(tender_type, expected, counted)| ClosingLine { tender_type, expected, counted },
    );
    (vec(line, 0..4), any::<bool>()).prop_map(|(lines, is_forced)| TillClosing { lines, is_forced })
}

fn rules() -> impl Strategy<Value = TillRules> {
    let policies = [TillPolicy::None, TillPolicy::Shared, TillPolicy::PerOperator];
    (proptest::sample::select(policies.to_vec()), any::<bool>())
        .prop_map(|(policy, is_blind)| TillRules { policy, is_blind })
}

fn event() -> impl Strategy<Value = TillEvent> {
    let reason = || id(ReasonCode::new);
    prop_oneof![
        (money(), option::of(rules()))
            .prop_map(|(float, rules)| TillEvent::Opened { float, rules }),
        (money(), option::of(reason()))
            .prop_map(|(amount, reason)| TillEvent::Loan { amount, reason }),
        money().prop_map(|amount| TillEvent::Pickup { amount }),
        (money(), reason()).prop_map(|(amount, reason)| TillEvent::PaidIn { amount, reason }),
        (money(), reason()).prop_map(|(amount, reason)| TillEvent::PaidOut { amount, reason }),
        count().prop_map(|count| TillEvent::Counted { count }),
        closing().prop_map(|closing| TillEvent::Closed { closing }),
        reason().prop_map(|reason| TillEvent::DrawerOpened { reason }),
    ]
}

pub fn entry() -> impl Strategy<Value = TillEntry> {
    let who = (id(WorkstationId::new), id(OperatorId::new), option::of(id(OperatorId::new)));
    (who, day(), option::of(any::<u64>()), event()).prop_map(
        |((workstation, operator, approved_by), business_day, till, event)| TillEntry {
            workstation,
            operator,
            approved_by,
            business_day,
            till: till.map(TillNumber),
            event,
        },
    )
}

pub fn day_closed() -> impl Strategy<Value = DayClosed> {
    let who = (id(OperatorId::new), option::of(id(OperatorId::new)));
    (day(), who, vec(id(WorkstationId::new), 0..3)).prop_map(
        |(business_day, (operator, approved_by), forced)| DayClosed {
            business_day,
            operator,
            approved_by,
            forced,
        },
    )
}
