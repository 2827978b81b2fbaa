mod examples;

use std::cell::Cell;

use super::*;
use crate::promotion::evaluate::NODES_MAX;
use crate::promotion::goods::GoodsLine;
use crate::promotion::rule::{Rule, Selector};
use crate::promotion::solve::tests::now;
use crate::promotion::tests::random::{Shop, line};
use crate::{LineNumber, Quantity, Unit};

fn ask(shop: &Shop, declined: &BTreeSet<PromptId>) -> (Outcome, Vec<Prompt>) {
    let index = PromptIndex::new(shop.catalogue.clone(), &shop.set, now().date());
    ask_with(shop, &index, declined, &|_| true)
}

fn ask_with(
    shop: &Shop,
    index: &PromptIndex,
    declined: &BTreeSet<PromptId>,
    is_on_hand: &dyn Fn(&ItemId) -> bool,
) -> (Outcome, Vec<Prompt>) {
    let Shop { set, goods, context, taxes, .. } = shop;
    let outcome = evaluate(set, goods, context, NODES_MAX).unwrap();
    let shelf = Shelf { index, taxes, is_on_hand };
    let found = prompts(set, &shelf, goods, context, &outcome, declined, NODES_MAX);
    (outcome, found)
}

/// The scope that the goods of an amount have to be in.
fn scope(promotion: &crate::promotion::rule::Promotion) -> &Selector {
    match &promotion.rule {
        Rule::Each(each) => &each.spend.as_ref().unwrap().items,
        Rule::Group(group) => &group.spend.as_ref().unwrap().items,
        Rule::Order(order) => &order.items,
        Rule::Reward(_) | Rule::NoPromotion(_) => panic!("no amount is asked for"),
    }
}

/// The basket with what a prompt asks for, put in as a cashier would.
fn taken(shop: &Shop, prompt: &Prompt) -> Goods {
    let mut goods = shop.goods.clone();
    match &prompt.adds {
        Adds::Items { item, count, .. } => {
            let item = shop.catalogue.item(item).unwrap();
            goods.lines.push(line(item, i64::from(*count), 99, &shop.taxes));
        }
        Adds::Amount { amount } => {
            let (_, promotion) = shop.set.find(&prompt.promotion).unwrap();
            let scope = scope(promotion);
            let first = |list: &[Arc<str>]| list.first().cloned().unwrap_or_default();
            let counts = |line: &&GoodsLine| crate::promotion::index::matches(scope, line);
            // Whichever: where it made a difference there would be no prompt.
            let like = goods.lines.iter().rfind(counts).unwrap().clone();
            goods.lines.push(GoodsLine {
                line: LineNumber(99),
                item: scope.items.first().cloned().unwrap_or(ItemId::new("plain").unwrap()),
                brand: first(&scope.brands),
                department: Arc::default(),
                category: first(&scope.categories),
                tags: scope.tags.clone().into(),
                quantity: Quantity::one(Unit::Piece),
                unit_price: amount.minor(),
                amount: amount.minor(),
                // Without a promotion of its own.
                is_fixed: true,
                ..like
            });
        }
    }
    goods
}

#[test]
fn taking_a_prompt_gives_exactly_the_total_that_it_states() {
    let (mut of_items, mut of_amounts, mut lowering) = (0, 0, 0);
    for seed in 0..3_000 {
        let shop = Shop::new(seed);
        let (outcome, prompts) = ask(&shop, &BTreeSet::new());
        assert!(prompts.len() <= PROMPTS_MAX, "seed {seed}");
        for prompt in &prompts {
            match prompt.adds {
                Adds::Items { .. } => of_items += 1,
                Adds::Amount { .. } => of_amounts += 1,
            }
            let goods = taken(&shop, prompt);
            let after = evaluate(&shop.set, &goods, &shop.context, NODES_MAX).unwrap();
            assert_eq!(prompt.total_after.minor(), after.total, "seed {seed}: {prompt:?}");
            let shelf = goods.lines.last().unwrap().amount;
            assert_eq!(prompt.cost.minor(), shelf, "seed {seed}: {prompt:?}");
            let saving = shelf - (after.total - outcome.total);
            assert_eq!(prompt.saving.minor(), saving, "seed {seed}: {prompt:?}");
            assert!(saving > 0, "seed {seed}: {prompt:?}");
            let (index, _) = shop.set.find(&prompt.promotion).unwrap();
            let gives = amount_of(&after, index) > amount_of(&outcome, index);
            assert!(gives, "seed {seed}: {prompt:?}");
            lowering += usize::from(after.total < outcome.total);
        }
        let worth: Vec<_> = prompts
            .iter()
            .map(|prompt| {
                let saving = i128::from(prompt.saving.minor()) * 1_000_000;
                let lowers = prompt.total_after.minor() < outcome.total;
                (!lowers, -saving / i128::from(prompt.cost.minor()))
            })
            .collect();
        assert!(worth.is_sorted(), "seed {seed}: {worth:?}");
    }
    println!("{of_items} prompts of items, {of_amounts} of amounts, {lowering} lower the total");
    assert!(of_items > 500 && of_amounts > 50 && lowering > 50);
}

#[test]
fn a_declined_prompt_is_not_made_again() {
    let mut declined_count = 0;
    for seed in 0..800 {
        let shop = Shop::new(seed);
        let mut declined = BTreeSet::new();
        loop {
            let (_, prompts) = ask(&shop, &declined);
            let Some(first) = prompts.first() else { break };
            let is_new = declined.insert(first.id.clone());
            assert!(is_new, "seed {seed}: {first:?} was declined");
            declined_count += 1;
        }
    }
    assert!(declined_count > 200, "{declined_count}");
}

#[test]
fn what_is_not_on_hand_is_not_offered() {
    let mut offered = 0;
    for seed in 0..400 {
        let shop = Shop::new(seed);
        let index = PromptIndex::new(shop.catalogue.clone(), &shop.set, now().date());
        let is_there = |item: &ItemId| item.as_str() < "d";
        let (_, prompts) = ask_with(&shop, &index, &BTreeSet::new(), &is_there);
        for prompt in prompts {
            if let Adds::Items { item, .. } = prompt.adds {
                assert!(is_there(&item), "seed {seed}: {item}");
                offered += 1;
            }
        }
    }
    assert!(offered > 50, "{offered}");
}

#[test]
fn what_is_not_proven_is_not_said() {
    let mut silent = 0;
    for seed in 0..400 {
        let shop = Shop::new(seed);
        let (outcome, prompts) = ask(&shop, &BTreeSet::new());
        let index = PromptIndex::new(shop.catalogue.clone(), &shop.set, now().date());
        let asked = Cell::new(0);
        let is_on_hand = |_: &ItemId| {
            asked.set(asked.get() + 1);
            true
        };
        let shelf = Shelf { index: &index, taxes: &shop.taxes, is_on_hand: &is_on_hand };
        let Shop { set, goods, context, .. } = &shop;
        let unproven = Outcome {
            certificate: crate::promotion::Certificate { is_optimal: false, ..outcome.certificate },
            ..outcome.clone()
        };
        let none = BTreeSet::new();
        let of_unproven = super::prompts(set, &shelf, goods, context, &unproven, &none, NODES_MAX);
        assert!(of_unproven.is_empty() && asked.get() == 0, "seed {seed}");
        if !prompts.is_empty() {
            let without_budget = super::prompts(set, &shelf, goods, context, &outcome, &none, 0);
            assert!(without_budget.len() <= prompts.len(), "seed {seed}");
            silent += usize::from(without_budget.is_empty());
        }
    }
    assert!(silent > 50, "{silent}");
}
