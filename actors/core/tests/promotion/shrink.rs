//! The smallest case that still shows what a case showed, and how it is written down.

use std::sync::Arc;

use store_core::promotion::PricingContext;
use store_core::promotion::rule::{
    CarriedBy, Combine, Favour, Limits, Place, Promotion, Replaces, Rule, Selector, When, Who,
};
use store_core::promotion::set::PromotionSet;
use store_core::{Quantity, Unit};

use crate::generate::Case;

/// Takes away whatever may go while `shows` still holds.
pub fn shrink(case: &Case, shows: &dyn Fn(&Case) -> bool) -> Case {
    let mut small = case.clone();
    while let Some(smaller) = smaller(&small).into_iter().find(shows) {
        small = smaller;
    }
    small
}

/// Everything that is a little less than a case.
fn smaller(case: &Case) -> Vec<Case> {
    let promotions = case.set.promotions();
    let with = |promotions: Vec<Promotion>| {
        let set = PromotionSet::new(promotions, case.set.policy(), case.set.base_points());
        Case { set, ..case.clone() }
    };
    let mut all = Vec::new();
    for at in 0..promotions.len() {
        let mut fewer = promotions.to_vec();
        fewer.remove(at);
        all.push(with(fewer));
    }
    for at in 0..case.goods.lines.len() {
        let mut fewer = case.clone();
        fewer.goods.lines.remove(at);
        all.push(fewer);
        let mut fewer = case.clone();
        let line = &mut fewer.goods.lines[at];
        let pieces = line.quantity.thousandths() / 1000;
        if line.quantity.unit() == Unit::Piece && pieces > 1 {
            line.quantity = Quantity::pieces(pieces - 1).unwrap();
            line.amount -= line.amount / pieces;
            all.push(fewer);
        }
    }
    for (at, promotion) in promotions.iter().enumerate() {
        for plainer in plainer(promotion) {
            let mut changed = promotions.to_vec();
            changed[at] = plainer;
            all.push(with(changed));
        }
    }
    let plain_set = PromotionSet::new(promotions.to_vec(), case.set.policy(), None);
    all.push(Case { set: plain_set, ..case.clone() });
    let context = |change: &dyn Fn(&mut PricingContext)| {
        let mut changed = case.clone();
        change(&mut changed.context);
        changed
    };
    all.push(context(&|context| context.used.clear()));
    all.push(context(&|context| context.coupons.clear()));
    all.push(context(&|context| context.member = None));
    all.retain(|one| one.set != case.set || one.goods != case.goods || one.context != case.context);
    all
}

/// A promotion with one of its terms less.
fn plainer(promotion: &Promotion) -> Vec<Promotion> {
    let without = |change: &dyn Fn(&mut Promotion)| {
        let mut changed = promotion.clone();
        change(&mut changed);
        changed
    };
    let mut all = vec![
        without(&|one| one.when = When::default()),
        without(&|one| one.place = Place::default()),
        without(&|one| one.who = Who::default()),
        without(&|one| one.coupon = None),
        without(&|one| one.tenders.clear()),
        without(&|one| one.limits = Limits::default()),
        without(&|one| one.cap = None),
        without(&|one| one.cost_points = 0),
        without(&|one| one.combine = Combine::Alone),
        without(&|one| one.class = None),
        without(&|one| one.replaces = Replaces::Nothing),
        without(&|one| match &mut one.rule {
            Rule::Each(each) => each.spend = None,
            Rule::Group(group) => group.spend = None,
            Rule::Order(order) => order.undiscounted_only = false,
            Rule::Reward(_) | Rule::NoPromotion(_) => {}
        }),
        without(&|one| match &mut one.rule {
            Rule::Group(group) => group.favour = Favour::Customer,
            Rule::Each(each) => each.tiers.truncate(1),
            Rule::Order(order) => order.tiers.truncate(1),
            Rule::Reward(_) | Rule::NoPromotion(_) => {}
        }),
    ];
    for nth in 0..3 {
        all.push(without(&|one| match &mut one.rule {
            Rule::Group(group) if nth == 0 => group.carried_by = CarriedBy::Awarded,
            Rule::Group(group) if nth == 1 => group.same_item = false,
            Rule::Group(group) if group.slots.len() > 1 => {
                group.slots.pop();
            }
            _ => {}
        }));
        all.push(without(&|one| {
            if let Some(selector) = selectors_of(&mut one.rule).into_iter().nth(nth) {
                *selector = Selector::default();
            }
        }));
    }
    all
}

/// The selectors of a rule.
pub fn selectors_of(rule: &mut Rule) -> Vec<&mut Selector> {
    match rule {
        Rule::Each(each) => vec![&mut each.items],
        Rule::Group(group) => group.slots.iter_mut().map(|slot| &mut slot.items).collect(),
        Rule::Order(order) => vec![&mut order.items],
        Rule::Reward(reward) => vec![&mut reward.items],
        Rule::NoPromotion(items) => vec![items],
    }
}

/// A case in few words: what is as by default is left out.
pub fn describe(case: &Case) -> String {
    let mut text = String::new();
    for line in &case.goods.lines {
        let tags: Vec<&Arc<str>> = line.tags.iter().collect();
        text += &format!(
            "line {} {} {} × {} = {} {} {} {}{} brand {} {}/{} {tags:?}\n",
            line.line,
            line.item,
            line.quantity.amount(),
            line.unit_price,
            line.amount,
            line.tax_class,
            line.tax.percent,
            if line.tax.method == store_core::tax::TaxMethod::Inclusive { "in" } else { "ex" },
            if line.is_fixed { " FIXED" } else { "" },
            line.brand,
            line.department,
            line.category,
        );
    }
    for promotion in case.set.promotions() {
        text += &format!("{}\n", plain(&format!("{promotion:?}")));
    }
    let context = &case.context;
    text += &format!(
        "policy {:?} base {:?}\nmember {:?} employee {} channel {:?} tender {:?} \
         coupons {:?} used {:?}\n",
        case.set.policy(),
        case.set.base_points(),
        context.member,
        context.is_employee,
        context.channel,
        context.tender_intended,
        context.coupons,
        context.used,
    );
    text
}

/// Debug text without what is as by default.
fn plain(debug: &str) -> String {
    let defaults = [
        format!("{:?}", Selector::default()),
        format!("when: {:?}, ", When::default()),
        format!("place: {:?}, ", Place::default()),
        format!("limits: {:?}, ", Limits::default()),
        format!("except: {:?}", store_core::promotion::rule::Exclusion::default()),
    ];
    let mut text = debug.to_owned();
    for (nth, default) in defaults.iter().enumerate() {
        text = text.replace(default, if nth == 0 { "ALL" } else { "" });
    }
    for default in [
        "items: [], ",
        "brands: [], ",
        "categories: [], ",
        "tags: [], ",
        "price_from: None, ",
        "price_to: None, ",
        "who: Everyone, ",
        "coupon: None, ",
        "tenders: [], ",
        "cap: None, ",
        "cost_points: 0, ",
        "combine: Alone, ",
        "class: None, ",
        "replaces: Nothing, ",
        "priority: 0 ",
        "same_item: false, ",
        "favour: Customer, ",
        "carried_by: Awarded, ",
        "spend: None ",
        "reusable: false ",
        "undiscounted_only: false, ",
        "counts: Amount, ",
        "basis: AfterTax, ",
        "is_repeatable: false, ",
        "award: None, ",
        "per_basket: None, ",
        "per_member: None, ",
        "per_day: None, ",
        "total: None, ",
        "budget: None, ",
        "shares: {} ",
    ] {
        text = text.replace(default, "");
    }
    text
}
