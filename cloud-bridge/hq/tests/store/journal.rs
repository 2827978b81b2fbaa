//! A store's journal for tests: rows with real bodies and real digests, and the messages that
//! carry them.

use hq::ingest::{Message, read};
use hq_wire::facts::v1::{self, Fact};
use hq_wire::link::v1::{Branch, FactsBatch, Place, Status, Topic};
use hq_wire::row::v1::{Fields, NO_DIGEST, Row, digest, digest_from_hex, hex};
use serde_json::value::RawValue;
use uuid::Uuid;

pub const CHAIN: &str = "chain";
/// 2026-11-24 at 08:00 in Taipei.
pub const MORNING_MS: i64 = 1_795_564_800_000 - 86_400_000;

/// One stream of a store's journal.
#[derive(Clone)]
pub struct Journal {
    pub place: Place,
    pub stream: Uuid,
    pub rows: Vec<Row>,
    /// Names ids: two journals with other salts make other rows.
    pub salt: u64,
}

impl Journal {
    pub fn new(store: &str, salt: u64) -> Self {
        let place = Place { chain: CHAIN.to_owned(), store: store.to_owned() };
        let stream = Uuid::new_v5(&Uuid::nil(), format!("{store}-{salt}").as_bytes());
        let mut journal = Self { place, stream, rows: Vec::new(), salt };
        let started = v1::StreamStarted {
            store: store.to_owned(),
            parent: None,
            cause: v1::StreamCause::Created,
            software: "test".to_owned(),
        };
        journal.push(&Fact::StreamStarted(started));
        journal
    }

    /// A journal that goes on from this one's present end.
    pub fn forked(&self, salt: u64, cause: v1::StreamCause) -> Self {
        let mut next = Self::new(&self.place.store, salt);
        next.rows.clear();
        let last = self.rows.last().expect("a row");
        let parent = v1::Parent {
            stream: self.stream.to_string(),
            through: last.sequence,
            digest: last.digest.clone(),
        };
        next.push(&Fact::StreamStarted(v1::StreamStarted {
            store: self.place.store.clone(),
            parent: Some(parent),
            cause,
            software: "test".to_owned(),
        }));
        next
    }

    pub fn push(&mut self, fact: &Fact) {
        let body = fact.write().expect("a body");
        self.push_text(fact.kind(), v1::VERSION, &body);
    }

    pub fn push_text(&mut self, kind: &str, body_version: u32, body: &str) {
        let sequence = self.rows.len() as u64 + 1;
        let id = Uuid::new_v5(&self.stream, format!("{}-{sequence}", self.salt).as_bytes());
        let boot = Uuid::from_u128(7);
        let wall_ms = MORNING_MS + i64::try_from(sequence).expect("few rows") * 1000;
        let fields = Fields {
            stream: self.stream.as_bytes(),
            sequence,
            id: id.as_bytes(),
            kind,
            body_version,
            transaction: None,
            wall_ms,
            utc_offset_s: 28_800,
            monotonic_ms: u64::MAX - sequence,
            boot: boot.as_bytes(),
            clock_trusted: true,
            body,
        };
        let previous = self.rows.last().map_or(NO_DIGEST, digest_of);
        self.rows.push(Row {
            stream: self.stream.to_string(),
            sequence,
            id: id.to_string(),
            kind: kind.to_owned(),
            body_version,
            transaction: None,
            wall_ms,
            utc_offset_s: 28_800,
            monotonic_ms: u64::MAX - sequence,
            boot: boot.to_string(),
            clock_trusted: true,
            body: RawValue::from_string(body.to_owned()).expect("JSON"),
            digest: hex(&digest(&previous, &fields)),
        });
    }

    /// Sells pieces of an item for 10 TWD each.
    pub fn sell(&mut self, number: u64, hour: u8, lines: &[(&str, i64)]) {
        let sale = sale(&self.place.store, self.salt * 100_000 + number, hour, lines);
        self.push(&Fact::SaleCompleted(Box::new(sale)));
    }

    pub fn count(&mut self, item: &str, amount: &str, unit: &str) {
        self.push(&Fact::StockMoved(v1::StockMoved {
            item: item.to_owned(),
            kind: v1::MovementKind::Counted,
            quantity: quantity(amount, unit),
            reason: "stocktaking".to_owned(),
            operator: "s1".to_owned(),
        }));
    }

    pub fn set_level(&mut self, item: &str, safety_stock: &str, clear_at: &str) {
        let level = v1::SafetyStockLevel {
            item: item.to_owned(),
            safety_stock: quantity(safety_stock, "piece"),
            clear_at: quantity(clear_at, "piece"),
        };
        self.push(&Fact::SafetyStockSet(v1::SafetyStockSet { levels: vec![level] }));
    }

    /// The message with rows of these numbers, as it comes from the wire.
    pub fn message(&self, numbers: std::ops::RangeInclusive<usize>) -> Message {
        self.message_as(self.stream, None, numbers)
    }

    pub fn message_as(
        &self,
        name: Uuid,
        branch: Option<Branch>,
        numbers: std::ops::RangeInclusive<usize>,
    ) -> Message {
        let rows = self.rows[numbers.start() - 1..*numbers.end()].to_vec();
        let batch = FactsBatch::new(&self.place, &name.to_string(), branch, rows);
        let topic = self.place.topic(&Topic::Facts(name.to_string()));
        let message = read(CHAIN, &topic, &batch.write().expect("a batch"));
        if let Message::Aside(aside) = &message {
            panic!("{}: {}", aside.code, aside.reason);
        }
        message
    }

    pub fn all(&self) -> Message {
        self.message(1..=self.rows.len())
    }

    pub fn birth(&self, boot: &str) -> Message {
        let status = Status::Birth {
            online: true,
            boot: boot.to_owned(),
            version: "hub 0.1.0".to_owned(),
            stream: self.stream.to_string(),
            head: self.rows.len() as u64,
            name: "門市".to_owned(),
            currency: "TWD".to_owned(),
            time_zone: "Asia/Taipei".to_owned(),
        };
        Message::Status { place: self.place.clone(), status }
    }

    pub fn will(&self, boot: &str) -> Message {
        let status = Status::Will { online: false, boot: boot.to_owned() };
        Message::Status { place: self.place.clone(), status }
    }
}

pub fn digest_of(row: &Row) -> [u8; 32] {
    digest_from_hex(&row.digest).expect("a digest")
}

pub fn quantity(amount: &str, unit: &str) -> v1::Quantity {
    v1::Quantity { amount: amount.to_owned(), unit: unit.to_owned() }
}

pub fn twd(amount: i64) -> v1::Money {
    v1::Money { amount: amount.to_string(), currency: "TWD".to_owned() }
}

fn moment(wall_ms: i64) -> v1::Moment {
    v1::Moment {
        wall_ms,
        utc_offset_s: 28_800,
        monotonic_ms: 1,
        boot: Uuid::from_u128(7).to_string(),
        clock_trusted: true,
    }
}

/// A sale that began in a local hour; each line of (item, pieces) takes 1 TWD a piece off its 10.
pub fn sale(store: &str, number: u64, hour: u8, lines: &[(&str, i64)]) -> v1::Sale {
    let line = |(index, (item, pieces)): (usize, &(&str, i64))| {
        let modifier = v1::PriceModifier {
            method: v1::ModifierMethod::AmountOff,
            amount: twd(*pieces),
            reason: "promotion".to_owned(),
            operator: None,
            promotion: None,
        };
        v1::LineItem {
            line: u32::try_from(index).expect("few lines") + 1,
            kind: v1::LineKind::Sale,
            item: (*item).to_owned(),
            code: (*item).to_owned(),
            entry: v1::EntryMethod::Scanned,
            description: format!("品項 {item}"),
            department: format!("department {}", &item[..1]),
            category: String::new(),
            tax_class: "standard".to_owned(),
            quantity: quantity(&pieces.to_string(), "piece"),
            unit_price: twd(10),
            shelf_amount: twd(pieces * 10),
            price_source: v1::PriceSource::Catalogue,
            recorded_modifiers: Vec::new(),
            modifiers: vec![modifier],
            net: twd(pieces * 9),
            return_reason: None,
            by_department: false,
            deposit_of: None,
            serial: None,
            weighing: None,
            voided: None,
        }
    };
    let pieces: i64 = lines.iter().map(|(_, pieces)| pieces).sum();
    let opened = MORNING_MS - 8 * 3_600_000 + i64::from(hour) * 3_600_000;
    v1::Sale {
        transaction: Uuid::new_v5(&Uuid::max(), &number.to_be_bytes()).to_string(),
        store: store.to_owned(),
        workstation: "1".to_owned(),
        operator: "c1".to_owned(),
        business_day: "2026-11-24".to_owned(),
        opened: moment(opened),
        ended: moment(opened + 60_000),
        currency: "TWD".to_owned(),
        number: Some(number),
        lines: lines.iter().enumerate().map(line).collect(),
        basket_modifiers: Vec::new(),
        tenders: vec![cash(pieces * 9)],
        totals: v1::Totals {
            shelf: twd(pieces * 10),
            discount: twd(pieces),
            net: twd(pieces * 9),
            taxes: Vec::new(),
            total: twd(pieces * 9),
            tendered: twd(pieces * 9),
            due: twd(0),
            change: twd(1),
            rounding: None,
        },
        ban: None,
        approvals: Vec::new(),
        pricing: None,
    }
}

/// Cash with 1 TWD of change.
fn cash(due: i64) -> v1::Tender {
    v1::Tender {
        number: 1,
        tender_type: "cash".to_owned(),
        amount: twd(due + 1),
        change: twd(1),
        reference: None,
        line: None,
        item: None,
        department: None,
        face: None,
        foreign: None,
        card: None,
        voided: false,
    }
}

/// What a promotion did in a sale: it was used once for two units, took so much off and carried so
/// much.
pub fn used(promotion: &str, amount: i64, sales: i64) -> v1::PromotionUse {
    v1::PromotionUse {
        promotion: promotion.to_owned(),
        name: v1::Text { zh: format!("活動 {promotion}"), en: format!("Offer {promotion}") },
        uses: 1,
        units: 2,
        amount: twd(amount),
        sales: twd(sales),
        coupons: Vec::new(),
    }
}

/// Something that the cashier was told to say of a promotion.
pub fn prompt(promotion: &str, outcome: v1::PromptOutcome) -> v1::PromptMade {
    v1::PromptMade {
        prompt: format!("{promotion}/1"),
        promotion: promotion.to_owned(),
        saving: twd(3),
        outcome,
    }
}

/// What promotions made of a basket.
pub fn pricing(promotions: Vec<v1::PromotionUse>, prompts: Vec<v1::PromptMade>) -> v1::Pricing {
    v1::Pricing {
        set: "a set".to_owned(),
        promotions,
        points_earned: 0,
        points_spent: 0,
        coupons_earned: Vec::new(),
        prompts,
        context: v1::PricingContext::default(),
        by_priority: false,
        base_points: None,
        rules: Vec::new(),
    }
}
