//! SQLite as its makers ship it: what the same rows cost where nobody checks, chains or converts.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::{Connection, params};
use store_core::fact::Fact;
use store_core::transaction::RetailTransaction;
use store_journal::{Append, DraftChange, convert};

/// As many writes in one commit as the journal's writer takes.
const GROUP_MAX: usize = 128;

/// The rows of one sale, ready to be inserted.
pub struct BareRows {
    append: Append,
    body: String,
    /// By how much the stock of each item changes, in thousandths.
    stock: BTreeMap<String, (i64, &'static str)>,
    absorbed: String,
}

impl BareRows {
    /// Makes the rows of a completed sale.
    pub fn of(append: Append) -> Self {
        let body = convert::to_wire(&append.fact, &append.now).write().unwrap();
        let mut stock: BTreeMap<String, (i64, &'static str)> = BTreeMap::new();
        for line in sale(&append).live_lines() {
            let unit = line.quantity.unit().code();
            stock.entry(line.item.to_string()).or_insert((0, unit)).0 -=
                line.quantity.thousandths();
        }
        let absorbed = match &append.draft {
            DraftChange::End { absorbed, .. } => absorbed.clone(),
            _ => String::new(),
        };
        Self { append, body, stock, absorbed }
    }
}

fn sale(append: &Append) -> &RetailTransaction {
    match &append.fact {
        Fact::SaleCompleted(sale) => sale,
        other => panic!("no sale: {other:?}"),
    }
}

type Job = (BareRows, SyncSender<()>);

/// A thread with a connection that commits whatever waits.
pub struct BareWriter {
    jobs: SyncSender<Job>,
    groups: Arc<AtomicU64>,
    thread: JoinHandle<()>,
}

impl BareWriter {
    /// On a database that the journal has made and left.
    pub fn open(dir: &Path) -> Self {
        let connection = Connection::open(dir.join("journal.db")).unwrap();
        connection.set_prepared_statement_cache_capacity(64);
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        connection.pragma_update(None, "synchronous", "FULL").unwrap();
        let (jobs, waiting) = sync_channel(1024);
        let groups = Arc::new(AtomicU64::new(0));
        let counted = groups.clone();
        let thread = std::thread::spawn(move || run(&connection, &waiting, &counted));
        Self { jobs, groups, thread }
    }

    /// Inserts the rows and waits until they are durable.
    pub fn write(&self, rows: BareRows) {
        let (done, durable) = sync_channel(1);
        self.jobs.send((rows, done)).unwrap();
        durable.recv().unwrap();
    }

    /// How many commits there were.
    pub fn groups(&self) -> u64 {
        self.groups.load(Ordering::Relaxed)
    }

    /// Ends the thread.
    pub fn stop(self) {
        drop(self.jobs);
        self.thread.join().unwrap();
    }
}

fn run(connection: &Connection, waiting: &Receiver<Job>, groups: &AtomicU64) {
    let last = "SELECT max(position) FROM journal";
    let mut position: i64 = connection.query_row(last, [], |row| row.get(0)).unwrap();
    while let Ok(first) = waiting.recv() {
        let mut group = vec![first];
        group.extend(waiting.try_iter().take(GROUP_MAX - 1));
        execute(connection, "BEGIN IMMEDIATE", []);
        for (rows, _) in &group {
            position += 1;
            insert(connection, rows, position);
        }
        execute(connection, "COMMIT", []);
        groups.fetch_add(1, Ordering::Relaxed);
        for (_, done) in group {
            done.send(()).unwrap();
        }
    }
}

fn execute(connection: &Connection, sql: &str, values: impl rusqlite::Params) {
    connection.prepare_cached(sql).unwrap().execute(values).unwrap();
}

fn insert(connection: &Connection, rows: &BareRows, position: i64) {
    let BareRows { append, body, stock, absorbed } = rows;
    let (sale, now) = (sale(append), &append.now);
    let (id, transaction) = (append.id.uuid(), sale.id.uuid());
    let number = sale.number.map(|number| number.0 as i64);
    let wall_ms = now.wall.as_millisecond();
    execute(
        connection,
        "INSERT INTO journal VALUES (?1, 1, ?1, ?2, 'sale_completed', 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9,
             ?10)",
        params![
            position,
            id.as_bytes(),
            transaction.as_bytes(),
            wall_ms,
            now.utc_offset_s,
            now.monotonic_ms as i64,
            now.boot.uuid().as_bytes(),
            now.clock_trusted,
            body,
            [7_u8; 32],
        ],
    );
    let totals = &sale.totals;
    execute(
        connection,
        "INSERT INTO transactions VALUES (?1, ?2, 'completed', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?8, ?9,
             ?10, ?11, ?12, ?13, ?14, ?15, ?16, NULL, NULL)",
        params![
            position,
            transaction.as_bytes(),
            sale.store.as_str(),
            sale.workstation.as_str(),
            number,
            sale.operator.as_str(),
            sale.business_day.to_string(),
            wall_ms,
            now.utc_offset_s,
            sale.currency.code(),
            totals.shelf.minor(),
            totals.discount.minor(),
            totals.net.minor(),
            totals.total.minor(),
            totals.tendered.minor(),
            totals.change.minor(),
        ],
    );
    insert_lines(connection, sale, position);
    for (item, (thousandths, unit)) in stock {
        execute(
            connection,
            "INSERT INTO stock_on_hand VALUES (?1, ?2, ?3) ON CONFLICT (item)
             DO UPDATE SET thousandths = thousandths + excluded.thousandths",
            params![item, thousandths, unit],
        );
    }
    insert_beside(connection, rows, position, number, wall_ms, absorbed);
}

fn insert_lines(connection: &Connection, sale: &RetailTransaction, position: i64) {
    for line in &sale.lines {
        execute(
            connection,
            "INSERT INTO transaction_lines VALUES (?1, ?2, 'sale', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,
                 ?11, ?12, ?13, 'catalogue', 0)",
            params![
                position,
                line.line.0,
                line.item.as_str(),
                &*line.code,
                &*line.description,
                &*line.department,
                &*line.category,
                &*line.tax_class,
                line.quantity.thousandths(),
                line.quantity.unit().code(),
                line.unit_price.minor(),
                line.shelf_amount.minor(),
                line.net.minor(),
            ],
        );
    }
    for tender in &sale.tenders {
        execute(
            connection,
            "INSERT INTO tenders VALUES (?1, ?2, ?3, ?4, ?5, NULL, NULL, NULL, NULL, 0, NULL, NULL,
                 NULL, NULL, NULL)",
            params![
                position,
                tender.number,
                tender.tender_type.as_str(),
                tender.amount.minor(),
                tender.change.minor(),
            ],
        );
    }
}

fn insert_beside(
    connection: &Connection,
    rows: &BareRows,
    position: i64,
    number: Option<i64>,
    wall_ms: i64,
    absorbed: &str,
) {
    let sale = sale(&rows.append);
    let transaction = sale.id.uuid();
    execute(
        connection,
        "INSERT OR REPLACE INTO registers VALUES (?1, ?2, ?3)",
        params![sale.workstation.as_str(), number, sale.operator.as_str()],
    );
    execute(
        connection,
        "INSERT INTO business_days VALUES (?1, ?2, ?2, NULL) ON CONFLICT (business_day)
         DO UPDATE SET last_position = excluded.last_position",
        params![sale.business_day.to_string(), position],
    );
    execute(
        connection,
        "DELETE FROM drafts WHERE transaction_id = ?1",
        params![transaction.as_bytes()],
    );
    execute(
        connection,
        "INSERT INTO ended VALUES (?1, ?2, ?3, ?4)",
        params![transaction.as_bytes(), position, absorbed, wall_ms],
    );
    if let Some(job) = &rows.append.print {
        execute(
            connection,
            "INSERT INTO print_jobs VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL)",
            params![
                transaction.as_bytes(),
                job.copy,
                job.state.code(),
                job.document,
                wall_ms,
                job.workstation.as_ref().map(|at| at.as_str()),
            ],
        );
    }
}

/// Whether the first sale of every register has left as much in both databases.
pub fn have_the_same_rows(dir: &Path) -> bool {
    let rows = |arm: &str| {
        let connection = Connection::open(dir.join(arm).join("journal.db")).unwrap();
        let mut statement = connection
            .prepare(
                "SELECT format('%s %d %d %d %d %d %d', workstation, total_minor,
                     (SELECT count(*) FROM transaction_lines AS one
                         WHERE one.position = t.position),
                     (SELECT count(*) FROM tenders AS one WHERE one.position = t.position),
                     (SELECT length(body) FROM journal AS one WHERE one.position = t.position),
                     (SELECT length(absorbed) FROM ended AS one
                         WHERE one.transaction_id = t.transaction_id),
                     (SELECT length(document) FROM print_jobs AS one
                         WHERE one.transaction_id = t.transaction_id))
                 FROM transactions AS t WHERE number = 1 ORDER BY workstation",
            )
            .unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.map(Result::unwrap).collect::<Vec<_>>()
    };
    let (ours, bare) = (rows("journal"), rows("bare"));
    !ours.is_empty() && ours == bare
}
