//! What a basket comes to, as `--json` prints it.

use std::sync::Arc;

use serde::Serialize;
use store_core::promotion::explain::Explanation;
use store_core::promotion::offers::TenderOffer;
use store_core::promotion::outcome::{Outcome, UnitOutcome};
use store_core::promotion::prompts::Prompt;
use store_core::promotion::rule::Text;
use store_core::promotion::set::PromotionSet;
use store_core::transaction::TaxLine;
use store_core::{Currency, ItemId, Money, MoneyError, PromotionId, Quantity};

use super::lines::{RefusedLine, TakenLine};

/// A priced basket.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// What is to pay.
    pub total: Money,
    /// What it would be on the shelf, without tax that is added.
    pub shelf: Money,
    /// Whether the total is proven to be the least that the promotions allow.
    pub optimal: bool,
    /// No combination costs less than this.
    pub bound: Money,
    /// How far the total may be from the least; nought where it is proven.
    pub gap: Money,
    /// Whether the retailer's priority decided, so that nothing was searched for.
    pub by_priority: bool,
    /// Partial combinations that were looked at.
    pub nodes: u64,
    /// Every line that was priced.
    pub lines: Vec<LineAnswer>,
    /// Every promotion that was used, by id.
    pub promotions: Vec<UsedPromotion>,
    /// The tax, by class.
    pub taxes: Vec<TaxLine>,
    /// Points that the customer earns.
    pub points_earned: u64,
    /// Points that the promotions used cost.
    pub points_spent: u64,
    /// Campaigns of which the customer gets a coupon.
    pub coupons_earned: Vec<Arc<str>>,
    /// What is worth saying next.
    pub prompts: Vec<Prompt>,
    /// What another way of paying would change.
    pub offers: Vec<TenderOffer>,
    /// Why it costs that, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
    /// Every line that could not be priced.
    pub refused: Vec<RefusedLine>,
}

/// One line.
#[derive(Clone, Debug, Serialize)]
pub struct LineAnswer {
    /// Its place in the file, from 1.
    pub line: usize,
    /// Which item.
    pub item: ItemId,
    /// What it is called.
    pub description: Arc<str>,
    /// How much of it.
    pub quantity: Quantity,
    /// What it costs on the shelf.
    pub shelf: Money,
    /// What promotions took off.
    pub discount: Money,
    /// What is booked for it.
    pub net: Money,
    /// Its units, in their order within the line.
    pub units: Vec<UnitAnswer>,
}

/// One unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnitAnswer {
    /// What it costs on the shelf.
    pub price: Money,
    /// What is booked for it.
    pub net: Money,
    /// What each promotion took off it, in the order in which they were applied.
    pub discounts: Vec<Discount>,
    /// The promotion of items that took it, also where it only qualifies.
    pub taken_by: Option<PromotionId>,
}

/// What one promotion took off one unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Discount {
    /// Which.
    pub promotion: PromotionId,
    /// What it is called.
    pub name: Text,
    /// How much.
    pub amount: Money,
}

/// A promotion that was used.
#[derive(Clone, Debug, Serialize)]
pub struct UsedPromotion {
    /// Which.
    pub promotion: PromotionId,
    /// What it is called.
    pub name: Text,
    /// How often: units, groups or times.
    pub uses: u32,
    /// How many units it took or lowered.
    pub units: u32,
    /// What it took off what is to pay.
    pub amount: Money,
    /// The coupons that it uses up.
    pub coupons: Vec<Arc<str>>,
}

impl Answer {
    /// What the engine found, in the words of the file.
    ///
    /// # Errors
    /// Where an amount leaves the range of money.
    pub fn of(
        outcome: &Outcome,
        set: &PromotionSet,
        taken: &[TakenLine],
        currency: Currency,
    ) -> Result<Self, MoneyError> {
        let money = |minor: i64| Money::from_minor(minor, currency);
        let lines = taken.iter().enumerate().map(|(index, line)| {
            let units = outcome.units.iter().filter(|unit| unit.line == index);
            let units: Result<Vec<UnitAnswer>, MoneyError> =
                units.map(|unit| unit_answer(unit, set, currency)).collect();
            let units = units?;
            let shelf = money(line.goods.amount)?;
            let net = Money::sum(currency, units.iter().map(|unit| unit.net))?;
            Ok(LineAnswer {
                line: line.line,
                item: line.goods.item.clone(),
                description: line.description.clone(),
                quantity: line.goods.quantity,
                shelf,
                discount: shelf.subtract(net)?,
                net,
                units,
            })
        });
        let lines: Result<Vec<LineAnswer>, MoneyError> = lines.collect();
        let used = outcome.applied.iter().filter_map(|applied| {
            let name = set.get(applied.index)?.name.clone();
            Some(money(applied.amount).map(|amount| UsedPromotion {
                promotion: applied.promotion.clone(),
                name,
                uses: applied.uses,
                units: applied.units,
                amount,
                coupons: applied.coupons.clone(),
            }))
        });
        let used: Result<Vec<UsedPromotion>, MoneyError> = used.collect();
        let certificate = outcome.certificate;
        let (total, bound) = (money(outcome.total)?, money(certificate.bound)?);
        Ok(Self {
            total,
            shelf: Money::sum(currency, lines.iter().flatten().map(|line| line.shelf))?,
            optimal: certificate.is_optimal,
            bound,
            gap: total.subtract(bound)?,
            by_priority: certificate.by_priority,
            nodes: certificate.nodes,
            lines: lines?,
            promotions: used?,
            taxes: outcome.taxes.clone(),
            points_earned: outcome.points_earned,
            points_spent: outcome.points_spent,
            coupons_earned: outcome.coupons_earned.clone(),
            prompts: Vec::new(),
            offers: Vec::new(),
            explanation: None,
            refused: Vec::new(),
        })
    }
}

fn unit_answer(
    unit: &UnitOutcome,
    set: &PromotionSet,
    currency: Currency,
) -> Result<UnitAnswer, MoneyError> {
    let named = |index| set.get(index).map(|promotion| (promotion.id.clone(), &promotion.name));
    let discounts = unit.parts.iter().filter(|part| part.amount != 0).filter_map(|part| {
        let (promotion, name) = named(part.promotion)?;
        let amount = Money::from_minor(part.amount, currency);
        Some(amount.map(|amount| Discount { promotion, name: name.clone(), amount }))
    });
    Ok(UnitAnswer {
        price: Money::from_minor(unit.price, currency)?,
        net: Money::from_minor(unit.net, currency)?,
        discounts: discounts.collect::<Result<_, _>>()?,
        taken_by: unit.taken_by.and_then(|(index, _)| Some(named(index)?.0)),
    })
}
