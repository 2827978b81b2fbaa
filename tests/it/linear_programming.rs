//! The promotion engine against linear programming, on baskets that no brute force could finish.
//!
//! What a linear programme can say: promotions of single units with a limit, and groups whose
//! reduction is a sum over their units less a constant. It counts in floats, so its answer is
//! rounded to whole minor units; that is why it judges here and never prices.

use std::sync::Arc;

use good_lp::{
    Expression, ProblemVariables, Solution, SolverModel, Variable, constraint, microlp, variable,
    variables,
};
use jiff::civil::date;
use store_core::promotion::PricingContext;
use store_core::promotion::evaluate::{NODES_MAX, evaluate};
use store_core::promotion::goods::{Goods, GoodsLine};
use store_core::promotion::rule::{
    BasisPoints, CarriedBy, Combine, Each, Favour, Group, GroupAward, Limits, Place, Promotion,
    Replaces, Rule, Selector, Slot, Text, UnitAward, UnitTier, When, Who,
};
use store_core::promotion::set::{Policy, PromotionSet};
use store_core::tax::{TaxMethod, TaxRate};
use store_core::{BootId, Currency, ItemId, LineNumber, Now, PromotionId, Quantity};

use crate::random::Random;

/// A number from the first to the last, none of them negative.
fn between(random: &mut Random, first: i64, last: i64) -> i64 {
    let [first, last] = [first, last].map(|end| u64::try_from(end).unwrap());
    i64::try_from(random.between(first, last)).unwrap()
}

/// A line of pieces, and a promotion by the lines that it matches.
struct Line {
    pieces: i64,
    price: i64,
}

/// A promotion in the form that both sides read.
enum Offer {
    /// So many basis points or minor units off each of at most so many units.
    Each { lines: Vec<usize>, award: UnitAward, most: i64 },
    /// Groups of so many units from each list of lines, all of it less.
    Group { slots: Vec<(Vec<usize>, i64)>, award: GroupAward },
}

struct Instance {
    lines: Vec<Line>,
    offers: Vec<Offer>,
}

/// What the offers of an instance look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// Each names the lines that make one group: a packing of bundles.
    Bundles,
    /// Slots leave a choice among lines, and single units have limits.
    Choices,
}

fn instance(shape: Shape, seed: u64, lines: i64, offers: i64) -> Instance {
    let mut random = Random::new(seed);
    let pieces = if shape == Shape::Bundles { 1 } else { 2 };
    let line = |random: &mut Random| Line {
        pieces: between(random, 1, pieces),
        price: between(random, 40, 400),
    };
    let lines: Vec<Line> = (0..lines).map(|_| line(&mut random)).collect();
    let some = |random: &mut Random, most: i64| {
        let count = if shape == Shape::Bundles { 1 } else { between(random, 1, most) };
        let last = i64::try_from(lines.len()).unwrap() - 1;
        let mut some: Vec<usize> =
            (0..count).map(|_| usize::try_from(between(random, 0, last)).unwrap()).collect();
        some.sort_unstable();
        some.dedup();
        some
    };
    let percent =
        |random: &mut Random| BasisPoints(u32::try_from(between(random, 500, 4000)).unwrap());
    let offer = |random: &mut Random| {
        if between(random, 0, 3) == 0 {
            let award = match between(random, 0, 1) {
                0 => UnitAward::PercentOff(percent(random)),
                _ => UnitAward::AmountOff(between(random, 1, 39)),
            };
            return Offer::Each { lines: some(random, 3), award, most: between(random, 1, 4) };
        }
        let count = between(random, 2, 3);
        let slots: Vec<_> = (0..count).map(|_| (some(random, 2), 1)).collect();
        let award = match between(random, 0, 2) {
            // No unit is cheaper than 40, so no group is cheaper than what is taken off it.
            0 => GroupAward::AmountOff(between(random, 5, 40 * count)),
            1 => GroupAward::PercentOff(percent(random)),
            _ => GroupAward::Price(between(random, 60 * count, 150 * count)),
        };
        Offer::Group { slots, award }
    };
    let offers = (0..offers).map(|_| offer(&mut random)).collect();
    Instance { lines, offers }
}

fn percent_of(price: i64, points: BasisPoints) -> i64 {
    (2 * price * i64::from(points.0) + 10_000) / 20_000
}

/// The least that an instance costs by linear programming.
fn by_programming(instance: &Instance) -> i64 {
    let mut variables = variables!();
    let mut taken: Vec<Expression> = vec![Expression::from(0); instance.lines.len()];
    let mut less = Expression::from(0);
    let mut equal: Vec<(Expression, Expression)> = Vec::new();
    let mut at_most: Vec<(Expression, f64)> = Vec::new();
    let whole = |variables: &mut ProblemVariables| -> Variable {
        variables.add(variable().integer().min(0))
    };
    let float = |amount: i64| f64::from(i32::try_from(amount).unwrap());
    for offer in &instance.offers {
        match offer {
            Offer::Each { lines, award, most } => {
                let mut uses = Expression::from(0);
                for &line in lines {
                    let price = instance.lines[line].price;
                    let reduction = match *award {
                        UnitAward::PercentOff(points) => percent_of(price, points),
                        UnitAward::AmountOff(amount) => amount.min(price),
                        UnitAward::Price(new) => (price - new).max(0),
                    };
                    let units = whole(&mut variables);
                    taken[line] += units;
                    uses += units;
                    less += float(reduction) * units;
                }
                at_most.push((uses, float(*most)));
            }
            Offer::Group { slots, award } => {
                let groups = whole(&mut variables);
                for (lines, count) in slots {
                    let mut filled = Expression::from(0);
                    for &line in lines {
                        let price = instance.lines[line].price;
                        let units = whole(&mut variables);
                        taken[line] += units;
                        filled += units;
                        less += match *award {
                            GroupAward::PercentOff(points) => {
                                float(percent_of(price, points)) * units
                            }
                            GroupAward::Price(_) => float(price) * units,
                            _ => Expression::from(0),
                        };
                    }
                    equal.push((filled, float(*count) * groups));
                }
                less += match *award {
                    GroupAward::AmountOff(amount) => float(amount) * groups,
                    GroupAward::Price(price) => -float(price) * groups,
                    _ => Expression::from(0),
                };
            }
        }
    }
    let mut problem = variables.maximise(less.clone()).using(microlp);
    for (taken, line) in taken.into_iter().zip(&instance.lines) {
        problem = problem.with(constraint!(taken <= float(line.pieces)));
    }
    for (a, b) in equal {
        problem = problem.with(constraint!(a == b));
    }
    for (sum, most) in at_most {
        problem = problem.with(constraint!(sum <= most));
    }
    let saved = problem.solve().unwrap().eval(&less).round();
    let shelf: i64 = instance.lines.iter().map(|line| line.pieces * line.price).sum();
    shelf - saved.to_string().parse::<i64>().unwrap()
}

fn item(line: usize) -> ItemId {
    ItemId::new(&format!("i{line:02}")).unwrap()
}

fn of_lines(lines: &[usize]) -> Selector {
    Selector { items: lines.iter().map(|line| item(*line)).collect(), ..Selector::default() }
}

fn promotion(nth: usize, offer: &Offer) -> Promotion {
    let mut limits = Limits::default();
    let rule = match offer {
        Offer::Each { lines, award, most } => {
            limits.per_basket = Some(u32::try_from(*most).unwrap());
            let tiers = vec![UnitTier { from: 1, award: *award }];
            Rule::Each(Each { items: of_lines(lines), tiers, spend: None })
        }
        Offer::Group { slots, award } => {
            let slot = |(lines, count): &(Vec<usize>, i64)| Slot {
                items: of_lines(lines),
                count: u32::try_from(*count).unwrap(),
                award: None,
                reusable: false,
            };
            Rule::Group(Group {
                slots: slots.iter().map(slot).collect(),
                award: *award,
                same_item: false,
                favour: Favour::Customer,
                carried_by: CarriedBy::Awarded,
                spend: None,
            })
        }
    };
    let name: Arc<str> = format!("p{nth:02}").into();
    Promotion {
        id: PromotionId::new(&name).unwrap(),
        name: Text { zh: name.clone(), en: name },
        rule,
        when: When::default(),
        place: Place::default(),
        who: Who::Everyone,
        coupon: None,
        tenders: Vec::new(),
        limits,
        cap: None,
        cost_points: 0,
        combine: Combine::Alone,
        class: None,
        replaces: Replaces::Nothing,
        priority: 0,
    }
}

fn goods(instance: &Instance) -> Goods {
    let line = |(at, line): (usize, &Line)| GoodsLine {
        line: LineNumber(u32::try_from(at + 1).unwrap()),
        item: item(at),
        brand: "".into(),
        department: "".into(),
        category: "".into(),
        tags: Arc::new([]),
        quantity: Quantity::pieces(line.pieces).unwrap(),
        unit_price: line.price,
        amount: line.price * line.pieces,
        tax_class: "standard".into(),
        tax: TaxRate { percent: 5.into(), method: TaxMethod::Inclusive },
        is_fixed: false,
    };
    let lines = instance.lines.iter().enumerate().map(line).collect();
    Goods { currency: Currency::TWD, lines }
}

/// Nothing false is ever claimed; so many of the instances are proven equal.
fn compare(shape: Shape, seeds: std::ops::Range<u64>, (lines, offers): (i64, i64), proven: usize) {
    let boot = "00000000-0000-0000-0000-000000000001".parse::<BootId>().unwrap();
    let now = Now {
        wall: "2026-11-25T05:30:00Z".parse().unwrap(),
        utc_offset_s: 8 * 3600,
        monotonic_ms: 0,
        boot,
        clock_trusted: true,
    };
    let context = PricingContext::anonymous(now, date(2026, 11, 25));
    let mut faults = Vec::new();
    let (mut equal, mut optimal, mut gap) = (0, 0, 0);
    for seed in seeds {
        let instance = instance(shape, seed, lines, offers);
        let promotions = instance.offers.iter().enumerate().map(|(nth, one)| promotion(nth, one));
        let set = PromotionSet::new(promotions.collect(), Policy::Best, None);
        let outcome = evaluate(&set, &goods(&instance), &context, NODES_MAX).unwrap();
        let least = by_programming(&instance);
        let (total, certificate) = (outcome.total, outcome.certificate);
        let says = format!("{shape:?} {lines} × {offers}, seed {seed}: {total} for {least}");
        println!("{says} {certificate:?}");
        let is_true = certificate.bound <= least && least <= total;
        let is_proven = total == least && certificate.bound == least;
        if !is_true || certificate.is_optimal && !is_proven {
            faults.push(format!("{says} {certificate:?}"));
        }
        equal += usize::from(total == least);
        optimal += usize::from(certificate.is_optimal);
        gap = gap.max((total - least) * 1000 / least.max(1));
    }
    println!("{shape:?} {lines} × {offers}: {equal} equal, {optimal} proven, at most {gap} ‰ over");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(optimal >= proven, "{optimal} proven where {proven} were");
}

#[test]
fn thirty_lines_with_forty_bundles_stand_up_to_linear_programming() {
    compare(Shape::Bundles, 100..140, (30, 40), 40);
}

#[test]
fn sixty_lines_with_eighty_bundles_stand_up_to_linear_programming() {
    compare(Shape::Bundles, 200..220, (60, 80), 20);
}

#[test]
fn thirty_lines_with_forty_choices_stand_up_to_linear_programming() {
    compare(Shape::Choices, 300..320, (30, 40), 19);
}

#[test]
fn sixty_lines_with_eighty_choices_stand_up_to_linear_programming() {
    compare(Shape::Choices, 400..410, (60, 80), 6);
}
