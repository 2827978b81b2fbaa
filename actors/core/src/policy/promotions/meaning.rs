//! What cannot be meant: keys that mean nothing beside others.

use super::super::reader::{Reader, Table};
use crate::promotion::rule::{Combine, Promotion, Replaces, Rule, UnitTier, Width};

/// What means nothing for promotions that take no units and lower nothing.
const WITHOUT_USES: [&str; 4] = ["cap", "cost_points", "combine", "class"];

/// Notes what a promotion says and cannot mean.
pub(super) fn check(reader: &mut Reader, table: &Table, promotion: &Promotion) {
    let mut no_meaning = |key: &str, reason: &str| {
        if table.contains_key(key) {
            reader.key(key, |reader| reader.fault("no_meaning", reason));
        }
    };
    match &promotion.rule {
        Rule::Reward(_) => {
            for key in WITHOUT_USES {
                no_meaning(key, "a reward takes nothing off and goes with everything");
            }
        }
        Rule::NoPromotion(_) => {
            for key in WITHOUT_USES.into_iter().chain(["limits", "coupon", "tenders"]) {
                no_meaning(key, "no_promotion only takes the place of others");
            }
        }
        Rule::Order(order) if order.sequence > 0 && promotion.combine != Combine::WithOthers => {
            let reason = "it only counts where the promotion goes with_others";
            reader.keys(&["order", "sequence"], |reader| reader.fault("no_meaning", reason));
        }
        Rule::Each(_) | Rule::Group(_) | Rule::Order(_) => {}
    }
    check_on_top(reader, promotion);
    check_replaces(reader, table, promotion);
}

/// Only a plain reduction of units can come on top of others.
fn check_on_top(reader: &mut Reader, promotion: &Promotion) {
    if !matches!(promotion.combine, Combine::OnTop(_)) {
        return;
    }
    let reason = match &promotion.rule {
        Rule::Each(each) => match each.tiers.as_slice() {
            [UnitTier { from: 1, .. }] => return,
            _ => "a promotion with tiers cannot come on top of others",
        },
        Rule::Group(_) => "a promotion of groups cannot come on top of others",
        Rule::Order(_) => "one of orders follows the items' own anyway; say with_others",
        // Said by the keys that mean nothing there.
        Rule::Reward(_) | Rule::NoPromotion(_) => return,
    };
    reader.keys(&["combine", "on_top"], |reader| reader.fault("no_meaning", reason));
}

fn check_replaces(reader: &mut Reader, table: &Table, promotion: &Promotion) {
    let is_chain = promotion.place.width() == Width::Chain;
    let reason = match (&promotion.rule, &promotion.replaces) {
        (Rule::Order(_) | Rule::Reward(_), Replaces::Wider | Replaces::These(_)) => {
            "only promotions of items take the place of others"
        }
        (Rule::NoPromotion(_), Replaces::Nothing) => "no_promotion has to replace something",
        (_, Replaces::Nothing) => return,
        (Rule::NoPromotion(_), _) if is_chain => {
            let reason = "name the stores or regions in which there is to be no promotion";
            return reader.key("place", |reader| reader.fault("nothing_wider", reason));
        }
        _ if is_chain && table.contains_key("replaces") => {
            "nothing is wider than a promotion of the whole chain; name stores or regions in place"
        }
        _ => return,
    };
    let code = if is_chain { "nothing_wider" } else { "no_meaning" };
    reader.key("replaces", |reader| reader.fault(code, reason));
}
