//! A basket and the promotions that have to do with it, taken apart into units and numbers.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::promotion::PricingContext;
use crate::promotion::arith::Fraction;
use crate::promotion::goods::{Goods, GoodsLine, UNITS_MAX};
use crate::promotion::rule::{Combine, Coupon, Rule};
use crate::promotion::select::{self, Offer};
use crate::promotion::set::{BasePoints, PromotionSet};
use crate::tax::{TaxMethod, TaxRate};
use crate::{Money, MoneyError, Unit as Measure};

/// An offer and the slot of it that takes a unit; for all but groups the slot is nought.
pub(super) type Taker = (u16, u16);

/// One unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    /// Its line's place among the goods.
    pub(super) line: usize,
    /// Its place within the line.
    pub(super) place: u32,
    pub(super) price: i64,
    pub(super) thousandths: i64,
    /// Its tax's place among the taxes.
    pub(super) tax: usize,
    pub(super) is_fixed: bool,
    /// Its bin as long as no promotion of items has lowered it, and afterwards.
    pub(super) bins: [usize; 2],
    /// Units of one pool differ in nothing but their line.
    pub(super) pool: u32,
}

/// A tax class of the basket.
#[derive(Clone, Debug)]
pub(super) struct Tax {
    pub(super) class: Arc<str>,
    pub(super) rate: TaxRate,
    pub(super) fraction: Fraction,
}

/// Units of one tax that the same promotions of orders and rewards cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bin {
    pub(super) tax: usize,
    /// The offers, ascending.
    pub(super) covers: Vec<u16>,
}

/// All that a search needs to know.
pub(super) struct Problem<'a> {
    pub(super) goods: &'a Goods,
    /// Dearest first.
    pub(super) units: Vec<Unit>,
    /// In the order of bins.
    pub(super) taxes: Vec<Tax>,
    /// By id.
    pub(super) offers: Vec<Offer<'a>>,
    /// What may take each line's units, by id and slot.
    pub(super) options: Vec<Vec<Taker>>,
    pub(super) bins: Vec<Bin>,
    /// Those of items that do not come on top, by id.
    pub(super) takers: Vec<u16>,
    /// Those that come on top, in the order in which they do.
    pub(super) tops: Vec<u16>,
    pub(super) orders: Vec<u16>,
    pub(super) rewards: Vec<u16>,
    pub(super) member_points: u64,
    pub(super) base_points: Option<BasePoints>,
    /// The units by item, price, line and place.
    pub(super) canonical: Vec<u32>,
}

impl<'a> Problem<'a> {
    pub(super) fn new(
        set: &'a PromotionSet,
        goods: &'a Goods,
        context: &PricingContext,
    ) -> Result<Self, MoneyError> {
        check(goods)?;
        let offers = select::offers(set, goods, context);
        let taxes = taxes(goods)?;
        let of_kind = |is_kind: &dyn Fn(&Offer) -> bool| -> Vec<u16> {
            let places = (0_u16..).zip(&offers);
            places.filter(|(_, offer)| is_kind(offer)).map(|(place, _)| place).collect()
        };
        let is_top = |offer: &Offer| matches!(offer.promotion.combine, Combine::OnTop(_));
        let is_items =
            |offer: &Offer| matches!(offer.promotion.rule, Rule::Each(_) | Rule::Group(_));
        let takers = of_kind(&|offer| is_items(offer) && !is_top(offer));
        let mut tops =
            of_kind(&|offer| matches!(offer.promotion.rule, Rule::Each(_)) && is_top(offer));
        tops.sort_by_key(|top| match offers[usize::from(*top)].promotion.combine {
            Combine::OnTop(number) => number,
            _ => 0,
        });
        let orders = of_kind(&|offer| matches!(offer.promotion.rule, Rule::Order(_)));
        let rewards = of_kind(&|offer| matches!(offer.promotion.rule, Rule::Reward(_)));
        let mut problem = Self {
            goods,
            units: Vec::new(),
            taxes,
            options: vec![Vec::new(); goods.lines.len()],
            bins: Vec::new(),
            takers,
            tops,
            orders,
            rewards,
            member_points: context.member.as_ref().map_or(0, |member| member.points),
            base_points: set.base_points().filter(|points| points.per_amount > 0),
            canonical: Vec::new(),
            offers,
        };
        problem.find_options();
        let bins = problem.find_bins();
        problem.find_units(&bins)?;
        Ok(problem)
    }

    fn find_options(&mut self) {
        for taker in &self.takers {
            let offer = &self.offers[usize::from(*taker)];
            for (slot, lines) in (0_u16..).zip(&offer.lines) {
                if is_reusable(offer, slot) {
                    continue;
                }
                for line in lines {
                    if !self.goods.lines[*line as usize].is_fixed {
                        self.options[*line as usize].push((*taker, slot));
                    }
                }
            }
        }
    }

    /// Names the bins, and says of each line its own before and after it is lowered.
    fn find_bins(&mut self) -> Vec<[usize; 2]> {
        let mut covers: Vec<[Vec<u16>; 2]> = vec![Default::default(); self.goods.lines.len()];
        let mut covering: Vec<u16> = self.orders.iter().chain(&self.rewards).copied().collect();
        covering.sort_unstable();
        for place in covering {
            let offer = &self.offers[usize::from(place)];
            let is_undiscounted_only =
                matches!(&offer.promotion.rule, Rule::Order(order) if order.undiscounted_only);
            for line in offer.lines.iter().flatten() {
                let [plain, lowered] = &mut covers[*line as usize];
                plain.push(place);
                if !is_undiscounted_only {
                    lowered.push(place);
                }
            }
        }
        let mut names: BTreeMap<(usize, Vec<u16>), usize> = BTreeMap::new();
        let of_line: Vec<usize> = self.goods.lines.iter().map(|line| self.tax_of(line)).collect();
        for (tax, covers) in of_line.iter().zip(&covers) {
            for covers in covers {
                names.entry((*tax, covers.clone())).or_default();
            }
        }
        for (name, place) in names.values_mut().zip(0..) {
            *name = place;
        }
        self.bins =
            names.keys().map(|(tax, covers)| Bin { tax: *tax, covers: covers.clone() }).collect();
        let found = of_line.iter().zip(covers).map(|(tax, [plain, lowered])| {
            [plain, lowered].map(|covers| names.get(&(*tax, covers)).copied().unwrap_or_default())
        });
        found.collect()
    }

    fn tax_of(&self, line: &GoodsLine) -> usize {
        let is_its = |tax: &Tax| tax.class == line.tax_class && tax.rate == line.tax;
        self.taxes.iter().position(is_its).unwrap_or_default()
    }

    fn find_units(&mut self, bins: &[[usize; 2]]) -> Result<(), MoneyError> {
        for (number, line) in self.goods.lines.iter().enumerate() {
            let (count, thousandths) = counted(line);
            let (Some(each), Some(more)) =
                (line.amount.checked_div(count), line.amount.checked_rem(count))
            else {
                continue;
            };
            let tax = self.tax_of(line);
            for place in 0..count {
                self.units.push(Unit {
                    line: number,
                    place: u32::try_from(place).map_err(|_| MoneyError::TooLarge)?,
                    price: each + i64::from(place < more),
                    thousandths,
                    tax,
                    is_fixed: line.is_fixed,
                    bins: bins[number],
                    pool: 0,
                });
            }
        }
        let lines = &self.goods.lines;
        let by_item = |a: &Unit, b: &Unit| lines[a.line].item.cmp(&lines[b.line].item);
        let by_line = |a: &Unit, b: &Unit| {
            (lines[a.line].line, a.line, a.place).cmp(&(lines[b.line].line, b.line, b.place))
        };
        self.units.sort_by(|a, b| {
            b.price.cmp(&a.price).then_with(|| by_item(a, b)).then_with(|| by_line(a, b))
        });
        let units = &self.units;
        let count = u32::try_from(units.len()).map_err(|_| MoneyError::TooLarge)?;
        let mut canonical: Vec<u32> = (0..count).collect();
        canonical.sort_by(|a, b| {
            let (a, b) = (&units[*a as usize], &units[*b as usize]);
            by_item(a, b).then(a.price.cmp(&b.price)).then_with(|| by_line(a, b))
        });
        self.canonical = canonical;
        let mut pool = 0;
        for at in 1..self.units.len() {
            if !self.is_same(at - 1, at) {
                pool += 1;
            }
            self.units[at].pool = pool;
        }
        Ok(())
    }

    fn is_same(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.units[a], &self.units[b]);
        let key = |unit: &Unit| (unit.price, unit.thousandths, unit.tax, unit.is_fixed, unit.bins);
        key(a) == key(b)
            && (a.line == b.line
                || self.goods.lines[a.line].item == self.goods.lines[b.line].item
                    && (0..self.offers.len()).all(|offer| self.is_alike(offer, a, b)))
    }

    /// Whether an offer looks at both units in the same way.
    fn is_alike(&self, offer: usize, a: &Unit, b: &Unit) -> bool {
        let offer = &self.offers[offer];
        (0..offer.lines.len()).all(|slot| fits(offer, slot, a.line) == fits(offer, slot, b.line))
            && spend_of(offer).is_none_or(|spend| {
                let matches = |unit: &Unit| {
                    super::super::index::matches(&spend.items, &self.goods.lines[unit.line])
                };
                matches(a) == matches(b)
            })
    }

    /// How many combinations there are to look at one by one; units of a pool in one order only.
    pub(super) fn combinations(&self) -> u64 {
        let (mut all, mut of_pool, mut alike) = (1_u64, 1_u64, 0_u64);
        for unit in 0..self.units.len() {
            if unit > 0 && self.units[unit - 1].pool != self.units[unit].pool {
                all = all.saturating_mul(of_pool);
                (of_pool, alike) = (1, 0);
            }
            alike += 1;
            let options = self.options(unit).len() as u64;
            of_pool = of_pool.saturating_mul(alike + options) / alike;
        }
        all.saturating_mul(of_pool)
    }

    pub(super) fn offer(&self, place: u16) -> &Offer<'a> {
        &self.offers[usize::from(place)]
    }

    pub(super) fn line(&self, unit: usize) -> &'a GoodsLine {
        &self.goods.lines[self.units[unit].line]
    }

    pub(super) fn options(&self, unit: usize) -> &[Taker] {
        &self.options[self.units[unit].line]
    }
}

/// What has to be spent besides, where a promotion of items asks for it.
pub(super) fn spend_of<'a>(offer: &Offer<'a>) -> Option<&'a crate::promotion::rule::Spend> {
    match &offer.promotion.rule {
        Rule::Each(each) => each.spend.as_ref(),
        Rule::Group(group) => group.spend.as_ref(),
        _ => None,
    }
}

/// Whether a slot of an offer matches a line.
pub(super) fn fits(offer: &Offer, slot: usize, line: usize) -> bool {
    let Ok(line) = u32::try_from(line) else { return false };
    offer.lines.get(slot).is_some_and(|lines| lines.binary_search(&line).is_ok())
}

pub(super) fn is_reusable(offer: &Offer, slot: u16) -> bool {
    match &offer.promotion.rule {
        Rule::Group(group) => group.slots.get(usize::from(slot)).is_some_and(|slot| slot.reusable),
        _ => false,
    }
}

/// What a slot of a group by slots gives each unit.
pub(super) fn slot_award(offer: &Offer, slot: u16) -> Option<crate::promotion::rule::UnitAward> {
    match &offer.promotion.rule {
        Rule::Group(group) => group.slots.get(usize::from(slot)).and_then(|slot| slot.award),
        _ => None,
    }
}

/// Whether its uses count as uses of something limited.
pub(super) fn is_limited(offer: &Offer) -> bool {
    let promotion = offer.promotion;
    let limits = &promotion.limits;
    promotion.coupon.is_some()
        || promotion.cost_points > 0
        || [limits.per_member, limits.per_day, limits.total].iter().any(Option::is_some)
        || limits.budget.is_some()
}

/// The coupons that so many uses of an offer use up.
pub(super) fn coupons_of(offer: &Offer, uses: u32) -> Vec<Arc<str>> {
    let count = match offer.promotion.coupon {
        None => 0,
        Some(Coupon::Code(_)) => 1,
        Some(Coupon::Unique(_)) => usize::try_from(uses).unwrap_or(usize::MAX),
    };
    offer.left.codes.iter().take(count).cloned().collect()
}

/// How many units a line is, and the measure of each.
fn counted(line: &GoodsLine) -> (i64, i64) {
    let thousandths = line.quantity.thousandths();
    match line.quantity.unit() {
        _ if thousandths <= 0 => (0, 0),
        Measure::Piece => (thousandths / 1000, 1000),
        _ => (1, thousandths),
    }
}

fn check(goods: &Goods) -> Result<(), MoneyError> {
    let mut units = 0_i64;
    let mut sum = Money::zero(goods.currency);
    for line in &goods.lines {
        if line.amount < 0 {
            return Err(MoneyError::BadAmount);
        }
        units += counted(line).0;
        sum = sum.add(Money::from_minor(line.amount, goods.currency)?)?;
    }
    if units > i64::from(UNITS_MAX) || goods.lines.len() > UNITS_MAX as usize {
        return Err(MoneyError::TooLarge);
    }
    Ok(())
}

fn taxes(goods: &Goods) -> Result<Vec<Tax>, MoneyError> {
    let mut taxes: Vec<Tax> = Vec::new();
    for line in goods.lines.iter().filter(|line| counted(line).0 > 0) {
        if !taxes.iter().any(|tax| tax.class == line.tax_class && tax.rate == line.tax) {
            let fraction = Fraction::of(line.tax)?;
            taxes.push(Tax { class: line.tax_class.clone(), rate: line.tax, fraction });
        }
    }
    let order = |tax: &Tax| (tax.rate.method == TaxMethod::Exclusive, tax.rate.percent);
    taxes.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.class.cmp(&b.class)));
    Ok(taxes)
}
