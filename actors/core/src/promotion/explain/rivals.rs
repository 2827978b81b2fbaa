//! What the basket would cost with other promotions.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Named, RunnerUp, sentences};
use crate::promotion::evaluate::evaluate;
use crate::promotion::outcome::Outcome;
use crate::promotion::prompts::{NODES_EACH_MAX, is_settled};
use crate::promotion::rule::Promotion;
use crate::promotion::scene::Scene;
use crate::promotion::set::PromotionSet;
use crate::{Money, MoneyError, PromotionId};

/// Most baskets that are priced for one explanation: somebody waits for it, and other registers'
/// prompts do.
const RIVALS_MAX: usize = 256;

/// The prices of a basket under parts of its set. Only promotions that touch the basket can change
/// its price: those are looked at, not the thousands of the whole set.
pub(super) struct Rivals<'a> {
    scene: Scene<'a>,
    /// What all searches together may still look at.
    nodes_left: u64,
    rivals_left: usize,
    concerned: Vec<Promotion>,
    /// What is known of the basket without one promotion.
    without: BTreeMap<PromotionId, Rival>,
}

/// The basket under a part of its set.
#[derive(Clone)]
pub(super) struct Rival {
    set: Arc<PromotionSet>,
    outcome: Arc<Outcome>,
}

impl Rival {
    pub(super) fn total(&self) -> i64 {
        self.outcome.total
    }

    pub(super) fn is_settled(&self) -> bool {
        is_settled(&self.outcome)
    }

    /// Whether a promotion is used in it.
    pub(super) fn uses(&self, promotion: &Promotion) -> bool {
        self.outcome.applied.iter().any(|applied| applied.promotion == promotion.id)
    }

    fn used(&self) -> impl Iterator<Item = &Promotion> {
        self.outcome.applied.iter().filter_map(|applied| self.set.get(applied.index))
    }
}

/// Promotions without which another is used, and the basket then.
pub(super) struct Blocked {
    pub(super) by: Vec<Promotion>,
    pub(super) rival: Rival,
}

impl<'a> Rivals<'a> {
    pub(super) fn new(scene: Scene<'a>, nodes: u64) -> Self {
        let concerned = scene.touching().map(|(_, promotion)| promotion.clone()).collect();
        let without = BTreeMap::new();
        Self { scene, nodes_left: nodes, rivals_left: RIVALS_MAX, concerned, without }
    }

    /// The basket under these promotions; none where enough was looked at.
    pub(super) fn rival(
        &mut self,
        promotions: Vec<Promotion>,
    ) -> Result<Option<Rival>, MoneyError> {
        if self.nodes_left == 0 || self.rivals_left == 0 {
            return Ok(None);
        }
        let Scene { set, goods, context, .. } = self.scene;
        let set = set.with(promotions);
        let outcome = evaluate(&set, goods, context, self.nodes_left.min(NODES_EACH_MAX))?;
        self.nodes_left = self.nodes_left.saturating_sub(outcome.certificate.nodes);
        self.rivals_left -= 1;
        Ok(Some(Rival { set: Arc::new(set), outcome: Arc::new(outcome) }))
    }

    fn without_all(&mut self, left_out: &[Promotion]) -> Result<Option<Rival>, MoneyError> {
        let is_in = |promotion: &&Promotion| left_out.iter().all(|out| out.id != promotion.id);
        self.rival(self.concerned.iter().filter(is_in).cloned().collect())
    }

    /// The best basket without a promotion; none where the search was cut short.
    pub(super) fn without(&mut self, promotion: &Promotion) -> Result<Option<Rival>, MoneyError> {
        let known = self.without.get(&promotion.id).cloned();
        let rival = match known {
            Some(rival) => rival,
            None => {
                let Some(rival) = self.without_all(std::slice::from_ref(promotion))? else {
                    return Ok(None);
                };
                self.without.insert(promotion.id.clone(), rival.clone());
                rival
            }
        };
        Ok(rival.is_settled().then_some(rival))
    }

    /// A rival beside the basket as it is.
    pub(super) fn runner_up(&self, rival: &Rival) -> Result<RunnerUp, MoneyError> {
        let Scene { goods, outcome, .. } = self.scene;
        let is_new = |promotion: &&Promotion| {
            outcome.applied.iter().all(|applied| applied.promotion != promotion.id)
        };
        let instead: Vec<Named> = rival.used().filter(is_new).map(Named::of).collect();
        let total = Money::from_minor(rival.total(), goods.currency)?;
        let worse = Money::from_minor(rival.total() - outcome.total, goods.currency)?;
        let text = sentences::runner_up(total, worse, &instead);
        Ok(RunnerUp { total, worse, instead, text })
    }

    /// What keeps a promotion from being used that would be used alone: the one used promotion
    /// without which it is and the basket costs least, or else as few as are found. None where a
    /// search was cut short.
    pub(super) fn blocked(&mut self, promotion: &Promotion) -> Result<Option<Blocked>, MoneyError> {
        let used: Vec<Promotion> = self
            .scene
            .outcome
            .applied
            .iter()
            .filter_map(|applied| self.scene.set.get(applied.index).cloned())
            .collect();
        let mut best: Option<Blocked> = None;
        for rival_of in &used {
            let Some(rival) = self.without(rival_of)? else { continue };
            let is_better = best.as_ref().is_none_or(|best| rival.total() < best.rival.total());
            if rival.uses(promotion) && is_better {
                best = Some(Blocked { by: vec![rival_of.clone()], rival });
            }
        }
        if best.is_some() {
            return Ok(best);
        }
        self.blocked_by_several(promotion, used)
    }

    /// Leaves out all that is used until the promotion is, then takes back what is not in its way.
    fn blocked_by_several(
        &mut self,
        promotion: &Promotion,
        mut out: Vec<Promotion>,
    ) -> Result<Option<Blocked>, MoneyError> {
        let Some(mut rival) = self.without_all(&out)? else { return Ok(None) };
        while !rival.uses(promotion) {
            let more: Vec<Promotion> = rival.used().cloned().collect();
            if more.is_empty() {
                return Ok(None);
            }
            out.extend(more);
            let Some(without) = self.without_all(&out)? else { return Ok(None) };
            rival = without;
        }
        let mut place = 0;
        while place < out.len() {
            let mut fewer = out.clone();
            fewer.remove(place);
            let Some(without) = self.without_all(&fewer)? else { return Ok(None) };
            if without.uses(promotion) {
                (out, rival) = (fewer, without);
            } else {
                place += 1;
            }
        }
        Ok(rival.is_settled().then_some(Blocked { by: out, rival }))
    }
}
