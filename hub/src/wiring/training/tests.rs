use store_core::receipt::ReceiptDocument;
use store_core::register::Command;
use store_journal::LedgerReads as _;

use super::*;
use crate::wiring::tests::{Till, WATER, cashier, hub_with};

fn one() -> WorkstationId {
    WorkstationId::new("1").unwrap()
}

/// The rows of a store's journal, and the stock of what is sold in these tests.
async fn standing(store: &Store) -> (u64, Option<store_core::Quantity>) {
    let read = store.reader.read(|reader| {
        let item = store_core::ItemId::new("D0001").unwrap();
        (reader.head().unwrap().sequence.0, reader.stock(&item).unwrap())
    });
    read.await.unwrap()
}

async fn paper(store: &Store, sale: store_core::TransactionId) -> ReceiptDocument {
    let job = store.reader.read(move |reader| reader.print_job(sale, 0)).await.unwrap().unwrap();
    serde_json::from_str(&job.unwrap().document).unwrap()
}

#[actix_web::test]
async fn what_is_done_in_training_counts_nowhere_and_is_marked() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub_with(&dir, |_| {}).await;
    let real = &hub.store;
    let mut at_work = Till::open(real, "1").await;
    let sold = at_work.sell(WATER).await.unwrap();
    assert!(!paper(real, sold).await.to_text(48).contains("TRAINING"));
    let before = standing(real).await;
    assert!(real.training.at(real, &one()).is_none());

    let room = real.training.open(real).await.unwrap();
    assert!(real.training.at(real, &one()).is_none(), "nobody is signed on there yet");
    let mut till = Till::open(&room, "1").await;
    assert!(real.training.at(real, &one()).is_none(), "signed on there is not gone there");
    real.training.enter(&one(), &cashier());
    assert!(real.training.at(real, &one()).is_some_and(|store| store.is_training));
    assert!(real.training.at(real, &WorkstationId::new("2").unwrap()).is_none());
    till.sell(WATER).await.unwrap();
    let last = till.sell(WATER).await.unwrap();
    let view = room.register(&one()).unwrap().view.borrow().clone();
    assert_eq!(view.last_sale.as_ref().unwrap().number.0, 2, "a sequence of its own");
    assert!(view.is_training && !real.register(&one()).unwrap().view.borrow().is_training);
    for columns in [32, 48] {
        let text = paper(&room, last).await.to_text(columns);
        assert_eq!(text.matches("TRAINING - NOT A RECEIPT").count(), 2, "{text}");
        assert_eq!(text.matches("教育訓練 非交易憑證").count(), 2, "{text}");
    }
    assert!(!paper(&room, last).await.opens_drawer());
    assert_eq!(standing(real).await, before, "the real journal has no row of it");
    let there = real.reader.read(move |reader| reader.print_job(last, 0)).await.unwrap();
    assert!(there.unwrap().is_none());
    at_work.sell(WATER).await.unwrap();
    let view = real.register(&one()).unwrap().view.borrow().clone();
    assert_eq!(view.last_sale.as_ref().unwrap().number.0, 2, "nor a number");
    hub.stop().await;
}

#[actix_web::test]
async fn whoever_finds_a_real_basket_or_comes_anew_is_in_the_real_store() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub_with(&dir, |_| {}).await;
    let real = &hub.store;
    let mut at_work = Till::open(real, "1").await;
    let room = real.training.open(real).await.unwrap();
    Till::open(&room, "1").await;
    let is_training = || real.training.at(real, &one()).is_some();
    real.training.enter(&one(), &cashier());
    assert!(is_training());
    // A colleague unlocked the register, sold, and went.
    let code = WATER.to_owned();
    let scan = Command::KeyItem { code, quantity: None, amount: None, item: None };
    at_work.run(scan).await.unwrap();
    assert!(!is_training(), "what is paid for lies in the real register");
    let reason = store_core::ReasonCode::from_static("mistake");
    at_work.run(Command::Abandon { reason }).await.unwrap();
    assert!(!is_training(), "nobody is sent back without asking");
    real.training.enter(&one(), &cashier());
    real.training.leave(&one());
    assert!(!is_training());
    drop(room);
    hub.stop().await;
}

#[actix_web::test]
async fn training_outlives_a_restart_and_is_wiped_when_nobody_trains() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub_with(&dir, |_| {}).await;
    Till::open(&hub.store, "1").await;
    let room = hub.store.training.open(&hub.store).await.unwrap();
    let mut till = Till::open(&room, "1").await;
    let code = WATER.to_owned();
    till.run(Command::KeyItem { code, quantity: None, amount: None, item: None }).await.unwrap();
    drop(room);
    hub.stop().await;

    let hub = hub_with(&dir, |_| {}).await;
    let room = hub.store.training.at(&hub.store, &one()).expect("still in training");
    assert!(room.register(&one()).unwrap().view.borrow().basket.is_some());
    let wiped = hub.store.training.wipe(&hub.store).await;
    assert!(matches!(wiped, Err(WipeError::InUse)));
    let register = room.register(&one()).unwrap().ask.clone();
    let reason = store_core::ReasonCode::from_static("mistake");
    till = till.moved_to(&room);
    till.run(Command::Abandon { reason }).await.unwrap();
    let id = store_core::CommandId::new(uuid::Uuid::now_v7());
    let ask = store_core::register::Request::SignOff { id, operator: cashier() };
    register.send(store_actors::messages::Ask(ask)).await.unwrap().unwrap();
    assert!(hub.store.training.at(&hub.store, &one()).is_none());
    drop(room);
    hub.store.training.wipe(&hub.store).await.unwrap();
    assert!(!places::training(dir.path()).exists());
    hub.store.training.wipe(&hub.store).await.unwrap();

    let room = hub.store.training.open(&hub.store).await.unwrap();
    Till::open(&room, "1").await.sell(WATER).await.unwrap();
    let view = room.register(&one()).unwrap().view.borrow().clone();
    assert_eq!(view.last_sale.as_ref().unwrap().number.0, 1, "numbers begin again");
    hub.stop().await;
}
