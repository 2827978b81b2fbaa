//! A basket as the page sees it: units dearest first, and the promotions that are live in it.

use std::sync::Arc;

use store_core::promotion::PricingContext;
use store_core::promotion::goods::{Goods, GoodsLine};
use store_core::promotion::rule::{Combine, Promotion, Rule, Spend, UnitAward};
use store_core::promotion::set::{BasePoints, Policy, PromotionSet};
use store_core::tax::{TaxMethod, TaxRate};
use store_core::{ItemId, LineNumber, Unit as Measure};

use super::arithmetic::{Set, half_up, has};
use super::live::uses_left;
use super::matching::{fits, replaced};

/// One unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The line's place in the goods, its number, and the unit's place within it.
    pub line: usize,
    pub number: LineNumber,
    pub place: usize,
    pub item: ItemId,
    pub price: i64,
    /// In thousandths.
    pub measure: i64,
    /// The place of its tax.
    pub tax: usize,
    pub is_fixed: bool,
}

/// A class's tax, as `numerator` / `denominator` of a net price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tax {
    pub class: Arc<str>,
    pub rate: TaxRate,
    numerator: i64,
    denominator: i64,
}

impl Tax {
    pub const fn is_inclusive(&self) -> bool {
        matches!(self.rate.method, TaxMethod::Inclusive)
    }

    /// What is added to a sum.
    pub fn on(&self, net: i64) -> i64 {
        half_up(net * self.numerator, self.denominator)
    }

    /// What a sum contains.
    pub fn within(&self, gross: i64) -> i64 {
        half_up(gross * self.numerator, self.denominator + self.numerator)
    }
}

/// A live promotion in a basket.
#[derive(Clone, Debug)]
pub struct Live<'a> {
    pub promotion: &'a Promotion,
    /// Its place in the set.
    pub index: usize,
    /// The units that it covers: of groups those of all slots.
    pub covers: Set,
    /// The units that fit each slot; of the others one slot.
    pub slots: Vec<Set>,
    /// Those that count for what has to be spent.
    pub spend: Option<(&'a Spend, Set)>,
    pub uses_left: i64,
    /// The smaller one of the cap and of what the budget leaves.
    pub cap: i64,
    pub is_limited: bool,
}

impl Live<'_> {
    /// The member's points that one use costs.
    pub fn cost(&self) -> i64 {
        i64::try_from(self.promotion.cost_points).unwrap()
    }

    pub fn is_on_top(&self) -> bool {
        matches!(self.promotion.combine, Combine::OnTop(_))
    }

    pub fn is_exclusive(&self) -> bool {
        self.promotion.combine == Combine::Exclusive
    }

    pub fn goes_with_others(&self) -> bool {
        self.promotion.combine == Combine::WithOthers
    }
}

/// A basket taken apart.
#[derive(Clone, Debug)]
pub struct Basket<'a> {
    /// Dearest first: the lower place is the dearer unit.
    pub units: Vec<Unit>,
    /// Inclusive first, then by percent, then by class.
    pub taxes: Vec<Tax>,
    /// By place in the set.
    pub live: Vec<Live<'a>>,
    /// Points that the member may spend.
    pub points: i64,
    pub base_points: Option<BasePoints>,
    /// Whether the retailer's priorities say what comes first.
    pub is_by_priority: bool,
}

impl<'a> Basket<'a> {
    pub fn new(set: &'a PromotionSet, goods: &Goods, context: &PricingContext) -> Self {
        let taxes = taxes(goods);
        let mut units: Vec<Unit> =
            goods.lines.iter().enumerate().flat_map(|(at, line)| units(at, line, &taxes)).collect();
        units.sort_by(|a, b| {
            let key = |unit: &Unit| (unit.number, unit.place);
            b.price.cmp(&a.price).then(a.item.cmp(&b.item)).then(key(a).cmp(&key(b)))
        });
        assert!(units.len() <= 32, "a brute force is for small baskets");
        let live: Vec<(usize, &Promotion, i64, i64)> = set
            .promotions()
            .iter()
            .enumerate()
            .filter_map(|(index, promotion)| {
                let (uses, budget) = uses_left(promotion, context)?;
                Some((index, promotion, uses, budget.min(promotion.cap.unwrap_or(i64::MAX))))
            })
            .collect();
        let promotions: Vec<&Promotion> = live.iter().map(|live| live.1).collect();
        let replaced = replaced(&promotions, &goods.lines);
        let live = live
            .iter()
            .zip(replaced)
            .map(|(&(index, promotion, uses_left, cap), replaced)| {
                let slots: Vec<Set> = selectors(promotion)
                    .iter()
                    .map(|selector| {
                        set_of(&units, |unit| {
                            !replaced[unit.line] && fits(selector, &goods.lines[unit.line])
                        })
                    })
                    .collect();
                let spend = spend(promotion).map(|spend| {
                    (spend, set_of(&units, |unit| fits(&spend.items, &goods.lines[unit.line])))
                });
                let covers = slots.iter().fold(0, |all, slot| all | slot);
                let is_limited = is_limited(promotion);
                Live { promotion, index, covers, slots, spend, uses_left, cap, is_limited }
            })
            .collect();
        let points = context.member.as_ref().map_or(0, |member| member.points);
        let points = i64::try_from(points).unwrap();
        Self {
            units,
            taxes,
            live,
            points,
            base_points: set.base_points(),
            is_by_priority: set.policy() == Policy::Priority,
        }
    }

    /// All units.
    pub const fn everything(&self) -> Set {
        (1 << self.units.len()) - 1
    }

    /// Whether two units that are neighbours in *dearest first* may change places without any
    /// promotion or tax noticing.
    pub fn are_alike(&self, a: usize, b: usize) -> bool {
        let (x, y) = (&self.units[a], &self.units[b]);
        let same = |set: Set| has(set, a) == has(set, b);
        x.price == y.price
            && x.item == y.item
            && x.measure == y.measure
            && x.tax == y.tax
            && x.is_fixed == y.is_fixed
            && self.live.iter().all(|live| {
                live.slots.iter().all(|slot| same(*slot))
                    && live.spend.is_none_or(|(_, set)| same(set))
            })
    }

    /// What a unit award takes off a unit that costs so much now.
    pub fn reduction(&self, unit: usize, price: i64, award: UnitAward) -> i64 {
        let measure = self.units[unit].measure;
        match award {
            UnitAward::PercentOff(points) => half_up(price * i64::from(points.0), 10_000),
            UnitAward::AmountOff(amount) => price.min(half_up(amount * measure, 1000)),
            UnitAward::Price(new) => (price - half_up(new * measure, 1000)).max(0),
        }
    }

    /// The measure of a set of units whose amounts are these: with all tax, or without any.
    pub fn measure(&self, set: Set, amounts: &[i64], with_tax: bool) -> i64 {
        let of_tax = |(place, tax): (usize, &Tax)| {
            let units =
                (0..self.units.len()).filter(|&u| has(set, u) && self.units[u].tax == place);
            let sum: i64 = units.map(|unit| amounts[unit]).sum();
            match (tax.is_inclusive(), with_tax) {
                (true, true) | (false, false) => sum,
                (true, false) => sum - tax.within(sum),
                (false, true) => sum + tax.on(sum),
            }
        };
        self.taxes.iter().enumerate().map(of_tax).sum()
    }
}

fn set_of(units: &[Unit], is_in: impl Fn(&Unit) -> bool) -> Set {
    units.iter().enumerate().fold(0, |set, (place, unit)| set | Set::from(is_in(unit)) << place)
}

fn taxes(goods: &Goods) -> Vec<Tax> {
    let tax = |line: &GoodsLine| {
        let percent = line.tax.percent.normalize();
        let numerator = i64::try_from(percent.mantissa()).unwrap();
        let denominator = 100 * 10_i64.pow(percent.scale());
        Tax { class: line.tax_class.clone(), rate: line.tax, numerator, denominator }
    };
    let mut taxes: Vec<Tax> = goods.lines.iter().map(tax).collect();
    taxes.sort_by(|a, b| {
        let method = a.rate.method == TaxMethod::Exclusive;
        method
            .cmp(&(b.rate.method == TaxMethod::Exclusive))
            .then(a.rate.percent.cmp(&b.rate.percent))
            .then(a.class.cmp(&b.class))
    });
    taxes.dedup();
    taxes
}

/// A line taken apart.
fn units(at: usize, line: &GoodsLine, taxes: &[Tax]) -> Vec<Unit> {
    let thousandths = line.quantity.thousandths();
    if thousandths <= 0 {
        return Vec::new();
    }
    let is_pieces = line.quantity.unit() == Measure::Piece;
    let count = if is_pieces { thousandths / 1000 } else { 1 };
    let measure = if is_pieces { 1000 } else { thousandths };
    let tax = taxes.iter().position(|tax| tax.class == line.tax_class && tax.rate == line.tax);
    let unit = |place: i64| Unit {
        line: at,
        number: line.line,
        place: usize::try_from(place).unwrap(),
        item: line.item.clone(),
        price: line.amount / count + i64::from(place < line.amount % count),
        measure,
        tax: tax.unwrap(),
        is_fixed: line.is_fixed,
    };
    (0..count).map(unit).collect()
}

/// The selectors that say what a promotion covers: one for each slot of a group.
pub fn selectors(promotion: &Promotion) -> Vec<&store_core::promotion::rule::Selector> {
    match &promotion.rule {
        Rule::Each(each) => vec![&each.items],
        Rule::Group(group) => group.slots.iter().map(|slot| &slot.items).collect(),
        Rule::Order(order) => vec![&order.items],
        Rule::Reward(reward) => vec![&reward.items],
        Rule::NoPromotion(items) => vec![items],
    }
}

const fn spend(promotion: &Promotion) -> Option<&Spend> {
    match &promotion.rule {
        Rule::Each(each) => each.spend.as_ref(),
        Rule::Group(group) => group.spend.as_ref(),
        Rule::Order(_) | Rule::Reward(_) | Rule::NoPromotion(_) => None,
    }
}

/// Whether its uses are worth sparing.
fn is_limited(promotion: &Promotion) -> bool {
    let limits = &promotion.limits;
    let counts = [limits.per_member, limits.per_day, limits.total];
    promotion.coupon.is_some()
        || promotion.cost_points > 0
        || counts.iter().any(Option::is_some)
        || limits.budget.is_some()
}
