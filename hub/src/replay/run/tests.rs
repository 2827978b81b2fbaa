mod pretend;
mod till;

use std::fmt::Write as _;
use std::fs;

use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::replay::catalogue::PriceList;
use crate::replay::client::RepeatCounts;
use crate::replay::file::{FileBasket, FileReader};
use crate::replay::totals::{Side, Totals};
use pretend::Chain;

const CATALOGUE: &str = "item,ean,plu,department,unit,unit_price\n\
    1,0400000000017,,GROCERY,each,1.00\n\
    2,0400000000024,00001,MEAT,weighed,3.10\n\
    3,0400000000031,,FUEL,volume,2.29\n\
    4,0400000000048,,COUPON,each,0.00\n";

struct Bench {
    directory: TempDir,
    chain: Chain,
    options: ReplayOptions,
}

fn bench(catalogue: &str, baskets: &str, registers: usize) -> Bench {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    fs::write(path("catalogue.csv"), catalogue).unwrap();
    fs::write(path("baskets.jsonl"), baskets).unwrap();
    let options = ReplayOptions {
        catalogue: path("catalogue.csv"),
        baskets: path("baskets.jsonl"),
        report: path("out.json"),
        registers,
        answered: Some(path("answered")),
        repeat: Some(Repeat { seed: 7 }),
        promotions: None,
        begun: Instant::now(),
    };
    let prices = PriceList::open(&options.catalogue).unwrap();
    let chain = Chain::new(prices, directory.path());
    Bench { directory, chain, options }
}

impl Bench {
    fn run(&self) -> ReplayOutcome {
        replay(&self.options, &self.chain, &self.chain).unwrap()
    }

    fn answered(&self) -> Vec<String> {
        let text = fs::read_to_string(self.directory.path().join("answered")).unwrap();
        text.lines().map(str::to_owned).collect()
    }
}

fn line(item: i64, quantity: i64, amounts: [i64; 4]) -> Value {
    let [net, disc, matched, coupon] = amounts;
    json!({"item": item, "ean": format!("040000000{:04}", [17, 24, 31, 48][item as usize - 1]),
        "qty": quantity, "reg": net + disc + matched, "disc": disc, "match": matched, "net": net,
        "coupon": coupon})
}

fn basket(store: &str, number: usize, lines: Vec<Value>) -> String {
    let time = format!("2017-12-23T{:02}:30:00-05:00", 7 + number % 15);
    json!({"basket": number, "store": store, "time": time, "lines": lines}).to_string()
}

/// Two stores of odd baskets: every kind of dirt that the real files have.
fn odd_day() -> String {
    let kinds = [
        vec![line(1, 3, [300, 0, 0, 0])],
        vec![line(1, 2, [150, 30, 19, 20]), line(4, 0, [0, 0, 0, 50])],
        vec![line(3, 11_422, [2466, 114, 0, 0]), line(1, 0, [0, 0, 0, 0])],
        vec![line(4, 0, [0, 0, 0, 250])],
        vec![line(4, 0, [0, 0, 0, 50]), line(4, 0, [0, 0, 0, 60])],
        vec![line(1, 1, [100, 0, 0, 0]), line(4, 0, [0, 0, 0, 300])],
        vec![line(1, 1, [0, 100, 0, 0])],
        vec![line(1, -2, [-200, 0, 0, 0]), line(1, 1, [100, 0, 0, 0])],
        vec![line(2, 0, [0, 0, 0, 0]), line(1, 0, [40, 9, 0, 0])],
    ];
    let mut text = String::new();
    for (number, lines) in kinds.iter().cycle().take(40).enumerate() {
        let store = if number % 3 == 0 { "north" } else { "9" };
        writeln!(text, "{}", basket(store, number, lines.clone())).unwrap();
    }
    text
}

#[test]
fn odd_baskets_over_a_network_that_loses_answers_come_to_the_same() {
    let bench = bench(CATALOGUE, &odd_day(), 3);
    let outcome = bench.run();
    assert_eq!(outcome.complaints(), [] as [&str; 0]);
    assert_eq!(outcome.exit_code(), 0);
    assert_eq!(outcome.report.input.transactions, 40);
    assert_eq!(bench.answered().len(), 40);
    let report: Value = serde_json::from_slice(&fs::read(&bench.options.report).unwrap()).unwrap();
    let keys: Vec<_> = report.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["doubled", "input", "latency_ms", "lost", "stores", "wall_s"]);
    assert!(report["latency_ms"]["commit_p99"].is_f64() && report["wall_s"].is_f64());
    assert!(report["stores"]["north"]["by_store"]["north"].is_i64());
}

#[test]
fn a_second_start_sells_nothing_twice_also_with_other_registers() {
    let mut bench = bench(CATALOGUE, &odd_day(), 3);
    let store = StoreId::new("9").unwrap();
    bench.options.repeat = None;
    bench.chain.limit(&store, Some(60));
    let cut = bench.run();
    assert_eq!(cut.exit_code(), 1);
    assert!(cut.report.lost > 0 && !cut.refused.is_empty() && !cut.differences.is_empty());
    let before = bench.answered();
    bench.chain.limit(&store, None);
    bench.options.registers = 2;
    let whole = bench.run();
    assert_eq!(whole.complaints(), [] as [&str; 0]);
    let answered = bench.answered();
    assert!(before.len() < 40 && answered.starts_with(&before));
    assert_eq!(answered.len(), 40, "each is noted once");
    assert_eq!(bench.run().complaints(), [] as [&str; 0], "nor a third time");
}

#[test]
fn a_hub_that_is_one_draft_behind_what_it_answered_is_told_again() {
    let mut bench = bench(CATALOGUE, &odd_day(), 1);
    bench.options.repeat = None;
    let store = StoreId::new("9").unwrap();
    bench.chain.forget(&store, 5);
    assert_eq!(bench.run().complaints(), [] as [&str; 0]);
    assert!(bench.chain.forgotten(&store) > 3, "{}", bench.chain.forgotten(&store));
}

#[test]
fn commands_are_repeated_at_once_and_after_a_stop_in_the_middle() {
    let bench = bench(CATALOGUE, &odd_day(), 2);
    let outcome = bench.run();
    assert_eq!(outcome.complaints(), [] as [&str; 0]);
    let RepeatCounts { at_once, after_restart, of_open_baskets } = outcome.repeats;
    assert!(at_once > 5 && after_restart > 5 && of_open_baskets > 2, "{:?}", outcome.repeats);
}

#[test]
fn a_hub_that_forgets_what_it_absorbed_is_found_out() {
    let bench = bench(CATALOGUE, &odd_day(), 2);
    bench.chain.sells_again(&StoreId::new("9").unwrap());
    let fault = replay(&bench.options, &bench.chain, &bench.chain).unwrap_err();
    assert!(matches!(fault, ReplayError::Client { .. }), "{fault:?}");
}

#[test]
fn a_sale_that_stands_twice_or_not_at_all_is_told() {
    let bench = bench(CATALOGUE, &odd_day(), 2);
    bench.run();
    bench.chain.sales(&StoreId::new("north").unwrap(), |sales| {
        let first = sales[0].clone();
        sales.push(first);
        sales.remove(3);
    });
    let outcome = bench.run();
    assert_eq!((outcome.report.lost, outcome.report.doubled), (1, 1));
    assert_eq!(outcome.exit_code(), 1);
}

#[test]
fn an_unknown_item_is_refused_and_the_basket_is_lost_not_hidden() {
    let day = basket("1", 1, vec![line(1, 1, [100, 0, 0, 0])]).replace("0400000000017", "999");
    let day = day.replace("\"item\":1", "\"item\":99");
    let outcome = bench(CATALOGUE, &day, 1).run();
    assert_eq!(outcome.report.lost, 1);
    assert!(outcome.complaints()[0].contains("404 unknown_barcode"), "{:?}", outcome.complaints());
}

fn any_line() -> impl Strategy<Value = Value> {
    let amounts = (0_i64..500, 0_i64..50, 0_i64..50, prop_oneof![3 => Just(0_i64), 1 => 1_i64..90]);
    let sale =
        (1_i64..4, 0_i64..6, amounts).prop_map(|(item, quantity, (net, disc, matched, coupon))| {
            line(item, quantity, [net, disc, matched, coupon])
        });
    let back = (1_i64..300).prop_map(|amount| line(1, -1, [-amount, 0, 0, 0]));
    let coupon = (1_i64..90).prop_map(|coupon| line(4, 0, [0, 0, 0, coupon]));
    prop_oneof![6 => sale, 1 => back, 1 => coupon]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// The commands of any basket, entered, come to what the file says of it.
    #[test]
    fn any_basket_is_worth_what_the_file_says(lines in prop::collection::vec(any_line(), 1..8)) {
        let text = basket("9", 1, lines);
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), &text).unwrap();
        let baskets: Vec<FileBasket> =
            FileReader::open(file.path()).unwrap().collect::<Result<_, _>>().unwrap();
        let prices = PriceList::read(CATALOGUE.as_bytes()).unwrap();
        let sold = enter(&baskets, &prices);
        prop_assert_eq!(Totals::of_input(&baskets, &prices).differences(&sold, Side::Stores), []);
    }
}

/// Enters baskets without a network in between.
fn enter(baskets: &[FileBasket], prices: &PriceList) -> Totals {
    let mut till = till::Till::new(prices);
    for basket in baskets {
        let plan = plan(basket, prices, Currency::USD).unwrap();
        let mut change = store_core::Money::zero(Currency::USD);
        let mut version = 0;
        for step in &plan.steps {
            let Some(command) = step.after_change(change).unwrap() else {
                continue;
            };
            let envelope = json!({"command_id": step.command_id, "version": version,
                "transaction_id": plan.transaction, "command": command});
            let (outcome, _) = till.command("1", plan.time, &envelope).unwrap();
            let is_coupon = step.kind == crate::replay::plan::StepKind::Coupon;
            if let (true, Ok(given)) =
                (is_coupon, serde_json::from_value(outcome["event"]["change"].clone()))
            {
                change = change.add(given).unwrap();
            }
            version += 1;
        }
    }
    let mut totals = Totals::default();
    for sale in &till.sales {
        totals.add_sale(&baskets[0].store, sale);
    }
    totals
}
