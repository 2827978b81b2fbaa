//! What a cashier is told, in the words of the issue.

use super::*;
use crate::Currency;
use crate::catalogue::import_all;
use crate::promotion::rule::*;
use crate::promotion::set::Policy;
use crate::promotion::solve::tests::{each, group, items, order, promotion};
use crate::tax::{TaxMethod, TaxRate, TaxTable};

const CATALOGUE: &str = "\
item,barcodes,description,unit,price,tags,category
milk,4710000000011,牛奶,piece,35,,dairy
tea,,紅茶,piece,25,red,drinks
jasmine,,綠茶,piece,20,green,drinks
oolong,,烏龍,piece,45,green,drinks
mug,,馬克杯,piece,199,,gifts
spoon,,湯匙,piece,30,,gifts
rice,,米,piece,4680,,food
ham,,火腿,kilogram,300,,food
";

fn shop(promotions: Vec<Promotion>, basket: &[(&str, i64)]) -> Shop {
    let catalogue = Arc::new(import_all(CATALOGUE.as_bytes(), Currency::TWD).unwrap());
    let taxes = TaxTable::flat(TaxRate { percent: 5.into(), method: TaxMethod::Inclusive });
    let lines = (1..).zip(basket).map(|(number, (item, pieces))| {
        let id = ItemId::new(item).unwrap();
        line(catalogue.item(&id).unwrap(), *pieces, number, &taxes)
    });
    let goods = Goods { currency: Currency::TWD, lines: lines.collect() };
    let set = PromotionSet::new(promotions, Policy::Best, None);
    let context = PricingContext::anonymous(now(), now().date());
    Shop { catalogue, taxes, set, goods, context }
}

fn tagged(tag: &str) -> Selector {
    Selector { tags: vec![Arc::from(tag)], ..Selector::default() }
}

fn within(category: &str) -> Selector {
    Selector { categories: vec![Arc::from(category)], ..Selector::default() }
}

fn told(shop: &Shop) -> Vec<(String, String)> {
    let (_, prompts) = ask(shop, &BTreeSet::new());
    let words = |prompt: &Prompt| (prompt.text.zh.to_string(), prompt.text.en.to_string());
    prompts.iter().map(words).collect()
}

fn pair(zh: &str, en: &str) -> (String, String) {
    (zh.to_owned(), en.to_owned())
}

const HALF: UnitAward = UnitAward::PercentOff(BasisPoints(5000));
const FREE: UnitAward = UnitAward::PercentOff(BasisPoints(10_000));

#[test]
fn the_second_one_at_a_lower_price_is_worth_saying_once_the_first_is_there() {
    let second = GroupAward::Cheapest { count: 1, award: UnitAward::PercentOff(BasisPoints(2000)) };
    let rule = group(&[(items(&["milk"]), 2)], second);
    let one = shop(vec![promotion("milk-second", rule.clone())], &[("milk", 1)]);
    let said = pair("再買 1 件牛奶(NT$35),省 NT$7", "1 more 牛奶 (NT$35) saves NT$7");
    assert_eq!(told(&one), [said]);
    let (_, prompts) = ask(&one, &BTreeSet::new());
    assert_eq!(prompts[0].id.as_str(), "milk-second+milk");
    let json = serde_json::to_value(&prompts[0]).unwrap();
    let expected = serde_json::json!({
        "id": "milk-second+milk", "promotion": "milk-second",
        "name": {"zh": "milk-second", "en": "milk-second"},
        "adds": {"kind": "items", "item": "milk", "code": "4710000000011",
                 "description": "牛奶", "count": 1},
        "cost": {"amount": "35", "currency": "TWD"},
        "saving": {"amount": "7", "currency": "TWD"},
        "total_after": {"amount": "63", "currency": "TWD"},
        "text": {"zh": "再買 1 件牛奶(NT$35),省 NT$7", "en": "1 more 牛奶 (NT$35) saves NT$7"},
    });
    assert_eq!(json, expected);
    // Nothing is lacking where the pair is there, or nothing of it.
    assert_eq!(told(&shop(vec![promotion("m", rule.clone())], &[("milk", 2)])), []);
    assert_eq!(told(&shop(vec![promotion("m", rule)], &[("tea", 1)])), []);
}

#[test]
fn a_red_one_asks_for_the_green_one_that_saves_most_for_its_price() {
    let rule = group(&[(tagged("red"), 1), (tagged("green"), 1)], GroupAward::Price(39));
    let shop = shop(vec![promotion("red-green", rule)], &[("tea", 1)]);
    // 25 + 45 for 39 saves 31 of 45; 25 + 20 only 6 of 20.
    let said = pair("再買 1 件烏龍(NT$45),省 NT$31", "1 more 烏龍 (NT$45) saves NT$31");
    assert_eq!(told(&shop), [said]);
}

#[test]
fn an_amount_to_the_next_hundred_off_is_worth_saying_when_it_is_near() {
    let hundred = order(5000, OrderAward::AmountOff(100));
    let rules = vec![promotion("order-100", Rule::Order(hundred))];
    let near = shop(rules.clone(), &[("rice", 1)]);
    let said = pair("再 320 元折 100", "NT$320 more takes NT$100 off");
    assert_eq!(told(&near), [said]);
    let (_, prompts) = ask(&near, &BTreeSet::new());
    assert_eq!(prompts[0].id.as_str(), "order-100@5000");
    assert_eq!(prompts[0].total_after.minor(), 4900);
    assert_eq!(told(&shop(rules, &[("mug", 1)])), []);
}

#[test]
fn what_lowers_the_total_comes_before_what_saves_more_for_its_price() {
    // 50 off three teas: 75 becomes 25, less than two cost.
    let lowering = group(&[(items(&["tea"]), 3)], GroupAward::AmountOff(70));
    let free = {
        let mut gift = Group {
            slots: vec![
                Slot { items: items(&["milk"]), count: 1, award: None, reusable: false },
                Slot { items: items(&["spoon"]), count: 1, award: Some(FREE), reusable: false },
            ],
            award: GroupAward::BySlot,
            same_item: false,
            favour: Favour::Customer,
            carried_by: CarriedBy::Awarded,
            spend: None,
        };
        gift.slots[0].reusable = false;
        Rule::Group(gift)
    };
    let rules = vec![promotion("a-gift", free), promotion("b-teas", lowering)];
    let told = told(&shop(rules, &[("tea", 2), ("milk", 1)]));
    let first = pair("再買 1 件紅茶(NT$25),省 NT$70", "1 more 紅茶 (NT$25) saves NT$70");
    let second = pair("再買 1 件湯匙(NT$30),省 NT$30", "1 more 湯匙 (NT$30) saves NT$30");
    assert_eq!(told, [first, second]);
}

#[test]
fn what_may_be_added_for_less_once_enough_is_spent_is_worth_saying() {
    let spend =
        Spend { items: within("dairy"), amount: 100, basis: Basis::AfterTax, is_repeatable: false };
    let tiers = vec![UnitTier { from: 1, award: UnitAward::Price(49) }];
    let mug = Rule::Each(Each { items: items(&["mug"]), tiers, spend: Some(spend) });
    let mut mug = promotion("mug-49", mug);
    mug.limits.per_basket = Some(1);
    // 105 are spent: the mug may be had for 49.
    let spent = shop(vec![mug.clone()], &[("milk", 3)]);
    let said = pair("再買 1 件馬克杯(NT$199),省 NT$150", "1 more 馬克杯 (NT$199) saves NT$150");
    assert_eq!(told(&spent), [said]);
    // 70 are spent and the mug is there: 30 more bring it down.
    let short = shop(vec![mug.clone()], &[("milk", 2), ("mug", 1)]);
    let said = pair("再 30 元折 150", "NT$30 more takes NT$150 off");
    assert_eq!(told(&short), [said]);
    // Both are lacking: that is too far away.
    assert_eq!(told(&shop(vec![mug], &[("milk", 2)])), []);
}

#[test]
fn three_units_are_asked_for_and_never_four() {
    let tier = |from: u32| {
        let tiers = vec![UnitTier { from, award: HALF }];
        promotion("many", Rule::Each(Each { items: items(&["tea"]), tiers, spend: None }))
    };
    let said = pair("再買 3 件紅茶(NT$75),省 NT$52", "3 more 紅茶 (NT$75) saves NT$52");
    assert_eq!(told(&shop(vec![tier(4)], &[("tea", 1)])), [said]);
    assert_eq!(told(&shop(vec![tier(5)], &[("tea", 1)])), []);
}

#[test]
fn goods_that_are_not_counted_by_the_piece_are_never_asked_for() {
    let rule = group(&[(items(&["milk"]), 1), (items(&["ham"]), 1)], GroupAward::AmountOff(20));
    assert_eq!(told(&shop(vec![promotion("ham", rule)], &[("milk", 1)])), []);
}

#[test]
fn promotions_that_are_not_live_ask_for_nothing() {
    let rule = each(items(&["milk"]), HALF);
    let Rule::Each(mut two) = rule else { panic!() };
    two.tiers[0].from = 2;
    let mut bound = promotion("coupon", Rule::Each(two));
    bound.coupon = Some(Coupon::Code(Arc::from("X")));
    assert_eq!(told(&shop(vec![bound], &[("milk", 1)])), []);
}
