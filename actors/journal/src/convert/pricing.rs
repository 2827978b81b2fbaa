use std::sync::Arc;

use hq_wire::facts::v1;
use store_core::promotion::PromotionUse;
use store_core::promotion::prompts::PromptId;
use store_core::promotion::rule::Text;
use store_core::promotion::set::BasePoints;
use store_core::transaction::{
    AppliedPromotion, Customer, PromptMade, PromptOutcome, SalePricing, TenderTypeId,
};
use store_core::{Currency, Money};

use super::value::{id, money, money_to_wire};
use super::{ConvertError, bad};

pub fn to_wire(pricing: &SalePricing, currency: Currency) -> v1::Pricing {
    v1::Pricing {
        set: pricing.set.to_string(),
        promotions: pricing.promotions.iter().map(use_to_wire).collect(),
        points_earned: pricing.points_earned,
        points_spent: pricing.points_spent,
        coupons_earned: texts(&pricing.coupons_earned),
        prompts: pricing.prompts.iter().map(prompt_to_wire).collect(),
        context: v1::PricingContext {
            member: pricing.customer.member.as_ref().map(ToString::to_string),
            tier: pricing.customer.tier.as_deref().map(str::to_owned),
            points: pricing.customer.points,
            employee: pricing.customer.is_employee,
            coupons: texts(&pricing.customer.coupons),
            tender: pricing.customer.tender.as_ref().map(ToString::to_string),
        },
        by_priority: pricing.by_priority,
        base_points: pricing.base_points.and_then(|base| {
            let per_amount = Money::from_minor(base.per_amount, currency).ok()?;
            Some(v1::BasePoints { per_amount: money_to_wire(per_amount), points: base.points })
        }),
        rules: pricing.rules.clone(),
    }
}

pub fn from_wire(wire: &v1::Pricing) -> Result<SalePricing, ConvertError> {
    let context = &wire.context;
    let tender = |text: &str| TenderTypeId::new(text).map_err(bad("tender", text));
    Ok(SalePricing {
        set: Arc::from(wire.set.as_str()),
        promotions: wire.promotions.iter().map(use_from_wire).collect::<Result<_, _>>()?,
        points_earned: wire.points_earned,
        points_spent: wire.points_spent,
        coupons_earned: codes(&wire.coupons_earned),
        prompts: wire.prompts.iter().map(prompt_from_wire).collect::<Result<_, _>>()?,
        customer: Customer {
            member: context.member.as_deref().map(|text| id("member", text)).transpose()?,
            tier: context.tier.as_deref().map(Arc::from),
            points: context.points,
            is_employee: context.employee,
            coupons: codes(&context.coupons),
            tender: context.tender.as_deref().map(tender).transpose()?,
        },
        by_priority: wire.by_priority,
        base_points: wire.base_points.as_ref().map(base_points_from_wire).transpose()?,
        rules: wire.rules.clone(),
    })
}

fn base_points_from_wire(wire: &v1::BasePoints) -> Result<BasePoints, ConvertError> {
    let per_amount = money("per_amount", &wire.per_amount)?.minor();
    Ok(BasePoints { per_amount, points: wire.points })
}

fn use_to_wire(used: &PromotionUse) -> v1::PromotionUse {
    v1::PromotionUse {
        promotion: used.promotion.id.to_string(),
        name: text_to_wire(&used.promotion.name),
        uses: used.uses,
        units: used.units,
        amount: money_to_wire(used.amount),
        sales: money_to_wire(used.sales),
        coupons: texts(&used.coupons),
    }
}

fn use_from_wire(wire: &v1::PromotionUse) -> Result<PromotionUse, ConvertError> {
    Ok(PromotionUse {
        promotion: AppliedPromotion {
            id: id("promotion", &wire.promotion)?,
            name: text_from_wire(&wire.name),
        },
        uses: wire.uses,
        units: wire.units,
        amount: money("amount", &wire.amount)?,
        sales: money("sales", &wire.sales)?,
        coupons: codes(&wire.coupons),
    })
}

fn prompt_to_wire(prompt: &PromptMade) -> v1::PromptMade {
    v1::PromptMade {
        prompt: prompt.prompt.as_str().to_owned(),
        promotion: prompt.promotion.to_string(),
        saving: money_to_wire(prompt.saving),
        outcome: match prompt.outcome {
            PromptOutcome::Shown => v1::PromptOutcome::Shown,
            PromptOutcome::Taken => v1::PromptOutcome::Taken,
            PromptOutcome::Declined => v1::PromptOutcome::Declined,
        },
    }
}

fn prompt_from_wire(wire: &v1::PromptMade) -> Result<PromptMade, ConvertError> {
    Ok(PromptMade {
        prompt: PromptId::new(&wire.prompt),
        promotion: id("promotion", &wire.promotion)?,
        saving: money("saving", &wire.saving)?,
        outcome: match wire.outcome {
            v1::PromptOutcome::Shown => PromptOutcome::Shown,
            v1::PromptOutcome::Taken => PromptOutcome::Taken,
            v1::PromptOutcome::Declined => PromptOutcome::Declined,
        },
    })
}

/// The promotion behind a modifier.
pub fn applied_to_wire(promotion: &AppliedPromotion) -> v1::AppliedPromotion {
    v1::AppliedPromotion { id: promotion.id.to_string(), name: text_to_wire(&promotion.name) }
}

pub fn applied_from_wire(wire: &v1::AppliedPromotion) -> Result<AppliedPromotion, ConvertError> {
    Ok(AppliedPromotion { id: id("promotion", &wire.id)?, name: text_from_wire(&wire.name) })
}

fn text_to_wire(text: &Text) -> v1::Text {
    v1::Text { zh: text.zh.to_string(), en: text.en.to_string() }
}

fn text_from_wire(wire: &v1::Text) -> Text {
    Text { zh: Arc::from(wire.zh.as_str()), en: Arc::from(wire.en.as_str()) }
}

fn texts(codes: &[Arc<str>]) -> Vec<String> {
    codes.iter().map(ToString::to_string).collect()
}

fn codes(texts: &[String]) -> Vec<Arc<str>> {
    texts.iter().map(|text| Arc::from(text.as_str())).collect()
}
