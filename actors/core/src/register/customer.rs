//! What the customer is and shows, as far as prices depend on it, and what is said to them.

use std::sync::Arc;

use super::basket::{Basket, Undo};
use super::event::BasketEvent;
use super::lines;
use super::rules::RegisterRules;
use crate::promotion::Member;
use crate::promotion::prompts::{Adds, Prompt, PromptId};
use crate::transaction::{PromptMade, PromptOutcome, TenderTypeId};
use crate::{ItemId, MemberId, Quantity, Refusal, RefusalCode};

/// Most coupons of one basket: what a customer has at hand, with room.
const COUPONS_MAX: usize = 50;

/// Longest code of a coupon, in bytes: as that of a tender's reference.
const COUPON_BYTES_MAX: usize = 64;

/// Most points of one member: beyond that somebody slipped, and sums of them have room.
const POINTS_MAX: u64 = 1_000_000_000;

/// Longest code of a tier, in bytes.
const TIER_BYTES_MAX: usize = 64;

/// Most prompts that are remembered of one basket: one at every line of the longest real one.
const PROMPTS_MADE_MAX: usize = 150;

/// A coupon is shown: it counts where that makes the basket cheaper.
pub(super) fn show_coupon(basket: &mut Basket, code: &str) -> Result<BasketEvent, Refusal> {
    let code: Arc<str> = Arc::from(code.trim());
    let refuse = |refusal: RefusalCode| Refusal::new(refusal).with("code", &code);
    if code.is_empty() || code.len() > COUPON_BYTES_MAX {
        return Err(RefusalCode::CouponUnknown.into());
    }
    if basket.customer.coupons.contains(&code) {
        return Err(refuse(RefusalCode::CouponUsed));
    }
    if basket.customer.coupons.len() >= COUPONS_MAX {
        return Err(Refusal::new(RefusalCode::BasketFull).with("lines", COUPONS_MAX));
    }
    if !is_coupon(basket, &code) {
        return Err(refuse(RefusalCode::CouponUnknown));
    }
    change(basket, |customer| customer.coupons.push(code.clone()));
    Ok(BasketEvent::CouponShown { code: code.to_string() })
}

/// Whether a promotion in force takes a code as its coupon.
pub(super) fn is_coupon(basket: &Basket, code: &str) -> bool {
    let day = basket.day_in_force;
    basket.promotions().promotions().iter().any(|promotion| {
        let when = &promotion.when;
        let is_in_force =
            when.from.is_none_or(|from| from <= day) && when.until.is_none_or(|until| day <= until);
        is_in_force && promotion.coupon.as_ref().is_some_and(|coupon| coupon.fits(code))
    })
}

/// A coupon is taken back.
pub(super) fn withdraw_coupon(basket: &mut Basket, code: &str) -> Result<BasketEvent, Refusal> {
    let code = code.trim();
    if !basket.customer.coupons.iter().any(|shown| **shown == *code) {
        return Err(Refusal::new(RefusalCode::CouponUnknown).with("code", code));
    }
    change(basket, |customer| customer.coupons.retain(|shown| **shown != *code));
    Ok(BasketEvent::CouponWithdrawn { code: code.to_owned() })
}

/// The customer says who they are.
pub(super) fn name_member(
    basket: &mut Basket,
    member: &MemberId,
    tier: Option<&str>,
    points: u64,
) -> Result<BasketEvent, Refusal> {
    let is_bad_tier = tier.is_some_and(|tier| tier.is_empty() || tier.len() > TIER_BYTES_MAX);
    if is_bad_tier || points > POINTS_MAX {
        return Err(RefusalCode::BadAmount.into());
    }
    change(basket, |customer| {
        customer.member = Some(member.clone());
        customer.tier = tier.map(Arc::from);
        customer.points = points;
    });
    Ok(BasketEvent::MemberNamed { member: member.clone() })
}

/// The customer is nobody in particular after all.
pub(super) fn forget_member(basket: &mut Basket) -> Result<BasketEvent, Refusal> {
    if basket.customer.member.is_none() {
        return Err(RefusalCode::NoMember.into());
    }
    change(basket, |customer| {
        (customer.member, customer.tier, customer.points) = (None, None, 0);
    });
    Ok(BasketEvent::MemberForgotten)
}

/// Whether one of the chain's own people buys.
pub(super) fn employee_purchase(basket: &mut Basket, is_one: bool) -> BasketEvent {
    change(basket, |customer| customer.is_employee = is_one);
    BasketEvent::EmployeePurchaseSet { is: is_one }
}

/// How the customer means to pay. Not taken back by an undo: that is for what was entered, and
/// this is said again with another way of paying.
pub(super) fn intend_tender(
    rules: &RegisterRules,
    basket: &mut Basket,
    tender: Option<&TenderTypeId>,
) -> Result<BasketEvent, Refusal> {
    if let Some(tender) = tender.filter(|tender| rules.tender(tender).is_none()) {
        return Err(Refusal::new(RefusalCode::UnknownTender).with("tender", tender));
    }
    basket.customer.tender = tender.cloned();
    Ok(BasketEvent::TenderIntended { tender_type: tender.cloned() })
}

fn change(basket: &mut Basket, change: impl FnOnce(&mut crate::transaction::Customer)) {
    let before = Box::new(basket.customer.clone());
    change(&mut basket.customer);
    basket.push_undo(Undo::Customer { before });
}

/// The customer as prices look at them.
pub(super) fn member(basket: &Basket) -> Option<Member> {
    let customer = &basket.customer;
    let id = customer.member.clone()?;
    Some(Member { id, tier: customer.tier.clone(), points: customer.points })
}

/// The customer does not want what a prompt says: it is not made again in this basket.
pub(super) fn decline_prompt(basket: &mut Basket, id: &PromptId) -> Result<BasketEvent, Refusal> {
    let declined = made(standing(basket, id)?, PromptOutcome::Declined);
    match basket.prompts_made.iter_mut().find(|made| made.prompt == *id) {
        Some(made) => made.outcome = PromptOutcome::Declined,
        // Beyond the bound, and it must not come again all the same.
        None => basket.prompts_made.push(declined),
    }
    Ok(BasketEvent::PromptDeclined { prompt: id.clone() })
}

/// What a prompt asks for is added.
pub(super) fn take_prompt(
    rules: &RegisterRules,
    basket: &mut Basket,
    id: &PromptId,
) -> Result<BasketEvent, Refusal> {
    let Adds::Items { item, code, count, .. } = standing(basket, id)?.adds.clone() else {
        return Err(RefusalCode::PromptNeedsGoods.into());
    };
    let quantity =
        Quantity::pieces(i64::from(count)).map_err(|_| Refusal::new(RefusalCode::BadQuantity))?;
    lines::key(rules, basket, (&code, Some(&item)), Some(quantity), None)
}

fn standing<'a>(basket: &'a Basket, id: &PromptId) -> Result<&'a Prompt, Refusal> {
    basket
        .prompts
        .iter()
        .find(|prompt| prompt.id == *id)
        .ok_or_else(|| Refusal::new(RefusalCode::PromptGone))
}

fn made(prompt: &Prompt, outcome: PromptOutcome) -> PromptMade {
    PromptMade {
        prompt: prompt.id.clone(),
        promotion: prompt.promotion.clone(),
        saving: prompt.saving,
        outcome,
    }
}

/// Prompts for the basket as it stands were worked out: they are shown, and remembered.
pub(super) fn prompted(basket: &mut Basket, prompts: Vec<Prompt>) {
    for prompt in &prompts {
        let known = basket.prompts_made.iter_mut().find(|made| made.prompt == prompt.id);
        if let Some(made) = known {
            made.saving = prompt.saving;
        } else if basket.prompts_made.len() < PROMPTS_MADE_MAX {
            basket.prompts_made.push(made(prompt, PromptOutcome::Shown));
        }
    }
    basket.prompts = prompts;
}

/// The basket was `before`, and prompts stood: those whose goods are in it now were taken. One
/// that asked for an amount was taken where its promotion gives more than before.
pub(super) fn note_taken(before: &Basket, basket: &mut Basket) {
    let mut taken = Vec::new();
    for prompt in &before.prompts {
        let is_taken = match &prompt.adds {
            Adds::Items { item, .. } => count_of(basket, item) > count_of(before, item),
            Adds::Amount { .. } => gives(basket, prompt) > gives(before, prompt),
        };
        if is_taken {
            taken.push(&prompt.id);
        }
    }
    for made in &mut basket.prompts_made {
        if taken.contains(&&made.prompt) {
            made.outcome = PromptOutcome::Taken;
        }
    }
}

fn count_of(basket: &Basket, item: &ItemId) -> i64 {
    let lines = basket.transaction.live_lines().filter(|line| line.item == *item);
    lines.map(|line| line.quantity.thousandths()).fold(0, i64::saturating_add)
}

fn gives(basket: &Basket, prompt: &Prompt) -> i64 {
    let applied = basket.pricing.iter().flat_map(|pricing| &pricing.applied);
    let of = applied.filter(|used| used.promotion.id == prompt.promotion);
    of.map(|used| used.amount.minor()).fold(0, i64::saturating_add)
}
