//! What a hub's registers do, as far as a replay can tell: the other side of the HTTP contract,
//! written from the contract and not from the hub, so that each can be held against the other.

use std::collections::HashMap;

use serde_json::{Value, json};
use store_core::{TransactionId, Unit};

use crate::replay::catalogue::PriceList;
use crate::replay::file::FileTime;
use crate::replay::stores::{SoldLine, SoldModifier, SoldSale, SoldTender};

/// What is refused: status and code.
pub type No = (u16, &'static str);

#[derive(Clone)]
struct Line {
    item: String,
    sold: SoldLine,
}

#[derive(Clone, Default)]
struct Basket {
    lines: Vec<Line>,
    tenders: Vec<SoldTender>,
    version: u64,
    hour: i8,
}

struct LastCommand {
    workstation: String,
    key: (TransactionId, String),
    before: (TransactionId, Basket),
}

/// One store's registers and its journal.
#[derive(Default)]
pub struct Till {
    by_code: HashMap<String, (String, String, i64)>,
    open: HashMap<String, (TransactionId, Basket)>,
    absorbed: HashMap<(TransactionId, String), (Value, Value)>,
    /// What a power cut would take back: the last command and the basket before it.
    last: Option<LastCommand>,
    pub sales: Vec<SoldSale>,
    /// Forgets at the end of a basket which commands it took in.
    pub is_forgetful: bool,
}

fn minor(money: &Value) -> i64 {
    let text = money["amount"].as_str().expect("an amount");
    let (whole, decimals) = text.split_once('.').expect("two decimals");
    assert_eq!(decimals.len(), 2, "{text}");
    format!("{whole}{decimals}").parse().expect("digits")
}

fn money(minor: i64) -> Value {
    let sign = if minor < 0 { "-" } else { "" };
    let (whole, rest) = (minor.abs() / 100, minor.abs() % 100);
    json!({"amount": format!("{sign}{whole}.{rest:02}"), "currency": "USD"})
}

impl Till {
    pub fn new(prices: &PriceList) -> Self {
        let mut by_code = HashMap::new();
        for (id, item) in prices.iter() {
            let entry = (id.clone(), item.department.clone(), item.unit_price.unwrap_or(0));
            for code in &item.codes {
                by_code.insert(code.clone(), entry.clone());
            }
            if !item.plu.is_empty() {
                by_code.insert(item.plu.clone(), entry);
            }
        }
        Self { by_code, ..Self::default() }
    }

    pub fn open_basket(&self, workstation: &str) -> Option<TransactionId> {
        self.open.get(workstation).map(|(id, _)| *id)
    }

    pub fn outcome(&self, transaction: TransactionId, command: &str) -> Option<Value> {
        self.absorbed.get(&(transaction, command.to_owned())).map(|(_, outcome)| outcome.clone())
    }

    /// Forgets the last command, as a cut forgets a draft that was not yet on the disk. What is
    /// promised (a tender, a sale) is never forgotten.
    pub fn forget_last(&mut self) -> bool {
        let Some(LastCommand { workstation, key, before }) = self.last.take() else {
            return false;
        };
        let open = self.open.values().find(|(open, _)| *open == before.0);
        if open.is_none_or(|(_, now)| now.tenders.len() != before.1.tenders.len()) {
            return false;
        }
        self.absorbed.remove(&key);
        if before.1.version == 0 {
            self.open.remove(&workstation);
        } else {
            self.open.insert(workstation, before);
        }
        true
    }

    /// Carries out one envelope and answers outcome and whether it was repeated.
    pub fn command(
        &mut self,
        workstation: &str,
        clock: FileTime,
        envelope: &Value,
    ) -> Result<(Value, bool), No> {
        let id = envelope["transaction_id"].as_str().expect("an id").parse().expect("a uuid");
        let key = (id, envelope["command_id"].as_str().expect("an id").to_owned());
        if let Some((before, outcome)) = self.absorbed.get(&key) {
            return if before == envelope {
                Ok((outcome.clone(), true))
            } else {
                Err((409, "command_id_reused"))
            };
        }
        if self.sales.iter().any(|sale| sale.transaction == id) {
            return Err((409, "transaction_ended"));
        }
        let (open, mut basket) = self
            .open
            .remove(workstation)
            .unwrap_or_else(|| (id, Basket { hour: clock.hour(), ..Basket::default() }));
        if open != id || envelope["version"] != json!(basket.version) {
            let code = if open == id { "basket_changed" } else { "other_basket_open" };
            self.open.insert(workstation.to_owned(), (open, basket));
            return Err((409, code));
        }
        let before = (id, basket.clone());
        let done = self.apply(&mut basket, &envelope["command"]);
        if done.is_ok() {
            basket.version += 1;
        }
        let version = basket.version;
        if done == Ok(Value::Null) {
            let lines = basket.lines.into_iter().map(|line| line.sold).collect();
            let Basket { tenders, hour, .. } = basket;
            if self.is_forgetful {
                self.absorbed.retain(|(transaction, _), _| *transaction != id);
            }
            self.sales.push(SoldSale { transaction: id, hour, lines, tenders });
        } else {
            self.open.insert(workstation.to_owned(), (id, basket));
        }
        let outcome = json!({"version": version, "event": done?});
        self.last =
            Some(LastCommand { workstation: workstation.to_owned(), key: key.clone(), before });
        self.absorbed.insert(key, (envelope.clone(), outcome.clone()));
        Ok((outcome, false))
    }

    fn apply(&self, basket: &mut Basket, command: &Value) -> Result<Value, No> {
        match command["type"].as_str().expect("a type") {
            "scan_item" => self.scan(basket, command),
            "key_item" => {
                let nothing = minor(&command["amount"]) != 0;
                if nothing && command["quantity"]["amount"] == "0" {
                    return Err((422, "bad_quantity"));
                }
                self.add(basket, command, minor(&command["amount"]))
            }
            "return_item" => self.add(basket, command, -minor(&command["amount"])),
            "set_quantity" => {
                let quantity = &command["quantity"];
                assert_eq!(quantity["unit"], Unit::Piece.code());
                let times: i64 =
                    quantity["amount"].as_str().expect("a text").parse().expect("whole");
                let line = line_of(basket, &command["line"])?;
                line.sold.shelf *= times;
                line.sold.net = line.sold.shelf;
                Ok(json!({"type": "line_changed"}))
            }
            "modify_price" => {
                let line = line_of(basket, &command["line"])?;
                let amount = minor(&command["modifier"]["amount"]);
                let reason = command["reason"].as_str().expect("a reason").to_owned();
                line.sold.modifiers.push(SoldModifier { reason, amount });
                line.sold.net -= amount;
                if line.sold.net < 0 {
                    Err((422, "discount_exceeds_amount"))
                } else {
                    Ok(json!({"type": "price_modified"}))
                }
            }
            "tender" => self.tender(basket, command),
            "complete" if basket.lines.is_empty() && basket.tenders.is_empty() => {
                Err((422, "basket_empty"))
            }
            "complete" if due(basket) == 0 => Ok(Value::Null),
            "complete" => Err((409, "not_paid")),
            other => panic!("{other}"),
        }
    }

    fn scan(&self, basket: &mut Basket, command: &Value) -> Result<Value, No> {
        let code = command["code"].as_str().expect("a code");
        if command["onto"].is_null() {
            let amount = match code.strip_prefix("21") {
                Some(label) => label[5..10].parse().expect("cents"),
                None => self.by_code.get(code).ok_or((404, "unknown_barcode"))?.2,
            };
            return self.add(basket, command, amount);
        }
        let label = code.strip_prefix("21").ok_or((404, "no_such_line"))?;
        let item = self.by_code.get(&label[..5]).map(|entry| &entry.0);
        let line = line_of(basket, &command["onto"])?;
        if Some(&line.item) != item {
            return Err((404, "no_such_line"));
        }
        line.sold.shelf += label[5..10].parse::<i64>().expect("cents");
        line.sold.net = line.sold.shelf;
        Ok(json!({"type": "line_changed"}))
    }

    fn add(&self, basket: &mut Basket, command: &Value, amount: i64) -> Result<Value, No> {
        if !basket.tenders.is_empty() {
            return Err((409, "tender_begun"));
        }
        let code = command["code"].as_str().expect("a code");
        let plu = code.strip_prefix("21").and_then(|label| label.get(..5));
        let entry = self.by_code.get(code).or_else(|| self.by_code.get(plu?));
        let (item, department, _) = entry.ok_or((404, "unknown_barcode"))?.clone();
        let sold = SoldLine { department, shelf: amount, net: amount, modifiers: vec![] };
        basket.lines.push(Line { item, sold });
        Ok(json!({"type": "item_added", "line": basket.lines.len()}))
    }

    fn tender(&self, basket: &mut Basket, command: &Value) -> Result<Value, No> {
        let (amount, due) = (minor(&command["amount"]), due(basket));
        if minor(&command["total"]) != due {
            return Err((409, "total_changed"));
        }
        let is_coupon = command["tender_type"] == "coupon";
        if (due == 0 && !is_coupon) || (due < 0 && amount != due) {
            return Err((409, "nothing_due"));
        }
        let change = if due < 0 { 0 } else { (amount - due).max(0) };
        let left = money(due - amount + change);
        let department = command["reference"].as_str().and_then(|code| self.by_code.get(code));
        basket.tenders.push(SoldTender {
            tender_type: command["tender_type"].as_str().expect("a type").to_owned(),
            amount,
            change,
            is_for_a_line: !command["line"].is_null(),
            department: department.map(|entry| entry.1.clone()),
        });
        Ok(json!({"type": "tender_taken", "change": money(change), "due": left}))
    }
}

fn line_of<'a>(basket: &'a mut Basket, line: &Value) -> Result<&'a mut Line, No> {
    let number = usize::try_from(line.as_u64().expect("a line")).expect("small");
    basket.lines.get_mut(number - 1).ok_or((404, "no_such_line"))
}

fn due(basket: &Basket) -> i64 {
    let net: i64 = basket.lines.iter().map(|line| line.sold.net).sum();
    let paid: i64 = basket.tenders.iter().map(|tender| tender.amount - tender.change).sum();
    net - paid
}
