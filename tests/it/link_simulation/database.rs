//! Headquarters' database: SQLite in memory through the store of production, with what the world
//! does to it and reads of it.

use hq::ingest::decide::Faults;
use hq::store::sql::{Connection, Param, Row};
use hq::store::{HqStore, StoreAt, StoreError, StorePlace};

use super::trade::STORES;

/// More pages than any run fills.
const NO_LIMIT: u32 = 1_000_000;

pub struct Database {
    workers: [HqStore; 2],
    has_backup: bool,
    pub is_full: bool,
}

/// A stream as the database has it.
#[derive(Clone, Debug)]
pub struct Held {
    pub store: String,
    pub stream: String,
    pub journal_stream: String,
    pub base: u64,
    pub through: u64,
    pub digest: [u8; 32],
    pub frozen: Option<String>,
    /// Rows from the base to the watermark, and whether there is one right above it.
    pub between: u64,
    pub has_next: bool,
    /// Rows above the base that are folded, and the last of them.
    pub folded: u64,
    pub last_folded: u64,
}

/// A row as the database has it.
#[derive(Clone, Debug)]
pub struct HeldRow {
    pub store: String,
    pub id: [u8; 16],
    /// Its place in the order of folding; 0 where its fact was folded before.
    pub fold: Option<u64>,
}

impl Database {
    pub fn open(faults: Faults) -> Self {
        let mut first = HqStore::open(&StoreAt::Memory).expect("a database");
        first.plant(faults);
        for store in STORES {
            let place = StorePlace { store: store.to_owned(), ..StorePlace::default() };
            first.add_store(&place).expect("a store");
        }
        let mut second = first.another().expect("a second connection");
        second.plant(faults);
        Self { workers: [first, second], has_backup: false, is_full: false }
    }

    pub const fn worker(&mut self, worker: usize) -> &mut HqStore {
        &mut self.workers[worker]
    }

    pub fn read<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        read: impl FnMut(&Row) -> Result<T, StoreError>,
    ) -> Vec<T> {
        self.workers[0].sql().query(sql, params, read).expect("an answer")
    }

    /// Lets it grow no further, or again.
    pub fn set_full(&mut self, is_full: bool) {
        self.is_full = is_full;
        let pages = self.read("pragma page_count", &[], |row| row.count(0));
        let pages = if is_full { pages[0] as u32 } else { NO_LIMIT };
        for worker in &mut self.workers {
            worker.sql().limit_pages(pages).expect("a limit");
        }
    }

    fn tables(&mut self) -> Vec<String> {
        let tables = "select name from sqlite_master where type = 'table'
             and name not like 'sqlite_%' and name not like 'refinery_%'";
        self.read(tables, &[], |row| row.string(0))
    }

    /// Copies all of it; a later copy takes the place of an earlier one.
    pub fn back_up(&mut self) {
        let tables = self.tables();
        let sql = self.workers[0].sql();
        let run = |sql: &mut Connection, text: &str| sql.execute(text, &[]).expect("a copy");
        if !std::mem::replace(&mut self.has_backup, true) {
            run(sql, "attach ':memory:' as backup");
            for table in &tables {
                run(sql, &format!("create table backup.{table} as select * from main.{table}"));
            }
            return;
        }
        for table in &tables {
            run(sql, &format!("delete from backup.{table}"));
            run(sql, &format!("insert into backup.{table} select * from main.{table}"));
        }
    }

    /// Goes back to the copy; nothing where there is none.
    pub fn restore(&mut self) -> bool {
        if !self.has_backup {
            return false;
        }
        self.set_full(false);
        let tables = self.tables();
        let restored = self.workers[0].sql().write(|sql| {
            for table in &tables {
                sql.execute(&format!("delete from main.{table}"), &[])?;
                let copy = format!("insert into main.{table} select * from backup.{table}");
                sql.execute(&copy, &[])?;
            }
            Ok(())
        });
        restored.expect("a restored database");
        true
    }

    pub fn streams(&mut self) -> Vec<Held> {
        let streams = "select s.store, s.stream, s.base, s.through, s.digest, s.frozen,
                 (select count(*) from rows r where r.stream = s.id
                     and r.sequence > s.base and r.sequence <= s.through),
                 (select count(*) from rows r where r.stream = s.id
                     and r.sequence = s.through + 1),
                 (select count(*) from rows r where r.stream = s.id
                     and r.sequence > s.base and r.fold is not null),
                 (select coalesce(max(r.sequence), 0) from rows r where r.stream = s.id
                     and r.fold is not null),
                 s.journal_stream
             from streams s order by s.id";
        self.read(streams, &[], |row| {
            Ok(Held {
                store: row.string(0)?,
                stream: row.string(1)?,
                base: row.count(2)?,
                through: row.count(3)?,
                digest: row.array(4)?,
                frozen: row.opt_string(5)?,
                between: row.count(6)?,
                has_next: row.count(7)? > 0,
                folded: row.count(8)?,
                last_folded: row.count(9)?,
                journal_stream: row.string(10)?,
            })
        })
    }

    pub fn rows(&mut self) -> Vec<HeldRow> {
        let rows = "select s.store, r.id, r.fold from rows r join streams s on s.id = r.stream";
        self.read(rows, &[], |row| {
            let fold = row.opt_int(2)?.map(i64::cast_unsigned);
            Ok(HeldRow { store: row.string(0)?, id: row.array(1)?, fold })
        })
    }

    /// The digests that rows of a stream have, from one number to another.
    pub fn digests(&mut self, store: &str, stream: &str, span: (u64, u64)) -> Vec<(u64, [u8; 32])> {
        let digests = "select r.sequence, r.digest from rows r join streams s on s.id = r.stream
             where s.store = ?1 and s.stream = ?2 and r.sequence between ?3 and ?4";
        let params = [store.into(), stream.into(), span.0.into(), span.1.into()];
        self.read(digests, &params, |row| Ok((row.count(0)?, row.array(1)?)))
    }

    /// Everything that is projected, as text, in order.
    pub fn projections(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        for (table, columns, order) in [
            ("forks", 5, "store, into_stream"),
            ("sales_by", 13, "day, dimension, store, key, hour, currency"),
            ("sales", 2, "store, transaction_id"),
            ("stock", 10, "store, item"),
        ] {
            let all = format!("select * from {table} order by {order}");
            lines
                .extend(self.read(&all, &[], |row| Ok(format!("{table} {}", shown(row, columns)))));
        }
        lines
    }
}

fn shown(row: &Row, columns: usize) -> String {
    let texts = (0..columns).map(|at| {
        let number = row.opt_int(at).map(|it| it.map(|it| it.to_string()));
        number.or_else(|_| row.opt_string(at)).ok().flatten().unwrap_or_default()
    });
    texts.collect::<Vec<_>>().join("|")
}
