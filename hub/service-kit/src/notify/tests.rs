use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::*;

/// Runs the loop over these answers of the probe; the last call of the probe ends it.
async fn pings_for(answers: Vec<Option<bool>>) -> u32 {
    let pings = Cell::new(0);
    let answers = RefCell::new(answers.into_iter());
    let done = Rc::new(tokio::sync::Notify::new());
    let probe = || {
        let next = answers.borrow_mut().next();
        let done = done.clone();
        async move {
            match next {
                Some(Some(answer)) => answer,
                Some(None) => std::future::pending().await,
                None => {
                    done.notify_one();
                    false
                }
            }
        }
    };
    tokio::select! {
        () = ping_while(Duration::from_millis(5), probe, || pings.set(pings.get() + 1)) => {}
        () = done.notified() => {}
    }
    pings.get()
}

#[actix_web::test]
async fn the_watchdog_is_pinged_only_when_the_probe_comes_back_true() {
    assert_eq!(pings_for(vec![Some(true), Some(true), Some(true)]).await, 3);
    assert_eq!(pings_for(vec![Some(true), Some(false), Some(true)]).await, 2);
    assert_eq!(pings_for(vec![None, Some(true), None]).await, 1);
}
