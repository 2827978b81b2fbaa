use proptest::prelude::*;

use super::*;
use crate::transaction::tests::line;

fn table(classes: &[(&str, &str, TaxMethod)]) -> TaxTable {
    let rate = |percent: &str, method| TaxRate { percent: percent.parse().unwrap(), method };
    TaxTable {
        default: rate("5", TaxMethod::Inclusive),
        classes: classes
            .iter()
            .map(|(class, percent, method)| (Arc::from(*class), rate(percent, *method)))
            .collect(),
    }
}

fn taxes(table: &TaxTable, currency: Currency, nets: &[(&str, i64)]) -> Vec<TaxLine> {
    let lines: Vec<LineItem> = nets
        .iter()
        .map(|(class, net)| line(class, Money::from_minor(*net, currency).unwrap()))
        .collect();
    table.of(lines.iter(), currency).unwrap()
}

fn sums(taxes: &[TaxLine]) -> Vec<(&str, i64, i64)> {
    taxes.iter().map(|tax| (&*tax.class, tax.base.minor(), tax.tax.minor())).collect()
}

#[test]
fn a_tax_is_rounded_once_for_its_class_half_up() {
    // Taiwan: 5 % contained. 3 × 35 = 105 contains exactly 5; single lines would make 2 each.
    let taiwan = table(&[]);
    assert_eq!(sums(&taxes(&taiwan, Currency::TWD, &[("", 35); 3])), [("", 105, 5)]);
    assert_eq!(sums(&taxes(&taiwan, Currency::TWD, &[("", 10)])), [("", 10, 0)]);
    assert_eq!(sums(&taxes(&taiwan, Currency::TWD, &[("", 11)])), [("", 11, 1)]);
    // 8.875 % added: 1.00 makes 0.08875, 4 × 1.00 makes 0.355, a half that goes up.
    let york =
        table(&[("food", "0", TaxMethod::Exclusive), ("york", "8.875", TaxMethod::Exclusive)]);
    let nets = [("york", 100), ("food", 250), ("york", 300)];
    assert_eq!(sums(&taxes(&york, Currency::USD, &nets)), [("food", 250, 0), ("york", 400, 36)]);
    // What is given back carries the same tax the other way.
    assert_eq!(sums(&taxes(&york, Currency::USD, &[("york", -400)])), [("york", -400, -36)]);
    // 12 % contained: 1.68 of 15.68; the quotient has no last digit.
    let manila = table(&[("vat", "12", TaxMethod::Inclusive)]);
    assert_eq!(sums(&taxes(&manila, Currency::USD, &[("vat", 1568)])), [("vat", 1568, 168)]);
}

#[test]
fn a_class_that_is_not_named_has_the_default_rate() {
    let table = table(&[("none", "0", TaxMethod::Exclusive)]);
    assert_eq!(table.rate("none").percent, Decimal::ZERO);
    assert_eq!(table.rate("new").percent, Decimal::from(5));
    let flat = TaxTable::flat(TaxRate { percent: Decimal::TEN, method: TaxMethod::Exclusive });
    assert_eq!(flat.rate("none").percent, Decimal::TEN);
}

#[test]
fn a_rate_that_cannot_be_computed_with_is_an_error() {
    let largest = line("", Money::from_minor(1_000_000_000_000_000, Currency::USD).unwrap());
    let minus_all = Decimal::from(-100);
    for (percent, method) in [
        (Decimal::MAX, TaxMethod::Inclusive),
        (Decimal::MAX, TaxMethod::Exclusive),
        (minus_all, TaxMethod::Inclusive),
    ] {
        let table = TaxTable::flat(TaxRate { percent, method });
        assert!(table.of([&largest].into_iter(), Currency::USD).is_err(), "{percent} {method:?}");
    }
}

/// `numerator / denominator` by the schoolbook's half up, in whole numbers alone.
fn half_up(numerator: i128, denominator: i128) -> i128 {
    let rounded = (2 * numerator.abs() + denominator) / (2 * denominator);
    rounded * numerator.signum()
}

proptest! {
    #[test]
    fn the_breakdown_adds_up_for_taxes_contained_and_added(
        nets in prop::collection::vec((0_usize..3, -10_000_000_i64..10_000_000), 0..30),
        hundredths in prop::array::uniform3(0_i64..3_000),
        inclusive in prop::array::uniform3(any::<bool>()),
    ) {
        const CLASSES: [&str; 3] = ["a", "b", "c"];
        let method = |class: usize| match inclusive[class] {
            true => TaxMethod::Inclusive,
            false => TaxMethod::Exclusive,
        };
        let classes: BTreeMap<Arc<str>, TaxRate> = (0..3)
            .map(|class| {
                let percent = Decimal::new(hundredths[class], 2);
                (Arc::from(CLASSES[class]), TaxRate { percent, method: method(class) })
            })
            .collect();
        let default = TaxRate { percent: Decimal::ZERO, method: TaxMethod::Exclusive };
        let table = TaxTable { default, classes };
        let named: Vec<(&str, i64)> =
            nets.iter().map(|(class, net)| (CLASSES[*class], *net)).collect();
        let taxes = taxes(&table, Currency::USD, &named);
        let bases: i64 = taxes.iter().map(|tax| tax.base.minor()).sum();
        prop_assert_eq!(bases, nets.iter().map(|(_, net)| net).sum::<i64>());
        prop_assert!(taxes.is_sorted_by(|a, b| a.class < b.class));
        for tax in &taxes {
            let class = CLASSES.iter().position(|class| *class == &*tax.class).unwrap();
            let (base, rate) = (i128::from(tax.base.minor()), i128::from(hundredths[class]));
            let expected = match method(class) {
                TaxMethod::Inclusive => half_up(base * rate, 10_000 + rate),
                TaxMethod::Exclusive => half_up(base * rate, 10_000),
            };
            prop_assert_eq!(i128::from(tax.tax.minor()), expected);
        }
    }
}
