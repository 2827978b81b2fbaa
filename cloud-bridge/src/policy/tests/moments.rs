//! When a bundle comes into force.

use super::*;

fn untrusted(hours: i64) -> Now {
    Now { clock_trusted: false, ..at(hours) }
}

#[test]
fn a_bundle_comes_into_force_at_its_moment_without_a_connection() {
    let mut shop = Shop::new();
    let (now, later) = (catalogue(1, 0), catalogue(2, 5));
    shop.deliver(&[&now, &later]);
    assert_eq!((shop.price(), &*shop.standings()[&2]), (Some(1), "waiting"));
    shop.moment(at(4));
    assert_eq!(shop.price(), Some(1));
    shop.moment(at(5));
    assert_eq!((shop.price(), &*shop.standings()[&1]), (Some(2), "superseded"));
    shop.moment(at(0));
    assert_eq!(shop.price(), Some(2), "a clock that goes back takes nothing back");
}

#[test]
fn a_moment_that_passed_while_the_hub_was_off_has_passed() {
    let mut shop = Shop::new();
    shop.deliver(&[&catalogue(1, 0), &catalogue(2, 5)]);
    shop.now = at(6);
    shop.restart();
    assert_eq!(shop.price(), Some(2));
    shop.moment(at(6));
    // What was noted then holds under a clock that knows nothing.
    shop.now = untrusted(0);
    shop.restart();
    assert_eq!(shop.price(), Some(2));
}

#[test]
fn of_too_many_bundles_the_newest_are_taken_up_in_whatever_order_they_stand() {
    let bundles: Vec<Made> = (1..=70).map(|version| catalogue(version, 0)).collect();
    for is_turned in [false, true] {
        let mut shop = Shop::new();
        let mut offered: Vec<&Made> = bundles.iter().collect();
        if is_turned {
            offered.reverse();
        }
        shop.deliver(&offered);
        shop.moment(at(1));
        assert_eq!(shop.price(), Some(70));
        let standings = shop.standings();
        assert!(standings[&6].contains("too_many_bundles"), "{standings:?}");
        assert_eq!(standings[&7], "superseded");
    }
}

#[test]
fn under_a_clock_that_is_not_trusted_nothing_begins_and_nothing_ends() {
    let mut shop = Shop::new();
    shop.deliver(&[&catalogue(1, 0)]);
    shop.now = untrusted(9);
    shop.deliver(&[&catalogue(1, 0), &catalogue(2, 5)]);
    shop.moment(untrusted(1_000));
    assert_eq!((shop.price(), &*shop.standings()[&2]), (Some(1), "waiting"));
    shop.restart();
    shop.moment(untrusted(0));
    assert_eq!(shop.price(), Some(1), "and not after a restart");
    shop.moment(at(6));
    assert_eq!(shop.price(), Some(2));
}

#[test]
fn what_was_withdrawn_is_forgotten_and_what_is_in_force_stays() {
    let mut shop = Shop::new();
    let (now, later) = (catalogue(1, 0), catalogue(2, 5));
    shop.deliver(&[&now, &later]);
    shop.input(Input::Offered(offer(&[&now])));
    assert!(!shop.standings().contains_key(&2));
    shop.moment(at(6));
    assert_eq!((shop.price(), shop.drawer.kept().bundles.len()), (Some(1), 1));
    // An offer that was cleared or has nothing in it ends nothing.
    shop.input(Input::Offered(Vec::new()));
    shop.input(Input::Offered(offer(&[])));
    shop.restart();
    assert_eq!((shop.price(), &*shop.standings()[&1]), (Some(1), "in_force"));
}

#[test]
fn what_could_not_be_kept_is_tried_again_and_is_not_in_force_before() {
    let mut shop = Shop::new();
    shop.drawer.set_full(true);
    shop.deliver(&[&catalogue(1, 0)]);
    assert_eq!(shop.price(), None);
    assert_eq!(shop.standings()[&1], "waiting: it is not kept: writing: no room");
    shop.moment(at(1));
    assert_eq!(shop.price(), None);
    shop.drawer.set_full(false);
    shop.moment(at(2));
    shop.moment(at(2));
    assert_eq!(shop.price(), Some(1));
    shop.restart();
    assert_eq!(shop.price(), Some(1), "all of it was kept");
}

#[test]
fn what_could_not_be_applied_is_said_and_tried_again() {
    let mut shop = Shop::new();
    shop.deliver(&[&catalogue(1, 0)]);
    let second = catalogue(2, 0);
    shop.desk.input(shop.now, Input::Offered(offer(&[&second])));
    let mut applied = Vec::new();
    for number in 0..second.pieces.len() {
        let piece = second.pieces[number].clone();
        let number = u32::try_from(number).unwrap();
        let input = Input::Piece { id: second.id.clone(), number, piece };
        applied.extend(shop.desk.input(shop.now, input));
    }
    let is_apply = |effect: &&Effect| matches!(effect, Effect::Apply(_));
    let Some(Effect::Apply(in_force)) = applied.iter().find(is_apply) else {
        panic!("{applied:?}")
    };
    let (serial, reason) = (in_force.serial, "no room".to_owned());
    shop.desk.input(shop.now, Input::NotApplied { serial, reason });
    assert_eq!(shop.standings()[&2], "waiting: no room");
    assert_eq!(shop.desk.state().in_force, Some(1));
    shop.moment(at(1));
    assert_eq!((&*shop.standings()[&2], shop.desk.state().in_force), ("in_force", Some(2)));
    // A late word of an earlier one changes nothing.
    shop.input(Input::NotApplied { serial: serial - 1, reason: String::new() });
    assert_eq!(shop.standings()[&2], "in_force");
}
