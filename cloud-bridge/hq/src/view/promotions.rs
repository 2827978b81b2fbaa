//! What promotions brought.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a promotion is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PromotionName {
    /// In Traditional Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// What a promotion brought, by whatever it is summed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PromotionSums {
    /// Completed sales in which it was used.
    pub baskets: u64,
    /// How often it was used: units, groups or times.
    pub uses: u64,
    /// Units that it took or lowered.
    pub units: u64,
    /// What it took off what was to pay.
    pub discount: i64,
    /// The sales that it carried: what the units that it took or lowered came to, after all
    /// promotions. A unit that two promotions lowered stands with both.
    pub net: i64,
    /// Prompts about it, those of abandoned baskets included.
    pub shown: u64,
    /// Prompts that were taken, and sold: of `shown` they are the conversion.
    pub taken: u64,
    /// Prompts that the customer did not want.
    pub declined: u64,
}

impl PromotionSums {
    /// Adds others.
    pub fn add(&mut self, other: &Self) {
        self.baskets += other.baskets;
        self.uses += other.uses;
        self.units += other.units;
        self.discount += other.discount;
        self.net += other.net;
        self.shown += other.shown;
        self.taken += other.taken;
        self.declined += other.declined;
    }
}

/// A promotion with what it brought in one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PromotionView {
    /// Its id.
    pub promotion: String,
    /// What it was last called; none where no basket said it.
    pub name: Option<PromotionName>,
    /// ISO 4217.
    pub currency: String,
    /// What it brought.
    pub sums: PromotionSums,
}

/// What one promotion brought by store and by day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PromotionDetail {
    /// In each currency, the one in which it carried most first; of a promotion of which nothing
    /// is known there is none.
    pub totals: Vec<PromotionView>,
    /// By store, in the first currency of `totals`, the one in which it carried most first.
    pub stores: Vec<StorePromotion>,
    /// By business day, in the first currency of `totals`; days without it are left out.
    pub days: Vec<DayPromotion>,
}

/// What a promotion brought in one store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StorePromotion {
    /// Which store, by id.
    pub store: String,
    /// What it brought there.
    pub sums: PromotionSums,
}

/// What a promotion brought on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DayPromotion {
    /// The business day, `YYYY-MM-DD`.
    pub day: String,
    /// What it brought then.
    pub sums: PromotionSums,
}
