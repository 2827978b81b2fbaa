//! Both ledgers, the same chance, equal answers and equal sights after every group.
use std::collections::BTreeMap;

use store_core::fact::Fact;
use store_core::inventory::MovementKind;
use store_core::permission::Role;
use store_core::transaction::RetailTransaction;
use store_core::{Quantity, StreamId, TransactionId, Unit};
use store_journal::{
    AccessChange, Append, Ledger, LedgerReads, LinkCursor, Lockout, Operator, PrintChange,
    PrintJob, PrintState, Session, SimulatedBackup, WorkstationClaim, Write, WriteError,
};

use crate::bench::{Bench, InMemory, Outcome};
use crate::everything::{ITEMS, KEYS, Seen, WORKSTATIONS, assert_same, everything};
use crate::on_disk::OnDisk;
use crate::random::Random;
use crate::trade::{Trade, at, draft, moment, pieces, promise, receipt};

/// What a run has to come across.
const HAPPENS: &str = "row,repeated,done,rejected,declined,suspended,retrieved,undone,\
    disk full,failed,power cut,start,backup,restore";

/// Groups in one run.
const GROUPS: usize = 220;
/// Groups between one catastrophe and the next.
const UPSET_EVERY: usize = 9;
/// Most writes of one group.
const WRITES_MAX: usize = 6;

struct Both {
    disk: OnDisk,
    memory: InMemory,
    chance: Random,
    trade: Trade,
    seen: Seen,
    open: BTreeMap<&'static str, (RetailTransaction, u64)>,
    /// Baskets that were put aside, whatever became of them.
    aside: Vec<(RetailTransaction, u64)>,
    appends: Vec<Append>,
    backup: Option<(std::path::PathBuf, SimulatedBackup)>,
    counts: BTreeMap<&'static str, usize>,
}

impl Both {
    fn new(chance: Random) -> Self {
        let mut disk = OnDisk::new();
        let memory = InMemory::with_stream(disk.head().stream);
        Self {
            disk,
            memory,
            chance,
            trade: Trade::new(1),
            seen: Seen::default(),
            open: BTreeMap::new(),
            aside: Vec::new(),
            appends: Vec::new(),
            backup: None,
            counts: BTreeMap::new(),
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    fn look(&mut self, when: &str) {
        let disk = everything(self.disk.ledger(), &self.seen);
        let memory = everything(self.memory.ledger(), &self.seen);
        assert_same(&disk, &memory, when);
    }

    fn step(&mut self, number: usize) {
        let was_failing = self.upset(number);
        let size = 1 + self.chance.below(WRITES_MAX);
        let group: Vec<Write> = (0..size).map(|_| self.any_write()).collect();
        let disk = self.disk.write(group.clone());
        let memory = self.memory.write(group.clone());
        assert_eq!(disk.len(), group.len());
        for ((write, disk), memory) in group.iter().zip(&disk).zip(&memory) {
            let is_same = match (disk, memory) {
                // A failed commit is told in the database's own words.
                (Err(WriteError::Failed(_)), Err(WriteError::Failed(_))) => true,
                _ => disk == memory,
            };
            assert!(is_same, "group {number}: {write:?}\n disk: {disk:?}\n memory: {memory:?}");
            self.learn(write, disk);
        }
        assert_eq!(self.disk.ledger().synchronous(), self.memory.ledger().synchronous());
        self.disk.fail_commits(0);
        self.memory.fail_commits(0);
        if was_failing {
            // Which of its writes were synced when they were done one by one only the ledger knows:
            // a promise syncs them all before the next power cut.
            let promise = promise(&self.trade.sign_on("1"));
            assert_eq!(self.disk.one(promise.clone()), self.memory.one(promise));
        }
        self.look(&format!("after group {number}"));
    }

    /// What the world does to both; answers whether their commits fail.
    fn upset(&mut self, number: usize) -> bool {
        let is_full = self.chance.one_in(8);
        self.disk.set_disk_full(is_full);
        self.memory.set_disk_full(is_full);
        if number.is_multiple_of(UPSET_EVERY) {
            self.catastrophe(number / UPSET_EVERY);
        }
        let is_failing = self.chance.one_in(12);
        if is_failing {
            let commits = 1 + u32::try_from(self.chance.below(3)).unwrap();
            self.disk.fail_commits(commits);
            self.memory.fail_commits(commits);
        }
        is_failing
    }

    /// Each in turn, so that none is left out by chance.
    fn catastrophe(&mut self, number: usize) {
        match number % 5 {
            0 | 2 => {
                let kept = self.chance.below(4);
                self.disk.power_cut(kept);
                self.memory.power_cut(kept);
                self.count("power cut");
            }
            1 => {
                self.backup = Some((self.disk.backup(), self.memory.backup()));
                self.count("backup");
            }
            3 => {
                self.disk.reopen();
                self.memory.reopen();
                self.count("start");
            }
            _ => {
                let Some((on_disk, in_memory)) = self.backup.clone() else { return };
                self.disk.restore(&on_disk);
                let stream = self.disk.head().stream;
                self.memory.restore_as(&in_memory, stream);
                // The real thing is closed before and opened after.
                self.memory.reopen();
                self.count("restore");
            }
        }
        self.look(&format!("after catastrophe {number}"));
    }

    fn any_write(&mut self) -> Write {
        match self.chance.below(20) {
            0..=7 => {
                let append = self.any_append();
                self.seen.commands.push(append.id);
                self.appends.push(append.clone());
                promise(&append)
            }
            8 if !self.appends.is_empty() => promise(&self.chance.pick(&self.appends).clone()),
            9..=12 => Write::SaveDraft(self.any_draft()),
            13 | 14 => Write::Print { change: self.any_print(), at_ms: self.any_ms() },
            15 | 16 => Write::Access(self.any_access()),
            17 => {
                let head = self.memory.head();
                let (through, digest) = (head.sequence, head.digest);
                Write::Cursor(LinkCursor { stream: head.stream, through, digest })
            }
            18 if self.chance.one_in(8) => {
                let (id, now) = (self.trade.sign_on("1").id, self.trade.now());
                Write::Diverge { id, now, stream: StreamId::new(self.trade.uuid()) }
            }
            _ => Write::Prune { before_ms: self.any_ms() },
        }
    }

    fn workstation(&mut self) -> &'static str {
        WORKSTATIONS[self.chance.below(WORKSTATIONS.len())]
    }

    fn any_ms(&mut self) -> i64 {
        let seconds = i64::try_from(self.chance.below(self.appends.len() * 2 + 1)).unwrap();
        moment(seconds).wall.as_millisecond()
    }

    fn basket(&mut self, workstation: &'static str) -> (RetailTransaction, u64) {
        if let (Some(open), false) = (self.open.get(workstation), self.chance.one_in(20)) {
            return open.clone();
        }
        let (of, count) = (*self.chance.pick(&ITEMS), 1 + self.chance.below(4));
        let basket = self.trade.basket(workstation, of, i64::try_from(count).unwrap());
        self.seen.transactions.push(basket.id);
        self.open.insert(workstation, (basket.clone(), 0));
        (basket, 0)
    }

    fn any_append(&mut self) -> Append {
        let workstation = self.workstation();
        let of = *self.chance.pick(&ITEMS);
        match self.chance.below(17) {
            12 | 13 => self.any_suspension(workstation),
            14 | 15 => self.any_retrieval(workstation),
            16 => self.any_undoing(workstation),
            0..=4 => {
                let (basket, _) = self.basket(workstation);
                let last = self.memory.ledger().last_number(&at(workstation)).unwrap().0;
                // Mostly the next one, sometimes a gap or a repeat.
                let number = last + [1, 1, 1, 1, 1, 1, 2, 0][self.chance.below(8)];
                self.trade.completed(basket, number)
            }
            5 => {
                let (basket, _) = self.basket(workstation);
                self.trade.abandoned(basket)
            }
            6 => {
                let (basket, version) = self.basket(workstation);
                self.trade.tender_taken(&basket, version + 1)
            }
            7 => {
                let (basket, _) = self.basket(workstation);
                self.trade.tender_voided(&basket)
            }
            8 => self.trade.sign_on(workstation),
            9 => self.trade.sign_off(workstation),
            10 => {
                let low = i64::try_from(self.chance.below(4)).unwrap();
                self.trade.levels(&[(of, low, low + 2)])
            }
            _ => {
                let kind = *self.chance.pick(&[
                    MovementKind::Received,
                    MovementKind::WrittenOff,
                    MovementKind::Adjusted,
                    MovementKind::Counted,
                ]);
                let count = i64::try_from(self.chance.below(6)).unwrap();
                let weighed = Quantity::from_thousandths(count, Unit::Kilogram).unwrap();
                let quantity = if self.chance.one_in(9) { weighed } else { pieces(count) };
                self.trade.moved(of, kind, quantity)
            }
        }
    }

    fn any_suspension(&mut self, workstation: &'static str) -> Append {
        let (basket, version) = self.basket(workstation);
        // The register sells on, mostly.
        if !self.chance.one_in(5) {
            self.open.remove(workstation);
        }
        self.aside.push((basket.clone(), version + 1));
        self.trade.suspended(&basket, version + 1)
    }

    /// One that lies aside, or lay, perhaps to another register.
    fn any_retrieval(&mut self, workstation: &'static str) -> Append {
        let free = WORKSTATIONS.iter().find(|at| !self.open.contains_key(*at));
        let workstation = free.copied().unwrap_or(workstation);
        // Mostly the last one: the older it is, the more often somebody has it already.
        let (basket, version) = match self.aside.last() {
            None => self.basket(workstation),
            Some(_) if self.chance.one_in(3) => self.chance.pick(&self.aside).clone(),
            Some(last) => last.clone(),
        };
        let basket = RetailTransaction { workstation: at(workstation), ..basket };
        self.open.insert(workstation, (basket.clone(), version + 1));
        self.trade.retrieved(&basket, version + 1)
    }

    /// A sale that was asked for, whatever became of it: two of one sale, sometimes.
    fn any_undoing(&mut self, workstation: &'static str) -> Append {
        let is_sale = |append: &&Append| matches!(append.fact, Fact::SaleCompleted(_));
        let sales: Vec<Append> = self.appends.iter().filter(is_sale).cloned().collect();
        match sales.is_empty() {
            true => self.trade.sign_on(workstation),
            false => self.trade.undone(&self.chance.pick(&sales).clone(), workstation),
        }
    }

    fn any_draft(&mut self) -> store_journal::Draft {
        let workstation = self.workstation();
        let (basket, version) = self.basket(workstation);
        // Mostly the next version, sometimes the same or an older one, sometimes elsewhere.
        let version = (version + 1).saturating_sub([0, 0, 0, 0, 1, 2][self.chance.below(6)] as u64);
        let moved = at(self.workstation());
        let mut saved = draft(&basket, version);
        if self.chance.one_in(15) {
            saved.workstation = moved;
        }
        saved
    }

    fn any_transaction(&mut self) -> TransactionId {
        if self.seen.transactions.is_empty() {
            return self.trade.transaction();
        }
        *self.chance.pick(&self.seen.transactions)
    }

    fn any_print(&mut self) -> PrintChange {
        let transaction = self.any_transaction();
        let copy = u32::try_from(self.chance.below(3)).unwrap();
        let codes = ["queued", "printing", "done", "unknown", "came_out", "replaced"];
        let state = PrintState::from_code(self.chance.pick::<&str>(&codes)).unwrap();
        match self.chance.below(3) {
            0 => PrintChange::Queue(PrintJob { copy, ..receipt(transaction) }),
            _ => PrintChange::State { transaction, copy, state, printer: None },
        }
    }

    fn any_access(&mut self) -> AccessChange {
        let key = (*self.chance.pick(&KEYS)).to_owned();
        let workstation = at(self.workstation());
        let operator = key.parse().unwrap();
        let at_ms = self.any_ms();
        let (last_seen_ms, expires_ms) = (at_ms, at_ms);
        match self.chance.below(15) {
            0 => AccessChange::PutOperator(Operator {
                id: operator,
                name: "林小姐".to_owned(),
                role: *self.chance.pick(&[Role::Cashier, Role::Supervisor, Role::Manager]),
                badge_hash: self.chance.one_in(2).then(|| key.clone()),
                decided_pin_hash: self.chance.one_in(2).then(|| key.clone()),
                pin_hash: key,
            }),
            1 => AccessChange::Claim(WorkstationClaim {
                workstation,
                token_hash: key,
                claimed_ms: at_ms,
            }),
            2 => AccessChange::ReleaseClaim(workstation),
            3 | 4 => AccessChange::OpenSession(Session {
                token_hash: key,
                operator,
                workstation: self.chance.one_in(2).then_some(workstation),
                created_ms: at_ms,
                last_seen_ms,
                expires_ms,
                is_locked: false,
            }),
            13 => AccessChange::LockSession { token_hash: key, is_locked: self.chance.one_in(2) },
            5 => AccessChange::TouchSession { token_hash: key, last_seen_ms, expires_ms },
            6 => AccessChange::CloseSession(key),
            7 => AccessChange::CloseSessionsAt(workstation),
            8 => AccessChange::CloseSessionsOf(operator),
            9 => AccessChange::PutLockout(Lockout { key, failures: 3, locked_until_ms: at_ms }),
            10 => AccessChange::ClearLockout(key),
            11 => AccessChange::PutSetting { key, value: at_ms.to_string() },
            12 => AccessChange::RemoveOperator(operator),
            _ => AccessChange::Together(vec![
                AccessChange::RemoveSetting(key.clone()),
                AccessChange::CloseSession(key),
            ]),
        }
    }

    fn learn(&mut self, write: &Write, outcome: &Outcome) {
        let what = match outcome {
            Ok(store_journal::Written::Committed { repeated: true, .. }) => "repeated",
            Ok(store_journal::Written::Committed { .. }) => "row",
            Ok(store_journal::Written::Done) => "done",
            Err(WriteError::DiskFull) => "disk full",
            Err(WriteError::Rejected(_)) => "rejected",
            Err(WriteError::Declined(_)) => "declined",
            Err(WriteError::Failed(_)) => "failed",
        };
        self.count(what);
        if let (Write::Append(append), "row") = (write, what) {
            match &append.fact {
                Fact::BasketSuspended { .. } => self.count("suspended"),
                Fact::BasketRetrieved { .. } => self.count("retrieved"),
                Fact::SalePostVoided(_) => self.count("undone"),
                _ => {}
            }
        }
        if let (Write::SaveDraft(saved), Ok(_)) = (write, outcome) {
            for (basket, version) in self.open.values_mut() {
                if basket.id == saved.transaction {
                    *version = saved.version;
                }
            }
        }
        if let (Write::Append(append), Ok(_)) = (write, outcome) {
            self.open.retain(|_, (basket, _)| {
                Some(basket.id) != append.fact.transaction()
                    || !matches!(append.draft, store_journal::DraftChange::End { .. })
            });
        }
    }
}

#[test]
fn the_same_groups_get_the_same_answers_and_leave_the_same_sights() {
    let mut both = Both::new(Random::new("side by side"));
    for number in 0..GROUPS {
        both.step(number);
    }
    println!("{:?}, {} streams", both.counts, both.memory.ledger().streams().unwrap().len());
    for what in HAPPENS.split(',') {
        assert!(both.counts.contains_key(what), "{what} never happened");
    }
    both.disk.verify();
    both.memory.verify();
}
