use super::Adds;
use crate::promotion::rule::Text;
use crate::promotion::wording::{grouped, shown, text};
use crate::{Currency, Money};

/// What to say: 「再買 1 件牛奶(NT$35),省 NT$60」, 「再 320 元折 100」.
pub(super) fn of(adds: &Adds, cost: Money, saving: Money) -> Text {
    match adds {
        Adds::Items { description, count, .. } => text(
            format!("再買 {count} 件{description}({}),省 {}", shown(cost), shown(saving)),
            format!("{count} more {description} ({}) saves {}", shown(cost), shown(saving)),
        ),
        Adds::Amount { amount } => text(
            // What everybody has in the purse needs no sign.
            if amount.currency() == Currency::TWD {
                format!("再 {} 元折 {}", grouped(*amount), grouped(saving))
            } else {
                format!("再 {} 折 {}", shown(*amount), shown(saving))
            },
            format!("{} more takes {} off", shown(*amount), shown(saving)),
        ),
    }
}
