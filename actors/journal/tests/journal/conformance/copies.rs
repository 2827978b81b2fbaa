//! Copies, the way back from them, and streams.

use hq_wire::link::v1::Waiting;
use store_core::fact::RowPosition;
use store_core::{JournalSequence, StreamId};
use store_journal::{
    AccessChange, LedgerReads, PrintJob, PrintState, StreamState, WorkstationClaim, Write,
};
use uuid::Uuid;

use crate::bench::{Bench, found, placed};
use crate::trade::{Trade, at, draft, receipt};

super::on_both!(
    a_restored_journal_goes_on_in_a_new_stream_that_names_its_parent,
    restoring_takes_away_what_belonged_to_the_day_of_the_copy,
    a_journal_that_diverged_goes_on_in_a_new_stream,
    what_waits_is_counted_within_its_stream,
);

fn a_restored_journal_goes_on_in_a_new_stream_that_names_its_parent<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let (kept, lost) = (trade.sale("1", 1), trade.sale("1", 2));
    placed(&bench.append(&kept));
    let old = bench.head();
    let backup = bench.backup();
    placed(&bench.append(&lost));
    let rows = bench.rows();
    bench.restore(&backup);

    let head = bench.head();
    assert_ne!(head.stream, old.stream);
    assert_eq!(head.sequence.0, 1);
    let streams = bench.ledger().streams().unwrap();
    let expected =
        [StreamState { head: old, parent: None }, StreamState { head, parent: Some(old) }];
    assert_eq!(streams, expected);
    let after = bench.rows();
    assert_eq!(after[..2], rows[..2], "older rows keep their stream, number and digest");
    let body: serde_json::Value = serde_json::from_str(&after[2].body).unwrap();
    assert_eq!(body["cause"], "restored");
    assert_eq!(body["parent"]["stream"], old.stream.to_string());
    assert_eq!(body["parent"]["through"], old.sequence.0);
    assert_eq!(body["parent"]["digest"], hq_wire::row::v1::hex(&old.digest));

    assert_eq!(found(&bench.append(&kept)), old.position(), "known from before the copy");
    let again = placed(&bench.append(&lost));
    assert_eq!((again.stream, again.sequence.0), (head.stream, 2), "lost, so written again");
    bench.verify();
}

fn restoring_takes_away_what_belonged_to_the_day_of_the_copy<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let sale = trade.sale("1", 1);
    let transaction = sale.fact.transaction().unwrap();
    placed(&bench.append(&sale));
    let basket = trade.basket("2", "milk", 1);
    bench.one(Write::SaveDraft(draft(&basket, 1))).unwrap();
    let claim =
        WorkstationClaim { workstation: at("1"), token_hash: "a".to_owned(), claimed_ms: 0 };
    bench.one(Write::Access(AccessChange::Claim(claim))).unwrap();
    let setting = AccessChange::PutSetting { key: "a".to_owned(), value: "1".to_owned() };
    bench.one(Write::Access(setting)).unwrap();
    let backup = bench.backup();
    bench.restore(&backup);
    let ledger = bench.ledger();
    assert_eq!(ledger.drafts().unwrap(), vec![]);
    assert_eq!(ledger.claims().unwrap(), vec![]);
    let unknown = PrintJob { state: PrintState::Unknown, ..receipt(transaction) };
    assert_eq!(ledger.print_jobs_open().unwrap(), vec![unknown.standing()], "it may be on paper");
    assert_eq!(ledger.setting("a").unwrap().as_deref(), Some("1"));
    assert!(ledger.ended(transaction).unwrap().is_some());
    assert_eq!(ledger.last_number(&at("1")).unwrap().0, 1, "numbers go on");
    bench.verify();
}

fn a_journal_that_diverged_goes_on_in_a_new_stream<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    placed(&bench.append(&trade.sale("1", 1)));
    let old = bench.head();
    let stream = StreamId::new(Uuid::from_u128(9));
    let id = trade.sign_on("1").id;
    let diverge = Write::Diverge { id, now: trade.now(), stream };
    let position = placed(&bench.one(diverge.clone()));
    assert_eq!((position.stream, position.sequence.0), (stream, 1));
    assert_eq!(found(&bench.one(diverge)), position, "once");
    let taken = Write::Diverge { id: trade.sign_on("1").id, now: trade.now(), stream };
    assert!(crate::bench::is_rejected(&bench.one(taken)), "a stream begins once");
    let (next, head) = (trade.sale("1", 2), bench.head());
    let streams = bench.ledger().streams().unwrap();
    assert_eq!(streams[1], StreamState { head, parent: Some(old) });
    assert_eq!(placed(&bench.append(&next)).sequence.0, 2);
    bench.reopen();
    bench.power_cut(0);
    assert_eq!(bench.head().stream, stream);
    bench.verify();
}

fn what_waits_is_counted_within_its_stream<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let tender = trade.basket("2", "milk", 1);
    let facts = [trade.sale("1", 1), trade.tender_taken(&tender, 1), trade.sale("1", 2)];
    for fact in &facts {
        placed(&bench.append(fact));
    }
    let old = bench.head();
    let (id, stream) = (trade.sign_on("1").id, StreamId::new(Uuid::from_u128(9)));
    placed(&bench.one(Write::Diverge { id, now: trade.now(), stream }));
    placed(&bench.append(&trade.sale("1", 3)));
    let mut waiting = |stream, after| {
        bench.ledger().waiting(RowPosition { stream, sequence: JournalSequence(after) }).unwrap()
    };
    let since = |at: usize| Some(facts[at].now.wall.as_millisecond());
    // The row that begins a stream is its first.
    assert_eq!(waiting(old.stream, 1), Waiting { rows: 3, sales: 2, since_ms: since(0) });
    assert_eq!(waiting(old.stream, 2), Waiting { rows: 2, sales: 1, since_ms: since(1) });
    assert_eq!(waiting(old.stream, 4), Waiting::default());
    assert_eq!(waiting(old.stream, 99), Waiting::default());
    assert_eq!((waiting(stream, 0).rows, waiting(stream, 0).sales), (2, 1));
    assert_eq!(waiting(StreamId::new(Uuid::from_u128(77)), 0), Waiting::default());
}
