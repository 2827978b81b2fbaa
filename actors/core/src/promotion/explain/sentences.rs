//! The sentences of an explanation.

use super::{Beside, Named, PartExplained, WhyNot};
use crate::Money;
use crate::promotion::outcome::Applied;
use crate::promotion::rule::Text;
use crate::promotion::wording::{listed, shown, tender, text, units};

fn names(names: &[Named]) -> Text {
    listed(names.iter().map(|named| &named.name))
}

/// A used promotion.
pub(super) fn applied(applied: &Applied, amount: Money) -> Text {
    let (uses, count) = (applied.uses, applied.units);
    text(
        format!("用了 {uses} 次,共 {count} 件,省 {}", shown(amount)),
        format!("Used {uses}×, on {}, saves {}", units(count), shown(amount)),
    )
}

/// The basket without one promotion.
pub(super) fn runner_up(total: Money, worse: Money, instead: &[Named]) -> Text {
    let (total, by) = (shown(total), shown(worse));
    let (mut zh, mut en) = if worse.is_zero() {
        (format!("沒有它也是 {total}"), format!("Without it the basket costs {total} too"))
    } else {
        (format!("沒有它要付 {total},多 {by}"), format!("Without it {total} is to pay, {by} more"))
    };
    if !instead.is_empty() {
        let names = names(instead);
        zh.push_str(&format!(",改用{}", names.zh));
        en.push_str(&format!(", with {} instead", names.en));
    }
    text(zh, en)
}

/// One unit.
pub(super) fn unit(
    price: Money,
    net: Money,
    taken_by: Option<&Named>,
    parts: &[PartExplained],
    counted_by: &[Named],
) -> Text {
    let mut zh = vec![format!("{} → {}", shown(price), shown(net))];
    let mut en = zh.clone();
    for part in parts {
        let (name, amount) = (&part.promotion.name, shown(part.amount.negated()));
        zh.push(format!("「{}」{amount}", name.zh));
        en.push(format!("“{}” {amount}", name.en));
    }
    let only_qualifies =
        taken_by.filter(|taker| parts.iter().all(|part| part.promotion.id != taker.id));
    if let Some(taker) = only_qualifies {
        zh.push(format!("湊「{}」", taker.name.zh));
        en.push(format!("counts for “{}”", taker.name.en));
    }
    if !counted_by.is_empty() {
        let names = names(counted_by);
        zh.push(format!("計入{}", names.zh));
        en.push(format!("counts for {}", names.en));
    }
    if parts.is_empty() && taken_by.is_none() && counted_by.is_empty() {
        zh.push("沒有優惠".to_owned());
        en.push("no promotion".to_owned());
    }
    text(zh.join(";"), en.join("; "))
}

/// What promotions have no part in.
pub(super) fn beside(code: Beside, amount: Money) -> Text {
    let amount = shown(amount);
    match code {
        Beside::Returned => {
            text(format!("退回的商品:{amount}"), format!("Goods returned: {amount}"))
        }
        Beside::Deposits => text(format!("押金:{amount}"), format!("Deposits: {amount}")),
        Beside::BasketModifiers => {
            text(format!("收銀員整單折讓:{amount}"), format!("Off the whole basket: {amount}"))
        }
    }
}

/// Why a promotion was not used.
pub(super) fn why(why: &WhyNot) -> Text {
    match why {
        WhyNot::UnitsMissing { units: count } => text(
            format!("還差 {count} 件"),
            format!("{count} more {} needed", if *count == 1 { "is" } else { "are" }),
        ),
        WhyNot::AmountMissing { amount } => {
            let amount = shown(*amount);
            text(format!("還差 {amount}"), format!("{amount} more is needed"))
        }
        WhyNot::Replaced { by } => {
            let by = names(by);
            text(
                format!("這些商品改用範圍較小的{}", by.zh),
                format!("The narrower {} holds for these goods instead", by.en),
            )
        }
        WhyNot::TakenByBetter { by, worse } => {
            let (by, worse) = (names(by), shown(*worse));
            text(
                format!("商品已用{},較划算;改用這項要多付 {worse}", by.zh),
                format!("Its goods went to {}; with this instead {worse} more is to pay", by.en),
            )
        }
        WhyNot::NotTogether { by, worse } => {
            let (by, worse) = (names(by), shown(*worse));
            text(
                format!("不能和{}一起用;改用這項要多付 {worse}", by.zh),
                format!("Not together with {}; with this instead {worse} more is to pay", by.en),
            )
        }
        WhyNot::NoGain { by } if by.is_empty() => {
            text("用了也不會比較便宜", "With it the basket costs no less")
        }
        WhyNot::NoGain { by } => {
            let by = names(by);
            text(
                format!("和{}一樣划算,用了也不會比較便宜", by.zh),
                format!("{} saves as much: with this instead the basket costs no less", by.en),
            )
        }
        WhyNot::LowerPriority { by } => {
            let by = names(by);
            text(
                format!("依順序先用{}", by.zh),
                format!("{} comes first in the order of priority", by.en),
            )
        }
        plain => condition(plain),
    }
}

/// A condition of the customer, the time or the way of paying.
fn condition(why: &WhyNot) -> Text {
    match why {
        WhyNot::OtherWeekday => text("今天不是活動日", "Not on this day of the week"),
        WhyNot::OutsideHours => text("不在活動時段", "Not at this hour"),
        WhyNot::OtherChannel => text("不是這個通路的活動", "Only by another channel"),
        WhyNot::MembersOnly => text("限會員:請先輸入會員", "For members: name the member first"),
        WhyNot::OtherTier { tiers } => {
            let tiers = tiers.join(", ");
            text(format!("限會員等級 {tiers}"), format!("For members of {tiers} only"))
        }
        WhyNot::EmployeesOnly => text("限員工", "For employees only"),
        WhyNot::CouponNotShown => {
            text("要出示折價券:請輸入券號", "Needs its coupon: enter the code")
        }
        WhyNot::OtherTender { tenders } => {
            let names: Vec<Text> = tenders.iter().map(tender).collect();
            let join = |words: Vec<&str>, between: &str| words.join(between);
            let zh = join(names.iter().map(|name| &*name.zh).collect(), "、");
            let en = join(names.iter().map(|name| &*name.en).collect(), " or ");
            text(format!("限以{zh}付款"), format!("Only when paid by {en}"))
        }
        WhyNot::LimitUsedUp => text("優惠次數或額度已用完", "One of its limits is used up"),
        WhyNot::PointsMissing => text("會員點數不足", "The member has too few points"),
        WhyNot::PriceFixed => {
            text("收銀員已改價,不再用品項優惠", "A cashier changed the price of its goods")
        }
        WhyNot::SavesNothing => {
            text("這些商品用了也不會變便宜", "It would lower none of these goods")
        }
        _ => text("未能算出原因", "The search was cut short before the reason was known"),
    }
}
