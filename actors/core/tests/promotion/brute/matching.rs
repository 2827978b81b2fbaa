//! What selectors match, and which promotions stand back for narrower ones.

use std::cmp::Reverse;
use std::sync::Arc;

use store_core::promotion::goods::GoodsLine;
use store_core::promotion::rule::{Promotion, Replaces, Rule, Selector};

use super::basket::selectors;

pub fn fits(selector: &Selector, line: &GoodsLine) -> bool {
    let is_tagged = |tags: &[Arc<str>]| tags.iter().any(|tag| line.tags.contains(tag));
    let is_in = |categories: &[Arc<str>]| categories.iter().any(|one| is_below(one, line));
    let except = &selector.except;
    (selector.items.is_empty() || selector.items.contains(&line.item))
        && (selector.brands.is_empty() || selector.brands.contains(&line.brand))
        && (selector.categories.is_empty() || is_in(&selector.categories))
        && (selector.tags.is_empty() || is_tagged(&selector.tags))
        && selector.price_from.is_none_or(|from| from <= line.unit_price)
        && selector.price_to.is_none_or(|to| line.unit_price <= to)
        && !except.items.contains(&line.item)
        && !except.brands.contains(&line.brand)
        && !is_in(&except.categories)
        && !is_tagged(&except.tags)
}

/// Whether a line is of this department, of this category, or of one below it.
fn is_below(category: &str, line: &GoodsLine) -> bool {
    let path: Vec<&str> = line.category.split('/').collect();
    let leading = |count: usize| path[..count].join("/");
    category == &*line.department || (1..=path.len()).any(|count| leading(count) == category)
}

/// For each promotion and each line, whether the promotion leaves the line alone because a
/// narrower one replaces it there.
pub fn replaced(live: &[&Promotion], lines: &[GoodsLine]) -> Vec<Vec<bool>> {
    let mut replaced = vec![vec![false; lines.len()]; live.len()];
    let mut narrowest_first: Vec<usize> = (0..live.len()).collect();
    narrowest_first.sort_by_key(|&one| Reverse(live[one].place.width()));
    for &one in &narrowest_first {
        let promotion = live[one];
        if matches!(promotion.rule, Rule::Order(_) | Rule::Reward(_)) {
            continue;
        }
        for (at, line) in lines.iter().enumerate() {
            let covers = selectors(promotion).iter().any(|selector| fits(selector, line));
            if !covers || replaced[one][at] {
                continue;
            }
            for (other, wider) in live.iter().enumerate() {
                let is_wider = wider.place.width() < promotion.place.width();
                let is_named = match &promotion.replaces {
                    Replaces::Nothing => false,
                    Replaces::Wider => matches!(wider.rule, Rule::Each(_) | Rule::Group(_)),
                    Replaces::These(ids) => ids.contains(&wider.id),
                };
                replaced[other][at] |= is_wider && is_named;
            }
        }
    }
    replaced
}
