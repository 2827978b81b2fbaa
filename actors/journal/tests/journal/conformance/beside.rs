//! What stands beside the rows: baskets in progress, receipts, people, browsers, settings.

use store_core::permission::Role;
use store_core::transaction::RetailTransaction;
use store_core::{OperatorId, TransactionId};
use store_journal::{
    AccessChange, Ended, LedgerReads, LinkCursor, Lockout, Operator, PrintChange, PrintJob,
    PrintState, Session, WorkstationClaim, Write,
};

use crate::bench::{Bench, is_rejected, placed};
use crate::everything::said;
use crate::trade::{Trade, at, cashier, draft, receipt};

super::on_both!(
    a_workstation_has_one_basket_and_it_only_moves_on,
    a_basket_that_is_over_has_no_draft_any_more,
    a_receipt_is_queued_once_and_one_under_way_is_unknown_after_a_start,
    people_and_browsers_are_kept,
    sessions_end_one_by_one_or_together,
    lock_outs_settings_and_the_cursor_are_kept,
    what_is_old_goes_and_what_is_open_stays,
    what_a_buyer_said_is_kept_until_it_is_erased,
);

fn save<B: Bench>(bench: &mut B, basket: &RetailTransaction, version: u64) -> bool {
    let outcome = bench.one(Write::SaveDraft(draft(basket, version)));
    assert!(outcome.is_ok() || is_rejected(&outcome), "{outcome:?}");
    outcome.is_ok()
}

fn a_workstation_has_one_basket_and_it_only_moves_on<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let (one, other) = (trade.basket("1", "milk", 1), trade.basket("1", "milk", 1));
    assert!(save(&mut bench, &one, 4));
    assert!(save(&mut bench, &one, 4), "the same version again");
    assert!(!save(&mut bench, &one, 3), "an older version");
    assert!(!save(&mut bench, &other, 9), "another basket at the same workstation");
    assert!(save(&mut bench, &one, 5));
    assert_eq!(bench.ledger().draft(&at("1")).unwrap(), Some(draft(&one, 5)));
    // The same id at another workstation is another basket by mistake: the first one stays.
    let elsewhere = RetailTransaction { workstation: at("2"), ..one.clone() };
    assert!(!save(&mut bench, &elsewhere, 6));
    assert!(is_rejected(&bench.append(&trade.tender_taken(&elsewhere, 7))), "nor by a promise");
    assert!(save(&mut bench, &RetailTransaction { workstation: at("2"), ..other.clone() }, 1));
    let drafts = bench.ledger().drafts().unwrap();
    assert_eq!(drafts.len(), 2);
    assert_eq!(bench.ledger().draft(&at("1")).unwrap(), Some(draft(&one, 5)));
    bench.reopen();
    assert_eq!(bench.ledger().drafts().unwrap(), drafts);
}

fn a_basket_that_is_over_has_no_draft_any_more<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let (sold, given_up) = (trade.basket("1", "milk", 1), trade.basket("2", "milk", 1));
    placed(&bench.append(&trade.tender_taken(&sold, 3)));
    assert_eq!(bench.ledger().draft(&at("1")).unwrap(), Some(draft(&sold, 3)), "with its row");
    assert!(save(&mut bench, &given_up, 2));
    let outcome = bench.append(&trade.completed(sold.clone(), 1));
    let position = Some(placed(&outcome));
    placed(&bench.append(&trade.abandoned(given_up.clone())));
    assert_eq!(bench.ledger().drafts().unwrap(), vec![]);
    let absorbed = format!("{{\"absorbed by\":\"{}\"}}", sold.id);
    assert_eq!(bench.ledger().ended(sold.id).unwrap(), Some(Ended { position, absorbed }));
    for basket in [&sold, &given_up] {
        assert!(!save(&mut bench, basket, 99), "a late draft");
        assert!(is_rejected(&bench.append(&trade.tender_taken(basket, 99))), "or a late tender");
    }
    bench.one(Write::Prune { before_ms: i64::MAX }).unwrap();
    assert_eq!(bench.ledger().ended(sold.id).unwrap(), None);
    assert!(!save(&mut bench, &sold, 99), "the journal remembers what was forgotten beside it");
    assert_eq!(bench.ledger().drafts().unwrap(), vec![]);
    bench.verify();
}

fn print<B: Bench>(bench: &mut B, transaction: TransactionId, copy: u32, state: PrintState) {
    let change = PrintChange::State { transaction, copy, state, printer: None };
    bench.one(Write::Print { change, at_ms: 1 }).unwrap();
}

fn a_receipt_is_queued_once_and_one_under_way_is_unknown_after_a_start<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let sales = [1, 2, 3].map(|number| trade.sale("1", number));
    let ids = sales.each_ref().map(|sale| sale.fact.transaction().unwrap());
    for sale in &sales {
        placed(&bench.append(sale));
    }
    let second = PrintJob { document: "something else".to_owned(), ..receipt(ids[0]) };
    let queue = |job: &PrintJob| Write::Print { change: PrintChange::Queue(job.clone()), at_ms: 2 };
    bench.one(queue(&second)).unwrap();
    let copy = PrintJob { copy: 1, ..receipt(ids[0]) };
    bench.one(queue(&copy)).unwrap();
    let open = bench.ledger().print_jobs_open().unwrap();
    let [one, two, three] = ids.map(receipt);
    let queued = [&one, &two, &three, &copy].map(PrintJob::standing);
    assert_eq!(open, queued, "oldest first");
    print(&mut bench, ids[0], 0, PrintState::Printing);
    print(&mut bench, ids[0], 0, PrintState::Done);
    print(&mut bench, ids[1], 0, PrintState::Printing);
    bench.power_cut(0);
    let unknown = PrintJob { state: PrintState::Unknown, ..two };
    let open = [&unknown, &three, &copy].map(PrintJob::standing);
    assert_eq!(bench.ledger().print_jobs_open().unwrap(), open);
    let done = PrintJob { state: PrintState::Done, ..one };
    assert_eq!(bench.ledger().print_jobs_done(9).unwrap(), vec![done.standing()]);
    assert_eq!(bench.ledger().print_jobs_done(0).unwrap(), vec![]);
    assert_eq!(bench.ledger().print_jobs(ids[0]).unwrap(), vec![done, copy]);
    assert_eq!(bench.ledger().print_job(ids[0], 7).unwrap(), None);
}

fn change<B: Bench>(bench: &mut B, change: AccessChange) {
    bench.one(Write::Access(change)).unwrap();
}

fn people_and_browsers_are_kept<B: Bench>() {
    let mut bench = B::new();
    let operator = |role| Operator {
        id: cashier(),
        name: "林小姐".to_owned(),
        role,
        pin_hash: "hash".to_owned(),
        badge_hash: (role == Role::Manager).then(|| "badge".to_owned()),
        decided_pin_hash: Some("before".to_owned()),
    };
    change(&mut bench, AccessChange::PutOperator(operator(Role::Cashier)));
    change(&mut bench, AccessChange::PutOperator(operator(Role::Manager)));
    assert_eq!(bench.ledger().operators().unwrap(), vec![operator(Role::Manager)]);
    let other = Operator { id: OperatorId::from_static("c9"), ..operator(Role::Cashier) };
    change(&mut bench, AccessChange::PutOperator(other.clone()));
    change(&mut bench, AccessChange::RemoveOperator(other.id));
    assert_eq!(bench.ledger().operators().unwrap(), vec![operator(Role::Manager)]);
    let claim = |workstation: &str, token: &str| WorkstationClaim {
        workstation: at(workstation),
        token_hash: token.to_owned(),
        claimed_ms: 5,
    };
    change(&mut bench, AccessChange::Claim(claim("1", "a")));
    change(&mut bench, AccessChange::Claim(claim("1", "b")));
    assert_eq!(bench.ledger().claims().unwrap(), vec![claim("1", "b")], "the newer takes over");
    change(&mut bench, AccessChange::Claim(claim("2", "b")));
    assert_eq!(bench.ledger().claims().unwrap(), vec![claim("2", "b")], "a browser is one");
    change(&mut bench, AccessChange::Claim(claim("3", "c")));
    change(&mut bench, AccessChange::ReleaseClaim(at("2")));
    bench.reopen();
    assert_eq!(bench.ledger().claims().unwrap(), vec![claim("3", "c")]);
    assert_eq!(bench.ledger().claim(&at("2")).unwrap(), None);
    assert_eq!(bench.ledger().operator(&cashier()).unwrap(), Some(operator(Role::Manager)));
}

fn session(token: &str, operator: &str, workstation: Option<&str>) -> Session {
    Session {
        token_hash: token.to_owned(),
        operator: operator.parse().unwrap(),
        workstation: workstation.map(at),
        created_ms: 1,
        last_seen_ms: 2,
        expires_ms: 30,
        is_locked: false,
    }
}

fn sessions_end_one_by_one_or_together<B: Bench>() {
    let mut bench = B::new();
    let sessions = [
        session("a", "c1", Some("1")),
        session("b", "c1", None),
        session("c", "c2", Some("1")),
        session("d", "c2", Some("2")),
    ];
    let open = sessions.iter().cloned().map(AccessChange::OpenSession).collect();
    change(&mut bench, AccessChange::Together(open));
    let is_locked = |bench: &mut B| {
        bench.reopen();
        let sessions = bench.ledger().sessions().unwrap();
        sessions.iter().map(|session| session.is_locked).collect::<Vec<_>>()
    };
    let lock = |is_locked| AccessChange::LockSession { token_hash: "b".to_owned(), is_locked };
    change(&mut bench, lock(true));
    assert_eq!(is_locked(&mut bench), [false, true, false, false]);
    change(&mut bench, lock(false));
    assert_eq!(is_locked(&mut bench), [false; 4]);
    let left = |bench: &mut B| -> Vec<String> {
        let sessions = bench.ledger().sessions().unwrap();
        sessions.into_iter().map(|session| session.token_hash).collect()
    };
    assert_eq!(left(&mut bench), ["a", "b", "c", "d"]);
    let touch = |token: &str| AccessChange::TouchSession {
        token_hash: token.to_owned(),
        last_seen_ms: 9,
        expires_ms: 40,
    };
    change(&mut bench, touch("d"));
    change(&mut bench, touch("nobody's"));
    let touched = Session { last_seen_ms: 9, expires_ms: 40, ..sessions[3].clone() };
    assert_eq!(bench.ledger().session("d").unwrap(), Some(touched));
    change(&mut bench, AccessChange::CloseSession("a".to_owned()));
    assert_eq!(left(&mut bench), ["b", "c", "d"]);
    change(&mut bench, AccessChange::CloseSessionsAt(at("1")));
    assert_eq!(left(&mut bench), ["b", "d"]);
    change(&mut bench, AccessChange::CloseSessionsOf(cashier()));
    bench.reopen();
    assert_eq!(left(&mut bench), ["d"]);
}

fn lock_outs_settings_and_the_cursor_are_kept<B: Bench>() {
    let mut bench = B::new();
    let lockout = |failures| Lockout { key: "c1".to_owned(), failures, locked_until_ms: 7 };
    change(&mut bench, AccessChange::PutLockout(lockout(1)));
    change(&mut bench, AccessChange::PutLockout(lockout(2)));
    assert_eq!(bench.ledger().lockout("c1").unwrap(), Some(lockout(2)));
    change(&mut bench, AccessChange::ClearLockout("c1".to_owned()));
    assert_eq!(bench.ledger().lockout("c1").unwrap(), None);
    let put =
        |value: &str| AccessChange::PutSetting { key: "a".to_owned(), value: value.to_owned() };
    change(&mut bench, put("1"));
    change(&mut bench, put("2"));
    assert_eq!(bench.ledger().setting("a").unwrap().as_deref(), Some("2"));
    let head = bench.head();
    let cursor = LinkCursor { stream: head.stream, through: head.sequence, digest: head.digest };
    let behind = LinkCursor { through: store_core::JournalSequence(0), ..cursor };
    bench.one(Write::Cursor(cursor)).unwrap();
    // The newest acknowledgement counts, not the largest.
    bench.one(Write::Cursor(behind)).unwrap();
    bench.reopen();
    assert_eq!(bench.ledger().cursor(head.stream).unwrap(), Some(behind));
    assert_eq!(bench.ledger().setting("a").unwrap().as_deref(), Some("2"));
    change(&mut bench, AccessChange::RemoveSetting("a".to_owned()));
    assert_eq!(bench.ledger().setting("a").unwrap(), None);
}

fn what_is_old_goes_and_what_is_open_stays<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let sales = [1, 2].map(|number| trade.sale("1", number));
    let ids = sales.each_ref().map(|sale| sale.fact.transaction().unwrap());
    let ended_ms = sales.each_ref().map(|sale| sale.now.wall.as_millisecond());
    for sale in &sales {
        placed(&bench.append(sale));
    }
    print(&mut bench, ids[0], 0, PrintState::Done);
    change(&mut bench, AccessChange::OpenSession(session("a", "c1", None)));
    let lockout = Lockout { key: "c1".to_owned(), failures: 9, locked_until_ms: ended_ms[1] };
    change(&mut bench, AccessChange::PutLockout(lockout.clone()));
    bench.one(Write::Prune { before_ms: ended_ms[1] }).unwrap();
    let ledger = bench.ledger();
    assert_eq!(ledger.ended(ids[0]).unwrap(), None, "older");
    assert!(ledger.ended(ids[1]).unwrap().is_some(), "not older");
    assert_eq!(ledger.print_job(ids[0], 0).unwrap(), None, "done and older");
    assert_eq!(ledger.print_jobs_open().unwrap(), vec![receipt(ids[1]).standing()]);
    assert_eq!(ledger.sessions().unwrap(), vec![], "expired");
    assert_eq!(ledger.lockout("c1").unwrap(), Some(lockout), "it holds still");
    assert!(ledger.transaction(ids[0]).unwrap().is_some(), "no row ever goes");
    bench.verify();
}

fn what_a_buyer_said_is_kept_until_it_is_erased<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let sales = [1, 2, 3].map(|number| trade.sale("1", number));
    let ids = sales.clone().map(|sale| sale.fact.transaction().unwrap());
    for sale in &sales {
        placed(&bench.append(sale));
    }
    let said = |bench: &mut B| ids.map(|id| said(bench.ledger(), id));
    let one = Some([Some("/SALE001".to_owned()), None]);
    let two = Some([Some("/SALE002".to_owned()), Some("8999".to_owned())]);
    assert_eq!(said(&mut bench), [one.clone(), two.clone(), None]);
    bench.power_cut(0);
    assert_eq!(said(&mut bench), [one.clone(), two, None], "it goes with the sale");
    bench.one(Write::Prune { before_ms: i64::MAX }).unwrap();
    bench.one(Write::EraseBuyer(ids[1])).unwrap();
    bench.one(Write::EraseBuyer(ids[1])).unwrap();
    bench.power_cut(0);
    assert_eq!(said(&mut bench), [one, None, None], "and nothing else goes with it");
    bench.verify();
}
