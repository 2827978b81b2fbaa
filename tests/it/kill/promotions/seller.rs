//! A register at work: what it was doing when the store died, it goes on with.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use super::shop::{GOODS, ONCE, coupon, key, member};
use crate::api::basket::{Basket, COMMANDS, cash};
use crate::api::browser::{Browser, Reply, twd};
use crate::api::hub::Hub;
use crate::support;

/// Customers who show the same coupon, and sales in which the same members come.
const RIVALS: u64 = 3;
const SALES_PER_MEMBER: u64 = 5;
/// Of so many baskets one is given up after payment has begun.
const GIVEN_UP_ONE_IN: u64 = 3;

/// What all registers were answered.
#[derive(Default)]
pub struct Answered {
    /// What each sale cost that was answered as done.
    sales: Mutex<BTreeMap<String, i64>>,
    /// Sales that were begun: what they are of changes with it.
    begun: AtomicU64,
}

impl Answered {
    pub fn sales(&self) -> BTreeMap<String, i64> {
        self.sales.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, id: String, total: i64) {
        self.sales.lock().unwrap_or_else(PoisonError::into_inner).insert(id, total);
    }
}

/// The store is gone.
#[derive(Debug)]
pub struct Gone;

enum Step {
    /// Something that changes the basket and is carried out, unless a coupon is gone.
    Say(Value),
    TenderSome,
    TenderRest,
    Complete,
}

struct Sale {
    basket: Basket,
    todo: VecDeque<Step>,
    /// What was asked and not answered yet.
    asked: Option<Value>,
    /// The last line that was answered: a line is answered before it is on the disk.
    line: Option<Value>,
    due: i64,
    /// What it costs, once a tender stands: that is held.
    total: Option<i64>,
}

pub struct Seller {
    browser: Browser,
    seed: u64,
    sale: Option<Sale>,
}

fn undo_payment() -> [Step; 2] {
    [
        Step::Say(json!({ "type": "void_tender", "number": 1 })),
        Step::Say(json!({ "type": "abandon", "reason": "mistake" })),
    ]
}

impl Seller {
    pub fn new(browser: Browser, seed: u64) -> Self {
        Self { browser, seed, sale: None }
    }

    pub fn moved(self, hub: &Hub) -> Self {
        Self { browser: self.browser.moved(hub), ..self }
    }

    fn draw(&mut self, below: u64) -> u64 {
        support::draw(&mut self.seed) % below
    }

    /// Sells until the store is gone.
    pub fn sell_on(&mut self, answered: &Answered) {
        while self.sell_one(answered).is_ok() {}
    }

    /// Sells one basket, or what is left of the one in progress.
    ///
    /// # Errors
    /// Where the store is gone meanwhile.
    pub fn sell_one(&mut self, answered: &Answered) -> Result<(), Gone> {
        if self.sale.is_none() {
            let begun = answered.begun.fetch_add(1, Ordering::Relaxed);
            let todo = self.plan(begun);
            self.begin(todo);
        }
        while self.sale.is_some() {
            self.step(answered)?;
        }
        Ok(())
    }

    /// Sells so many pieces of an item, one after the other, and answers what each cost.
    pub fn sell_pieces(&mut self, item: &str, pieces: u32, answered: &Answered) -> Vec<i64> {
        (0..pieces).map(|_| self.sell_piece(item, answered)).collect()
    }

    fn sell_piece(&mut self, item: &str, answered: &Answered) -> i64 {
        let pay = [Step::TenderSome, Step::TenderRest, Step::Complete];
        self.begin([Step::Say(key(item, 1))].into_iter().chain(pay).collect());
        let mut total = None;
        while let Some(sale) = &self.sale {
            total = sale.total.or(total);
            self.step(answered).unwrap();
        }
        total.unwrap()
    }

    fn begin(&mut self, todo: VecDeque<Step>) {
        let basket = Basket::new();
        self.sale = Some(Sale { basket, todo, asked: None, line: None, due: 0, total: None });
    }

    fn plan(&mut self, begun: u64) -> VecDeque<Step> {
        let mut todo = VecDeque::new();
        for _ in 0..=self.draw(2) {
            let (of, item) = GOODS[usize::try_from(self.draw(GOODS.len() as u64)).unwrap()];
            match of {
                "member" | "points" => {
                    let of = begun / SALES_PER_MEMBER + self.draw(2);
                    todo.push_back(Step::Say(member(&format!("m{of}"))));
                }
                ONCE => {
                    let code = format!("U-{}", begun / RIVALS + self.draw(2));
                    todo.push_back(Step::Say(coupon(&code)));
                }
                _ => {}
            }
            todo.push_back(Step::Say(key(item, if self.draw(2) == 0 { 1 } else { 2 })));
        }
        todo.push_back(Step::TenderSome);
        if self.draw(GIVEN_UP_ONE_IN) == 0 {
            todo.extend(undo_payment());
        } else {
            todo.extend([Step::TenderRest, Step::Complete]);
        }
        todo
    }

    /// Ends the basket in progress.
    pub fn finish(&mut self, answered: &Answered) {
        while self.sale.is_some() {
            self.step(answered).unwrap();
        }
    }

    /// After a restart: what was asked is asked again; then perhaps the customer walks away.
    pub fn settle(&mut self, answered: &Answered) {
        if let Some(sale) = &mut self.sale {
            sale.say_line_again(&self.browser);
            if sale.asked.is_some() {
                self.step(answered).unwrap();
            }
        }
        let walks_away = self.draw(2) == 0;
        if let Some(sale) = &mut self.sale
            && sale.total.is_some()
            && sale.due > 0
            && walks_away
        {
            // It may have been about to.
            if !matches!(sale.todo.front(), Some(Step::Say(_))) {
                sale.todo = undo_payment().into();
            }
            self.finish(answered);
        }
    }

    /// Asks the next thing, or again what was not answered.
    fn step(&mut self, answered: &Answered) -> Result<(), Gone> {
        let Some(sale) = &mut self.sale else { return Ok(()) };
        let asked = sale.asked.take().unwrap_or_else(|| sale.basket.envelope(&sale.command()));
        let Some(reply) = self.browser.try_post(COMMANDS, &asked) else {
            sale.asked = Some(asked);
            return Err(Gone);
        };
        sale.follow(&asked, &reply);
        if sale.todo.is_empty() {
            if asked["command"]["type"] == "complete" {
                answered.note(sale.basket.id.clone(), sale.total.unwrap());
            }
            self.sale = None;
        }
        Ok(())
    }
}

impl Sale {
    fn command(&self) -> Value {
        match self.todo.front().unwrap() {
            Step::Say(command) => command.clone(),
            // Something stays due: the basket is in payment for a while.
            Step::TenderSome => cash(&twd(1.max(self.due / 2)), &twd(self.due)),
            Step::TenderRest => cash(&twd(self.due), &twd(self.due)),
            Step::Complete => json!({ "type": "complete" }),
        }
    }

    /// A line that did not reach the disk is said once more; one that did changes nothing.
    fn say_line_again(&mut self, browser: &Browser) {
        let Some(line) = &self.line else { return };
        let reply = browser.post(COMMANDS, line);
        let answer = reply.json();
        match (reply.status, reply.code().as_str()) {
            (200, _) if answer["repeated"] == true => {}
            (200, _) => self.due = due(&answer["view"]["basket"]),
            // Somebody else used the coupon meanwhile, so nothing came after it either.
            (409, "coupon_used") => {
                self.basket.version = line["version"].as_u64().unwrap();
                self.asked = None;
            }
            (status, code) => panic!("{line}: {status} {code} {answer}"),
        }
    }

    fn follow(&mut self, sent: &Value, reply: &Reply) {
        let asked = &sent["command"];
        let answer = reply.json();
        let is_first_tender = matches!(self.todo.front(), Some(Step::TenderSome));
        let basket = &answer["view"]["basket"];
        match (reply.status, reply.code().as_str()) {
            (200, _) => {}
            (409, "total_changed") if is_first_tender => {
                // Another register took the last one: the customer hears the new price.
                self.due = due(basket);
                return;
            }
            (409, "coupon_used") => {}
            (status, code) => panic!("{asked} in {}: {status} {code} {answer}", self.basket.id),
        }
        self.basket.follow(reply);
        self.todo.pop_front();
        let is_over = matches!(asked["type"].as_str(), Some("complete" | "abandon"));
        if is_over || reply.status != 200 {
            return;
        }
        let paid = if asked["type"] == "tender" { amount(&asked["amount"]) } else { 0 };
        let now_due = due(basket);
        if asked["type"] == "tender" {
            assert_eq!(now_due, self.due - paid, "the price was held: {answer}");
            self.total.get_or_insert(self.due);
        }
        if asked["type"] == "void_tender" {
            self.total = None;
        }
        self.due = now_due;
        let is_line = !matches!(asked["type"].as_str(), Some("tender" | "void_tender"));
        self.line = is_line.then(|| sent.clone());
    }
}

fn amount(money: &Value) -> i64 {
    money["amount"].as_str().unwrap().parse().unwrap()
}

fn due(basket: &Value) -> i64 {
    amount(&basket["totals"]["due"])
}
