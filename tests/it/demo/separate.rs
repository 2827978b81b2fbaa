//! Headquarters and its broker as processes of their own: they come back, and end with the one that
//! started them.

use super::page::Page;
use super::running::{Demo, sell_a_lager, signal};
use crate::support;

fn process_of(demo: &Demo, part: &str) -> u32 {
    u32::try_from(demo.processes()[part]["pid"].as_u64().unwrap()).unwrap()
}

fn process_of_headquarters(demo: &Demo) -> u32 {
    process_of(demo, "headquarters")
}

#[test]
fn a_headquarters_that_is_killed_comes_back_and_goes_with_its_parent() {
    let scratch = support::temp_dir("demo-separate");
    let data = scratch.path().join("chain");
    let demo = Demo::start(&data, &["--separate"]);
    let first = process_of_headquarters(&demo);
    assert_ne!(u64::from(first), demo.processes()["demonstration"]["pid"].as_u64().unwrap());
    let before = demo.trade();
    let register = demo.stores[1].register();
    let mut page = Page::open(&demo.headquarters);
    page.until_sale(&sell_a_lager(&register));

    // Killed: the store sells on, and what it sold meanwhile is there when headquarters is.
    signal(first, "KILL");
    page.until_gone();
    let meanwhile = sell_a_lager(&register);
    let mut page = Page::open(&demo.headquarters);
    page.until_sale(&meanwhile);
    let second = page.until("the process that came back", |_| {
        Some(process_of_headquarters(&demo)).filter(|process| *process != first)
    });
    assert!(std::path::Path::new(&format!("/proc/{second}")).exists());
    assert_eq!(demo.trade().all.transactions, before.all.transactions + 2);

    // Its parent is killed: nobody is left to answer.
    demo.kill();
    page.until_gone();
}

#[test]
fn a_broker_that_is_killed_and_wiped_loses_nothing_and_headquarters_goes_on() {
    let scratch = support::temp_dir("demo-broker");
    let data = scratch.path().join("chain");
    let demo = Demo::start(&data, &["--separate"]);
    let (headquarters, first) = (process_of_headquarters(&demo), process_of(&demo, "broker"));
    assert_ne!(headquarters, first);
    let before = demo.trade();
    let register = demo.stores[0].register();
    let mut page = Page::open(&demo.headquarters);
    page.until_sale(&sell_a_lager(&register));

    signal(first, "KILL");
    // It may be there again already: what it keeps is taken from whichever runs.
    let _ = std::fs::remove_dir_all(data.join("headquarters/broker/kept"));
    let sold: Vec<String> = (0..5).map(|_| sell_a_lager(&register)).collect();
    // The same page: headquarters never ended.
    sold.iter().for_each(|sale| page.until_sale(sale));
    page.until("the broker that came back", |_| {
        Some(process_of(&demo, "broker")).filter(|process| *process != first)
    });
    assert_eq!(process_of_headquarters(&demo), headquarters);
    assert_eq!(demo.trade().all.transactions, before.all.transactions + 6);
}
