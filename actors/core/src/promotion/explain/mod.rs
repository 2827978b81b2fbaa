//! Why a basket costs what it costs, in sentences. Worked out when somebody asks, never in a scan.

mod rivals;
mod screen;
mod sentences;
#[cfg(test)]
mod tests;
mod units;
mod why;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::PricingContext;
use super::evaluate::evaluate;
use super::goods::Goods;
use super::outcome::Outcome;
use super::rule::{Promotion, Text};
use super::scene::Scene;
use super::set::PromotionSet;
use crate::transaction::TenderTypeId;
use crate::{ItemId, LineNumber, Money, MoneyError, PromotionId};
use rivals::Rivals;

pub use screen::{Beside, BesideExplained, explain_basket};

/// Why a basket costs what it costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// What is to pay for the goods that are bought, after promotions.
    pub total: Money,
    /// What is to pay: the total and all that stands beside it.
    pub to_pay: Money,
    /// What else makes it: nothing, mostly.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<BesideExplained>,
    /// What would be to pay without any promotion.
    pub without_promotions: Money,
    /// Whether the total is proven to be the least.
    pub is_optimal: bool,
    /// No combination costs less than this.
    pub bound: Money,
    /// Whether the retailer's order of priority decided.
    pub by_priority: bool,
    /// Every line with its units, in the order of the goods.
    pub lines: Vec<LineExplained>,
    /// Every promotion that was used, by id.
    pub applied: Vec<AppliedExplained>,
    /// Every promotion that concerns the basket and was not used, by id.
    pub not_applied: Vec<NotApplied>,
}

/// A promotion by id and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Which.
    pub id: PromotionId,
    /// What it is called.
    pub name: Text,
}

impl Named {
    fn of(promotion: &Promotion) -> Self {
        Self { id: promotion.id.clone(), name: promotion.name.clone() }
    }
}

/// The units of one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineExplained {
    /// Its number in the basket.
    pub line: LineNumber,
    /// Which item.
    pub item: ItemId,
    /// Its units, in their order within the line.
    pub units: Vec<UnitExplained>,
}

/// What became of one unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitExplained {
    /// What it costs before promotions.
    pub price: Money,
    /// What is booked for it.
    pub net: Money,
    /// The promotion of items that took it, also where it only qualifies.
    pub taken_by: Option<Named>,
    /// What each promotion took off it, in the order in which they were applied.
    pub parts: Vec<PartExplained>,
    /// The used promotions that it helped without being lowered by them: as a qualifier, as part
    /// of an amount that had to be reached, or for points.
    pub counted_by: Vec<Named>,
    /// All of it in a sentence.
    pub text: Text,
}

/// What one promotion took off one unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartExplained {
    /// Which.
    #[serde(flatten)]
    pub promotion: Named,
    /// How much.
    pub amount: Money,
}

/// A promotion that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedExplained {
    /// Which.
    #[serde(flatten)]
    pub promotion: Named,
    /// How often: units, groups or times.
    pub uses: u32,
    /// How many units it took or lowered.
    pub units: u32,
    /// What it took off what is to pay.
    pub amount: Money,
    /// The coupons that it uses up.
    pub coupons: Vec<Arc<str>>,
    /// In a sentence.
    pub text: Text,
    /// The best basket without it; none where the search for it was cut short.
    pub runner_up: Option<RunnerUp>,
}

/// The best basket without one promotion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunnerUp {
    /// What would be to pay.
    pub total: Money,
    /// How much more that is; negative only where the retailer's priority decides.
    pub worse: Money,
    /// The promotions that would be used and now are not.
    pub instead: Vec<Named>,
    /// In a sentence.
    pub text: Text,
}

/// A promotion that concerns the basket and was not used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotApplied {
    /// Which.
    #[serde(flatten)]
    pub promotion: Named,
    /// Why, as a stable code with its details.
    #[serde(flatten)]
    pub why: WhyNot,
    /// In a sentence.
    pub text: Text,
}

/// Why a promotion was not used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum WhyNot {
    /// Not on this day of the week.
    OtherWeekday,
    /// Not at this hour, or the clock is not trusted to say which it is.
    OutsideHours,
    /// Only by another channel.
    OtherChannel,
    /// Only for members.
    MembersOnly,
    /// Only for members of other tiers.
    OtherTier {
        /// Of these.
        tiers: Vec<Arc<str>>,
    },
    /// Only for the chain's own people.
    EmployeesOnly,
    /// Its coupon was not shown.
    CouponNotShown,
    /// Only with another way of paying.
    OtherTender {
        /// With one of these.
        tenders: Vec<TenderTypeId>,
    },
    /// Nothing is left of one of its limits.
    LimitUsedUp,
    /// The member has too few points for it.
    PointsMissing,
    /// A cashier changed the price of the goods that it is for.
    PriceFixed,
    /// A promotion of a narrower scope holds for the goods instead.
    Replaced {
        /// These.
        by: Vec<Named>,
    },
    /// Units are missing.
    UnitsMissing {
        /// So many at least.
        units: u32,
    },
    /// An amount is missing.
    AmountMissing {
        /// So much, as the promotion measures it.
        amount: Money,
    },
    /// It would lower nothing.
    SavesNothing,
    /// The goods went to others, and that costs the customer less.
    TakenByBetter {
        /// To these.
        by: Vec<Named>,
        /// With this one instead the basket would cost so much more.
        worse: Money,
    },
    /// Others are used that it, or they, may not be used together with.
    NotTogether {
        /// These.
        by: Vec<Named>,
        /// With this one instead the basket would cost so much more.
        worse: Money,
    },
    /// With it the basket would cost no less, so that others, or none, are preferred to it.
    NoGain {
        /// Instead of these; empty where it would simply come to the same.
        by: Vec<Named>,
    },
    /// The retailer's priority gives the goods to others first.
    LowerPriority {
        /// To these.
        by: Vec<Named>,
    },
    /// The search was cut short before that was known.
    NotKnown,
}

/// Why the basket costs what `outcome` says, which is what the set makes of the goods.
///
/// What else could have been is priced anew: `nodes` bounds these searches together, each by as
/// much as one for a prompt.
///
/// # Errors
/// Where an amount leaves the range of [`Money`].
pub fn explain(
    set: &PromotionSet,
    goods: &Goods,
    context: &PricingContext,
    outcome: &Outcome,
    nodes: u64,
) -> Result<Explanation, MoneyError> {
    let scene = Scene { set, goods, context, outcome };
    let money = |minor: i64| Money::from_minor(minor, goods.currency);
    let mut rivals = Rivals::new(scene, nodes);
    let mut applied = Vec::new();
    for used in &outcome.applied {
        if let Some(promotion) = set.get(used.index) {
            let runner_up = rivals.without(promotion)?;
            applied.push(AppliedExplained {
                promotion: Named::of(promotion),
                uses: used.uses,
                units: used.units,
                amount: money(used.amount)?,
                coupons: used.coupons.clone(),
                text: sentences::applied(used, money(used.amount)?),
                runner_up: runner_up.map(|without| rivals.runner_up(&without)).transpose()?,
            });
        }
    }
    let mut not_applied = Vec::new();
    for (index, promotion) in scene.touching() {
        let is_used = outcome.applied.iter().any(|used| used.index == index);
        if !is_used && let Some(why) = why::why(scene, promotion, &mut rivals)? {
            let text = sentences::why(&why);
            not_applied.push(NotApplied { promotion: Named::of(promotion), why, text });
        }
    }
    Ok(Explanation {
        total: money(outcome.total)?,
        to_pay: money(outcome.total)?,
        beside: Vec::new(),
        without_promotions: money(evaluate(&set.with(Vec::new()), goods, context, nodes)?.total)?,
        is_optimal: outcome.certificate.is_optimal,
        bound: money(outcome.certificate.bound)?,
        by_priority: outcome.certificate.by_priority,
        lines: units::lines(scene)?,
        applied,
        not_applied,
    })
}
