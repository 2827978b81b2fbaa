//! Invents a day of trade: everything odd that the format allows, from a seed. It adds up what it
//! invents by itself.

use hub::replay::totals::Totals;
use serde_json::{Map, Value, json};

use super::control::paid_by;
use crate::support::draw;

/// Baskets of one day.
const BASKETS: usize = 220;
/// Most lines that a basket can have.
const LINES_MAX: usize = 500;
/// Ids that a store may have.
pub const STORES: [&str; 5] = ["367", "門市 7", "a/b", "..", "O'Neil & Söhne"];
/// Ids that a store may have which headquarters knows: they stand in topics.
pub const LINKED_STORES: [&str; 5] = ["367", "store-7", "a&b", "..", "O'Neil_\"Soehne\""];
const DEPARTMENTS: [&str; 4] = ["GROCERY", "青果", "MEAT; \"FISH\"", ""];
/// Around the clock changes, at midnight, in another zone, in no zone, in a gap of the clock.
const TIMES: [&str; 10] = [
    "2017-03-12T01:59:59-05:00",
    "2017-03-12T03:00:00-04:00",
    "2017-03-12T02:30:00",
    "2017-11-05T01:30:00-04:00",
    "2017-11-05T01:30:00-05:00",
    "2016-12-31T23:59:59.999-05:00",
    "2017-01-01T00:00:00-05:00",
    "2017-07-01T12:00:00Z",
    "2017-07-01T12:00:00+05:30",
    "2017-07-01T16:20:00",
];

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Each,
    Labelled,
    Fuel,
    Coupon,
}

struct Item {
    id: String,
    eans: Vec<String>,
    plu: String,
    department: &'static str,
    kind: Kind,
    price: i64,
}

/// A day with what it comes to.
pub struct Invented {
    pub catalogue: String,
    pub baskets: String,
    pub expected: Totals,
}

struct Inventor {
    seed: u64,
    stores: [&'static str; 5],
    has_longest: bool,
    items: Vec<Item>,
    expected: Totals,
}

#[derive(Clone, Copy, Default)]
struct Amounts {
    reg: i64,
    disc: i64,
    matched: i64,
    coupon: i64,
}

fn with_check_digit(body: &str) -> String {
    let weighted = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(index, digit)| u32::from(digit - b'0') * if index % 2 == 0 { 3 } else { 1 });
    format!("{body}{}", (10 - weighted.sum::<u32>() % 10) % 10)
}

/// Invents a day; with a basket of as many lines as there may be, where that is wanted.
pub fn invent(seed: u64, has_longest: bool, stores: [&'static str; 5]) -> Invented {
    let (items, expected) = (Vec::new(), Totals::default());
    let mut inventor = Inventor { seed, stores, has_longest, items, expected };
    inventor.items = (0..60).map(|number| inventor.item(number)).collect();
    let baskets: Vec<String> =
        (0..BASKETS).map(|number| inventor.basket(number).to_string()).collect();
    inventor.expected.by_tender = paid_by(inventor.expected.coupon, inventor.expected.paid);
    Invented {
        catalogue: inventor.catalogue(),
        baskets: baskets.join("\n"),
        expected: inventor.expected,
    }
}

impl Inventor {
    fn below(&mut self, limit: u64) -> usize {
        usize::try_from(draw(&mut self.seed) % limit).unwrap()
    }

    fn amount(&mut self, most: u64) -> i64 {
        i64::try_from(self.below(most + 1)).unwrap()
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    fn item(&mut self, number: usize) -> Item {
        let kind = match number % 6 {
            0 => Kind::Labelled,
            1 => Kind::Fuel,
            2 => Kind::Coupon,
            _ => Kind::Each,
        };
        let eans =
            (0..self.below(3)).map(|which| with_check_digit(&format!("04{number:09}{which}")));
        Item {
            id: if number.is_multiple_of(5) {
                format!("Artikel-{number}/ü")
            } else {
                format!("{number}")
            },
            eans: eans.collect(),
            plu: if kind == Kind::Labelled { format!("{:05}", number + 1) } else { String::new() },
            department: DEPARTMENTS[self.below(4)],
            kind,
            price: 1 + self.amount(9_998),
        }
    }

    fn catalogue(&self) -> String {
        let header = "item,ean,plu,description,department,category,brand,unit,unit_price,tax_class";
        let rows = self.items.iter().map(|item| {
            let unit = match item.kind {
                Kind::Each | Kind::Coupon => "each",
                Kind::Labelled => "weighed",
                Kind::Fuel => "volume",
            };
            let department = item.department.replace('"', "\"\"");
            let (eans, plu) = (item.eans.join(";"), &item.plu);
            let price = format!("{}.{:02}", item.price / 100, item.price % 100);
            format!(
                "{},{eans},{plu},牛乳 №{},\"{department}\",冷,X,{unit},{price},food",
                item.id, item.id
            )
        });
        let rows: Vec<String> = rows.collect();
        format!("{header}\n{}\n", rows.join("\n"))
    }

    fn of_kind(&mut self, kind: Kind) -> usize {
        loop {
            let index = self.below(self.items.len() as u64);
            if self.items[index].kind == kind {
                return index;
            }
        }
    }

    fn basket(&mut self, number: usize) -> Value {
        let store = self.stores[self.below(5)];
        let time = match self.below(3) {
            0 => TIMES[self.below(10)].to_owned(),
            _ => format!("2017-06-{:02}T{:02}:15:00-04:00", 1 + self.below(30), self.below(24)),
        };
        let lines: Vec<Value> = match self.below(12) {
            _ if self.has_longest && number == BASKETS / 2 => {
                (0..LINES_MAX).map(|_| self.each()).collect()
            }
            0 => (0..=self.below(3)).map(|_| self.coupon_alone()).collect(),
            1 => (0..=self.below(3)).map(|_| self.nothing()).collect(),
            2 => vec![self.comes_back(), self.coupon_alone(), self.comes_back()],
            3 => {
                let index = self.of_kind(Kind::Each);
                (0..12).map(|_| self.listed(index)).collect()
            }
            _ => (0..=self.below(7)).map(|_| self.any_line()).collect(),
        };
        let net: i64 = lines.iter().map(|line| line["net"].as_i64().unwrap()).sum();
        self.expected.transactions += 1;
        let hour: u32 = time[11..13].parse().unwrap();
        *self.expected.by_hour.entry(hour.to_string()).or_default() += net;
        *self.expected.by_store.entry(store.to_owned()).or_default() += net;
        // Names come twice, as numbers and as texts.
        let name = if self.one_in(10) { json!("again") } else { json!(number) };
        let store = store.parse::<u32>().map_or(json!(store), |number| json!(number));
        json!({"basket": name, "store": store, "week": 9, "time": time, "lines": lines})
    }

    fn any_line(&mut self) -> Value {
        match self.below(9) {
            0 => self.labelled(),
            1 => self.fuel(),
            2 => self.coupon_alone(),
            3 => self.nothing(),
            4 => self.money_without_quantity(),
            5 if self.one_in(3) => self.comes_back(),
            6 => {
                let index = self.of_kind(Kind::Each);
                self.listed(index)
            }
            _ => self.each(),
        }
    }

    /// Divides a shelf amount; now and then all of it is given away, or a coupon is worth more.
    fn divided(&mut self, reg: i64) -> Amounts {
        let most = u64::try_from(reg).unwrap();
        let disc = match self.below(4) {
            0 => reg,
            1 => self.amount(most),
            _ => 0,
        };
        let matched = if self.one_in(3) { self.amount(most - disc as u64) } else { 0 };
        let coupon = if self.one_in(5) { 1 + self.amount(900) } else { 0 };
        Amounts { reg, disc, matched, coupon }
    }

    fn each(&mut self) -> Value {
        let (index, reg) = (self.of_kind(Kind::Each), self.amount(20_000));
        let quantity = 1 + self.amount(140);
        let amounts = self.divided(reg);
        self.line(index, quantity, amounts, None)
    }

    fn listed(&mut self, index: usize) -> Value {
        let quantity = 1 + self.amount(8);
        let amounts = self.divided(quantity * self.items[index].price);
        self.line(index, quantity, amounts, None)
    }

    fn labelled(&mut self) -> Value {
        let index = self.of_kind(Kind::Labelled);
        let pieces = 1 + self.below(4);
        let mut sum = 0;
        let mut labels: Vec<String> = (0..pieces)
            .map(|_| {
                let cents = 1 + self.amount(99_998);
                sum += cents;
                with_check_digit(&format!("21{}{cents:05}", self.items[index].plu))
            })
            .collect();
        match self.below(6) {
            0 => labels[0] = labels[0].replace("210", "219"),
            1 => labels[0].push('7'),
            2 => drop(labels.pop()),
            3 => sum += 1,
            _ => {}
        }
        let amounts = self.divided(sum);
        self.line(index, i64::try_from(pieces).unwrap(), amounts, Some(labels))
    }

    fn fuel(&mut self) -> Value {
        let (index, quantity) = (self.of_kind(Kind::Fuel), 1 + self.amount(90_000));
        let reg = self.amount(30_000);
        let amounts = self.divided(reg);
        self.line(index, quantity, amounts, None)
    }

    fn coupon_alone(&mut self) -> Value {
        let index = self.of_kind(Kind::Coupon);
        let coupon = 1 + self.amount(600);
        self.line(index, 0, Amounts { coupon, ..Amounts::default() }, None)
    }

    fn nothing(&mut self) -> Value {
        let kinds = [Kind::Each, Kind::Labelled, Kind::Fuel, Kind::Coupon];
        let kind = kinds[self.below(4)];
        let index = self.of_kind(kind);
        self.line(index, 0, Amounts::default(), None)
    }

    fn money_without_quantity(&mut self) -> Value {
        let (index, reg) = (self.of_kind(Kind::Each), 1 + self.amount(500));
        let amounts = self.divided(reg);
        self.line(index, 0, amounts, None)
    }

    fn comes_back(&mut self) -> Value {
        let (index, quantity) = (self.of_kind(Kind::Each), -1 - self.amount(5));
        let reg = -1 - self.amount(3_000);
        self.line(index, quantity, Amounts { reg, ..Amounts::default() }, None)
    }

    /// Writes a line and adds it up.
    fn line(
        &mut self,
        index: usize,
        quantity: i64,
        amounts: Amounts,
        labels: Option<Vec<String>>,
    ) -> Value {
        let Amounts { reg, disc, matched, coupon } = amounts;
        let net = reg - disc - matched;
        let sums = &mut self.expected;
        sums.lines += 1;
        sums.reg += reg;
        sums.disc += disc;
        sums.matched += matched;
        sums.net += net;
        sums.coupon += coupon;
        sums.paid += net - coupon;
        let department = match self.items[index].department {
            "" => "UNKNOWN",
            name => name,
        };
        *sums.by_department.entry(department.to_owned()).or_default() += net;
        let mut line = Map::new();
        let id = self.items[index].id.clone();
        let is_number = self.one_in(2);
        let item = id.parse::<u32>().ok().filter(|_| is_number).map_or(json!(id), |id| json!(id));
        line.insert("item".to_owned(), item);
        let ean = match (self.below(5), self.items[index].eans.last()) {
            (0, _) => Some(Value::Null),
            (1, _) => Some(json!("999")),
            (2, Some(ean)) => ean.parse::<u64>().ok().map(|ean| json!(ean)),
            (3, Some(ean)) => Some(json!(ean)),
            _ => None,
        };
        ean.and_then(|ean| line.insert("ean".to_owned(), ean));
        let fields = [("qty", quantity), ("reg", reg), ("net", net)];
        let optional = [("disc", disc), ("match", matched), ("coupon", coupon)];
        for (name, value) in optional {
            if value != 0 || self.one_in(2) {
                line.insert(name.to_owned(), json!(value));
            }
        }
        for (name, value) in fields {
            line.insert(name.to_owned(), json!(value));
        }
        match self.below(4) {
            0 => drop(line.insert("kind".to_owned(), json!("free"))),
            1 => drop(line.insert("kind".to_owned(), Value::Null)),
            2 if reg < 0 => drop(line.insert("kind".to_owned(), json!("void"))),
            _ => {}
        }
        if let Some(labels) = labels {
            line.insert("scan".to_owned(), json!(labels));
        } else if self.one_in(4) {
            line.insert("scan".to_owned(), Value::Null);
        }
        Value::Object(line)
    }
}
