//! Headquarters as a process of its own: it comes back, and ends with the one that started it.

use super::page::Page;
use super::running::{Demo, sell_a_lager, signal};
use crate::support;

fn process_of_headquarters(demo: &Demo) -> u32 {
    u32::try_from(demo.processes()["headquarters"]["pid"].as_u64().unwrap()).unwrap()
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
