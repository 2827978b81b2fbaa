//! What guessing costs, and whom it does not cost anything.

use std::collections::BTreeMap;
use std::sync::Barrier;
use std::thread;

use super::client::Browser;
use super::running::{CASHIER_PIN, Hub, MANAGER_PIN, claim, lan_address, set_up, sign_in};

const WRONG_PIN: &str = "777123";

/// Guesses until it is locked out, and says after how many guesses.
fn guess_until_locked(browser: &mut Browser, operator: &str) -> u32 {
    for guesses in 0..20 {
        let answer = sign_in(browser, operator, WRONG_PIN);
        match answer.code().as_str() {
            "bad_credentials" => assert_eq!(answer.status, 401),
            "locked_out" => {
                assert_eq!(answer.status, 429);
                let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
                assert!((1..=60).contains(&seconds), "{seconds} s for the first lock-out");
                return guesses;
            }
            code => panic!("{code}: {}", answer.text()),
        }
    }
    panic!("{operator} may be guessed at for ever");
}

#[test]
fn after_five_wrong_pins_the_right_one_has_to_wait_and_a_restart_forgives_nothing() {
    let mut hub = Hub::start();
    hub.set_up_people();
    assert_eq!(guess_until_locked(&mut hub.browser(), "c1"), 5);
    assert_eq!(sign_in(&mut hub.browser(), "c1", CASHIER_PIN).code(), "locked_out");
    assert_eq!(sign_in(&mut hub.browser(), "m1", MANAGER_PIN).status, 200, "nobody else is locked");
    hub.restart();
    let answer = sign_in(&mut hub.browser(), "c1", CASHIER_PIN);
    assert_eq!(answer.code(), "locked_out");
    let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds} s are left");
    assert_eq!(sign_in(&mut hub.browser(), "m1", MANAGER_PIN).status, 200);
}

#[test]
fn a_right_pin_forgives_the_wrong_ones_before_it() {
    let mut hub = Hub::start();
    hub.set_up_people();
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(sign_in(&mut hub.browser(), "c1", WRONG_PIN).code(), "bad_credentials");
        }
        hub.restart();
        assert_eq!(sign_in(&mut hub.browser(), "c1", CASHIER_PIN).status, 200);
    }
}

#[test]
fn somebody_who_does_not_work_here_is_locked_like_somebody_who_does() {
    let hub = Hub::start();
    hub.set_up_people();
    assert_eq!(guess_until_locked(&mut hub.browser(), "nobody"), 5);
}

#[test]
fn guesses_that_come_at_once_are_no_more_than_guesses_in_a_row() {
    let hub = Hub::start();
    hub.set_up_people();
    let gate = Barrier::new(24);
    let codes = thread::scope(|scope| {
        let guess = || {
            scope.spawn(|| {
                let mut browser = hub.browser();
                gate.wait();
                sign_in(&mut browser, "c1", WRONG_PIN).code()
            })
        };
        let threads: Vec<_> = (0..24).map(|_| guess()).collect();
        let mut codes: BTreeMap<String, u32> = BTreeMap::new();
        for thread in threads {
            *codes.entry(thread.join().unwrap()).or_default() += 1;
        }
        codes
    });
    assert_eq!(codes.get("bad_credentials"), Some(&5), "{codes:?}");
    assert_eq!(codes.get("locked_out"), Some(&19), "{codes:?}");
}

#[test]
fn guessing_from_the_wifi_locks_nobody_out_of_a_register_or_of_the_hub_itself() {
    let Some(lan) = lan_address() else { return };
    let hub = Hub::start_with(&[("HUB_HTTP__LISTEN", "0.0.0.0")]);
    hub.set_up_people();
    let on_the_lan = || {
        let mut address = hub.plain();
        address.set_ip(lan);
        Browser::plain(address)
    };
    let mut register = on_the_lan();
    assert_eq!(claim(&mut register, "1").status, 200);

    let mut stranger = on_the_lan();
    assert_eq!(guess_until_locked(&mut stranger, "c1"), 5);
    assert_eq!(sign_in(&mut stranger, "c1", CASHIER_PIN).code(), "locked_out");
    // The stranger's address is locked, whoever is tried …
    assert_eq!(sign_in(&mut stranger, "m1", MANAGER_PIN).code(), "locked_out");
    // … but not the register that stands behind the same address, nor the hub's own screen.
    assert_eq!(sign_in(&mut register, "c1", CASHIER_PIN).status, 200);
    assert_eq!(sign_in(&mut hub.browser(), "c1", CASHIER_PIN).status, 200);
    assert_eq!(sign_in(&mut hub.browser(), "m1", MANAGER_PIN).status, 200);
}

#[test]
fn guessing_the_set_up_code_locks_the_guesser_and_not_the_owner() {
    let Some(lan) = lan_address() else { return };
    let hub = Hub::start_with(&[("HUB_HTTP__LISTEN", "0.0.0.0")]);
    let mut address = hub.plain();
    address.set_ip(lan);
    let mut stranger = Browser::plain(address);
    for _ in 0..5 {
        assert_eq!(set_up(&mut stranger, "AAAA-AAAA", "x").code(), "bad_credentials");
    }
    assert_eq!(set_up(&mut stranger, hub.setup_code(), "x").code(), "locked_out");
    hub.set_up();
}
