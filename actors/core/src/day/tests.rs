use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use uuid::Uuid;

use super::*;
use crate::fact::Fact;
use crate::register::{Ticket, TillNews};
use crate::{BootId, CommandId, Machine as _, Now, Refusal, RefusalCode};

fn at(day: Date, clock_trusted: bool) -> Now {
    Now {
        wall: day.at(12, 0, 0, 0).in_tz("UTC").unwrap().timestamp(),
        utc_offset_s: 0,
        monotonic_ms: 0,
        boot: BootId::new(Uuid::nil()),
        clock_trusted,
    }
}

fn day(day: i8) -> BusinessDay {
    BusinessDay::new(date(2026, 11, day))
}

fn register(id: &'static str) -> WorkstationId {
    WorkstationId::from_static(id)
}

fn close(is_forced: bool) -> DayInput {
    let ask = CloseAsk {
        id: CommandId::new(Uuid::from_u128(1)),
        business_day: day(24),
        operator: OperatorId::from_static("m1"),
        approved_by: None,
        is_forced,
    };
    DayInput::Close(Ticket(1), ask)
}

fn step(machine: &mut DayMachine, now: Now, input: DayInput) -> Vec<DayEffect> {
    let mut effects = Vec::new();
    machine.step(now, input, &mut effects);
    effects
}

/// A register opens its till.
fn open(machine: &mut DayMachine, now: Now, id: &'static str) -> BusinessDay {
    let effects = step(machine, now, DayInput::Ask(register(id)));
    let [DayEffect::Named(_, Ok(business_day))] = effects[..] else { panic!("{effects:?}") };
    step(machine, now, DayInput::Told(register(id), TillNews::Opened { business_day }));
    business_day
}

fn refusal(effects: &[DayEffect]) -> &Refusal {
    match effects {
        [DayEffect::Answer(_, Err(refusal))] => refusal,
        other => panic!("a refusal: {other:?}"),
    }
}

#[test]
fn the_first_till_opens_the_day_for_all_also_after_midnight() {
    let mut machine = DayMachine::default();
    assert_eq!(open(&mut machine, at(date(2026, 11, 24), true), "1"), day(24));
    assert_eq!(open(&mut machine, at(date(2026, 11, 25), true), "2"), day(24));
}

#[test]
fn two_tills_that_open_around_midnight_book_on_one_day() {
    let mut machine = DayMachine::default();
    let (before, after) = (at(date(2026, 11, 24), true), at(date(2026, 11, 25), true));
    step(&mut machine, before, DayInput::Ask(register("1")));
    // The first one is not written yet.
    assert_eq!(open(&mut machine, after, "2"), day(24));
    // One that never came to be holds no day open.
    let mut machine = DayMachine::default();
    step(&mut machine, before, DayInput::Ask(register("1")));
    step(&mut machine, before, DayInput::Told(register("1"), TillNews::NotOpened));
    assert_eq!(open(&mut machine, after, "2"), day(25));
}

#[test]
fn after_a_close_the_next_day_begins_and_none_goes_back() {
    let closed = |last| {
        DayMachine::restore(DayState { last_closed: Some(day(last)), ..DayState::default() })
    };
    let today = date(2026, 11, 24);
    // Closed on the same day, long before it, and after it.
    assert_eq!(closed(24).day(at(today, true)), day(25));
    assert_eq!(closed(10).day(at(today, true)), day(24));
    assert_eq!(closed(26).day(at(today, true)), day(27));
    // A clock that nobody trusts takes one step, wherever it stands.
    for wrong in [date(1970, 1, 1), date(2099, 1, 1)] {
        assert_eq!(closed(24).day(at(wrong, false)), day(25));
    }
    assert_eq!(DayMachine::default().day(at(today, false)), day(24));
}

#[test]
fn a_close_waits_for_open_tills_and_names_them() {
    let now = at(date(2026, 11, 24), true);
    let mut machine = DayMachine::default();
    assert_eq!(refusal(&step(&mut machine, now, close(false))).code, RefusalCode::DayNotOpen);
    open(&mut machine, now, "1");
    open(&mut machine, now, "2");
    let effects = step(&mut machine, now, close(false));
    assert_eq!(refusal(&effects).code, RefusalCode::TillsOpen);
    assert_eq!(refusal(&effects).details["tills"], "1, 2");
    for id in ["1", "2"] {
        let closed = TillNews::Closed { is_forced: false };
        step(&mut machine, now, DayInput::Told(register(id), closed));
    }
    let effects = step(&mut machine, now, close(false));
    let [DayEffect::Append(_, fact)] = &effects[..] else { panic!("{effects:?}") };
    let Fact::BusinessDayClosed(closed) = &**fact else { panic!("{fact:?}") };
    assert_eq!((closed.business_day, closed.forced.len()), (day(24), 0));
    let effects = step(&mut machine, now, DayInput::Committed);
    assert!(matches!(&effects[..], [DayEffect::Answer(_, Ok(answer))] if answer == closed));
    assert_eq!(machine.state().last_closed, Some(day(24)));
    assert_eq!(open(&mut machine, now, "1"), day(25));
}

#[test]
fn a_forced_close_asks_every_register_and_opens_nothing_meanwhile() {
    let now = at(date(2026, 11, 24), true);
    let mut machine = DayMachine::default();
    open(&mut machine, now, "1");
    // One that is just being opened is waited for as well.
    step(&mut machine, now, DayInput::Ask(register("2")));
    let effects = step(&mut machine, now, close(true));
    let asked: Vec<_> = effects
        .iter()
        .map(|effect| match effect {
            DayEffect::Force(workstation, _) => workstation.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(asked, ["1", "2"]);
    let named = step(&mut machine, now, DayInput::Ask(register("3")));
    let closing = Err(RefusalCode::DayClosing);
    assert_eq!(named, [DayEffect::Named(register("3"), closing)]);
    assert_eq!(refusal(&step(&mut machine, now, close(true))).code, RefusalCode::DayClosing);
    // One of them cannot: the day stays open, and says where.
    step(&mut machine, now, DayInput::Forced(register("1"), Ok(())));
    let cannot = Err(RefusalCode::TenderTaken.into());
    let effects = step(&mut machine, now, DayInput::Forced(register("2"), cannot));
    assert_eq!(refusal(&effects).code, RefusalCode::TenderTaken);
    assert_eq!(refusal(&effects).details["workstation"], "2");
    assert_eq!(machine.state().open, Some(day(24)));
    // What could not be written leaves it open too.
    let closed = TillNews::Closed { is_forced: true };
    step(&mut machine, now, DayInput::Told(register("1"), closed));
    step(&mut machine, now, DayInput::Told(register("2"), TillNews::NotOpened));
    assert_eq!(machine.state().tills, BTreeSet::new());
    step(&mut machine, now, close(true));
    let effects = step(&mut machine, now, DayInput::AppendFailed(RefusalCode::DiskFull));
    assert_eq!(refusal(&effects).code, RefusalCode::DiskFull);
    assert_eq!(machine.state().open, Some(day(24)));
}

#[test]
fn a_close_names_the_tills_that_were_closed_with_it_and_no_others() {
    let now = at(date(2026, 11, 24), true);
    let mut machine = DayMachine::default();
    for id in ["1", "2", "3"] {
        open(&mut machine, now, id);
    }
    let closed = |id, is_forced| DayInput::Told(register(id), TillNews::Closed { is_forced });
    step(&mut machine, now, close(true));
    // One is closed with the day, of one its cashier is quicker, and the third cannot be.
    step(&mut machine, now, closed("1", true));
    step(&mut machine, now, closed("2", false));
    for (id, result) in [("1", Ok(())), ("2", Ok(())), ("3", Err(RefusalCode::TenderTaken.into()))]
    {
        step(&mut machine, now, DayInput::Forced(register(id), result));
    }
    // The next attempt finds only the third, and forgets the first no more than it names the
    // second.
    step(&mut machine, now, close(true));
    step(&mut machine, now, closed("3", true));
    let effects = step(&mut machine, now, DayInput::Forced(register("3"), Ok(())));
    let [DayEffect::Append(_, fact)] = &effects[..] else { panic!("{effects:?}") };
    let Fact::BusinessDayClosed(closed) = &**fact else { panic!("{fact:?}") };
    assert_eq!(closed.forced, [register("1"), register("3")]);
    step(&mut machine, now, DayInput::Committed);
    assert!(machine.state().forced.is_empty(), "the next day begins afresh");
}
