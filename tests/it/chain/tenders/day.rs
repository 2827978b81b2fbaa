//! Customers one after another, at two registers of a store.

use serde_json::{Value, json};

use super::book::{Book, Given, Sale, Sold, dollars};
use super::paying::offer;
use crate::api::basket::{Basket, COMMANDS, scan};
use crate::api::browser::{Browser, twd};
use crate::support::draw;

/// Goods of the demonstration store, with what they cost and where they belong.
const GOODS: [(&str, i64, &str); 6] = [
    ("0410000000014", 15, "飲料"),
    ("0410000000069", 32, "飲料"),
    ("0410000000274", 189, "飲料"),
    ("0410000000403", 38, "乳品"),
    ("0410000000557", 159, "乳品"),
    ("0410000000526", 10, "乳品"),
];
/// Where a customer pays in more parts than this, the rest is paid by card.
const PARTS_MAX: usize = 6;

/// A day of trade.
pub struct Day {
    seed: u64,
    registers: [Browser; 2],
    book: Book,
    /// Those that may still be undone.
    sales: Vec<Sale>,
}

impl Day {
    pub fn new(seed: u64, registers: [Browser; 2]) -> Self {
        Self { seed, registers, book: Book::default(), sales: Vec::new() }
    }

    /// What was done.
    pub fn finish(self) -> Book {
        self.book
    }

    fn below(&mut self, limit: i64) -> i64 {
        i64::try_from(draw(&mut self.seed) % u64::try_from(limit).unwrap()).unwrap()
    }

    fn one_in(&mut self, count: i64) -> bool {
        self.below(count) == 0
    }

    /// Sends a command; now and then twice, and then its answer comes twice as well.
    fn must(&mut self, at: usize, basket: &mut Basket, command: &Value) -> Value {
        let envelope = basket.envelope(command);
        let reply = self.registers[at].post(COMMANDS, &envelope);
        assert_eq!(reply.status, 200, "{command}: {}", reply.json());
        basket.follow(&reply);
        let first = reply.json();
        if self.one_in(4) {
            let again = self.registers[at].post(COMMANDS, &envelope);
            let second = again.json();
            assert_eq!((again.status, &second["repeated"]), (200, &json!(true)), "{command}");
            assert_eq!(second["outcome"], first["outcome"], "{command}");
        }
        first
    }

    /// One customer, from the first scan to the receipt, or to where they change their mind.
    pub fn serve(&mut self, customer: usize) {
        let mut at = self.below(2) as usize;
        let mut basket = Basket::new();
        let mut sale = Sale { id: basket.id.clone(), ..Sale::default() };
        self.fill(at, &mut basket, &mut sale);
        if self.one_in(5) {
            self.must(at, &mut basket, &json!({ "type": "suspend" }));
            at = self.below(2) as usize;
            self.must(at, &mut basket, &json!({ "type": "retrieve" }));
            self.fill(at, &mut basket, &mut sale);
        }
        if self.one_in(10) {
            let reason = json!({ "type": "abandon", "reason": "changed_mind" });
            self.must(at, &mut basket, &reason);
            self.book.abandoned += 1;
            self.book.voided_lines +=
                sale.lines.iter().filter(|line| line.is_voided).count() as i64;
            return;
        }
        self.pay(at, &mut basket, &mut sale);
        let done = self.must(at, &mut basket, &json!({ "type": "complete" }));
        assert_eq!(dollars(&done["outcome"]["event"]["total"]), sale.total(), "{customer}");
        let change: i64 = sale.given.iter().map(|given| given.change).sum();
        assert_eq!(dollars(&done["outcome"]["event"]["change"]), change, "{customer}");
        self.book.sell(&sale);
        self.sales.push(sale);
        if self.one_in(8) {
            self.undo();
        }
    }

    /// Some goods, of which some are taken out again; one line stays.
    fn fill(&mut self, at: usize, basket: &mut Basket, sale: &mut Sale) {
        for _ in 0..=self.below(4) {
            let (code, net, department) = GOODS[self.below(GOODS.len() as i64) as usize];
            let answer = self.must(at, basket, &scan(code));
            sale.lines.push(Sold { department, net, is_voided: false });
            if self.one_in(6) && sale.lines.len() > 1 {
                let line = answer["outcome"]["event"]["line"].clone();
                self.must(at, basket, &json!({ "type": "void_line", "line": line }));
                sale.lines.last_mut().unwrap().is_voided = true;
            }
        }
    }

    /// Pays in any mix until nothing is due; some of it is handed back again on the way.
    fn pay(&mut self, at: usize, basket: &mut Basket, sale: &mut Sale) {
        let mut numbered: Vec<(u64, Given)> = Vec::new();
        let mut parts = 0;
        loop {
            let paid: i64 = numbered.iter().map(|(_, given)| given.amount - given.change).sum();
            let due = sale.total() + sale.rounding - paid;
            if due == 0 {
                break;
            }
            let offered = match parts < PARTS_MAX {
                true => offer(due, |limit| self.below(limit)),
                false => offer(due, |limit| if limit == 9 { 0 } else { limit - 1 }),
            };
            parts += 1;
            let answer = self.must(at, basket, &offered.command);
            let event = &answer["outcome"]["event"];
            assert_eq!(event["type"], "tender_taken", "{answer}");
            assert_eq!(event["change"], twd(offered.given.change), "{}", offered.command);
            sale.rounding = offered.rounding;
            numbered.push((event["number"].as_u64().unwrap(), offered.given));
            if self.one_in(7) {
                let index = self.below(numbered.len() as i64) as usize;
                let (number, _) = numbered.remove(index);
                self.must(at, basket, &json!({ "type": "void_tender", "number": number }));
                sale.rounding = 0;
            }
        }
        sale.given = numbered.into_iter().map(|(_, given)| given).collect();
    }

    /// Undoes one of the sales, at either register.
    fn undo(&mut self) {
        let index = self.below(self.sales.len() as i64) as usize;
        let sale = self.sales.swap_remove(index);
        let at = self.below(2) as usize;
        let mut void = Basket { id: sale.id.clone(), version: 0 };
        let envelope = void.envelope(&json!({ "type": "post_void", "reason": "mistake" }));
        let reply = self.registers[at].post(COMMANDS, &envelope);
        // Midnight may have passed since.
        if reply.code() == "post_void_too_late" {
            return;
        }
        assert_eq!(reply.status, 200, "{}", reply.json());
        void.follow(&reply);
        let again = self.registers[at].post(COMMANDS, &envelope).json();
        assert_eq!(again["outcome"], reply.json()["outcome"]);
        self.book.undo(&sale);
    }
}
