//! One store and one headquarters, step by step.

use super::world::World;
use crate::pump::{BATCH_ROWS, Input, WINDOW};

fn connected() -> World {
    let mut world = World::new();
    world.wait(100);
    world.heal();
    world
}

#[test]
fn a_row_goes_up_at_once_and_is_done_when_headquarters_says_so() {
    let mut world = connected();
    let sent = world.sent.len();
    world.write(1);
    assert_eq!(world.sent.len(), sent + 1, "without a tick");
    world.take(0, true);
    world.hear(0);
    let cursor = world.pump.cursors().last().unwrap();
    assert_eq!(cursor.through, 2);
    world.step(Input::Stopping);
    assert_eq!(world.cursors[&world.current()].through, 2);
}

#[test]
fn that_the_broker_has_a_message_frees_its_place_and_nothing_else() {
    let mut world = connected();
    let before = world.pump.cursors().last().unwrap();
    for _ in 0..WINDOW {
        world.write(1);
    }
    assert_eq!(world.pump.standing().unconfirmed, WINDOW);
    world.write(3);
    assert_eq!(world.unconfirmed.len(), WINDOW, "the window is full");
    world.confirm();
    assert_eq!(world.unconfirmed.len(), WINDOW, "and taken again at once, by all three rows");
    while !world.unconfirmed.is_empty() {
        world.confirm();
    }
    assert_eq!(world.pump.cursors().last().unwrap(), before, "nothing is done by that");
    let last = world.sent.last().copied().unwrap();
    assert_eq!((last.1, last.2), (before.through + 65, before.through + 67));

    // The broker is killed and wiped: what it had confirmed is sent again.
    world.up.clear();
    world.cut();
    world.wait(1_000);
    world.heal();
    assert!(!world.misses_something());
}

#[test]
fn without_progress_it_goes_back_and_knocks_with_one_batch() {
    let mut world = connected();
    world.write(300);
    let (stream, sent) = (world.current(), world.sent.len());
    assert_eq!(world.sent.last().copied(), Some((stream, 258, 301)));
    world.up.clear();
    while !world.unconfirmed.is_empty() {
        world.confirm();
    }
    world.wait(4_900);
    assert_eq!(world.sent.len(), sent, "it waits");
    world.wait(200);
    let batch = BATCH_ROWS as u64;
    assert_eq!(world.sent[sent..], [(stream, 2, batch + 1)], "one batch, not all of it");
    world.up.clear();
    world.wait(9_000);
    assert_eq!(world.sent.len(), sent + 1, "the wait is twice as long");
    world.wait(2_000);
    assert_eq!(world.sent.len(), sent + 2);
    world.heal();
    assert!(!world.misses_something());
}

#[test]
fn a_gap_is_filled_soon_after_headquarters_speaks_of_it() {
    let mut world = connected();
    world.write(1);
    world.up.clear();
    world.write(1);
    world.take(0, true);
    world.hear(0);
    let sent = world.sent.len();
    world.wait(700);
    assert_eq!(world.sent.len(), sent + 1);
    world.heal();
    assert!(!world.misses_something());
}

#[test]
fn a_headquarters_restored_from_a_backup_is_filled_again() {
    let mut world = connected();
    world.write(10);
    world.heal();
    let backup = world.hq.clone();
    world.write(50);
    world.heal();
    world.restore_hq(backup);
    world.hear(0);
    assert_eq!(world.pump.cursors().last().unwrap().through, 11, "the newest counts");
    world.wait(1_000);
    world.heal();
    assert!(!world.misses_something());
}

#[test]
fn nothing_is_sent_before_headquarters_was_heard_or_two_seconds_went_by() {
    let mut world = World::new();
    world.now_ms += 100;
    world.connects_at = None;
    world.is_up = true;
    world.step(Input::Subscribed);
    world.down.clear();
    world.wait(1_900);
    assert_eq!(world.sent, []);
    world.wait(200);
    assert_eq!(world.sent, [(world.current(), 1, 1)]);
}

#[test]
fn waits_between_attempts_double_up_to_half_a_minute_and_start_anew_after_a_good_while() {
    let mut world = connected();
    let mut waits = Vec::new();
    for _ in 0..10 {
        world.is_up = true;
        world.cut();
        waits.push(world.connects_at.unwrap() - world.now_ms);
    }
    assert_eq!(waits[..3], [150, 300, 600]);
    assert_eq!(waits[9], 22_507, "in the upper half of 30 s");
    world.wait(40_000);
    world.cut();
    assert_eq!(world.connects_at.unwrap() - world.now_ms, 150);
}

#[test]
fn a_late_answer_changes_nothing() {
    let mut world = connected();
    let before = format!("{:?}", world.pump);
    let (wire, ack) = (world.current(), world.retained[&world.current()]);
    let here = Some(ack.digest);
    world.step(Input::Confirmed(9_999));
    world.step(Input::Read { wire, after: 0, rows: world.rows_of(wire).to_vec() });
    world.step(Input::Compared { turn: 0, ack, here });
    world.step(Input::Loaded { stream: wire, cursor: None, branch: None });
    assert_eq!(before, format!("{:?}", world.pump));
}

#[test]
fn what_waits_is_said_once_a_second_at_most() {
    let mut world = connected();
    world.wait(2_000);
    let said = world.reports.len();
    for _ in 0..50 {
        world.write(1);
        world.wait(100);
    }
    let more = world.reports.len() - said;
    assert!((4..=6).contains(&more), "{more} in five seconds");
    world.heal();
    world.wait(2_000);
    assert_eq!(world.reports.last().unwrap(), &[]);
}
