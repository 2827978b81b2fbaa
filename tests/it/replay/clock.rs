//! Time: a replayed sale has the file's, and nobody can set that of a hub that runs.

use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use hub::replay::client::{Connection, StoreAccess, sign_on};
use hub::replay::run::{StoreHost as _, StoreOpening};
use serde_json::{Value, json};
use store_core::{Currency, StoreId};
use store_journal::{LedgerReads as _, Reader};
use ureq::http::Method;

use super::process::HubProcesses;
use super::runner::Replay;
use crate::support;

const CATALOGUE: &str = "item,ean,plu,description,department,category,brand,unit,unit_price,\
    tax_class\n1,0400000000015,,MILK,DAIRY,X,B,each,1.00,food\n";

fn basket(number: usize, time: &str) -> String {
    let line = json!({"item": 1, "qty": 1, "reg": 100, "net": 100});
    json!({"basket": number, "store": 7, "time": time, "lines": [line]}).to_string()
}

/// The times of the sales of a journal, as they are written locally, by transaction number.
fn local_times(store: &std::path::Path) -> Vec<String> {
    let reader = Reader::open(store).unwrap();
    let sales = reader.completed().unwrap().into_iter();
    let opened = sales.map(|id| match reader.transaction(id).unwrap().unwrap().fact {
        store_core::fact::Fact::SaleCompleted(sale) => sale.opened.local().to_string(),
        other => panic!("{other:?}"),
    });
    opened.collect()
}

#[test]
fn a_replayed_sale_keeps_the_hour_and_the_day_that_are_written() {
    let data = support::temp_dir("clock");
    let path = |name: &str| data.path().join(name);
    let times = [
        "2017-03-12T01:59:59-05:00",
        "2017-03-12T03:00:00-04:00",
        "2017-11-05T01:30:00-04:00",
        "2017-11-05T01:30:00-05:00",
        "2016-12-31T23:59:59-05:00",
        "2017-07-01T12:00:00+09:00",
    ];
    let baskets: Vec<String> =
        times.iter().enumerate().map(|(number, time)| basket(number, time)).collect();
    std::fs::write(path("catalogue.csv"), CATALOGUE).unwrap();
    std::fs::write(path("baskets.jsonl"), baskets.join("\n")).unwrap();
    let replay = Replay {
        catalogue: path("catalogue.csv"),
        baskets: path("baskets.jsonl"),
        data: data.path(),
        registers: 1,
    };
    let report = replay.run();
    let expected = json!({"1": 300, "3": 100, "12": 100, "23": 100});
    assert_eq!(report["stores"]["7"]["by_hour"], expected);
    let written: Vec<&str> = times.iter().map(|time| &time[..19]).collect();
    assert_eq!(local_times(&path("store-7")), written);
}

/// A hub that runs: no switch sets its clock, and a request that names a time is refused or does
/// not change it.
#[test]
fn nothing_that_is_asked_of_a_running_hub_sets_its_time() {
    let help = Command::new(support::hub_binary()).args(["run", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap().to_lowercase();
    for word in ["clock", "time", "date", "now"] {
        let is_flag = |line: &str| line.trim_start().starts_with("--") && line.contains(word);
        assert!(!help.lines().any(is_flag), "{word}: {help}");
    }
    let data = support::temp_dir("running-clock");
    let catalogue = data.path().join("catalogue.csv");
    std::fs::write(&catalogue, CATALOGUE).unwrap();
    let host = HubProcesses::new(data.path(), &catalogue);
    let store = StoreId::new("7").unwrap();
    let opening = StoreOpening {
        store: &store,
        currency: Currency::USD,
        zone: "America/New_York",
        registers: 1,
        begins: None,
    };
    let running = host.open(&opening).unwrap();
    let code = running.setup_code();
    let access = StoreAccess {
        url: running.url(),
        setup_code: code.as_deref(),
        directory: running.directory(),
        crew: running.crew(),
    };
    let (registers, _) = sign_on(access, 1).unwrap();
    let register = &registers[0].1;
    let send = |version: u64, change: &dyn Fn(&mut Value)| sent(register, version, change);
    for name in ["now", "time", "wall", "opened", "date", "clock"] {
        let with = |envelope: &mut Value| envelope[name] = json!("1999-12-31T23:59:59Z");
        assert_eq!(send(0, &with), 400, "{name} beside the command");
        let within = |envelope: &mut Value| envelope["command"][name] = json!("1999-12-31");
        assert_eq!(send(0, &within), 400, "{name} within the command");
    }
    let before = now_ms();
    assert_eq!(send(0, &|_| {}), 200);
    let total = json!({"amount": "1.00", "currency": "USD"});
    let cash = json!({"type": "tender", "tender_type": "cash", "amount": total, "total": total});
    assert_eq!(send(1, &|envelope| envelope["command"] = cash.clone()), 200);
    assert_eq!(send(2, &|envelope| envelope["command"] = json!({"type": "complete"})), 200);
    let reader = Reader::open(running.directory()).unwrap();
    let sale = reader.completed().unwrap()[0];
    let row = reader.transaction(sale).unwrap().unwrap();
    let wall_ms = row.now.wall.as_millisecond();
    assert!((before..=now_ms()).contains(&wall_ms), "{before} {wall_ms}");
    running.close().unwrap();
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

/// Sends a scan of the one item, changed as the test wants; answers the status.
fn sent(register: &Connection, version: u64, change: &dyn Fn(&mut Value)) -> u16 {
    let mut envelope = json!({
        "command_id": format!("00000000-0000-7000-8000-{version:012}"),
        "transaction_id": "00000000-0000-7000-8000-00000000aaaa",
        "version": version,
        "command": {"type": "scan_item", "code": "0400000000015"},
    });
    change(&mut envelope);
    register.send(&Method::POST, "/api/v1/register/commands", &envelope).unwrap().status
}
