//! What a promotion took.

use super::*;
use crate::promotion::PromotionUse;
use crate::promotion::rule::Text;

/// The sale, its first line lowered by a promotion.
fn promoted(sale: &mut RetailTransaction, taken: i64, stated: i64) {
    let name = Text { zh: "五".into(), en: "five".into() };
    let promotion = AppliedPromotion { id: PromotionId::new("five").unwrap(), name };
    sale.lines[0].modifiers[0].promotion = Some(promotion.clone());
    sale.lines[0].modifiers[0].amount = twd(taken);
    sale.totals.taxes.retain(|tax| tax.method == TaxMethod::Inclusive);
    let (total, due) = (sale.totals.net, sale.totals.net.subtract(sale.totals.tendered).unwrap());
    (sale.totals.total, sale.totals.due) = (total, due);
    let used = PromotionUse {
        promotion,
        uses: 1,
        units: 1,
        amount: twd(stated),
        sales: twd(90),
        coupons: Vec::new(),
    };
    sale.pricing = Some(SalePricing {
        set: "1".into(),
        promotions: vec![used],
        points_earned: 0,
        points_spent: 0,
        coupons_earned: Vec::new(),
        prompts: Vec::new(),
        customer: Customer::default(),
        by_priority: false,
        base_points: None,
        rules: Vec::new(),
    });
}

#[test]
fn a_promotion_took_what_the_sale_says_that_it_took() {
    let laws = |change: &dyn Fn(&mut RetailTransaction)| {
        let mut sale = sale();
        promoted(&mut sale, 5, 5);
        change(&mut sale);
        promotions::check(&sale)
    };
    assert_eq!(laws(&|_| ()), Ok(()));
    let broken = laws(&|sale| promoted(sale, 5, 6));
    let transaction = sale().id;
    let promotion = PromotionId::new("five").unwrap();
    let (stated, computed) = (twd(6), twd(5));
    let expected = Violation::PromotionDoesNotAddUp { transaction, promotion, stated, computed };
    assert_eq!(broken, Err(expected));
    let unsaid = laws(&|sale| sale.pricing.as_mut().unwrap().promotions.clear());
    assert!(matches!(unsaid, Err(Violation::PromotionDoesNotAddUp { .. })));
    // Where tax is added the lines say only the net part of it.
    let added = laws(&|sale| {
        promoted(sale, 5, 6);
        sale.totals.taxes.push(tax(TaxMethod::Exclusive, 1));
    });
    assert_eq!(added, Ok(()));
    // Nor may one make a line dearer, be it by what tax rounds.
    for taken in [-1, -5] {
        let raises = after(|sale| {
            promoted(sale, taken, taken);
            let class = sale.lines[0].tax_class.clone();
            sale.totals.taxes.push(TaxLine { class, ..tax(TaxMethod::Exclusive, 1) });
        });
        assert!(matches!(raises, Err(Violation::WrongSign { .. })), "{raises:?}");
    }
}
