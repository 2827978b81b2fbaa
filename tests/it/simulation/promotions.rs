//! What is limited is given as often as there is of it, whatever goes wrong.

use std::collections::{BTreeMap, BTreeSet};

use store_core::fact::{CommittedFact, Fact};
use store_core::transaction::{RetailTransaction, SalePricing};
use store_core::{BusinessDay, MemberId};
use store_journal::{DayOfPromotion, LedgerReads as _};

use super::checks::{Check, Violation};
use super::shop::{MILK_BUDGET, SOAP_USES};
use super::world::World;

/// Uses of soap on one day; of water by one member.
const SOAP_A_DAY: u32 = 15;
const WATER_A_MEMBER: u32 = 7;

fn priced(facts: &[CommittedFact]) -> impl Iterator<Item = (&RetailTransaction, &SalePricing)> {
    facts.iter().filter_map(|row| match &row.fact {
        Fact::SaleCompleted(sale) => Some((sale.as_ref(), sale.pricing.as_ref()?)),
        _ => None,
    })
}

/// Reads the facts anew, with a fold of its own.
pub fn check(world: &World, facts: &[CommittedFact]) -> Result<(), Violation> {
    let fail = |detail: String| Err(Violation { check: Check::UsesAreConserved, detail });
    let mut days: BTreeMap<(String, BusinessDay), DayOfPromotion> = BTreeMap::new();
    let mut members: BTreeMap<&MemberId, u32> = BTreeMap::new();
    let mut coupons = BTreeSet::new();
    for (sale, pricing) in priced(facts) {
        for used in &pricing.promotions {
            let id = used.promotion.id.to_string();
            let day = days.entry((id.clone(), sale.business_day)).or_default();
            day.baskets += 1;
            day.uses += used.uses;
            day.units += used.units;
            day.amount += used.amount.minor();
            day.sales += used.sales.minor();
            if let ("member", Some(member)) = (id.as_str(), &pricing.customer.member) {
                *members.entry(member).or_default() += used.uses;
            }
            if let Some(twice) = used.coupons.iter().find(|code| !coupons.insert(*code)) {
                return fail(format!("the coupon {twice} was used twice, by {}", sale.id));
            }
        }
    }
    let of =
        |name: &'static str| days.iter().filter(move |((id, _), _)| id == name).map(|(_, day)| day);
    let soap: u32 = of("soap").map(|day| day.uses).sum();
    let a_day = of("soap").map(|day| day.uses).max().unwrap_or(0);
    let milk: i64 = of("milk").map(|day| day.amount).sum();
    let most = members.values().max().copied().unwrap_or(0);
    if soap > SOAP_USES || a_day > SOAP_A_DAY || milk > MILK_BUDGET || most > WATER_A_MEMBER {
        let given = format!("soap {soap}, {a_day} a day, milk {milk}, water {most} by one member");
        return fail(format!("more was given than there is: {given}"));
    }
    let tables = world.journal.promotion_days().expect("the uses").into_iter();
    let tables: BTreeMap<(String, BusinessDay), DayOfPromotion> =
        tables.map(|((id, day), made)| ((id.to_string(), day), made)).collect();
    if tables != days {
        return fail(format!("the tables have {tables:?}, the sales make them {days:?}"));
    }
    check_holds(world)
}

/// What is held is what baskets hold whose payment has begun. A basket whose tender could not be
/// written holds until it is changed or over: too much may be held, never too little.
fn check_holds(world: &World) -> Result<(), Violation> {
    let Some(hub) = &world.hub else { return Ok(()) };
    let held: BTreeMap<_, _> = hub.uses.holds().collect();
    for register in &hub.registers {
        let Some((basket, hold)) = register.machine.hold() else { continue };
        if held.get(&basket).map(|held| &held.uses) != Some(&hold.uses) {
            let detail = format!("{basket} uses {hold:?}, held is {:?}", held.get(&basket));
            return Err(Violation { check: Check::UsesAreConserved, detail });
        }
    }
    Ok(())
}
