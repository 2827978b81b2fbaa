//! The same id is the same row, whenever it comes again.

use store_core::CommandId;
use store_core::fact::Fact;
use store_journal::{LedgerReads, Write};
use uuid::Uuid;

use crate::bench::{Bench, found, is_rejected, placed};
use crate::trade::{Trade, at, cashier, promise};

super::on_both!(
    the_same_append_again_gets_the_first_outcome_and_leaves_one_row,
    a_repeated_id_in_one_group_gets_the_first_ones_refusal,
    an_id_that_stands_for_another_row_is_rejected,
    rows_are_numbered_without_gaps_and_found_by_their_ids,
);

fn the_same_append_again_gets_the_first_outcome_and_leaves_one_row<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let (sale, other) = (trade.sale("1", 1), trade.sign_on("2"));
    let group = [&sale, &sale, &other, &sale].map(promise).to_vec();
    let outcomes = bench.write(group);
    let first = placed(&outcomes[0]);
    assert_eq!(first.sequence.0, 2, "the first row of the stream says that it began");
    assert_eq!([&outcomes[1], &outcomes[3]].map(found), [first, first], "in the same group");
    assert_eq!(placed(&outcomes[2]).sequence.0, 3);
    assert_eq!(found(&bench.append(&sale)), first, "in a later group");
    bench.reopen();
    assert_eq!(found(&bench.append(&sale)), first, "after a start");
    bench.power_cut(0);
    assert_eq!(found(&bench.append(&sale)), first, "after a power cut");
    // The moment of the retry is another one; what happened is the same.
    let late = store_journal::Append { now: trade.now(), ..sale.clone() };
    assert_eq!(found(&bench.append(&late)), first, "decided again, later");
    assert_eq!(bench.rows().len(), 3);
    assert_eq!(bench.ledger().print_jobs_open().unwrap().len(), 1, "one receipt");
    bench.verify();
}

fn a_repeated_id_in_one_group_gets_the_first_ones_refusal<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    // Number 2 is refused before number 1 is there, and may not slip in behind it.
    let (second, first) = (trade.sale("1", 2), trade.sale("1", 1));
    let outcomes = bench.write([&second, &first, &second].map(promise).to_vec());
    assert!(is_rejected(&outcomes[0]), "{outcomes:?}");
    placed(&outcomes[1]);
    assert_eq!(outcomes[2], outcomes[0], "one id, one outcome");
    placed(&bench.append(&second));
    bench.verify();
}

fn an_id_that_stands_for_another_row_is_rejected<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let sale = trade.sale("1", 1);
    placed(&bench.append(&sale));
    let before = bench.head();
    let stolen = |append: store_journal::Append| store_journal::Append { id: sale.id, ..append };
    let other_kind = stolen(trade.sign_off("1"));
    let other_sale = stolen(trade.sale("1", 2));
    for is_full in [false, true] {
        bench.set_disk_full(is_full);
        assert!(is_rejected(&bench.append(&other_kind)), "another kind, disk full: {is_full}");
        assert!(is_rejected(&bench.append(&other_sale)), "another sale, disk full: {is_full}");
        let both = bench.write([&other_kind, &other_sale].map(promise).to_vec());
        assert!(both.iter().all(is_rejected), "in a group, disk full: {is_full}");
    }
    bench.set_disk_full(false);
    let stream = store_core::StreamId::new(Uuid::from_u128(77));
    let diverge = Write::Diverge { id: sale.id, now: trade.now(), stream };
    assert!(is_rejected(&bench.one(diverge)), "a sale is not the start of a stream");
    let started = CommandId::new(bench.rows()[0].id.uuid());
    let fact = Fact::OperatorSignedOn { workstation: at("1"), operator: cashier() };
    let start_of_the_stream = store_journal::Append { id: started, ..trade.append(fact) };
    assert!(is_rejected(&bench.append(&start_of_the_stream)), "nor the other way round");
    assert_eq!(bench.head(), before, "nothing was written");
}

fn rows_are_numbered_without_gaps_and_found_by_their_ids<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let appends: Vec<_> = (1..=5).map(|number| trade.sale("1", number)).collect();
    for append in &appends {
        placed(&bench.append(append));
    }
    let rows = bench.rows();
    assert!((1..).zip(&rows).all(|(number, row)| row.position.sequence.0 == number));
    for (append, row) in appends.iter().zip(&rows[1..]) {
        let ledger = bench.ledger();
        assert_eq!(ledger.row_of(append.id).unwrap().as_ref(), Some(row));
        let committed = ledger.transaction(append.fact.transaction().unwrap()).unwrap().unwrap();
        assert_eq!((committed.now, &committed.fact), (append.now, &append.fact));
        let after = rows.iter().skip_while(|it| it.position != row.position).skip(1).take(2);
        assert_eq!(ledger.rows(row.position, 2).unwrap(), after.cloned().collect::<Vec<_>>());
    }
    assert_eq!(rows.last().map(store_journal::JournalRow::head), Some(bench.head()));
}
