//! The layer below everything: the same text, values and errors.

use hq::store::sql::{Connection, Param};
use hq::store::{HqStore, StoreAt, StoreError};

use crate::support::Place;

crate::everywhere! {
    every_value_comes_back_as_it_was,
    a_transaction_happens_or_does_not,
    many_rows_go_in_and_are_found_by_their_keys,
    two_that_count_at_once_count_both,
    a_second_opening_finds_the_tables,
}

fn table(sql: &mut Connection) {
    sql.execute("create table t (k BIGINT PRIMARY KEY, a TEXT, b BYTEA)", &[]).unwrap();
}

fn every_value_comes_back_as_it_was(place: &Place) {
    let mut store = place.open();
    let sql = store.sql();
    table(sql);
    let rows: [(i64, Param<'_>, Param<'_>); 4] = [
        (i64::MAX, Param::Text("林鳳營 'a' \"b\" ?"), Param::Bytes(&[0, 255, 1])),
        (i64::MIN, Param::Text(""), Param::Bytes(&[])),
        (0, Param::Null, Param::Null),
        (1, Param::Text("a\0b"), Param::Null),
    ];
    for (k, a, b) in rows {
        let insert = "insert into t (k, a, b) values (?1, ?2, ?3)";
        assert_eq!(sql.execute(insert, &[k.into(), a, b]).unwrap(), 1);
        let read = |row: &hq::store::sql::Row| {
            Ok((row.opt_string(0)?, row.opt_array::<3>(1).ok(), row.int(2)?))
        };
        let found = sql.query_one("select a, b, k from t where k = ?1", &[k.into()], read);
        let (text, bytes, key) = found.unwrap().expect("the row");
        assert_eq!(key, k);
        let expected = match a {
            // PostgreSQL has no NUL; both databases keep the same text.
            Param::Text(text) => Some(text.replace('\0', "\u{fffd}")),
            _ => None,
        };
        assert_eq!(text, expected);
        match b {
            Param::Bytes([0, 255, 1]) => assert_eq!(bytes, Some(Some([0, 255, 1]))),
            Param::Bytes(_) => assert_eq!(bytes, None, "of another length"),
            _ => assert_eq!(bytes, Some(None)),
        }
    }
    let sum = "select cast(sum(case when k > 0 then 1 else 0 end) as bigint) from t";
    assert_eq!(sql.query_one(sum, &[], |row| row.int(0)).unwrap(), Some(2));
}

fn a_transaction_happens_or_does_not(place: &Place) {
    let mut store = place.open();
    let sql = store.sql();
    table(sql);
    let failed: Result<(), StoreError> = sql.write(|sql| {
        sql.execute("insert into t (k) values (1)", &[])?;
        sql.execute("insert into t (k) values (1)", &[]).map(|_| ())
    });
    assert!(matches!(failed, Err(StoreError::Sql { .. })), "{failed:?}");
    let count = |sql: &mut Connection| {
        sql.query_one("select count(*) from t", &[], |row| row.int(0)).unwrap()
    };
    assert_eq!(count(sql), Some(0));
    sql.write(|sql| sql.execute("insert into t (k) values (1)", &[])).unwrap();
    assert_eq!(sql.read(|sql| Ok(count(sql))).unwrap(), Some(1));
}

fn many_rows_go_in_and_are_found_by_their_keys(place: &Place) {
    let mut store = place.open();
    let sql = store.sql();
    table(sql);
    for count in [0_i64, 1, 7, 8, 63, 64, 65, 200] {
        sql.execute("delete from t", &[]).unwrap();
        let keys: Vec<Param<'_>> = (0..count).map(Param::from).collect();
        let cells: Vec<Param<'_>> = keys.iter().flat_map(|key| [*key, Param::Text("a")]).collect();
        sql.insert_many("insert into t (k, a) values", 2, "on conflict do nothing", &cells)
            .unwrap();
        let mut found = sql
            .query_keys("select k from t where a = 'a' and k in", &keys, |row| row.int(0))
            .unwrap();
        found.sort_unstable();
        assert_eq!(found, (0..count).collect::<Vec<_>>());
    }
}

fn two_that_count_at_once_count_both(place: &Place) {
    let mut store = place.open();
    table(store.sql());
    store.sql().execute("insert into t (k, a) values (1, '0')", &[]).unwrap();
    let count = |mut store: HqStore| {
        for _ in 0..50 {
            let counted = store.sql().write(|sql| {
                let now = sql.lock("select a from t where k = 1", &[], |row| row.string(0))?;
                let next = now.expect("the row").parse::<i64>().expect("a number") + 1;
                sql.execute("update t set a = ?1 where k = 1", &[(&next.to_string()).into()])
            });
            counted.expect("both get their turn");
        }
    };
    let other = store.another().unwrap();
    let third = store.another().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| count(other));
        scope.spawn(|| count(third));
    });
    let counted = store.sql().query_one("select a from t", &[], |row| row.string(0)).unwrap();
    assert_eq!(counted.as_deref(), Some("100"));
}

fn a_second_opening_finds_the_tables(place: &Place) {
    let mut store = place.open();
    let mut again = place.open();
    for store in [&mut store, &mut again] {
        let found = store.sql().query("select name from numbers", &[], |row| row.string(0));
        assert_eq!(found.unwrap(), ["id"]);
    }
}

#[test]
fn a_server_elsewhere_is_refused_before_it_is_asked() {
    for (url, code) in [
        ("postgresql://hq@192.0.2.7/hq", "storage_not_local"),
        ("host=db.example.org user=hq", "storage_not_local"),
        ("host=localhost hostaddr=192.0.2.7 user=hq", "storage_not_local"),
        ("host=localhost,db.example.org user=hq", "storage_not_local"),
        ("host=localhost user=hq sslmode=require", "storage_bad_address"),
        ("prt=7", "storage_bad_address"),
        ("host=127.0.0.1 port=1 user=hq", "storage_unavailable"),
    ] {
        let refused = HqStore::open(&StoreAt::Postgres(url.to_owned())).unwrap_err();
        assert_eq!(refused.code(), code, "{url}: {refused}");
    }
    let shown = format!("{:?}", StoreAt::Postgres("postgresql://hq:secret@localhost".to_owned()));
    assert!(!shown.contains("secret"));
}
