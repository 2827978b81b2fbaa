//! What fails fails alone, and what was answered is there.

use store_core::inventory::MovementKind;
use store_journal::{Append, Ledger, LedgerReads, PrintChange, PrintState, Write, WriteError};

use crate::bench::{Bench, found, is_rejected, placed};
use crate::trade::{Trade, at, draft, pieces, promise};

super::on_both!(
    a_failed_write_leaves_the_others_of_its_group,
    a_failed_group_is_done_again_one_by_one_on_what_is_there,
    a_power_cut_keeps_what_was_answered_and_all_or_nothing_of_the_rest,
    a_full_disk_refuses_promises_but_lets_the_day_be_closed,
    a_promise_and_a_draft_are_synced_and_what_is_beside_is_not,
    what_contradicts_the_journal_is_refused,
);

/// That the receipt of a sale is out: what a power cut may take back.
fn printed(sale: &Append) -> Write {
    let transaction = sale.fact.transaction().unwrap();
    let change =
        PrintChange::State { transaction, copy: 0, state: PrintState::Done, printer: None };
    Write::Print { change, at_ms: 1 }
}

fn a_failed_write_leaves_the_others_of_its_group<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let basket = trade.basket("2", "milk", 1);
    let (first, third) = (trade.sale("1", 1), trade.sale("1", 2));
    let (gap, late_draft) = (trade.sale("1", 7), draft(&trade.basket("2", "milk", 1), 1));
    let outcomes = bench.write(vec![
        promise(&first),
        promise(&gap),
        Write::SaveDraft(draft(&basket, 1)),
        Write::SaveDraft(late_draft),
        printed(&gap),
        promise(&third),
    ]);
    assert_eq!(placed(&outcomes[0]).sequence.0, 2);
    assert!(is_rejected(&outcomes[1]), "{:?}", outcomes[1]);
    assert!(outcomes[2].is_ok());
    assert!(is_rejected(&outcomes[3]), "{:?}", outcomes[3]);
    assert!(is_rejected(&outcomes[4]), "{:?}", outcomes[4]);
    assert_eq!(placed(&outcomes[5]).sequence.0, 3, "no number is lost to a refusal");
    let ledger = bench.ledger();
    assert_eq!(ledger.drafts().unwrap(), vec![draft(&basket, 1)]);
    assert_eq!(ledger.last_number(&at("1")).unwrap().0, 2);
    assert_eq!(ledger.print_jobs_open().unwrap().len(), 2, "nothing of the refused sale");
    assert_eq!(ledger.ended(gap.fact.transaction().unwrap()).unwrap(), None);
    bench.verify();
}

fn a_failed_group_is_done_again_one_by_one_on_what_is_there<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let sales: Vec<_> = (1..=3).map(|number| trade.sale("1", number)).collect();
    bench.fail_commits(1);
    let outcomes = bench.write(sales.iter().map(promise).collect());
    let sequences: Vec<_> = outcomes.iter().map(|it| placed(it).sequence.0).collect();
    assert_eq!(sequences, [2, 3, 4], "the number and the digest are those of the file");
    assert_eq!(bench.rows().len(), 4);
    bench.verify();

    // The group fails and so does its first write by itself: the next ones go on from there.
    let (off, on, off_again) = (trade.sign_off("1"), trade.sign_on("1"), trade.sign_off("2"));
    bench.fail_commits(2);
    let outcomes = bench.write([&off, &on, &off_again].map(promise).to_vec());
    assert!(matches!(outcomes[0], Err(WriteError::Failed(_))), "{outcomes:?}");
    assert_eq!([&outcomes[1], &outcomes[2]].map(|it| placed(it).sequence.0), [5, 6]);
    assert_eq!(placed(&bench.append(&off)).sequence.0, 7, "it may be tried again");
    bench.verify();

    bench.fail_commits(1);
    let alone = trade.sale("1", 4);
    assert!(matches!(bench.append(&alone), Err(WriteError::Failed(_))));
    assert_eq!(bench.head().sequence.0, 7);
    placed(&bench.append(&alone));
    bench.verify();
}

fn a_power_cut_keeps_what_was_answered_and_all_or_nothing_of_the_rest<B: Bench>() {
    for kept in 0..=3 {
        let (mut bench, mut trade) = (B::new(), Trade::new(1));
        let basket = trade.basket("1", "milk", 1);
        let sales: Vec<_> = (1..=4).map(|number| trade.sale("3", number)).collect();
        for sale in &sales {
            placed(&bench.append(sale));
        }
        for version in 1..=2 {
            bench.one(Write::SaveDraft(draft(&basket, version))).unwrap();
        }
        for pair in sales.chunks(2) {
            assert!(bench.write(pair.iter().map(printed).collect()).iter().all(Result::is_ok));
        }
        bench.power_cut(kept);
        assert_eq!(found(&bench.append(&sales[0])).sequence.0, 2, "answered, so there");
        assert_eq!(bench.ledger().drafts().unwrap(), vec![draft(&basket, 2)], "answered too");
        let open = bench.ledger().print_jobs_open().unwrap().len();
        assert_eq!(open, 4 - 2 * kept.min(2), "{kept} groups were kept");
        bench.verify();
    }
}

fn a_full_disk_refuses_promises_but_lets_the_day_be_closed<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let basket = trade.basket("1", "milk", 1);
    let (on, sold) = (trade.sign_on("1"), trade.sale("2", 1));
    for append in [&on, &sold] {
        placed(&bench.append(append));
    }
    placed(&bench.append(&trade.tender_taken(&basket, 1)));
    bench.set_disk_full(true);
    let refused = [
        trade.completed(basket.clone(), 1),
        trade.tender_taken(&basket, 2),
        trade.sign_on("3"),
        trade.moved("milk", MovementKind::Received, pieces(5)),
        trade.levels(&[("milk", 1, 2)]),
    ];
    for outcome in bench.write(refused.iter().map(promise).collect()) {
        assert_eq!(outcome, Err(WriteError::DiskFull));
    }
    assert_eq!(bench.append(&refused[0]), Err(WriteError::DiskFull), "alone as well");
    found(&bench.append(&sold));
    assert_eq!(bench.ledger().drafts().unwrap(), vec![draft(&basket, 1)], "the basket stays");

    // What was paid is handed back, the basket is given up, people go home.
    let closing = [trade.tender_voided(&basket), trade.abandoned(basket), trade.sign_off("1")];
    for outcome in bench.write(closing.iter().map(promise).collect()) {
        placed(&outcome);
    }
    assert_eq!(bench.ledger().drafts().unwrap(), vec![]);

    bench.set_disk_full(false);
    placed(&bench.append(&trade.sale("1", 1)));
    bench.verify();
}

fn a_promise_and_a_draft_are_synced_and_what_is_beside_is_not<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let basket = trade.basket("2", "milk", 1);
    let level = |bench: &mut B| bench.ledger().synchronous();
    let sale = trade.sale("1", 1);
    bench.append(&sale).unwrap();
    assert_eq!(level(&mut bench), Some(2), "FULL for a promise");
    bench.one(printed(&sale)).unwrap();
    assert_eq!(level(&mut bench), Some(1), "NORMAL for what may be lost");
    bench.one(Write::SaveDraft(draft(&basket, 1))).unwrap();
    assert_eq!(level(&mut bench), Some(2), "FULL for a draft alone");
    bench.one(printed(&sale)).unwrap();
    let with_a_draft = vec![printed(&sale), Write::SaveDraft(draft(&basket, 2))];
    assert!(bench.write(with_a_draft).iter().all(Result::is_ok));
    assert_eq!(level(&mut bench), Some(2), "FULL for a group with a draft");
    bench.one(printed(&sale)).unwrap();
    let with_a_promise = vec![printed(&sale), promise(&trade.sale("1", 2))];
    assert!(bench.write(with_a_promise).iter().all(Result::is_ok));
    assert_eq!(level(&mut bench), Some(2), "FULL for a group with a promise");
}

fn what_contradicts_the_journal_is_refused<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let first = trade.sale("1", 1);
    placed(&bench.append(&first));
    let head = bench.head();
    let again = {
        let mut basket = trade.basket("1", "milk", 2);
        basket.id = first.fact.transaction().unwrap();
        basket
    };
    let unbalanced = {
        let mut basket = trade.basket("1", "milk", 2);
        basket.totals.total = crate::trade::twd(1);
        basket
    };
    for (refused, why) in [
        (trade.sale("1", 1), "a number is given once"),
        (trade.sale("1", 3), "numbers have no gaps"),
        (trade.completed(again.clone(), 2), "a basket ends once"),
        (trade.abandoned(again), "a sold basket is not abandoned"),
        (trade.completed(unbalanced, 2), "a sale adds up"),
    ] {
        assert!(is_rejected(&bench.append(&refused)), "{why}");
        let group = vec![promise(&refused), promise(&refused)];
        assert!(bench.write(group).iter().all(is_rejected), "{why}");
    }
    assert_eq!(bench.head(), head);
    bench.verify();
}
