//! What the panel says, word for word.

use super::*;
use crate::Currency;
use crate::promotion::rule::*;
use crate::promotion::set::Policy;
use crate::promotion::solve::tests::{each, goods, group, items, now, order, promotion};

fn panel(promotions: Vec<Promotion>, lines: &[(&str, i64, i64)]) -> Explanation {
    let lines: Vec<_> = lines.iter().map(|(id, pieces, price)| (*id, *pieces, *price, 0)).collect();
    let goods = Goods { currency: Currency::TWD, ..goods(&lines) };
    let set = PromotionSet::new(promotions, Policy::Best, None);
    let context = PricingContext::anonymous(now(), now().date());
    let outcome = evaluate(&set, &goods, &context, NODES_MAX).unwrap();
    explain(&set, &goods, &context, &outcome, NODES_MAX).unwrap()
}

fn named(mut promotion: Promotion, zh: &str, en: &str) -> Promotion {
    promotion.name = Text { zh: Arc::from(zh), en: Arc::from(en) };
    promotion
}

fn words(text: &Text) -> (&str, &str) {
    (&text.zh, &text.en)
}

#[test]
fn an_items_discount_that_is_declined_says_what_it_would_cost() {
    let off = each(items(&["b"]), UnitAward::AmountOff(200));
    let off = named(promotion("b-200", off), "乙折 200", "200 off B");
    let order = Rule::Order(order(5000, OrderAward::AmountOff(300)));
    let order = named(promotion("order-300", order), "滿 5,000 折 300", "300 off 5,000");
    let panel = panel(vec![off, order], &[("a", 1, 3000), ("b", 1, 2100)]);
    assert_eq!(panel.total.minor(), 4800);
    assert_eq!(panel.without_promotions.minor(), 5100);
    assert!(panel.is_optimal && panel.bound == panel.total);
    let [applied] = panel.applied.as_slice() else { panic!("{:?}", panel.applied) };
    assert_eq!(
        words(&applied.text),
        ("用了 1 次,共 2 件,省 NT$300", "Used 1×, on 2 units, saves NT$300")
    );
    let runner_up = applied.runner_up.as_ref().unwrap();
    assert_eq!(
        words(&runner_up.text),
        (
            "沒有它要付 NT$4,900,多 NT$100,改用「乙折 200」",
            "Without it NT$4,900 is to pay, NT$100 more, with “200 off B” instead"
        )
    );
    let [declined] = panel.not_applied.as_slice() else { panic!("{:?}", panel.not_applied) };
    assert_eq!(
        words(&declined.text),
        (
            "不能和「滿 5,000 折 300」一起用;改用這項要多付 NT$100",
            "Not together with “300 off 5,000”; with this instead NT$100 more is to pay"
        )
    );
    let json = serde_json::to_value(declined).unwrap();
    assert_eq!(json["code"], "not_together");
    assert_eq!(json["id"], "b-200");
    assert_eq!(json["worse"]["amount"], "100");
    assert_eq!(json["by"][0]["id"], "order-300");
    let unit = &panel.lines[1].units[0];
    assert_eq!(words(&unit.text).0, "NT$2,100 → NT$1,976;「滿 5,000 折 300」−NT$124");
}

#[test]
fn a_qualifier_says_what_it_is_there_for() {
    let mut pair = group(&[(items(&["a"]), 1), (items(&["b"]), 1)], GroupAward::BySlot);
    if let Rule::Group(pair) = &mut pair {
        pair.slots[1].award = Some(UnitAward::PercentOff(BasisPoints(10_000)));
    }
    let pair = named(promotion("a-b", pair), "買甲送乙", "A gets B");
    let again = {
        let mut again = pair.clone();
        again.id = PromotionId::new("b-a").unwrap();
        named(again, "再送", "Again")
    };
    let panel = panel(vec![pair, again], &[("a", 1, 50), ("b", 1, 20)]);
    assert_eq!(
        words(&panel.lines[0].units[0].text),
        ("NT$50 → NT$50;湊「買甲送乙」", "NT$50 → NT$50; counts for “A gets B”")
    );
    // Two of the same: which one is used comes to the same.
    assert_eq!(
        words(&panel.not_applied[0].text),
        (
            "和「買甲送乙」一樣划算,用了也不會比較便宜",
            "“A gets B” saves as much: with this instead the basket costs no less"
        )
    );
}

#[test]
fn goods_that_went_to_a_better_promotion_say_to_which() {
    let half = each(items(&["a"]), UnitAward::PercentOff(BasisPoints(5000)));
    let third = each(items(&["a"]), UnitAward::PercentOff(BasisPoints(3000)));
    let half = named(promotion("half", half), "半價", "Half");
    let third = named(promotion("third", third), "七折", "30 % off");
    let panel = panel(vec![half, third], &[("a", 2, 100)]);
    assert_eq!(
        words(&panel.not_applied[0].text),
        (
            "商品已用「半價」,較划算;改用這項要多付 NT$40",
            "Its goods went to “Half”; with this instead NT$40 more is to pay"
        )
    );
}

#[test]
fn what_is_missing_is_named_with_its_number() {
    let three = group(&[(items(&["a"]), 3)], GroupAward::Price(99));
    let order = Rule::Order(order(5000, OrderAward::AmountOff(100)));
    let panel = panel(vec![promotion("three", three), promotion("order", order)], &[("a", 1, 50)]);
    let said: Vec<_> = panel.not_applied.iter().map(|not| words(&not.text)).collect();
    let amount = ("還差 NT$4,950", "NT$4,950 more is needed");
    assert_eq!(said, [amount, ("還差 2 件", "2 more are needed")]);
}

#[test]
fn what_comes_back_and_what_is_off_the_whole_stand_beside_the_promotions() {
    use crate::Money;
    use crate::promotion::{PricingRequest, PricingRules};
    use crate::tax::TaxTable;
    use crate::transaction::tests::{line, modifier};
    use crate::transaction::{LineItem, ModifierMethod};

    let twd = |minor| Money::from_minor(minor, Currency::TWD).unwrap();
    let half = each(Selector::default(), UnitAward::PercentOff(BasisPoints(5000)));
    let promotions = PromotionSet::new(vec![promotion("half", half)], Policy::Best, None);
    let rate = TaxRate { percent: 5.into(), method: TaxMethod::Inclusive };
    let taxes = TaxTable::flat(rate);
    let back = LineItem { line: crate::LineNumber(2), ..line("", twd(-30)) };
    let mut request = PricingRequest {
        rules: Arc::new(PricingRules { taxes, promotions: Arc::new(promotions) }),
        lines: vec![line("", twd(200)), back],
        attributes: Vec::new(),
        basket_modifiers: vec![modifier(ModifierMethod::AmountOff, twd(7))],
        currency: Currency::TWD,
        context: PricingContext::anonymous(now(), now().date()),
        nodes_max: NODES_MAX,
    };
    let panel = explain_basket(&request, NODES_MAX).unwrap();
    assert_eq!((panel.total, panel.to_pay), (twd(100), twd(63)));
    let said: Vec<_> = panel.beside.iter().map(|it| words(&it.text)).collect();
    let returned = ("退回的商品:−NT$30", "Goods returned: −NT$30");
    let off = ("收銀員整單折讓:−NT$7", "Off the whole basket: −NT$7");
    assert_eq!(said, [returned, off]);
    let screen = crate::promotion::price(request.clone()).unwrap();
    assert_eq!(panel.to_pay, screen.totals.total);
    // Mostly there is nothing beside.
    request.lines.pop();
    request.basket_modifiers.clear();
    let panel = explain_basket(&request, NODES_MAX).unwrap();
    assert_eq!((panel.total, panel.to_pay, panel.beside.len()), (twd(100), twd(100), 0));
}
