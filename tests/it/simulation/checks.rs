//! What must hold of a store when all has come to rest.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use store_core::fact::{CommittedFact, Fact};
use store_core::invariants::{check_numbers, check_sale, check_stock};
use store_core::safety_stock::SafetyStockMachine;
use store_core::transaction::{LineItem, PriceSource, RetailTransaction, Tender};
use store_core::{ItemId, JournalSequence, TransactionId};
use store_journal::{LedgerReads as _, PrintState, SimulatedJournal};

use super::history::{History, fold};
use super::hub::Hub;
use super::promotions;
use super::shop::{REGISTERS, workstation};
use super::world::World;

/// What is asked of every run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// What a terminal was told, or the printer printed, is in the journal: once, the same.
    ToldIsWritten,
    /// A transaction is in the journal once.
    OnceOnly,
    /// An answered line is lost in a power cut only, and at most one of each register.
    DraftsAreKept,
    /// A basket is open or over, never both.
    BasketOrEnded,
    /// A command is carried out on the basket that its cashier saw, or not at all.
    DoneAsSeen,
    /// A command has one outcome, however often it is sent.
    FirstOutcomeStays,
    /// Sales add up at the prices of the day on which they opened, with tenders that are rows of
    /// their own, and the numbers of each workstation have no gap.
    SalesAddUp,
    /// Stock is what the rows make it, in the actor and in the tables.
    StockIsFold,
    /// So are the alerts.
    AlertsAreFold,
    /// No limited promotion is given more often than there is of it, no coupon twice, and the
    /// tables say what the sales say.
    UsesAreConserved,
    /// Each sale has one receipt, which came out at most once.
    ReceiptsOnce,
    /// A place in a stream never belongs to another row, and the chain holds.
    RowsNeverChange,
    /// Who is signed on is who the journal says is.
    SignedOnAsWritten,
    /// Nothing waits for ever.
    EverythingDrains,
}

/// A check that failed.
#[derive(Clone, Debug)]
pub struct Violation {
    pub check: Check,
    pub detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.check, self.detail)
    }
}

type Checked = Result<(), Violation>;

fn fail(check: Check, detail: impl fmt::Display) -> Checked {
    Err(Violation { check, detail: detail.to_string() })
}

/// Every fact of every stream, oldest first.
pub fn facts(journal: &SimulatedJournal) -> Vec<CommittedFact> {
    let streams = journal.streams().expect("the streams").into_iter();
    let rows = streams.flat_map(|stream| {
        let start = store_core::fact::RowPosition {
            stream: stream.head.stream,
            sequence: JournalSequence(0),
        };
        journal.rows(start, usize::MAX).expect("the rows")
    });
    rows.filter_map(|row| row.committed().expect("a row that can be read")).collect()
}

/// When all is at rest.
pub fn check(world: &mut World) {
    let facts = facts(&world.journal);
    let checked = check_rows(world)
        .and_then(|()| check_sales(&facts))
        .and_then(|()| check_prices(world, &facts))
        .and_then(|()| check_tenders(&facts))
        .and_then(|()| promotions::check(world, &facts))
        .and_then(|()| check_told(world, &facts))
        .and_then(|()| check_commands(world, &facts))
        .and_then(|()| check_tables(world, &facts))
        .and_then(|()| check_operators(world));
    if let Err(Violation { check, detail }) = checked {
        world.history.violate(check, detail);
    }
}

/// When the hub has resumed and come to rest once more: what a lost announcement delayed is done.
pub fn check_after_restart(world: &mut World) {
    let facts = facts(&world.journal);
    let Some(hub) = &world.hub else { return };
    let checked = check_followers(hub, &facts)
        .and_then(|()| check_receipts(world, &facts))
        .and_then(|()| check_operators(world));
    if let Err(Violation { check, detail }) = checked {
        world.history.violate(check, detail);
    }
}

fn check_rows(world: &World) -> Checked {
    if let Err(bad) = world.journal.verify() {
        return fail(Check::RowsNeverChange, format!("{bad:?}"));
    }
    for stream in world.journal.streams().expect("the streams") {
        let head = stream.head;
        if world.history.rows.get(&(head.stream, head.sequence)) != Some(&head.digest) {
            return fail(Check::RowsNeverChange, format!("nobody saw the row {head:?}"));
        }
    }
    Ok(())
}

fn sales(facts: &[CommittedFact]) -> impl Iterator<Item = &RetailTransaction> {
    facts.iter().filter_map(|row| match &row.fact {
        Fact::SaleCompleted(sale) => Some(sale.as_ref()),
        _ => None,
    })
}

fn check_sales(facts: &[CommittedFact]) -> Checked {
    for sale in sales(facts) {
        if let Err(violation) = check_sale(sale) {
            return fail(Check::SalesAddUp, violation);
        }
    }
    let numbers = sales(facts).filter_map(|sale| Some((&sale.workstation, sale.number?)));
    if let Err(violation) = check_numbers(numbers) {
        return fail(Check::SalesAddUp, violation);
    }
    let mut ended = BTreeSet::new();
    for row in facts {
        let ends = matches!(row.fact, Fact::SaleCompleted(_) | Fact::SaleAbandoned { .. });
        let id = row.fact.transaction().filter(|_| ends);
        if let Some(id) = id.filter(|id| !ended.insert(*id)) {
            return fail(Check::OnceOnly, format!("{id} ended twice"));
        }
    }
    Ok(())
}

/// The catalogue's price is that of the day on which the basket opened, or of the last day on which
/// the clock was trusted, whatever it said later.
fn check_prices(world: &World, facts: &[CommittedFact]) -> Checked {
    for sale in sales(facts) {
        let at = (0..REGISTERS).find(|at| workstation(*at) == sale.workstation);
        let opened = at.map(|at| (at, sale.opened.boot, sale.opened.monotonic_ms));
        let Some(day) = opened.and_then(|opened| world.history.days.get(&opened).copied()) else {
            return fail(Check::SalesAddUp, format!("{} opened when nobody asked", sale.id));
        };
        let is_right = |line: &&LineItem| {
            let item = world.shop.catalogue.item(&line.item);
            line.price_source != PriceSource::Catalogue
                || item.and_then(|item| item.price_on(day)) == Some(line.unit_price)
        };
        if let Some(line) = sale.lines.iter().find(|line| !is_right(line)) {
            return fail(
                Check::SalesAddUp,
                format!("{}: not the price of {day}: {line:?}", sale.id),
            );
        }
        if sale.business_day != sale.opened.business_day() {
            return fail(Check::SalesAddUp, format!("{} is booked on another day", sale.id));
        }
    }
    Ok(())
}

/// The tenders of a sale are those that became rows while it was open, each once.
fn check_tenders(facts: &[CommittedFact]) -> Checked {
    let mut open: BTreeMap<TransactionId, Vec<Tender>> = BTreeMap::new();
    for row in facts {
        match &row.fact {
            Fact::TenderTaken { transaction, tender, .. } => {
                open.entry(*transaction).or_default().push(tender.clone());
            }
            Fact::TenderVoided { transaction, number, .. } => {
                let tenders = open.entry(*transaction).or_default();
                for tender in tenders.iter_mut().filter(|tender| tender.number == *number) {
                    tender.voided = true;
                }
            }
            Fact::SaleCompleted(sale) => {
                let taken = open.remove(&sale.id).unwrap_or_default();
                if taken != sale.tenders {
                    let detail = format!("{}: {:?}, rows {taken:?}", sale.id, sale.tenders);
                    return fail(Check::SalesAddUp, detail);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_told(world: &World, facts: &[CommittedFact]) -> Checked {
    let written: BTreeMap<TransactionId, &RetailTransaction> =
        sales(facts).map(|sale| (sale.id, sale)).collect();
    for (id, told) in &world.history.completed {
        let Some(sale) = written.get(id) else {
            return fail(Check::ToldIsWritten, format!("the sale {id} is not in the journal"));
        };
        let is_same = sale.workstation == told.workstation
            && sale.number == Some(told.number)
            && sale.totals.total == told.total
            && sale.live_lines().count() == told.lines;
        if !is_same {
            return fail(Check::ToldIsWritten, format!("{id}: told {told:?}, written {sale:?}"));
        }
    }
    if let Some(id) = world.history.printed.keys().find(|id| !written.contains_key(id)) {
        return fail(Check::ToldIsWritten, format!("the receipt of {id} has no sale"));
    }
    let row_of = |id| world.journal.row_of(id).expect("a row");
    match world.history.acknowledged.iter().find(|id| row_of(**id).is_none()) {
        Some(id) => fail(Check::ToldIsWritten, format!("the movement {id} is gone")),
        None => Ok(()),
    }
}

/// Every command that was answered is among those of its basket, with the same outcome, and no
/// basket has taken one in twice.
fn check_commands(world: &World, facts: &[CommittedFact]) -> Checked {
    for id in facts.iter().filter_map(|row| row.fact.transaction()).collect::<BTreeSet<_>>() {
        let ended = store_actors::translate::ended(&world.journal, id).expect("a basket");
        let Some(ended) = ended else { continue };
        let ids: BTreeSet<_> = ended.absorbed.iter().map(|absorbed| absorbed.id).collect();
        if ids.len() != ended.absorbed.len() {
            return fail(Check::OnceOnly, format!("{id} took a command in twice"));
        }
        for (command, first) in world.history.accepted.get(&id).into_iter().flatten() {
            let absorbed = ended.absorbed(*command).map(|absorbed| &absorbed.outcome);
            if absorbed != Some(&first.outcome) {
                let detail = format!("{command} of {id}: told {first:?}, kept {absorbed:?}");
                return fail(Check::FirstOutcomeStays, detail);
            }
        }
    }
    let is_gone = |id: &&TransactionId| {
        let is_kept = matches!(world.journal.ended(**id), Ok(Some(_)));
        !is_kept && world.history.accepted.get(id).is_some_and(|known| !known.is_empty())
    };
    match world.history.accepted.keys().find(is_gone) {
        Some(id) => fail(Check::DraftsAreKept, format!("the basket {id} is gone")),
        None => Ok(()),
    }
}

fn check_tables(world: &World, facts: &[CommittedFact]) -> Checked {
    let stated = world.journal.stock_on_hand().expect("the stock");
    if let Err(violation) = check_stock(facts.iter().map(|row| &row.fact), &stated) {
        return fail(Check::StockIsFold, violation);
    }
    let alerts = world.journal.stock_alerts().expect("the alerts").into_iter();
    let stated: BTreeSet<ItemId> = alerts.map(|alert| alert.item).collect();
    let computed = alerts_of(facts).raised;
    if stated == computed {
        Ok(())
    } else {
        fail(Check::AlertsAreFold, format!("tables {stated:?}, rows {computed:?}"))
    }
}

fn alerts_of(facts: &[CommittedFact]) -> SafetyStockMachine {
    let mut history = History::default();
    facts.iter().for_each(|row| fold(&mut history.stock, &mut history.alerts, row.clone()));
    history.alerts
}

fn check_followers(hub: &Hub, facts: &[CommittedFact]) -> Checked {
    let stock = &hub.follower.stock().on_hand;
    if let Err(violation) = check_stock(facts.iter().map(|row| &row.fact), stock) {
        return fail(Check::StockIsFold, violation);
    }
    let computed = alerts_of(facts).raised;
    if hub.alerts.raised == computed {
        Ok(())
    } else {
        let raised = &hub.alerts.raised;
        fail(Check::AlertsAreFold, format!("the actor has {raised:?}, rows {computed:?}"))
    }
}

fn check_receipts(world: &World, facts: &[CommittedFact]) -> Checked {
    for sale in sales(facts) {
        let jobs = world.journal.print_jobs(sale.id).expect("the print jobs");
        let [job] = jobs.as_slice() else {
            return fail(Check::ReceiptsOnce, format!("{} has {} jobs", sale.id, jobs.len()));
        };
        let printed = world.history.printed.get(&sale.id).copied().unwrap_or_default();
        let is_right = match job.state {
            PrintState::Done => printed == 1,
            PrintState::Unknown => printed <= 1,
            // Nobody looks in a simulation.
            PrintState::Queued
            | PrintState::Printing
            | PrintState::CameOut
            | PrintState::Replaced => false,
        };
        if !is_right {
            let detail = format!("{} was printed {printed} times: {:?}", sale.id, job.state);
            return fail(Check::ReceiptsOnce, detail);
        }
    }
    Ok(())
}

fn check_operators(world: &World) -> Checked {
    world.hub.as_ref().map_or(Ok(()), |hub| check_hub_operators(world, hub))
}

fn check_hub_operators(world: &World, hub: &Hub) -> Checked {
    for at in 0..REGISTERS {
        let record = world.journal.register(&workstation(at)).expect("a register");
        let written = record.and_then(|record| record.operator);
        let shown = hub.registers[at].machine.view(world.now()).operator.map(|it| it.id);
        if written != shown {
            let detail = format!("register {at} shows {shown:?}, the journal has {written:?}");
            return fail(Check::SignedOnAsWritten, detail);
        }
    }
    Ok(())
}

impl World {
    /// Who is signed on, when a hub has stopped with nothing under way.
    pub fn check_signed_on(&mut self, hub: &Hub) {
        if let Err(Violation { check, detail }) = check_hub_operators(self, hub) {
            self.history.violate(check, detail);
        }
    }
}
