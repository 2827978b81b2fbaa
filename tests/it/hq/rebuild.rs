//! `hq rebuild`: the projections are made again from the rows, and it is said what is another.

use std::process::Output;

use hq::store::{HqStore, Scope, StoreAt, StorePlace};

use super::journal::Journal;
use super::running::{Hq, command};
use crate::support;

fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

/// A headquarters to which a store sent three sales, one of them in words of a newer program.
fn filled(at: &StoreAt) -> HqStore {
    let mut hq = HqStore::open(at).unwrap();
    for store in ["S-1", "S-2"] {
        let place = StorePlace { store: store.to_owned(), ..StorePlace::default() };
        hq.add_store(&place).unwrap();
    }
    let mut journal = Journal::new("S-1", 1);
    journal.sell(1, 9, &[("a1", 1)]);
    journal.sell(2, 10, &[("a1", 2)]);
    let newer = {
        let mut other = journal.clone();
        other.sell(3, 11, &[("b1", 4)]);
        other.rows.last().unwrap().body.get().to_owned()
    };
    journal.push_text("sale_completed", 2, &newer);
    journal.push_text("moon_landed", 1, "{}");
    let taken = hq.ingest(&[journal.all()], 1000).unwrap();
    assert_eq!((taken.folded_sales, taken.put_aside), (2, 2));
    hq
}

fn a_database_is_rebuilt(at: &StoreAt, settings: &[(&str, String)]) {
    let scratch = support::temp_dir("hq-rebuild");
    let at = match at {
        StoreAt::File(_) => &StoreAt::File(scratch.path().join("hq.db")),
        at => at,
    };
    let mut hq = filled(at);
    let rebuild = || {
        let mut command = command(scratch.path(), &["rebuild"]);
        said(&command.envs(settings.iter().map(|(name, value)| (name, value))).output().unwrap())
    };
    // Nothing is another where nothing was wrong.
    let before = hq.totals(&Scope::All).unwrap();
    let (code, out, progress) = rebuild();
    assert_eq!(code, 0, "{progress}");
    let expected = "projections made again from 5 rows of 2 stores\n\
                    2 rows cannot be read and stay aside\nno sum is another\n";
    assert_eq!(out, expected);
    assert!(progress.contains("S-1: 5 rows") && progress.contains("S-2: 0 rows"), "{progress}");
    assert_eq!(hq.totals(&Scope::All).unwrap(), before);
    assert_eq!(hq.aside(&Scope::All, None).unwrap().len(), 2);

    // As if the program knew the newer words now, and a sum had come out wrong.
    hq.sql().execute("update rows set body_version = 1", &[]).unwrap();
    hq.sql().execute("update sales_by set net = net + 7 where key = 'cash'", &[]).unwrap();
    let (code, out, progress) = rebuild();
    assert_eq!(code, 0, "{progress}");
    let expected = "projections made again from 5 rows of 2 stores\n\
                    1 rows were kept aside before and are read now\n\
                    1 rows cannot be read and stay aside\n\
                    S-1: 3 sales with net 63 were 2 sales with net 27\n";
    assert_eq!(out, expected);
    let totals = hq.totals(&Scope::All).unwrap();
    assert_eq!((totals["S-1"].transactions, totals["S-1"].net), (3, 63));
    let aside = hq.aside(&Scope::of("S-1"), None).unwrap();
    assert_eq!(aside.len(), 1, "what is read now is aside no more");
    assert!(aside[0].reason.contains("moon_landed"), "{aside:?}");

    // A sum that was wrong where neither sales nor net are.
    let wrong = "update sales_by set shelf = shelf + 7 where dimension = 'tender'";
    hq.sql().execute(wrong, &[]).unwrap();
    let (_, out, _) = rebuild();
    assert!(
        out.contains("sums by hour, department, tender, reason or promotion are others"),
        "{out}"
    );
    assert_eq!(hq.totals(&Scope::All).unwrap(), totals);
}

#[test]
fn facts_of_a_newer_program_enter_once_they_are_understood() {
    a_database_is_rebuilt(&StoreAt::File("".into()), &[]);
}

#[test]
fn a_database_of_postgresql_is_rebuilt_too() {
    let Some(url) = support::postgres::postgres_database() else {
        support::skip("PostgreSQL is not installed");
        return;
    };
    a_database_is_rebuilt(&StoreAt::Postgres(url.clone()), &[("HQ_STORAGE__POSTGRES", url)]);
}

#[test]
fn a_headquarters_that_runs_is_not_held_up_and_one_that_is_not_there_is_not_made() {
    let mut hq = Hq::start();
    let (code, out, error) = said(&command(hq.directory(), &["rebuild"]).output().unwrap());
    assert_eq!((code, out.as_str()), (75, ""), "{error}");
    assert!(error.starts_with("error: headquarters runs on ") && error.lines().count() == 1);
    assert!(error.contains("stop it first"), "{error}");
    assert!(hq.stop().success());
    let (code, out, error) = said(&command(hq.directory(), &["rebuild"]).output().unwrap());
    assert_eq!(code, 0, "{error}");
    assert!(out.contains("0 rows of 2 stores"), "{out}");

    let scratch = support::temp_dir("hq-nowhere");
    let nowhere = scratch.path().join("none");
    let (code, _, error) = said(&command(&nowhere, &["rebuild"]).output().unwrap());
    assert_eq!(code, 66, "{error}");
    assert!(error.contains("there is no database in "), "{error}");
    assert!(!nowhere.exists());
}
