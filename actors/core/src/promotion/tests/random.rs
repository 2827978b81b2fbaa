//! Baskets and promotions made up from a seed, for tests: small, so that they get in each other's
//! way, and of every kind.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalogue::{Catalogue, Item, import_all};
use crate::promotion::assortment::goods_line;
use crate::promotion::goods::{Goods, GoodsLine};
use crate::promotion::rule::*;
use crate::promotion::set::{BasePoints, Policy, PromotionSet};
use crate::promotion::solve::tests::{items, now, promotion};
use crate::promotion::tests::chance::Random;
use crate::promotion::{Member, PricingContext, Used};
use crate::tax::{TaxMethod, TaxRate, TaxTable};
use crate::transaction::TenderTypeId;
use crate::{Currency, ItemId, LineNumber, MemberId, PromotionId, Quantity};

const ITEMS: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];
const BRANDS: [&str; 2] = ["north", "south"];
const CATEGORIES: [&str; 3] = ["food", "food/dairy", "home"];
const TAGS: [&str; 2] = ["red", "green"];

/// A shop: what it sells, its promotions and a customer with a basket.
pub struct Shop {
    pub catalogue: Arc<Catalogue>,
    pub taxes: TaxTable,
    pub set: PromotionSet,
    pub goods: Goods,
    pub context: PricingContext,
}

impl Shop {
    pub fn new(seed: u64) -> Self {
        Self::of(seed, false)
    }

    /// One that knows what its goods cost, and below which price they may not be sold.
    pub fn with_costs(seed: u64) -> Self {
        Self::of(seed, true)
    }

    fn of(seed: u64, has_costs: bool) -> Self {
        let mut random = Random::new(seed);
        let catalogue = Arc::new(catalogue(&mut random, has_costs));
        let taxes = taxes(&mut random);
        let count = random.count(1, 5);
        let promotions = (0..count).map(|id| any_promotion(&mut random, id)).collect();
        let points = random.one_in(3).then_some(BasePoints { per_amount: 40, points: 1 });
        let set = PromotionSet::new(promotions, Policy::Best, points);
        let goods = basket(&mut random, &catalogue, &taxes);
        let context = customer(&mut random);
        Self { catalogue, taxes, set, goods, context }
    }
}

fn catalogue(random: &mut Random, has_costs: bool) -> Catalogue {
    let columns = "item,description,unit,price,brand,category,tags,tax_class,cost,floor_price\n";
    let mut text = String::from(columns);
    for item in ITEMS {
        let price = random.between(5, 99);
        let costs = match has_costs {
            true => format!("0.{:02},0.{:02}", random.between(1, price), random.between(1, price)),
            false => ",".to_owned(),
        };
        let price = format!("0.{price:02}");
        let (brand, category) = (random.pick(&BRANDS), random.pick(&CATEGORIES));
        let tags = if random.one_in(2) { random.pick(&TAGS) } else { "" };
        let class = if random.one_in(3) { "other" } else { "" };
        text += &format!(
            "{item},Item {item},piece,{price},{brand},{category},{tags},{class},{costs}\n"
        );
    }
    import_all(text.as_bytes(), Currency::USD).unwrap()
}

fn taxes(random: &mut Random) -> TaxTable {
    let method = |random: &mut Random| {
        if random.one_in(3) { TaxMethod::Exclusive } else { TaxMethod::Inclusive }
    };
    let rate = |random: &mut Random| TaxRate {
        percent: random.between(0, 20).into(),
        method: method(random),
    };
    let default = rate(random);
    TaxTable { default, classes: BTreeMap::from([(Arc::from("other"), rate(random))]) }
}

/// A line of the catalogue's item.
pub fn line(item: &Item, pieces: i64, number: u32, taxes: &TaxTable) -> GoodsLine {
    let price = item.price_on(now().date()).unwrap().minor();
    GoodsLine {
        line: LineNumber(number),
        quantity: Quantity::pieces(pieces).unwrap(),
        amount: price * pieces,
        tax: taxes.rate(&item.tax_class),
        ..goods_line(item, price)
    }
}

fn basket(random: &mut Random, catalogue: &Catalogue, taxes: &TaxTable) -> Goods {
    let count = random.count(1, 4);
    let lines = (1..=count).map(|number| {
        let id = ItemId::new(random.pick(&ITEMS)).unwrap();
        let pieces = random.between(1, 2);
        let mut line = line(catalogue.item(&id).unwrap(), pieces, number, taxes);
        line.is_fixed = random.one_in(12);
        line
    });
    Goods { currency: Currency::USD, lines: lines.collect() }
}

fn customer(random: &mut Random) -> PricingContext {
    let mut context = PricingContext::anonymous(now(), now().date());
    if random.one_in(2) {
        let tier = random.one_in(2).then(|| Arc::from("gold"));
        let points = u64::from(random.count(0, 29));
        context.member = Some(Member { id: MemberId::new("m").unwrap(), tier, points });
    }
    if random.one_in(2) {
        context.coupons = vec![Arc::from("SAVE"), Arc::from("U-1"), Arc::from("U-2")];
    }
    if random.one_in(3) {
        context.tender_intended = Some(TenderTypeId::new("card").unwrap());
    }
    let used = Used { by_member: 1, today: 1, ever: 2, budget: 5 };
    context.used = BTreeMap::from([(PromotionId::new("p0").unwrap(), used)]);
    context
}

fn selector(random: &mut Random) -> Selector {
    let texts = |text: &str| vec![Arc::from(text)];
    let mut selector = match random.below(6) {
        0 => items(&[random.pick(&ITEMS)]),
        1 => items(&[random.pick(&ITEMS), random.pick(&ITEMS), random.pick(&ITEMS)]),
        2 => Selector { brands: texts(random.pick(&BRANDS)), ..Selector::default() },
        3 => Selector { categories: texts(random.pick(&CATEGORIES)), ..Selector::default() },
        4 => Selector { tags: texts(random.pick(&TAGS)), ..Selector::default() },
        _ => Selector::default(),
    };
    if random.one_in(8) {
        selector.price_from = Some(random.between(1, 60));
    }
    if random.one_in(8) {
        selector.except.items.push(ItemId::new(random.pick(&ITEMS)).unwrap());
    }
    selector
}

fn unit_award(random: &mut Random) -> UnitAward {
    match random.below(4) {
        0 => UnitAward::PercentOff(BasisPoints(10_000)),
        1 => UnitAward::PercentOff(BasisPoints(random.count(1, 9) * 1000)),
        2 => UnitAward::AmountOff(random.between(1, 30)),
        _ => UnitAward::Price(random.between(0, 50)),
    }
}

fn spend(random: &mut Random) -> Option<Spend> {
    random.one_in(4).then(|| Spend {
        items: selector(random),
        amount: random.between(20, 150),
        basis: if random.one_in(3) { Basis::BeforeTax } else { Basis::AfterTax },
        is_repeatable: random.one_in(2),
    })
}

fn group(random: &mut Random) -> Group {
    let slots = (0..random.below(2) + 1).map(|_| Slot {
        items: selector(random),
        count: random.count(1, 2),
        award: random.one_in(2).then(|| unit_award(random)),
        reusable: random.one_in(8),
    });
    let mut slots: Vec<Slot> = slots.collect();
    slots[0].reusable = false;
    let award = match random.below(6) {
        0 => GroupAward::Price(random.between(1, 90)),
        1 => GroupAward::PercentOff(BasisPoints(random.count(1, 9) * 1000)),
        2 => GroupAward::AmountOff(random.between(1, 60)),
        3 => GroupAward::Cheapest { count: 1, award: unit_award(random) },
        4 => GroupAward::Dearest { count: 1, award: unit_award(random) },
        _ => {
            slots[0].award = Some(unit_award(random));
            GroupAward::BySlot
        }
    };
    let is_retailers = random.one_in(6);
    Group {
        slots,
        award,
        same_item: random.one_in(6),
        favour: if is_retailers { Favour::Retailer } else { Favour::Customer },
        carried_by: if random.one_in(3) { CarriedBy::All } else { CarriedBy::Awarded },
        spend: spend(random),
    }
}

fn order(random: &mut Random) -> Order {
    let award = |random: &mut Random| {
        if random.one_in(3) {
            OrderAward::PercentOff(BasisPoints(random.count(1, 5) * 1000))
        } else {
            OrderAward::AmountOff(random.between(5, 60))
        }
    };
    let by_number = random.one_in(4);
    let from = if by_number { random.between(1, 6) } else { random.between(0, 250) };
    let mut tiers = vec![OrderTier { from, award: award(random) }];
    if random.one_in(3) {
        tiers.push(OrderTier { from: from + random.between(1, 80), award: award(random) });
    }
    let is_amount = matches!(tiers[0].award, OrderAward::AmountOff(_));
    Order {
        items: selector(random),
        undiscounted_only: random.one_in(5),
        counts: if by_number { Counts::Quantity } else { Counts::Amount },
        basis: if random.one_in(3) { Basis::BeforeTax } else { Basis::AfterTax },
        is_repeatable: tiers.len() == 1 && is_amount && from > 0 && random.one_in(3),
        tiers,
        sequence: 0,
    }
}

fn rule(random: &mut Random) -> Rule {
    match random.below(12) {
        0..=2 => {
            let from = if random.one_in(2) { 1 } else { random.count(2, 4) };
            let mut tiers = vec![UnitTier { from, award: unit_award(random) }];
            if random.one_in(4) {
                tiers.push(UnitTier { from: from + 1, award: unit_award(random) });
            }
            Rule::Each(Each { items: selector(random), tiers, spend: spend(random) })
        }
        3..=6 => Rule::Group(group(random)),
        7..=9 => Rule::Order(order(random)),
        10 => Rule::Reward(Reward {
            items: selector(random),
            counts: Counts::Amount,
            from: random.between(0, 150),
            award: match random.below(3) {
                0 => RewardAward::Points(5),
                1 => RewardAward::PointsTimes(2),
                _ => RewardAward::Coupon(Arc::from("next")),
            },
        }),
        _ => Rule::NoPromotion(selector(random)),
    }
}

fn any_promotion(random: &mut Random, id: u32) -> Promotion {
    let mut made = promotion(&format!("p{id}"), rule(random));
    if random.one_in(8) {
        made.who = random.pick(&[Who::Members(Vec::new()), Who::Members(vec![Arc::from("gold")])]);
    }
    if random.one_in(8) {
        made.coupon =
            Some(random.pick(&[Coupon::Code(Arc::from("SAVE")), Coupon::Unique(Arc::from("U-"))]));
    }
    if random.one_in(8) {
        made.tenders = vec![TenderTypeId::new("card").unwrap()];
    }
    if random.one_in(8) {
        made.limits.per_basket = Some(random.count(0, 3));
    }
    if random.one_in(10) {
        made.limits.per_member = Some(random.count(1, 3));
    }
    if random.one_in(10) {
        made.limits.budget = Some(random.between(1, 50));
    }
    if random.one_in(8) {
        made.cap = Some(random.between(1, 60));
    }
    if random.one_in(10) {
        made.cost_points = random.count(1, 10).into();
    }
    if random.one_in(6) {
        made.class = Some(Arc::from("class"));
    }
    made.combine = match random.below(8) {
        0 => Combine::Exclusive,
        1..=4 => Combine::WithOthers,
        _ => Combine::Alone,
    };
    if let (Rule::Each(each), true) = (&made.rule, random.one_in(4))
        && each.tiers.len() == 1
        && each.tiers[0].from == 1
    {
        made.combine = Combine::OnTop(1);
    }
    if random.one_in(4) {
        made.place.regions = vec![Arc::from("north")];
        made.replaces = Replaces::Wider;
    }
    made
}
