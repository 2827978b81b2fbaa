//! Baskets that lie aside, and sales that are undone.

use store_core::fact::Fact;
use store_core::transaction::RetailTransaction;
use store_core::{BusinessDay, RefusalCode};
use store_journal::{LedgerReads, Write, WriteError};

use crate::bench::{Bench, found, is_rejected, placed};
use crate::trade::{Trade, at, cashier, draft, item, pieces, promise};

super::on_both!(
    a_basket_lies_aside_until_one_register_goes_on_with_it,
    what_lies_aside_has_no_draft_and_survives_a_power_cut,
    a_sale_is_undone_once_with_its_stock_and_its_promotions,
);

const NOT_SUSPENDED: WriteError = WriteError::Declined(RefusalCode::NotSuspended);

fn a_basket_lies_aside_until_one_register_goes_on_with_it<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let basket = trade.basket("1", "milk", 1);
    assert!(bench.one(Write::SaveDraft(draft(&basket, 2))).is_ok());
    placed(&bench.append(&trade.suspended(&basket, 3)));
    assert_eq!(bench.ledger().drafts().unwrap(), vec![]);
    let aside = bench.ledger().suspended().unwrap();
    assert_eq!(aside.len(), 1);
    assert_eq!((&aside[0].draft, &aside[0].operator), (&draft(&basket, 3), &cashier()));
    assert_eq!((aside[0].lines, aside[0].total), (1, basket.totals.total));
    assert_eq!(bench.ledger().suspended_basket(basket.id).unwrap().as_ref(), aside.first());
    // Two registers want it, and both have seen it there.
    let [two, three] =
        ["2", "3"].map(|to| RetailTransaction { workstation: at(to), ..basket.clone() });
    let (first, second) = (trade.retrieved(&two, 4), trade.retrieved(&three, 4));
    let outcomes = bench.write(vec![promise(&first), promise(&second)]);
    placed(&outcomes[0]);
    assert_eq!(outcomes[1], Err(NOT_SUSPENDED));
    // The first one again, because its answer was lost.
    found(&bench.append(&first));
    assert_eq!(bench.ledger().draft_of(basket.id).unwrap(), Some(draft(&two, 4)));
    assert_eq!(bench.ledger().draft(&at("3")).unwrap(), None);
    assert_eq!(bench.ledger().suspended().unwrap(), vec![]);
    placed(&bench.append(&trade.completed(two, 1)));
    assert_eq!(bench.append(&trade.retrieved(&three, 5)), Err(NOT_SUSPENDED));
    bench.verify();
}

fn what_lies_aside_has_no_draft_and_survives_a_power_cut<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let basket = trade.basket("1", "milk", 1);
    placed(&bench.append(&trade.suspended(&basket, 3)));
    assert!(is_rejected(&bench.one(Write::SaveDraft(draft(&basket, 9)))), "a late draft");
    assert!(is_rejected(&bench.append(&trade.suspended(&basket, 9))), "put aside twice");
    let other = trade.basket("1", "milk", 1);
    assert!(bench.one(Write::SaveDraft(draft(&other, 1))).is_ok(), "the register sells on");
    // It goes on nowhere where another basket is open.
    assert!(is_rejected(&bench.append(&trade.retrieved(&basket, 4))));
    bench.power_cut(0);
    assert_eq!(bench.ledger().suspended().unwrap().len(), 1);
    placed(&bench.append(&trade.abandoned(other)));
    placed(&bench.append(&trade.retrieved(&basket, 4)));
    bench.power_cut(0);
    assert_eq!(bench.ledger().draft(&at("1")).unwrap(), Some(draft(&basket, 4)));
    assert_eq!(bench.ledger().suspended().unwrap(), vec![]);
}

fn a_sale_is_undone_once_with_its_stock_and_its_promotions<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let (kept, sale) = (trade.sale("1", 1), trade.sale("1", 2));
    placed(&bench.append(&kept));
    let promotions = bench.ledger().promotion_days().unwrap();
    assert!(!promotions.is_empty());
    placed(&bench.append(&sale));
    let undo = trade.undone(&sale, "2");
    placed(&bench.append(&undo));
    found(&bench.append(&undo));
    let again = bench.append(&trade.undone(&sale, "1"));
    assert_eq!(again, Err(WriteError::Declined(RefusalCode::AlreadyPostVoided)));
    let of = sale.fact.transaction().unwrap();
    assert_eq!(bench.ledger().post_void(of).unwrap().map(|row| row.id), Some(undo.id));
    assert_eq!(bench.ledger().post_void(kept.fact.transaction().unwrap()).unwrap(), None);
    assert_eq!(bench.ledger().stock(&item("milk")).unwrap(), Some(pieces(-2)));
    assert_eq!(bench.ledger().promotion_days().unwrap(), promotions);
    let Fact::SaleCompleted(sold) = &kept.fact else { panic!() };
    let pricing = sold.pricing.as_ref().unwrap();
    let day = BusinessDay::new(sold.opened.date());
    let spent = pricing
        .customer
        .member
        .as_ref()
        .map(|member| bench.ledger().points_spent(member, day).unwrap());
    assert_eq!(spent, Some(pricing.points_spent));
    bench.verify();
}
