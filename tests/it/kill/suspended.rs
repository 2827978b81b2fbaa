//! Baskets that lie aside, in a store that is killed, and one that is stopped in the middle.

use serde_json::{Value, json};

use crate::api::basket::{Basket, COMMANDS, WATER, scan, sell};
use crate::api::browser::Browser;
use crate::api::hub::Hub;
use crate::api::line::{aside, put_aside, retrieve, suspend};
use crate::support;

#[test]
fn what_lies_aside_outlives_the_store_and_is_got_once() {
    let data = support::temp_dir("kill-aside");
    let store = data.path().join("store");
    let hub = Hub::start(&store);
    let (first, second) = (Browser::at_work(&hub), Browser::at_work_at(&hub, "2"));
    let kept = put_aside(&first);
    let mut open = Basket::new();
    open.must(&first, &scan(WATER));
    // Its answer is lost with the hub: nobody knows whether the second register got it.
    let mut taken = put_aside_at(&second);
    let envelope = taken.envelope(&retrieve());
    assert_eq!(second.post(COMMANDS, &envelope).status, 200);
    drop(hub);
    let hub = Hub::start_as(false, &store, &[]);
    let (first, second) = (first.moved(&hub), second.moved(&hub));
    let listed: Vec<Value> = aside(&first);
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["transaction_id"], json!(kept.id));
    let view = second.get("/api/v1/register").json();
    assert_eq!(view["basket"]["transaction_id"], json!(taken.id));
    let again = second.post(COMMANDS, &envelope);
    assert_eq!((again.status, &again.json()["repeated"]), (200, &json!(true)));
    taken.follow(&again);
    taken.must(&second, &scan(WATER));
    // The first one's own basket is there too, and has to go aside before the other goes on.
    let mut kept = kept;
    assert_eq!(kept.send(&first, &retrieve()).code(), "other_basket_open");
    open.must(&first, &suspend());
    kept.must(&first, &retrieve());
    assert_eq!(aside(&second).len(), 1);
}

fn put_aside_at(browser: &Browser) -> Basket {
    let basket = put_aside(browser);
    assert_eq!(aside(browser).len(), 2);
    basket
}

#[test]
fn a_suspension_killed_at_any_moment_is_whole_or_not_at_all() {
    let data = support::temp_dir("kill-suspending");
    let store = data.path().join("store");
    let mut hub = Hub::start(&store);
    let mut browser = Browser::at_work(&hub);
    sell(&browser);
    for round in 0..8 {
        let mut basket = Basket::new();
        // A line is answered before its draft is written: the second waits for that of the first.
        basket.must(&browser, &scan(WATER));
        basket.must(&browser, &scan(WATER));
        let before = aside(&browser).len();
        let envelope = basket.envelope(&suspend());
        let was_answered = std::thread::scope(|scope| {
            // It may be answered, or the connection breaks.
            let asking = scope.spawn(|| {
                let body = serde_json::to_vec(&envelope).unwrap();
                let headers = [("content-type", "application/json")];
                let sent = browser.try_send("POST", COMMANDS, &headers, Some(&body));
                sent.is_ok_and(|reply| reply.status == 200)
            });
            if round % 2 == 0 {
                std::thread::yield_now();
            } else {
                super::wait(std::time::Duration::from_millis(round));
            }
            drop(hub);
            asking.join().unwrap()
        });
        hub = Hub::start_as(false, &store, &[]);
        browser = Browser::at_work_at(&hub, "1");
        let after = aside(&browser).len();
        let view = browser.get("/api/v1/register").json();
        let is_open = view["basket"]["transaction_id"] == json!(basket.id);
        assert_eq!(usize::from(is_open) + after, before + 1, "round {round}");
        assert!(!was_answered || !is_open, "round {round}: it was answered");
        if is_open {
            basket.must(&browser, &suspend());
        }
    }
}
