//! Whether anything sells for less than it costs: the worst small basket is the counter-example.

use super::report::{ExampleBasket, ExampleLine, Finding, FindingCode, Severity};
use super::sentences;
use super::staging::Staging;
use crate::catalogue::{Catalogue, Item};
use crate::promotion::PricingContext;
use crate::promotion::evaluate::evaluate;
use crate::promotion::goods::{Goods, GoodsLine, UNITS_MAX};
use crate::promotion::outcome::Outcome;
use crate::promotion::rule::{Counts, Group, Promotion, Rule, Selector, Spend, Text};
use crate::promotion::set::PromotionIndex;
use crate::promotion::{assortment::goods_line, scene::covers};
use crate::{LineNumber, Money, MoneyError, Quantity};

/// Items tried in each place of a basket: those on which the least can be lost before money is.
const PICKS: usize = 4;

/// Baskets tried for one promotion and customer.
const BASKETS_MAX: usize = 24;

/// How many items say what they cost.
pub(super) struct Costs {
    pub(super) with_cost: usize,
    pub(super) with_floor: usize,
}

pub(super) fn costs(catalogue: &Catalogue) -> Costs {
    Costs {
        with_cost: catalogue.items().filter(|item| item.cost().is_some()).count(),
        with_floor: catalogue.items().filter(|item| item.floor_price().is_some()).count(),
    }
}

/// An item and how many units of it.
type Wanted<'a> = Vec<(&'a Item, i64, u32)>;

/// A basket in which something is sold too cheaply.
struct Loss<'a> {
    /// By how much, in minor units.
    by: i64,
    wanted: Wanted<'a>,
    context: PricingContext,
    outcome: Outcome,
    /// The item that went below its lowest price, and to how much.
    too_low: Option<(&'a Item, i64)>,
}

/// The worst baskets of a promotion with all that may come on top of it: below cost, and with a
/// unit below its lowest price.
pub(super) fn below(staging: &Staging, promotion: &Promotion) -> Result<Vec<Finding>, MoneyError> {
    if !matches!(promotion.rule, Rule::Each(_) | Rule::Group(_) | Rule::Order(_)) {
        return Ok(Vec::new());
    }
    let baskets = baskets(staging, promotion);
    let (mut cost, mut floor): (Option<Loss>, Option<Loss>) = (None, None);
    let worse = |than: &Option<Loss>, by: i64| than.as_ref().is_none_or(|loss| loss.by < by);
    for wanted in baskets {
        let goods = goods(staging, &wanted);
        let beside = beside(staging, &goods);
        for context in staging.customers(promotion, &beside) {
            let request = staging.request;
            let outcome = evaluate(request.set, &goods, &context, request.nodes)?;
            if outcome.applied.iter().all(|applied| applied.promotion != promotion.id) {
                continue;
            }
            let loss = |by: i64, too_low| Loss {
                by,
                wanted: wanted.clone(),
                context: context.clone(),
                outcome: outcome.clone(),
                too_low,
            };
            let by = cost_of(&wanted).map_or(0, |cost| cost - outcome.net);
            if by > 0 && worse(&cost, by) {
                cost = Some(loss(by, None));
            }
            if let Some((item, lowest, by)) = below_floor(&wanted, &outcome)
                && worse(&floor, by)
            {
                floor = Some(loss(by, Some((item, lowest))));
            }
        }
    }
    let found =
        cost.into_iter().map(|loss| finding(staging, promotion, FindingCode::BelowCost, &loss));
    let floors = floor
        .into_iter()
        .map(|loss| finding(staging, promotion, FindingCode::BelowFloorPrice, &loss));
    found.chain(floors).collect()
}

/// What the goods cost the store, where that is known of all.
fn cost_of(wanted: &Wanted) -> Option<i64> {
    wanted.iter().try_fold(0_i64, |sum, (item, _, count)| {
        let cost = item.cost()?.minor().checked_mul(i64::from(*count))?;
        sum.checked_add(cost)
    })
}

/// The item whose unit goes furthest below its lowest price, to how much, and by how much.
fn below_floor<'a>(wanted: &Wanted<'a>, outcome: &Outcome) -> Option<(&'a Item, i64, i64)> {
    let below = outcome.units.iter().filter_map(|unit| {
        let (item, ..) = *wanted.get(unit.line)?;
        let by = item.floor_price()?.minor() - unit.net;
        (by > 0).then_some((item, unit.net, by))
    });
    below.max_by_key(|(.., by)| *by)
}

/// Every other promotion that some line of a basket matches.
fn beside<'a>(staging: &Staging<'a>, goods: &Goods) -> Vec<&'a Promotion> {
    let set = staging.request.set;
    let mut found: Vec<PromotionIndex> = Vec::new();
    for line in &goods.lines {
        let mut note = |index, _| found.push(index);
        set.index().matching(set.promotions(), line, &mut |_| true, &mut note);
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().filter_map(|index| set.get(index)).collect()
}

fn goods(staging: &Staging, wanted: &Wanted) -> Goods {
    let line = |(number, (item, price, count)): (u32, &(&Item, i64, u32))| {
        let count = i64::from(*count);
        let quantity = Quantity::from_thousandths(count.checked_mul(1000)?, item.unit).ok()?;
        let amount = price.checked_mul(count)?;
        let tax = staging.request.taxes.rate(&item.tax_class);
        let line = LineNumber(number);
        Some(GoodsLine { line, quantity, amount, tax, ..goods_line(item, *price) })
    };
    let currency = staging.request.catalogue.currency();
    Goods { currency, lines: (1..).zip(wanted).filter_map(line).collect() }
}

/// Items that fit a selector and lose money soonest: with the highest cost in proportion to the
/// price, the least between them, the highest cost; and the cheapest. What already costs more than
/// its price is not the promotion's doing.
fn picks<'a>(staging: &Staging<'a>, selector: &Selector) -> Vec<(i64, &'a Item)> {
    let limit = |item: &Item| {
        let limits = [item.cost(), item.floor_price()].into_iter().flatten();
        limits.map(Money::minor).max()
    };
    let known =
        |(price, item): &(i64, &Item)| *price > 0 && limit(item).is_some_and(|it| it <= *price);
    let mut all: Vec<(i64, &Item)> = staging.fitting(selector).filter(known).collect();
    if all.is_empty() {
        // A place may need goods of which nothing is known.
        all = staging.fitting(selector).filter(|(price, _)| *price > 0).take(1).collect();
    }
    let of = |item: &Item| limit(item).unwrap_or(0);
    let part = |(price, item): &(i64, &Item)| {
        i128::from(of(item)) * 1_000_000 / i128::from((*price).max(1))
    };
    let first = all.iter().max_by_key(|found| part(found)).copied();
    let second = all.iter().min_by_key(|(price, item)| price - of(item)).copied();
    let third = all.iter().max_by_key(|(_, item)| of(item)).copied();
    let mut picks: Vec<(i64, &Item)> = Vec::with_capacity(PICKS);
    for pick in [first, second, third, all.first().copied()].into_iter().flatten() {
        if picks.iter().all(|(_, item)| item.id != pick.1.id) {
            picks.push(pick);
        }
    }
    picks
}

/// The smallest baskets in which a promotion fires, with goods that lose money soonest.
fn baskets<'a>(staging: &Staging<'a>, promotion: &Promotion) -> Vec<Wanted<'a>> {
    let mut baskets = match &promotion.rule {
        Rule::Each(each) => {
            let counts: Vec<u32> = each.tiers.iter().map(|tier| tier.from.max(1)).collect();
            let items = picks(staging, &each.items).into_iter();
            let with = |(price, item)| counts.iter().map(move |count| vec![(item, price, *count)]);
            items.flat_map(with).map(|basket| spent(staging, basket, each.spend.as_ref())).collect()
        }
        Rule::Group(group) => {
            let baskets = of_group(staging, group).into_iter();
            baskets.map(|basket| spent(staging, basket, group.spend.as_ref())).collect()
        }
        Rule::Order(order) => {
            let mut baskets: Vec<Wanted> = Vec::new();
            for (price, item) in picks(staging, &order.items) {
                for tier in &order.tiers {
                    let count = match order.counts {
                        Counts::Quantity => tier.from.max(1),
                        Counts::Amount => reaching(tier.from, price),
                    };
                    baskets.push(vec![(item, price, u32::try_from(count).unwrap_or(u32::MAX))]);
                }
            }
            baskets
        }
        Rule::Reward(_) | Rule::NoPromotion(_) => Vec::new(),
    };
    let size =
        |basket: &Wanted| -> u64 { basket.iter().map(|(.., count)| u64::from(*count)).sum() };
    baskets.retain(|basket: &Wanted| !basket.is_empty() && size(basket) <= u64::from(UNITS_MAX));
    baskets.truncate(BASKETS_MAX);
    baskets
}

/// How many units of a price reach an amount.
fn reaching(amount: i64, price: i64) -> i64 {
    let price = price.max(1);
    (amount.max(1).saturating_add(price - 1)) / price
}

/// One group: each place with its picks, in every combination of the first few.
fn of_group<'a>(staging: &Staging<'a>, group: &Group) -> Vec<Wanted<'a>> {
    let mut baskets: Vec<Wanted> = vec![Vec::new()];
    for slot in &group.slots {
        let mut items = picks(staging, &slot.items);
        if group.same_item && baskets.iter().any(|basket| !basket.is_empty()) {
            // All places are filled with the item of the first.
            items =
                baskets.iter().filter_map(|basket| basket.first()).map(|it| (it.1, it.0)).collect();
        }
        let mut longer = Vec::new();
        for basket in &baskets {
            for (price, item) in &items {
                let is_same = basket.first().is_none_or(|(first, ..)| first.id == item.id);
                if !group.same_item || is_same {
                    let mut basket = basket.clone();
                    basket.push((*item, *price, slot.count));
                    longer.push(basket);
                }
            }
        }
        baskets = longer;
        baskets.truncate(BASKETS_MAX * PICKS);
    }
    baskets
}

/// The basket with what has to be spent besides.
fn spent<'a>(staging: &Staging<'a>, mut basket: Wanted<'a>, spend: Option<&Spend>) -> Wanted<'a> {
    if let Some(spend) = spend
        && let Some((price, item)) = picks(staging, &spend.items).first()
    {
        let count = reaching(spend.amount, *price);
        basket.push((*item, *price, u32::try_from(count).unwrap_or(u32::MAX)));
    }
    basket
}

fn finding(
    staging: &Staging,
    promotion: &Promotion,
    code: FindingCode,
    loss: &Loss,
) -> Result<Finding, MoneyError> {
    let set = staging.request.set;
    let money = |minor: i64| Money::from_minor(minor, staging.request.catalogue.currency());
    // The one that was looked at first, then what came on top of it.
    let used = loss.outcome.applied.iter().filter_map(|applied| set.get(applied.index));
    let gives = |other: &&Promotion| {
        other.id != promotion.id
            && matches!(other.rule, Rule::Each(_) | Rule::Group(_) | Rule::Order(_))
    };
    let mut all: Vec<&Promotion> = vec![promotion];
    all.extend(used.filter(gives));
    let names: Vec<&Text> = all.iter().map(|promotion| &promotion.name).collect();
    let cost = cost_of(&loss.wanted).map(money).transpose()?;
    let text = match (&loss.too_low, cost) {
        (Some((item, lowest)), _) => {
            let floor = item.floor_price().unwrap_or(money(0)?);
            sentences::below_floor(&names, &item.description, money(*lowest)?, floor)
        }
        (None, cost) => {
            sentences::below_cost(&names, money(loss.outcome.net)?, cost.unwrap_or(money(0)?))
        }
    };
    debug_assert!(
        loss.wanted.iter().any(|(item, price, _)| covers(promotion, &goods_line(item, *price)))
    );
    Ok(Finding {
        severity: Severity::Error,
        code,
        promotions: all.iter().map(|promotion| promotion.id.clone()).collect(),
        text,
        basket: Some(example(staging, loss, cost)?),
    })
}

fn example(
    staging: &Staging,
    loss: &Loss,
    cost: Option<Money>,
) -> Result<ExampleBasket, MoneyError> {
    let money = |minor: i64| Money::from_minor(minor, staging.request.catalogue.currency());
    let mut lines = Vec::with_capacity(loss.wanted.len());
    for (place, (item, price, count)) in loss.wanted.iter().enumerate() {
        let nets = || loss.outcome.units.iter().filter(|unit| unit.line == place);
        lines.push(ExampleLine {
            item: item.id.clone(),
            description: item.description.to_string(),
            count: *count,
            unit_price: money(*price)?,
            net: money(nets().map(|unit| unit.net).sum())?,
            lowest: money(nets().map(|unit| unit.net).min().unwrap_or(0))?,
            cost: item.cost(),
            floor_price: item.floor_price(),
        });
    }
    let context = &loss.context;
    let tier = context.member.as_ref().and_then(|member| member.tier.as_ref());
    Ok(ExampleBasket {
        at: context.now.local().to_string(),
        tier: tier.map(ToString::to_string),
        coupons: context.coupons.iter().map(ToString::to_string).collect(),
        tender: context.tender_intended.as_ref().map(ToString::to_string),
        lines,
        total: money(loss.outcome.total)?,
        net: money(loss.outcome.net)?,
        cost,
    })
}
