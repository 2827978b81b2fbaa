//! The three places, and what is put into them.

use hq::store::{HqStore, StoreAt, StorePlace};

/// A place for a database, with what keeps it.
pub struct Place {
    pub at: StoreAt,
    _dir: Option<tempfile::TempDir>,
}

/// Which place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    File,
    Memory,
    Postgres,
}

/// An empty place; none where there is no PostgreSQL, which is reported as a skip.
pub fn place(kind: Kind) -> Option<Place> {
    match kind {
        Kind::File => {
            let dir = tempfile::tempdir().expect("a temporary directory");
            Some(Place { at: StoreAt::File(dir.path().join("hq.db")), _dir: Some(dir) })
        }
        Kind::Memory => Some(Place { at: StoreAt::Memory, _dir: None }),
        Kind::Postgres => {
            let Some(url) = crate::postgres::postgres_database() else {
                crate::skipping::skip("PostgreSQL is not installed");
                return None;
            };
            Some(Place { at: StoreAt::Postgres(url), _dir: None })
        }
    }
}

impl Place {
    pub fn open(&self) -> HqStore {
        HqStore::open(&self.at).expect("the database opens")
    }

    /// An empty place of the same kind.
    pub fn another(&self) -> Self {
        let kind = match self.at {
            StoreAt::File(_) => Kind::File,
            StoreAt::Memory => Kind::Memory,
            StoreAt::Postgres(_) => Kind::Postgres,
        };
        place(kind).expect("there was one before")
    }

    /// Whether making one costs next to nothing.
    pub fn is_fast(&self) -> bool {
        self.at == StoreAt::Memory
    }
}

/// HQ's database with some stores.
pub fn with_stores(place: &Place, stores: &[&str]) -> HqStore {
    let mut hq = place.open();
    for store in stores {
        let place = StorePlace { store: (*store).to_owned(), ..StorePlace::default() };
        hq.add_store(&place).expect("a store");
    }
    hq
}

/// All rows of a table as text, in order.
pub fn dump(hq: &mut HqStore, table: &str) -> Vec<String> {
    let all = format!("select * from {table}");
    let rows = hq.sql().query(&all, &[], |row| Ok(format!("{table} {row:?}")));
    let mut rows = rows.expect("a table");
    rows.sort();
    rows
}

/// Makes one test of a function for each place.
#[macro_export]
macro_rules! everywhere {
    ($($test:ident),* $(,)?) => {
        mod in_a_file {
            $(#[test] fn $test() { super::run($crate::support::Kind::File, super::$test); })*
        }
        mod in_memory {
            $(#[test] fn $test() { super::run($crate::support::Kind::Memory, super::$test); })*
        }
        mod in_postgresql {
            $(#[test] fn $test() { super::run($crate::support::Kind::Postgres, super::$test); })*
        }
        fn run(kind: $crate::support::Kind, test: fn(&$crate::support::Place)) {
            if let Some(place) = $crate::support::place(kind) {
                test(&place);
            }
        }
    };
}
