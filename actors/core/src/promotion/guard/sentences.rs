use super::report::FindingCode;
use crate::Money;
use crate::promotion::rule::{Promotion, Text};
use crate::promotion::wording::{listed, shown, text};

fn named(promotion: &Promotion) -> Text {
    listed([&promotion.name])
}

pub(super) fn cost_not_checked() -> Text {
    text(
        "商品檔沒有成本:未檢查是否低於成本出售",
        "The catalogue has no costs: whether anything sells below cost was not checked",
    )
}

pub(super) fn floor_not_checked() -> Text {
    text(
        "商品檔沒有最低售價:未檢查是否低於最低售價出售",
        "The catalogue has no lowest prices: whether anything sells below them was not checked",
    )
}

/// A promotion that never fires.
pub(super) fn never(promotion: &Promotion, code: FindingCode) -> Text {
    let name = named(promotion);
    let (zh, en) = match code {
        FindingCode::Over => ("活動已結束", "its last day is over"),
        FindingCode::NoSuchDay => {
            ("日期與星期沒有任何一天符合", "no day is within its dates and weekdays")
        }
        FindingCode::NoItemMatches => (
            "商品檔中有一組條件沒有任何商品符合",
            "no item on sale matches something that it asks for",
        ),
        FindingCode::LimitTooLow => (
            "次數、額度或上限不足以用一次",
            "a limit, a budget or its cap is too low for a single use",
        ),
        FindingCode::LowersNothing => {
            ("沒有任何商品會因此變便宜", "it lowers the price of no item on sale")
        }
        _ => ("門檻高於一籃能買的", "it asks for more than a basket may hold"),
    };
    text(format!("{}永遠用不到:{zh}", name.zh), format!("{} never fires: {en}", name.en))
}

/// A promotion that another makes pointless.
pub(super) fn shadowed(promotion: &Promotion, by: &Promotion) -> Text {
    let (name, by) = (named(promotion), named(by));
    text(
        format!("{}沒有作用:{}條件較寬,而且至少一樣划算", name.zh, by.zh),
        format!("{} is pointless: {} asks for no more and is always as good", name.en, by.en),
    )
}

/// A promotion that narrower ones replace for all that it covers.
pub(super) fn replaced_everywhere(promotion: &Promotion, by: &[&Promotion]) -> Text {
    let (name, by) = (named(promotion), listed(by.iter().map(|other| &other.name)));
    text(
        format!("{}在這家店沒有作用:所有商品都由{}取代", name.zh, by.zh),
        format!("{} is pointless in this store: {} replaces it for all goods", name.en, by.en),
    )
}

/// Promotions in each other's way.
pub(super) fn conflict(code: FindingCode, promotion: &Promotion, others: &[&Promotion]) -> Text {
    let name = named(promotion);
    let others = listed(others.iter().take(3).map(|other| &other.name));
    let (zh, en) = match code {
        FindingCode::SameClass => (
            format!("{}和{}同一類、商品重疊:一籃只用其中一項", name.zh, others.zh),
            format!(
                "{} and {} are of one class and share goods: a basket has one of them",
                name.en, others.en
            ),
        ),
        FindingCode::ExclusiveAmongOthers => (
            format!("{}不與其他活動併用,但商品與{}重疊", name.zh, others.zh),
            format!("{} goes with no other, though it shares goods with {}", name.en, others.en),
        ),
        FindingCode::OrdersNotTogether => (
            format!("{}和{}的商品只有部分重疊:不會一起用", name.zh, others.zh),
            format!(
                "{} and {} cover partly the same goods: they are never used together",
                name.en, others.en
            ),
        ),
        FindingCode::SamePriority => (
            format!("{}和{}順序相同、商品重疊:改由代號決定", name.zh, others.zh),
            format!(
                "{} and {} share goods and a priority: their ids decide which comes first",
                name.en, others.en
            ),
        ),
        _ => (
            format!("{}寫明要取代的活動不存在、不比它寬,或商品不重疊", name.zh),
            format!(
                "{} says that it replaces what is not there, is not wider or shares no goods",
                name.en
            ),
        ),
    };
    text(zh, en)
}

/// A basket that loses money.
pub(super) fn below_cost(names: &[&Text], net: Money, cost: Money) -> Text {
    let names = listed(names.iter().copied());
    text(
        format!("{}:商品成本 {},只收 {}", names.zh, shown(cost), shown(net)),
        format!("{}: goods that cost {} are sold for {}", names.en, shown(cost), shown(net)),
    )
}

/// A unit that is sold too cheaply.
pub(super) fn below_floor(names: &[&Text], item: &str, lowest: Money, floor: Money) -> Text {
    let names = listed(names.iter().copied());
    let (lowest, floor) = (shown(lowest), shown(floor));
    text(
        format!("{}:「{item}」最低售價 {floor},只賣 {lowest}", names.zh),
        format!("{}: “{item}” may not go below {floor} and is sold for {lowest}", names.en),
    )
}
