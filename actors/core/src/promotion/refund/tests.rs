use super::*;
use crate::Currency;
use crate::promotion::digest::digest;
use crate::promotion::evaluate::NODES_MAX;
use crate::promotion::rule::*;
use crate::promotion::set::Policy;
use crate::promotion::solve::tests::{goods, group, items, now, order, promotion};
use crate::promotion::tests::basket;
use crate::promotion::tests::chance::Random;
use crate::promotion::tests::random::Shop;
use crate::promotion::{GoodsAttributes, Pricing, PricingRequest, PricingRules, price};
use crate::transaction::tests::{line, modifier};
use crate::transaction::{Customer, ModifierMethod, PriceModifier, SalePricing};

const USD: Currency = Currency::USD;

/// The sale as a register stores it, with some more lines and what the cashier took off it all.
fn sale(
    shop: &Shop,
    more: Vec<LineItem>,
    basket_modifiers: Vec<PriceModifier>,
) -> RetailTransaction {
    let Shop { set, goods, context, taxes, .. } = shop;
    let sold = goods.lines.iter().map(|goods| {
        let plain = line(&goods.tax_class, Money::from_minor(goods.amount, USD).unwrap());
        // What the cashier touched, promotions of items leave alone.
        let fixed = modifier(ModifierMethod::AmountOff, Money::zero(USD));
        LineItem {
            line: goods.line,
            item: goods.item.clone(),
            category: goods.category.clone(),
            quantity: goods.quantity,
            unit_price: Money::from_minor(goods.unit_price, USD).unwrap(),
            recorded_modifiers: if goods.is_fixed { vec![fixed] } else { Vec::new() },
            ..plain
        }
    });
    let attributes = goods
        .lines
        .iter()
        .map(|line| GoodsAttributes { brand: line.brand.clone(), tags: line.tags.clone() });
    let priced = price(PricingRequest {
        rules: Arc::new(PricingRules { taxes: taxes.clone(), promotions: Arc::new(set.clone()) }),
        lines: sold.chain(more).collect(),
        attributes: attributes.collect(),
        basket_modifiers,
        currency: USD,
        context: context.clone(),
        nodes_max: NODES_MAX,
    });
    let priced = priced.unwrap();
    let Pricing { applied, points_earned, points_spent, coupons_earned, .. } = &priced.pricing;
    RetailTransaction {
        pricing: Some(SalePricing {
            set: digest(set),
            promotions: applied.clone(),
            points_earned: *points_earned,
            points_spent: *points_spent,
            coupons_earned: coupons_earned.clone(),
            prompts: Vec::new(),
            customer: Customer::default(),
            by_priority: false,
            base_points: set.base_points(),
            rules: Vec::new(),
        }),
        ..basket(&priced)
    }
}

/// What it charged for what was sold.
fn charged(shop: &Shop) -> Charged {
    let sale = sale(shop, Vec::new(), Vec::new());
    let charged = Charged::of(&sale).unwrap();
    assert_eq!(charged.paid(), sale.totals.total.minor());
    assert!(charged.taken_off.iter().all(|off| *off == 0));
    charged
}

#[test]
fn what_came_back_in_the_sale_is_no_part_of_what_was_charged() {
    let mut with_tax = 0;
    for seed in 0..2_000 {
        let shop = Shop::new(seed);
        let back = LineItem {
            line: LineNumber(90),
            ..line("other", Money::from_minor(-37, USD).unwrap())
        };
        let off = modifier(ModifierMethod::AmountOff, Money::from_minor(3, USD).unwrap());
        let sale = sale(&shop, vec![back], vec![off]);
        let charged = Charged::of(&sale).unwrap();
        let rate = shop.taxes.rate("other");
        let returned = match rate.method {
            TaxMethod::Inclusive => 37,
            TaxMethod::Exclusive => {
                let tax = Money::from_minor(37, USD).unwrap();
                37 + tax
                    .times(rate.percent / Decimal::ONE_HUNDRED, Rounding::HalfUp)
                    .unwrap()
                    .minor()
            }
        };
        assert_eq!(charged.paid() - returned, sale.totals.total.minor(), "seed {seed}");
        let off: i64 = charged.taken_off.iter().sum();
        assert!((0..=4).contains(&off), "seed {seed}: {off}");
        // All of it comes back, whatever the order.
        let Shop { set, goods, context, .. } = &shop;
        let original = Original { goods, set, context, charged: &charged };
        if charged.lines.iter().all(|line| *line >= 0) {
            let parts = in_parts(goods, &mut Random::new(seed));
            let sums = return_all(original, &parts, ReturnPolicy::Fair);
            assert_eq!(sums.amount, charged.paid(), "seed {seed}");
        }
        with_tax += usize::from(returned > 37);
    }
    assert!(with_tax > 200, "{with_tax}");
}

/// Everything in an order and in parts of its own.
fn in_parts(goods: &Goods, random: &mut Random) -> Vec<Vec<(LineNumber, Quantity)>> {
    let mut left: Vec<(LineNumber, i64)> =
        goods.lines.iter().map(|line| (line.line, line.quantity.thousandths() / 1000)).collect();
    let mut parts = Vec::new();
    while !left.is_empty() {
        let mut part = Vec::new();
        for _ in 0..random.count(1, 2) {
            if left.is_empty() {
                break;
            }
            let place = random.count(0, u32::try_from(left.len() - 1).unwrap()) as usize;
            let (line, pieces) = left[place];
            let count = random.between(1, pieces);
            part.push((line, Quantity::pieces(count).unwrap()));
            if count == pieces {
                left.remove(place);
            } else {
                left[place].1 -= count;
            }
        }
        parts.push(part);
    }
    parts
}

struct Sums {
    amount: i64,
    points_taken_back: u64,
    points_given_back: u64,
    coupons_given_back: Vec<Arc<str>>,
    coupons_taken_back: Vec<Arc<str>>,
    held_back: usize,
}

fn return_all(
    original: Original,
    parts: &[Vec<(LineNumber, Quantity)>],
    policy: ReturnPolicy,
) -> Sums {
    let mut so_far = Refunded::default();
    let mut sums = Sums {
        amount: 0,
        points_taken_back: 0,
        points_given_back: 0,
        coupons_given_back: Vec::new(),
        coupons_taken_back: Vec::new(),
        held_back: 0,
    };
    for part in parts {
        let back = refund(original, &so_far, part, policy, NODES_MAX).unwrap();
        assert!(back.amount >= 0 && back.is_proven);
        sums.held_back += usize::from(back.amount == 0);
        sums.amount += back.amount;
        sums.points_taken_back += back.points_taken_back;
        sums.points_given_back += back.points_given_back;
        sums.coupons_given_back.extend(back.coupons_given_back);
        sums.coupons_taken_back.extend(back.coupons_taken_back);
        assert_eq!(back.so_far.amount, sums.amount);
        so_far = back.so_far;
    }
    sums.coupons_given_back.sort();
    sums
}

#[test]
fn all_parts_in_any_order_add_up_to_what_was_paid_and_nothing_comes_back_twice() {
    let (mut with_points, mut with_coupons, mut held_back, mut spent) = (0, 0, 0, 0);
    for seed in 0..3_000 {
        let shop = Shop::new(seed);
        let Shop { set, goods, context, .. } = &shop;
        let outcome = evaluate(set, goods, context, NODES_MAX).unwrap();
        let charged = charged(&shop);
        let original = Original { goods, set, context, charged: &charged };
        let mut random = Random::new(seed + 1_000_000);
        for policy in [ReturnPolicy::Fair, ReturnPolicy::Fair, ReturnPolicy::ProRata] {
            let sums = return_all(original, &in_parts(goods, &mut random), policy);
            assert_eq!(sums.amount, outcome.total, "seed {seed}");
            assert_eq!(sums.points_taken_back, outcome.points_earned, "seed {seed}");
            assert_eq!(sums.points_given_back, outcome.points_spent, "seed {seed}");
            assert_eq!(sums.coupons_given_back, charged.coupons_used, "seed {seed}");
            assert_eq!(sums.coupons_taken_back, charged.coupons_earned, "seed {seed}");
            with_points += usize::from(sums.points_taken_back > 0);
            with_coupons += usize::from(!sums.coupons_given_back.is_empty());
            spent += usize::from(sums.points_given_back > 0);
            held_back += sums.held_back;
        }
    }
    println!("{with_points} with points, {spent} spent some, {with_coupons} with coupons");
    assert!(with_points > 100 && with_coupons > 20 && spent > 20 && held_back > 100);
}

#[test]
fn what_came_back_is_what_was_paid_less_the_best_price_of_what_is_kept() {
    let mut compared = 0;
    for seed in 0..2_000 {
        let shop = Shop::new(seed);
        let without = PricingContext { coupons: Vec::new(), member: None, ..shop.context.clone() };
        let shop = Shop { context: without, ..shop };
        let Shop { set, goods, context, .. } = &shop;
        let outcome = evaluate(set, goods, context, NODES_MAX).unwrap();
        let charged = charged(&shop);
        let original = Original { goods, set, context, charged: &charged };
        let mut random = Random::new(seed);
        let mut so_far = Refunded::default();
        let mut kept = goods.clone();
        let mut most = 0;
        for part in in_parts(goods, &mut random) {
            for (number, quantity) in &part {
                let line = kept.lines.iter_mut().find(|line| line.line == *number).unwrap();
                let left = (line.quantity.thousandths() - quantity.thousandths()) / 1000;
                line.quantity = Quantity::pieces(left).unwrap();
                line.amount = line.unit_price * left;
            }
            let best = evaluate(set, &kept, context, NODES_MAX).unwrap();
            most = most.max(outcome.total - best.total);
            let back = refund(original, &so_far, &part, ReturnPolicy::Fair, NODES_MAX).unwrap();
            assert_eq!(back.so_far.amount, most, "seed {seed}");
            so_far = back.so_far;
            compared += 1;
        }
    }
    assert!(compared > 2_000);
}

fn three_for_two() -> (PromotionSet, Goods) {
    let free = UnitAward::PercentOff(BasisPoints(10_000));
    let award = GroupAward::Cheapest { count: 1, award: free };
    let rule = group(&[(items(&["a"]), 3)], award);
    let set = PromotionSet::new(vec![promotion("3-for-2", rule)], Policy::Best, None);
    (set, goods(&[("a", 3, 100, 0)]))
}

fn pieces(line: u32, count: i64) -> Vec<(LineNumber, Quantity)> {
    vec![(LineNumber(line), Quantity::pieces(count).unwrap())]
}

fn amounts(original: Original, policy: ReturnPolicy) -> Vec<i64> {
    let mut so_far = Refunded::default();
    let parts = [pieces(1, 1), pieces(1, 1), pieces(1, 1)];
    let mut amounts = Vec::new();
    for part in parts {
        let back = refund(original, &so_far, &part, policy, NODES_MAX).unwrap();
        amounts.push(back.amount);
        so_far = back.so_far;
    }
    amounts
}

#[test]
fn what_was_free_comes_back_first_and_pro_rata_all_alike() {
    let (set, goods) = three_for_two();
    let context = PricingContext::anonymous(now(), now().date());
    let charged = Charged { lines: vec![200], ..Charged::default() };
    let original = Original { goods: &goods, set: &set, context: &context, charged: &charged };
    assert_eq!(amounts(original, ReturnPolicy::Fair), [0, 100, 100]);
    assert_eq!(amounts(original, ReturnPolicy::ProRata), [66, 67, 67]);
}

#[test]
fn what_was_charged_is_read_and_the_cashiers_own_reduction_shared() {
    let (set, goods) = three_for_two();
    let context = PricingContext::anonymous(now(), now().date());
    // The cashier took 30 off the basket.
    let charged = Charged { lines: vec![170], taken_off: vec![30], ..Charged::default() };
    let original = Original { goods: &goods, set: &set, context: &context, charged: &charged };
    // Two kept would cost 200 less their 20 of it; one 100 less 10.
    assert_eq!(amounts(original, ReturnPolicy::Fair), [0, 80, 90]);
}

#[test]
fn an_order_that_falls_below_its_threshold_keeps_what_it_took_off() {
    let rule = Rule::Order(order(500, OrderAward::AmountOff(100)));
    let set = PromotionSet::new(vec![promotion("500-100", rule)], Policy::Best, None);
    let goods = goods(&[("a", 1, 400, 0), ("b", 1, 200, 0)]);
    let context = PricingContext::anonymous(now(), now().date());
    let charged = Charged { lines: vec![333, 167], ..Charged::default() };
    let original = Original { goods: &goods, set: &set, context: &context, charged: &charged };
    let none = Refunded::default();
    let back = refund(original, &none, &pieces(2, 1), ReturnPolicy::Fair, NODES_MAX).unwrap();
    assert_eq!(back.amount, 100);
    let rest = pieces(1, 1);
    let back = refund(original, &back.so_far, &rest, ReturnPolicy::Fair, NODES_MAX).unwrap();
    assert_eq!(back.amount, 400);
}

#[test]
fn goods_that_are_not_of_the_sale_do_not_come_back() {
    let (set, goods) = three_for_two();
    let context = PricingContext::anonymous(now(), now().date());
    let charged = Charged { lines: vec![200], ..Charged::default() };
    let original = Original { goods: &goods, set: &set, context: &context, charged: &charged };
    let none = Refunded::default();
    let ask = |part: &[(LineNumber, Quantity)], before: &Refunded| {
        refund(original, before, part, ReturnPolicy::Fair, NODES_MAX).map(|back| back.so_far)
    };
    let (one, two) = (LineNumber(1), LineNumber(2));
    assert_eq!(ask(&pieces(2, 1), &none), Err(RefundError::NoSuchLine(two)));
    assert_eq!(ask(&pieces(1, 4), &none), Err(RefundError::BadQuantity(one)));
    assert_eq!(ask(&pieces(1, 0), &none), Err(RefundError::BadQuantity(one)));
    assert_eq!(ask(&pieces(1, -1), &none), Err(RefundError::BadQuantity(one)));
    let weighed = Quantity::parse("0.5", crate::Unit::Kilogram).unwrap();
    assert_eq!(ask(&[(one, weighed)], &none), Err(RefundError::BadQuantity(one)));
    let after = ask(&pieces(1, 2), &none).unwrap();
    assert_eq!(ask(&pieces(1, 2), &after), Err(RefundError::BadQuantity(one)));
    let other = Charged { lines: vec![1, 2], ..Charged::default() };
    let original = Original { charged: &other, ..original };
    let back = refund(original, &none, &pieces(1, 1), ReturnPolicy::Fair, NODES_MAX);
    assert_eq!(back, Err(RefundError::BadSale));
}
