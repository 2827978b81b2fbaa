use jiff::{Timestamp, ToSpan};
use store_actors::ByHandRefused;
use store_core::WorkstationId;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn a_clock_behind_the_last_run_is_not_trusted_until_it_catches_up() {
    let seen = at("2026-11-24T10:00:00Z").as_millisecond();
    let mut trust = ClockTrust::new(Some(seen));
    assert!(!trust.judge(at("2026-11-24T09:00:00Z"), false));
    assert!(trust.judge(at("2026-11-24T09:59:00Z"), false), "a small correction is no fault");
    assert!(trust.judge(at("2026-11-24T10:00:01Z"), false));
    assert_eq!(trust.latest_ms(), at("2026-11-24T10:00:01Z").as_millisecond());
}

#[test]
fn a_clock_that_was_never_set_is_not_trusted() {
    let mut trust = ClockTrust::new(None);
    assert!(!trust.judge(at("1970-01-01T00:00:10Z"), true));
    assert!(!trust.judge(at("2025-12-31T23:59:59Z"), false));
    assert!(trust.judge(at("2026-01-01T00:00:00Z"), false));
}

#[test]
fn a_time_server_mends_a_record_that_was_written_far_ahead() {
    let mut trust = ClockTrust::new(Some(at("2099-01-01T00:00:00Z").as_millisecond()));
    let now = at("2026-11-24T10:00:00Z");
    assert!(!trust.judge(now, false));
    assert!(trust.judge(now, true));
    assert!(trust.judge(now + 1.second(), false));
}

#[test]
fn the_last_time_survives_a_run_and_a_torn_file_is_as_good_as_none() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("last-seen");
    let ahead = Timestamp::now() + 24.hours();
    std::fs::write(&file, format!("{}\n", ahead.as_millisecond())).unwrap();
    let clock = SystemClock::start("Asia/Taipei", Some(file.clone())).unwrap();
    // On a machine whose clock is set by a time server the record would be mended instead.
    if !std::path::Path::new("/run/systemd/timesync/synchronized").exists() {
        assert!(!clock.now(None).clock_trusted);
    }
    std::fs::write(&file, "17").unwrap();
    let clock = SystemClock::start("Asia/Taipei", Some(file.clone())).unwrap();
    assert!(clock.now(None).clock_trusted);
    clock.remember().unwrap();
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(written.trim().parse::<i64>().unwrap() > 1_767_225_600_000);
}

#[test]
fn the_last_day_that_was_trusted_is_that_of_the_last_run() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("last-seen");
    // 17:00 in London is the next day in Taipei.
    let seen = at("2099-11-24T17:00:00Z").as_millisecond();
    std::fs::write(&file, format!("{seen}\n")).unwrap();
    let clock = SystemClock::start("Asia/Taipei", Some(file)).unwrap();
    assert_eq!(clock.last_trusted(), Some("2099-11-25".parse().unwrap()));
    assert!(SystemClock::start("Asia/Taipei", None).unwrap().last_trusted().is_some());
}

#[test]
fn a_time_set_by_hand_is_shown_and_not_trusted_and_outlasts_a_restart_of_the_hub() {
    if std::path::Path::new("/run/systemd/timesync/synchronized").exists() {
        return; // a time server has set this machine's clock: it is always trusted
    }
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("last-seen");
    let seen = at("2099-11-24T10:00:00Z").as_millisecond();
    std::fs::write(&file, format!("{seen}\n")).unwrap();
    let clock = SystemClock::start("Asia/Taipei", Some(file.clone())).unwrap();
    assert!(!clock.now(None).clock_trusted);
    let local = |text: &str| text.parse::<jiff::civil::DateTime>().unwrap();
    for refused in ["2099-11-24T17:59:59", "2120-01-01T00:00:00"] {
        assert_eq!(clock.by_hand(local(refused)), Err(ByHandRefused::NoSuchTime), "{refused}");
    }
    let wall = clock.by_hand(local("2099-11-24T18:30:00")).unwrap();
    assert_eq!(wall, at("2099-11-24T10:30:00Z"));
    clock.set_by_hand(wall);
    let is_shown = |clock: &SystemClock| {
        let now = clock.now(None);
        let passed = now.wall.as_millisecond() - wall.as_millisecond();
        (0..60_000).contains(&passed) && !now.clock_trusted
    };
    assert!(is_shown(&clock), "{:?}", clock.now(None));
    let again = SystemClock::start("Asia/Taipei", Some(file.clone())).unwrap();
    assert!(is_shown(&again), "{:?}", again.now(None));
    std::fs::write(dir.path().join("clock-by-hand"), "another-start 5000\n").unwrap();
    let later = SystemClock::start("Asia/Taipei", Some(file.clone())).unwrap();
    assert!(!is_shown(&later), "the machine was started again: {:?}", later.now(None));
    std::fs::remove_file(&file).unwrap();
    clock.set_by_hand(wall);
    let right = SystemClock::start("Asia/Taipei", Some(file)).unwrap();
    assert!(right.now(None).clock_trusted && !is_shown(&right), "the machine's clock is right");
    assert_eq!(right.by_hand(local("2099-11-24T18:30:00")), Err(ByHandRefused::Trusted));
    assert!(!dir.path().join("clock-by-hand").exists(), "and what was set is forgotten");
}

#[test]
fn the_system_clock_counts_in_the_stores_zone() {
    let clock = SystemClock::start("Asia/Taipei", None).unwrap();
    let (first, second) = (clock.now(None), clock.now(None));
    assert_eq!(first.utc_offset_s, 8 * 3600);
    assert_eq!(first.wall.subsec_nanosecond() % 1_000_000, 0);
    assert!(second.monotonic_ms >= first.monotonic_ms);
    assert_eq!(first.boot, clock.boot());
    assert!(SystemClock::start("Asia/Atlantis", None).is_err());
}

#[test]
fn each_register_of_a_replay_has_its_own_time() {
    let clock = ReplayClock::new(at("2020-01-01T00:00:00Z"), 0);
    let (one, two) = (WorkstationId::new("1").unwrap(), WorkstationId::new("2").unwrap());
    clock.set(&one, at("2020-03-01T12:00:00Z"), -18_000);
    clock.set(&two, at("2020-03-01T09:00:00Z"), -18_000);
    assert_eq!(clock.now_for(&one).wall, at("2020-03-01T12:00:00Z"));
    assert_eq!(clock.now_for(&two).wall, at("2020-03-01T09:00:00Z"));
    assert_eq!(clock.now_for(&two).local().hour(), 4);
    assert_eq!(clock.now(None).wall, at("2020-03-01T12:00:00Z"));
}
