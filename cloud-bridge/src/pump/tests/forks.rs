//! Journals that are not what headquarters has.

use hq_wire::link::v1::branch_id;

use super::world::World;
use crate::pump::Divergence;

fn sold(count: usize) -> World {
    let mut world = World::new();
    world.wait(100);
    world.write(count);
    world.heal();
    world.wait(2_000);
    world
}

/// The journal as a file that was copied.
macro_rules! copy_of {
    ($world:expr) => {
        ($world.journal.clone(), $world.cursors.clone())
    };
}

#[test]
fn an_old_file_copied_over_the_new_one_goes_on_in_a_new_stream() {
    let mut world = sold(20);
    let old = copy_of!(world);
    world.write(30);
    world.heal();
    let stream = world.current();
    world.put_back(old);
    world.wait(1_000);
    world.heal();
    assert_eq!(world.divergences, [Divergence::RowMissing]);
    assert_ne!(world.current(), stream);
    assert_eq!(world.births.last().map(|head| head.stream), Some(world.current()));
    assert_eq!(world.pump.standing().streams_stopped, 1);
    assert!(!world.misses_something());
    world.wait(2_000);
    assert_eq!(world.reports.last(), Some(&Vec::new()), "and it says that nothing waits");
}

#[test]
fn what_was_sold_on_an_old_file_goes_up_as_a_branch() {
    let mut world = sold(20);
    let old = copy_of!(world);
    world.write(30);
    world.heal();
    world.cut();
    let stream = world.current();
    world.put_back(old);
    // Sold on the old file before the link is up.
    world.write(60);
    let digest = world.heads().last().unwrap().digest;
    world.wait(1_000);
    world.heal();
    assert_eq!(world.divergences, [Divergence::RowDiffers]);
    let branch = branch_id(stream, &digest);
    let held = &world.hq[&branch];
    assert_eq!((held.base, held.rows.len(), held.is_frozen), (21, 60, false));
    assert!(!world.hq[&stream].is_frozen, "nothing of the other life was sent under its name");
    assert_eq!(world.cursors[&stream].through, 21, "where the branch begins is kept");
    assert!(!world.misses_something());

    // A restart knows of the branch and sends nothing again.
    world.wait(2_000);
    let sent = world.sent.len();
    world.start();
    world.wait(5_000);
    world.heal();
    assert_eq!(world.sent.len(), sent);
    assert_eq!(world.divergences.len(), 1);
}

#[test]
fn two_hubs_started_from_one_copied_file_lose_nothing() {
    let mut world = sold(20);
    let copy = copy_of!(world);
    world.write(5);
    let (stream, one) = (world.current(), copy_of!(world));
    world.heal();
    // The other one, which hears nothing of it before it sends.
    world.retained.clear();
    let mut other_hq = world.hq.clone();
    world.hq.get_mut(&stream).unwrap().forget_after(21);
    world.put_back(copy);
    world.write(7);
    world.wait(1_000);
    world.take(0, false);
    std::mem::swap(&mut world.hq, &mut other_hq);
    let others: Vec<_> = world.rows_of(stream).iter().skip(21).cloned().collect();
    for row in others {
        let held = world.hq.get_mut(&stream).unwrap();
        held.is_frozen = true;
        held.others.push(row);
    }
    world.acknowledge(stream);
    world.heal();
    assert_eq!(world.divergences, [Divergence::Frozen]);
    assert!(!world.misses_something());
    // And the first one hears of it too.
    world.put_back(one);
    world.wait(1_000);
    world.heal();
    assert_eq!(world.divergences, [Divergence::Frozen; 2]);
    assert!(!world.misses_something());
}

#[test]
fn a_restored_journal_sends_the_rest_of_its_old_stream_under_the_old_name() {
    let mut world = sold(20);
    world.cut();
    world.write(10);
    let old = world.current();
    world.begin_stream();
    world.start();
    world.wait(3_000);
    world.heal();
    assert_eq!(world.divergences, []);
    assert_eq!(world.hq[&old].rows.len(), 31);
    assert_eq!(world.hq[&world.current()].rows.len(), 1);
    assert!(!world.misses_something());
}

#[test]
fn a_backup_of_long_ago_restored_needs_no_further_stream() {
    let mut world = sold(20);
    let old = copy_of!(world);
    world.write(100);
    world.heal();
    (world.journal, world.cursors) = old;
    let stream = world.current();
    world.begin_stream();
    world.start();
    world.write(10);
    world.wait(1_000);
    world.heal();
    assert_eq!(world.divergences, []);
    assert_eq!(world.pump.standing().streams_stopped, 1);
    assert_eq!(world.hq[&stream].rows.len(), 121, "what the other life sold stays");
    assert!(!world.misses_something());
}

#[test]
fn a_full_disk_puts_the_new_stream_off_and_not_away() {
    let mut world = sold(20);
    let old = copy_of!(world);
    world.write(30);
    world.heal();
    world.put_back(old);
    world.fails_to_diverge = true;
    world.wait(3_000);
    assert!(world.divergences.len() >= 2, "it is tried again");
    world.fails_to_diverge = false;
    world.wait(2_000);
    world.heal();
    assert_eq!(world.journal.len(), 2);
    assert!(!world.misses_something());
}

#[test]
fn a_headquarters_that_lost_everything_gets_both_lives_again() {
    let mut world = sold(20);
    let old = copy_of!(world);
    world.write(30);
    world.heal();
    world.put_back(old);
    world.write(60);
    world.wait(1_000);
    world.heal();
    world.write(5);
    world.heal();
    world.wait(2_000);
    for restart in [false, true] {
        world.restore_hq(std::collections::BTreeMap::new());
        if restart {
            world.start();
        }
        world.wait(1_000);
        world.heal();
        assert!(!world.misses_something());
        assert_eq!(world.divergences.len(), 1);
    }
}
