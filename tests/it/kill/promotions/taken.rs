//! What sales and baskets in payment took of what is limited, read from the disk alone and added
//! up without the shop's own help.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use store_core::BusinessDay;
use store_core::fact::{Fact, RowPosition};
use store_core::transaction::RetailTransaction;
use store_core::{JournalSequence, WorkstationId};
use store_journal::{DayOfPromotion, LedgerReads as _, Reader, facts_after};

use super::shop::{BUDGET, DAILY, MEMBER, OFF, POINTS_OF_MEMBER, POINTS_OF_USE, TOTAL};

/// Rows read at once.
const ROWS_AT_ONCE: usize = 500;

/// What one basket took of one promotion.
#[derive(Clone, Debug)]
struct Use {
    promotion: String,
    day: BusinessDay,
    member: Option<String>,
    uses: u32,
    amount: i64,
    coupons: Vec<String>,
}

/// What all took.
#[derive(Debug, Default)]
pub struct Taken {
    uses: Vec<Use>,
    /// Of these, those of baskets in payment, by promotion.
    pub held: BTreeMap<String, u32>,
    /// What each sale came to.
    pub sales: BTreeMap<String, i64>,
}

impl Taken {
    /// Reads a store, and holds its tables against its facts.
    pub fn read(store: &Path) -> Self {
        let reader = Reader::open(store).unwrap();
        let mut taken = Self::default();
        let mut days: BTreeMap<(String, BusinessDay), DayOfPromotion> = BTreeMap::new();
        let stream = reader.streams().unwrap()[0].head.stream;
        let mut after = RowPosition { stream, sequence: JournalSequence(0) };
        loop {
            let facts = facts_after(&reader, after, ROWS_AT_ONCE).unwrap();
            let Some(last) = facts.last() else { break };
            after = last.position;
            for fact in &facts {
                if let Fact::SaleCompleted(sale) = &fact.fact {
                    taken.add_sale(sale, &mut days);
                }
            }
        }
        let tables = reader.promotion_days().unwrap().into_iter();
        let tables = tables.map(|((id, day), made)| ((id.to_string(), day), made));
        assert_eq!(tables.collect::<BTreeMap<_, _>>(), days, "the tables and the sales");
        let drafts = reader.drafts().unwrap();
        drafts.iter().for_each(|draft| taken.add_draft(&draft.body));
        taken.check();
        taken
    }

    fn add_sale(
        &mut self,
        sale: &RetailTransaction,
        days: &mut BTreeMap<(String, BusinessDay), DayOfPromotion>,
    ) {
        let total = sale.totals.total.minor();
        assert_eq!(self.sales.insert(sale.id.to_string(), total), None, "{} twice", sale.id);
        let Some(pricing) = &sale.pricing else { return };
        for used in &pricing.promotions {
            let id = used.promotion.id.to_string();
            let day = days.entry((id.clone(), sale.business_day)).or_default();
            day.baskets += 1;
            day.uses += used.uses;
            day.units += used.units;
            day.amount += used.amount.minor();
            day.sales += used.sales.minor();
            self.uses.push(Use {
                promotion: id,
                day: sale.business_day,
                member: pricing.customer.member.as_ref().map(ToString::to_string),
                uses: used.uses,
                amount: used.amount.minor(),
                coupons: used.coupons.iter().map(|code| code.to_string()).collect(),
            });
        }
    }

    /// A basket holds what it uses from its first tender on.
    fn add_draft(&mut self, body: &str) {
        let body: Value = serde_json::from_str(body).unwrap();
        let transaction = &body["transaction"];
        let tenders = transaction["tenders"].as_array().unwrap();
        if tenders.iter().all(|tender| tender["voided"] == true) {
            return;
        }
        let member = body["customer"]["member"].as_str().map(str::to_owned);
        for used in body["pricing"]["applied"].as_array().into_iter().flatten() {
            let promotion = used["promotion"]["id"].as_str().unwrap().to_owned();
            let coupons = used["coupons"].as_array().unwrap().iter();
            let held = Use {
                day: serde_json::from_value(transaction["business_day"].clone()).unwrap(),
                member: member.clone(),
                uses: serde_json::from_value(used["uses"].clone()).unwrap(),
                amount: used["amount"]["amount"].as_str().unwrap().parse().unwrap(),
                coupons: coupons.map(|code| code.as_str().unwrap().to_owned()).collect(),
                promotion,
            };
            *self.held.entry(held.promotion.clone()).or_default() += held.uses;
            self.uses.push(held);
        }
    }

    /// Nothing was given more often than there is of it, nor promised.
    fn check(&self) {
        let mut coupons = BTreeSet::new();
        for code in self.uses.iter().flat_map(|used| &used.coupons) {
            assert!(coupons.insert(code), "the coupon {code} was taken twice");
        }
        for used in &self.uses {
            let member = used.member.as_deref();
            // It panics where more was taken than there is.
            self.left(&used.promotion, used.day, member);
        }
    }

    /// How often a promotion can still be used on a day, by a member.
    pub fn left(&self, promotion: &str, day: BusinessDay, member: Option<&str>) -> u32 {
        let of = || self.uses.iter().filter(|used| used.promotion == promotion);
        let by_member = || of().filter(|used| used.member.as_deref() == member);
        let uses = |uses: &mut dyn Iterator<Item = &Use>| uses.map(|used| used.uses).sum::<u32>();
        let (limit, taken) = match promotion {
            "daily" => (DAILY, uses(&mut of().filter(|used| used.day == day))),
            "total" => (TOTAL, uses(&mut of())),
            "budget" => {
                let given: i64 = of().map(|used| used.amount).sum();
                (BUDGET / OFF, u32::try_from(given / i64::from(OFF)).unwrap())
            }
            "member" => (MEMBER, uses(&mut by_member())),
            "points" => {
                let today = uses(&mut by_member().filter(|used| used.day == day));
                (POINTS_OF_MEMBER / POINTS_OF_USE, today)
            }
            // As many as coupons are shown.
            _ => return u32::MAX,
        };
        let left = limit.checked_sub(taken);
        left.unwrap_or_else(|| panic!("{promotion}: {taken} of {limit} were taken by {member:?}"))
    }

    /// Uses ever of one promotion.
    pub fn uses(&self, promotion: &str) -> u32 {
        let of = self.uses.iter().filter(|used| used.promotion == promotion);
        of.map(|used| used.uses).sum()
    }

    /// Everybody who ever used something.
    pub fn members(&self) -> BTreeSet<String> {
        self.uses.iter().filter_map(|used| used.member.clone()).collect()
    }

    /// Every coupon that was ever taken.
    pub fn coupons(&self) -> impl Iterator<Item = &String> {
        self.uses.iter().flat_map(|used| &used.coupons)
    }
}

/// The day on which a workstation's basket counts.
pub fn day_of(store: &Path, workstation: &str) -> BusinessDay {
    let reader = Reader::open(store).unwrap();
    let workstation = WorkstationId::new(workstation).unwrap();
    let draft = reader.draft(&workstation).unwrap().unwrap();
    let body: Value = serde_json::from_str(&draft.body).unwrap();
    serde_json::from_value(body["transaction"]["business_day"].clone()).unwrap()
}
