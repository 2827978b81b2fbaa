//! The promotions in force in one store, found by what is in a basket.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::index::Index;
use super::rule::Promotion;
use crate::{PromotionId, StoreId};

/// A promotion's place in its set. Sets are sorted by id, so a smaller index is a smaller id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PromotionIndex(pub u32);

/// How the promotions of a set are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Policy {
    /// So that the customer pays the least.
    #[default]
    Best,
    /// One after another by the retailer's priority, each as often as it can.
    Priority,
}

/// The points that everything earns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasePoints {
    /// For each full amount of this, in minor units, of what is paid.
    pub per_amount: i64,
    /// So many points.
    pub points: u64,
}

/// The promotions of one store.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct PromotionSet {
    promotions: Vec<Promotion>,
    policy: Policy,
    base_points: Option<BasePoints>,
    store: Option<StoreId>,
    index: Index,
}

impl PromotionSet {
    /// Puts promotions together. Two of one id are a fault that reading a file names; here the
    /// first of them stays.
    #[must_use]
    pub fn new(
        mut promotions: Vec<Promotion>,
        policy: Policy,
        base_points: Option<BasePoints>,
    ) -> Self {
        promotions.sort_by(|a, b| a.id.cmp(&b.id));
        promotions.dedup_by(|a, b| a.id == b.id);
        let index = Index::new(&promotions);
        Self { promotions, policy, base_points, store: None, index }
    }

    /// The promotions that may ever be live in one store, whose shares of limits then count. Where
    /// it was not asked for a store, places are not looked at and limits are the chain's.
    #[must_use]
    pub fn for_store(&self, store: &StoreId, regions: &[Arc<str>]) -> Self {
        let is_here = |promotion: &&Promotion| {
            let place = &promotion.place;
            let is_everywhere = place.stores.is_empty() && place.regions.is_empty();
            is_everywhere
                || place.stores.contains(store)
                || place.regions.iter().any(|region| regions.contains(region))
        };
        let here = self.promotions.iter().filter(is_here).cloned().collect();
        let mut set = Self::new(here, self.policy, self.base_points);
        set.store = Some(store.clone());
        set
    }

    /// The same promotions, put together in another way and with other points.
    #[must_use]
    pub fn under(self, policy: Policy, base_points: Option<BasePoints>) -> Self {
        Self { policy, base_points, ..self }
    }

    /// The same set with some promotions in place of those with their ids, or besides.
    #[must_use]
    pub fn with_besides(&self, others: Vec<Promotion>) -> Self {
        let is_other = |promotion: &&Promotion| others.iter().all(|one| one.id != promotion.id);
        let mut all: Vec<Promotion> = self.promotions.iter().filter(is_other).cloned().collect();
        all.extend(others);
        self.with(all)
    }

    /// The store whose promotions they are, where they were made out for one.
    #[must_use]
    pub const fn store(&self) -> Option<&StoreId> {
        self.store.as_ref()
    }

    /// Whether there is none, and nothing earns points.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.promotions.is_empty() && self.base_points.is_none()
    }

    pub(super) const fn index(&self) -> &Index {
        &self.index
    }

    /// Only these promotions, under the same policy, points and store.
    #[must_use]
    pub fn with(&self, promotions: Vec<Promotion>) -> Self {
        let mut set = Self::new(promotions, self.policy, self.base_points);
        set.store.clone_from(&self.store);
        set
    }

    /// Every promotion, by id.
    #[must_use]
    pub fn promotions(&self) -> &[Promotion] {
        &self.promotions
    }

    /// How they are put together.
    #[must_use]
    pub const fn policy(&self) -> Policy {
        self.policy
    }

    /// The points that everything earns.
    #[must_use]
    pub const fn base_points(&self) -> Option<BasePoints> {
        self.base_points
    }

    /// The promotion at a place.
    #[must_use]
    pub fn get(&self, index: PromotionIndex) -> Option<&Promotion> {
        self.promotions.get(usize::try_from(index.0).ok()?)
    }

    /// The promotion with this id.
    #[must_use]
    pub fn find(&self, id: &PromotionId) -> Option<(PromotionIndex, &Promotion)> {
        let place = self.promotions.binary_search_by(|promotion| promotion.id.cmp(id)).ok()?;
        let index = PromotionIndex(u32::try_from(place).ok()?);
        Some((index, self.promotions.get(place)?))
    }
}
