//! Who buys, with what in hand.

use store_core::promotion::rule::Promotion;
use store_core::promotion::{PricingContext, Used};
use store_core::transaction::TenderTypeId;

use crate::make::{context, member};
use crate::random::Random;

pub fn draw(random: &mut Random) -> PricingContext {
    let mut drawn = context();
    if random.percent(70) {
        let mut buyer = member(random.pick(&[0, 50, 100, 250]));
        buyer.tier = random.pick(&[None, Some("gold".into()), Some("silver".into())]);
        drawn.member = Some(buyer);
    }
    drawn.is_employee = random.percent(30);
    drawn.channel = random.pick(&[None, None, Some("store".into()), Some("online".into())]);
    drawn.tender_intended = match random.below(3) {
        0 => None,
        1 => Some(TenderTypeId::new("card").unwrap()),
        _ => Some(TenderTypeId::new("cash").unwrap()),
    };
    for code in ["SAVE", "HALF", "U50-1", "U50-2", "U50-2", "U9-7"] {
        if random.percent(60) {
            drawn.coupons.push(code.into());
        }
    }
    drawn
}

/// Much of what is limited has been used already.
pub fn with_uses(
    random: &mut Random,
    mut context: PricingContext,
    promotions: &[Promotion],
) -> PricingContext {
    for promotion in promotions {
        if random.percent(50) {
            let mut count = || u32::try_from(random.below(3)).unwrap();
            let (by_member, today, ever) = (count(), count(), count());
            let used = Used { by_member, today, ever, budget: random.between(0, 40) };
            context.used.insert(promotion.id.clone(), used);
        }
    }
    context
}
