//! Amounts and names in the sentences that promotions make for people.

use super::rule::Text;
use crate::Money;
use crate::transaction::TenderTypeId;

/// A sentence in the store's languages.
pub(super) fn text(zh: impl Into<String>, en: impl Into<String>) -> Text {
    Text { zh: zh.into().into(), en: en.into().into() }
}

/// For a person to read, as on the screens: `NT$1,234`, `−$5.00`.
pub(super) fn shown(money: Money) -> String {
    let sign = if money.is_negative() { "−" } else { "" };
    let symbol = match money.currency().code() {
        "TWD" => "NT$".to_owned(),
        "USD" => "$".to_owned(),
        "EUR" => "€".to_owned(),
        "JPY" => "¥".to_owned(),
        "GBP" => "£".to_owned(),
        other => format!("{other} "),
    };
    format!("{sign}{symbol}{}", grouped(money))
}

/// Without a currency and without a sign: `1,234`.
pub(super) fn grouped(money: Money) -> String {
    let text = money.amount().abs().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::with_capacity(text.len() + 4);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if !fraction.is_empty() {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    grouped
}

/// What people call a way of paying; its code where it is one that only the chain knows.
pub(super) fn tender(tender: &TenderTypeId) -> Text {
    match tender.as_str() {
        "cash" => text("現金", "cash"),
        "card" => text("刷卡", "card"),
        "mobile" => text("行動支付", "mobile payment"),
        "coupon" | "voucher" => text("禮券", "voucher"),
        code => text(code, code),
    }
}

/// `names` with the words of each language between them.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a Text>) -> Text {
    let (zh, en): (Vec<String>, Vec<String>) = names
        .into_iter()
        .map(|name| (format!("「{}」", name.zh), format!("“{}”", name.en)))
        .unzip();
    text(zh.join("、"), en.join(", "))
}

/// `1 unit`, `2 units`.
pub(super) fn units(count: u32) -> String {
    if count == 1 { "1 unit".to_owned() } else { format!("{count} units") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Currency;

    #[test]
    fn amounts_read_as_on_the_screens() {
        let money = |minor, currency| Money::from_minor(minor, currency).unwrap();
        assert_eq!(shown(money(1_234_567, Currency::TWD)), "NT$1,234,567");
        assert_eq!(shown(money(35, Currency::TWD)), "NT$35");
        assert_eq!(shown(money(-123_456, Currency::USD)), "−$1,234.56");
        assert_eq!(shown(money(1500, Currency::KWD)), "KWD 1.500");
    }
}
