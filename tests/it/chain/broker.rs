//! A broker that dies, and forgets all it knew.

use super::Chain;
use super::sales::{Sales, until_acknowledged};

#[test]
fn a_broker_that_is_killed_and_wiped_in_the_middle_of_trade_costs_nothing() {
    let mut chain = Chain::start("broker", &[]);
    let (mut one, mut two) = (chain.open("s1"), chain.open("s2"));
    let selling = [one.keep_selling(), two.keep_selling()];
    for _ in 0..3 {
        selling.iter().for_each(|it| it.goes_on(15));
        chain.hq.kill();
        std::fs::remove_dir_all(chain.hq.directory.join("broker")).unwrap();
        selling.iter().for_each(|it| it.goes_on(15));
        chain.hq.start();
    }
    let [of_one, of_two] = selling;
    one.stop_selling(of_one);
    two.stop_selling(of_two);
    Sales::of(&[&one, &two]).are_at(&chain.hq);
    [&one, &two].into_iter().for_each(until_acknowledged);
    Sales::of(&[&one, &two]).are_at(&chain.hq);
    assert_eq!(chain.forks(), [] as [serde_json::Value; 0]);
}
