//! Promotions of orders where tax is added: whatever cents come out, the sale is a sale.

use std::sync::Arc;

use serde_json::json;
use store_core::policy::promotions::read;
use store_core::promotion::PricingRules;
use store_core::register::{Command, InForce, RegisterInput, RegisterRules};
use store_core::tax::{TaxMethod, TaxRate, TaxTable};
use store_core::{Currency, Money, TransactionId};
use uuid::Uuid;

use crate::till::{MILK, SOAP, Till};

fn cents(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD).unwrap()
}

#[test]
fn an_order_lowered_under_added_tax_can_always_be_completed() {
    for percent in [5, 7, 10, 19] {
        for milk in 4..16 {
            let off = cents(milk).amount().to_string();
            let file = json!({ "promotions": [
                { "id": "off", "name": { "zh": "off", "en": "off" },
                  "order": { "items": { "items": ["1"] }, "award": { "amount_off": off } } },
            ] });
            let mut till = Till::new();
            let taxes =
                TaxTable::flat(TaxRate { percent: percent.into(), method: TaxMethod::Exclusive });
            let promotions = Arc::new(read(&file, Currency::USD).unwrap().set);
            let pricing = Arc::new(PricingRules { taxes, promotions });
            let rules = Arc::new(RegisterRules { pricing, ..RegisterRules::clone(&till.rules) });
            till.rules = rules.clone();
            let catalogue = till.catalogue.clone();
            till.feed(RegisterInput::InForceChanged(InForce { revision: 1, catalogue, rules }));
            for soap in 5..12 {
                let next = till.transaction.uuid().as_u128() + 1;
                till.transaction = TransactionId::new(Uuid::from_u128(next));
                till.version = 0;
                for (code, amount) in [(MILK, milk), (SOAP, soap)] {
                    let amount = Some(cents(amount));
                    let key = Command::KeyItem {
                        code: code.to_owned(),
                        quantity: None,
                        amount,
                        item: None,
                    };
                    till.run(key).unwrap();
                }
                let due = till.machine.view(till.now()).basket.unwrap().totals.due;
                till.pay("cash", &due.amount().to_string()).unwrap();
                till.run(Command::Complete).unwrap_or_else(|refusal| {
                    panic!("{percent} % added, {milk} + {soap}, {off} off: {refusal:?}")
                });
            }
        }
    }
}
