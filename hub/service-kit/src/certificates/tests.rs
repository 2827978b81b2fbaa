use jiff::ToSpan as _;
use store_core::BootId;

use super::*;

fn at(wall: &str, clock_trusted: bool) -> Now {
    let wall = wall.parse().unwrap();
    let boot = BootId::new(uuid::Uuid::nil());
    Now { wall, utc_offset_s: 0, monotonic_ms: 0, boot, clock_trusted }
}

fn open(directory: &Path, now: Now) -> Certificates {
    Certificates::open(directory, "Store hub store-1", &["till.example".to_owned()], now).unwrap()
}

#[test]
fn an_authority_is_made_once_and_its_key_is_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let now = at("2026-11-25T10:00:00Z", true);
    let (first, again) = (open(directory.path(), now), open(directory.path(), now));
    assert_eq!(first.authority().certificate(), again.authority().certificate());
    assert_eq!(first.leaf(), again.leaf(), "a restart shows the same leaf");
    for file in [AUTHORITY_FILE, LEAF_FILE] {
        let mode = std::fs::metadata(directory.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    let other = tempfile::tempdir().unwrap();
    assert_ne!(first.authority().fingerprint(), open(other.path(), now).authority().fingerprint());
}

#[test]
fn a_leaf_holds_for_less_than_phones_allow_and_covers_todays_names() {
    let directory = tempfile::tempdir().unwrap();
    let now = at("2026-11-25T10:00:00Z", true);
    let leaf = open(directory.path(), now).leaf();
    assert!(leaf.not_before < now.wall);
    let days = (leaf.not_after - leaf.not_before).total(jiff::Unit::Hour).unwrap() / 24.0;
    assert!((396.0..398.0).contains(&days), "{days} days");
    assert_eq!(leaf.names, Names::of_machine(&["till.example".to_owned()]));
}

#[test]
fn a_leaf_is_replaced_for_other_names_and_before_it_ends() {
    let names = Names { hosts: ["hub.local".to_owned()].into(), ..Names::default() };
    let more = Names { addresses: ["192.168.1.9".parse().unwrap()].into(), ..names.clone() };
    let from: Timestamp = "2026-11-25T10:00:00Z".parse().unwrap();
    let leaf = Leaf { names: names.clone(), not_before: from, not_after: from + 9528.hours() };
    assert!(!leaf.is_due(&names, from, true));
    assert!(leaf.is_due(&more, from, true), "another address");
    assert!(leaf.is_due(&more, from, false), "another address, whatever the clock says");
    assert!(leaf.is_due(&names, from + 8900.hours(), true), "a month before its end");
    assert!(leaf.is_due(&names, from - 1.hour(), true), "the clock was ahead when it was made");
    assert!(!leaf.is_due(&names, from + 8900.hours(), false), "a clock that may be wrong");
}

#[test]
fn another_leaf_is_in_use_without_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let now = at("2026-11-25T10:00:00Z", true);
    let certificates = open(directory.path(), now);
    let before = certificates.in_use.read().unwrap().key.cert.clone();
    assert!(!certificates.renew_if_due(now).unwrap());
    let mut names = certificates.leaf().names;
    names.addresses.insert("192.168.99.99".parse().unwrap());
    assert!(certificates.renew_for(&names, now).unwrap());
    assert_eq!(certificates.leaf().names, names);
    assert_ne!(certificates.in_use.read().unwrap().key.cert, before);
}

#[test]
fn a_machine_without_a_clock_makes_what_holds_when_it_has_one() {
    let directory = tempfile::tempdir().unwrap();
    let unset = at("1970-01-01T00:00:09Z", false);
    let certificates = open(directory.path(), unset);
    let today = at("2027-06-01T10:00:00Z", true);
    assert!(certificates.authority().not_after() > today.wall + 70_000.hours());
    assert!(!certificates.renew_if_due(unset).unwrap());
    assert!(certificates.renew_if_due(today).unwrap(), "the clock is set, the leaf ran out");
    let leaf = certificates.leaf();
    assert!(leaf.not_before < today.wall && today.wall < leaf.not_after);
    // Without a clock again: the last leaf says that it is at least as late as that.
    assert_eq!(open(directory.path(), unset).leaf(), leaf);
}

#[test]
fn an_authority_vouches_for_this_store_only() {
    let directory = tempfile::tempdir().unwrap();
    let certificates = open(directory.path(), at("2026-11-25T10:00:00Z", true));
    let authority = certificates.authority();
    for own in ["till.example", "a.till.example", "anything.local", "localhost", "hub.lan"] {
        assert!(authority.covers(own), "{own}");
    }
    for foreign in ["bank.example", "nottill.example", "local.example", "mylocal", ""] {
        assert!(!authority.covers(foreign), "{foreign}");
    }
}

#[test]
fn an_authority_that_ran_out_is_made_again_but_not_by_a_wrong_clock() {
    let directory = tempfile::tempdir().unwrap();
    let first = open(directory.path(), at("2026-11-25T10:00:00Z", true));
    let later = "2046-01-01T10:00:00Z";
    let same = open(directory.path(), at(later, false));
    assert_eq!(first.authority().fingerprint(), same.authority().fingerprint());
    let other = open(directory.path(), at(later, true));
    assert_ne!(first.authority().fingerprint(), other.authority().fingerprint());
    assert!(other.leaf().not_after > at(later, true).wall, "and the leaf is of the new one");
}

#[test]
fn a_key_of_another_authority_is_refused() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let now = at("2026-11-25T10:00:00Z", true);
    open(one.path(), now);
    open(other.path(), now);
    let read = |directory: &Path| std::fs::read_to_string(directory.join(AUTHORITY_FILE)).unwrap();
    let (one_text, other_text) = (read(one.path()), read(other.path()));
    let certificate_at = |text: &str| text.find("-----BEGIN CERTIFICATE").unwrap();
    let (key, _) = one_text.split_at(certificate_at(&one_text));
    let (_, certificate) = other_text.split_at(certificate_at(&other_text));
    let mixed = format!("{key}{certificate}");
    std::fs::write(one.path().join(AUTHORITY_FILE), mixed).unwrap();
    let error = Certificates::open(one.path(), "Store hub store-1", &[], now).unwrap_err();
    assert!(error.to_string().contains("another's"), "{error}");
}
