//! The limits of a bundle's promotions as the shares of its stores: what headquarters knows when it
//! deals them out, and where they are written.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde_json::Value;
use store_core::policy::{Bundle as Parts, Part, promotions};
use store_core::promotion::rule::{Limits, Promotion, Share};
use store_core::promotion::set::PromotionSet;
use store_core::{Currency, PromotionId, StoreId};

use super::deal::{Hand, deal};
use super::directory::{Draft, FileFault};
use super::offer::Bundle;
use super::push::{Order, PushError};
use super::stored::{part_of, states};
use crate::store::sql::{Connection, params};
use crate::store::{StoreError, promotion_uses};

/// Whose baskets of late say how much of a limit a store gets.
const WEIGHED_DAYS: i64 = 28;
/// The file that the part is made of.
const FILE: &str = "promotions.toml";

/// A store of the chain, as limits are dealt out to it.
struct Seat {
    id: String,
    region: String,
    /// How much of the trade it does.
    weight: u64,
    /// Whether the new bundle is for it.
    is_meant: bool,
    /// The sets that it may follow now or come to follow, by their place in [`Table::pushed`].
    follows: Vec<usize>,
}

/// What headquarters knows when it deals.
struct Table {
    seats: Vec<Seat>,
    /// The promotions that were pushed before.
    pushed: Vec<PromotionSet>,
}

/// Deals out every limit of a draft that nobody has dealt out by hand.
///
/// # Errors
/// Where there is no store to deal to, or the database cannot.
pub fn deal_out(
    sql: &mut Connection,
    bundles: &[Bundle],
    order: &Order,
    currency: Option<Currency>,
    draft: &mut Draft,
) -> Result<(), PushError> {
    let (Some(content), Some(currency)) = (draft.parts.get(&Part::Promotions), currency) else {
        return Ok(());
    };
    let set = read(content, currency).map_err(PushError::Faults)?;
    let undealt = |promotion: &&Promotion| is_undealt(&promotion.limits);
    let undealt: Vec<&Promotion> = set.promotions().iter().filter(undealt).collect();
    if undealt.is_empty() {
        return Ok(());
    }
    let table = Table::read(sql, bundles, order, currency)?;
    // It was written by this program from a value.
    let mut file: Value = serde_json::from_slice(content).unwrap_or_default();
    for promotion in undealt {
        let mut dealt = promotion.clone();
        dealt.limits.shares = table.shares(sql, promotion, currency)?;
        if dealt.limits.shares.is_empty() {
            return Err(PushError::Faults(vec![nobody(&promotion.id)]));
        }
        put(&mut file, &dealt, currency);
    }
    let content = serde_json::to_vec(&file).unwrap_or_default();
    // As a store will read it.
    read(&content, currency).map_err(PushError::Faults)?;
    draft.parts.insert(Part::Promotions, content);
    Ok(())
}

const fn has_limit(limits: &Limits) -> bool {
    limits.total.is_some() || limits.budget.is_some()
}

fn is_undealt(limits: &Limits) -> bool {
    has_limit(limits) && limits.shares.is_empty()
}

fn read(content: &[u8], currency: Currency) -> Result<PromotionSet, Vec<FileFault>> {
    let parts = BTreeMap::from([(Part::Promotions, content.to_vec())]);
    let read = Parts::read(&parts, currency).map_err(|faults| {
        let faults = faults.into_iter().map(|fault| {
            let reason = format!("with its stores' shares, {}: {}", fault.place, fault.reason);
            FileFault { file: FILE.to_owned(), line: 1, code: fault.code, reason }
        });
        faults.collect::<Vec<_>>()
    })?;
    Ok(read.promotions.map(|promotions| promotions.set.clone()).unwrap_or_default())
}

fn nobody(promotion: &PromotionId) -> FileFault {
    let reason = format!(
        "headquarters knows no store that the limit of {promotion} could be dealt out to: add the \
         stores first, or write their shares"
    );
    FileFault { file: FILE.to_owned(), line: 1, code: "no_store", reason }
}

/// Puts a promotion in the place of the one with its id.
fn put(file: &mut Value, promotion: &Promotion, currency: Currency) {
    let entries = file.get_mut("promotions").and_then(Value::as_array_mut);
    let is_it =
        |entry: &&mut Value| entry.get("id").and_then(Value::as_str) == Some(promotion.id.as_str());
    if let Some(entry) = entries.into_iter().flatten().find(is_it) {
        *entry = promotions::write(promotion, currency);
    }
}

/// Uses of a total as the units that are dealt.
fn total_of(limits: &Limits) -> Option<u64> {
    limits.total.map(u64::from)
}

/// Minor units of a budget as the units that are dealt.
fn budget_of(limits: &Limits) -> Option<u64> {
    limits.budget.and_then(|budget| u64::try_from(budget).ok())
}

impl Table {
    fn read(
        sql: &mut Connection,
        bundles: &[Bundle],
        order: &Order,
        currency: Currency,
    ) -> Result<Self, StoreError> {
        let baskets = baskets(sql, order.now_ms)?;
        // A store that has not sold yet counts as an average one.
        let average =
            baskets.values().sum::<u64>() / u64::try_from(baskets.len().max(1)).unwrap_or(1);
        let in_force: BTreeMap<String, Option<u64>> =
            states(sql)?.into_iter().map(|(store, state)| (store, state.in_force)).collect();
        let pushed: Vec<&Bundle> = bundles.iter().filter(|bundle| has_promotions(bundle)).collect();
        let all = "select store, region from stores order by store";
        let all = sql.query(all, &[], |row| Ok((row.string(0)?, row.string(1)?)))?;
        let seats = all.into_iter().map(|(id, region)| Seat {
            weight: baskets.get(&id).copied().unwrap_or(average).max(1),
            is_meant: order.stores.is_empty() || order.stores.contains(&id),
            follows: followed(&pushed, &id, in_force.get(&id).copied().flatten()),
            id,
            region,
        });
        let seats: Vec<Seat> = seats.collect();
        let mut sets = Vec::with_capacity(pushed.len());
        for (place, bundle) in pushed.iter().enumerate() {
            let is_followed = seats.iter().any(|seat| seat.follows.contains(&place));
            // What was signed was checked; an older program may have checked less.
            let part = is_followed.then(|| part_of(sql, bundle, Part::Promotions, currency));
            let promotions = part.transpose()?.and_then(|part| part.promotions);
            sets.push(promotions.map(|promotions| promotions.set.clone()).unwrap_or_default());
        }
        Ok(Self { seats, pushed: sets })
    }

    /// What of its limits each store may use.
    fn shares(
        &self,
        sql: &mut Connection,
        promotion: &Promotion,
        currency: Currency,
    ) -> Result<BTreeMap<StoreId, Share>, StoreError> {
        let used = promotion_uses(sql, promotion.id.as_str(), currency.code())?;
        let used_of = |seat: &Seat| used.get(&seat.id).copied().unwrap_or_default();
        let total = self.dealt(promotion, total_of, |seat| used_of(seat).0);
        let budget = self
            .dealt(promotion, budget_of, |seat| u64::try_from(used_of(seat).1).unwrap_or_default());
        let at = |parts: &[u64], place| parts.get(place).copied().unwrap_or_default();
        let mut shares = BTreeMap::new();
        for (place, seat) in self.players(promotion).enumerate() {
            // A store's id has the form of any text id, and a part is no more than its limit.
            let Ok(id) = StoreId::new(&seat.id) else { continue };
            let total = u32::try_from(at(&total, place)).unwrap_or(u32::MAX);
            let budget = i64::try_from(at(&budget, place)).unwrap_or(i64::MAX);
            shares.insert(id, Share { total, budget });
        }
        if shares.is_empty() {
            // It is for none of these stores. Without any share each would have the whole limit, so
            // one is told that it has nothing.
            let meant = self.seats.iter().find(|seat| seat.is_meant);
            let meant = meant.and_then(|seat| StoreId::new(&seat.id).ok());
            shares.extend(meant.map(|id| (id, Share::default())));
        }
        Ok(shares)
    }

    /// The stores that the new bundle is for and the promotion may be live in.
    fn players<'a>(&'a self, promotion: &'a Promotion) -> impl Iterator<Item = &'a Seat> {
        self.seats.iter().filter(|seat| seat.is_meant && is_for(promotion, seat))
    }

    /// One limit, as its parts for the players.
    fn dealt(
        &self,
        promotion: &Promotion,
        limit_of: impl Fn(&Limits) -> Option<u64>,
        used_of: impl Fn(&Seat) -> u64,
    ) -> Vec<u64> {
        let Some(limit) = limit_of(&promotion.limits) else { return Vec::new() };
        let hand = |seat: &Seat| Hand {
            weight: seat.weight,
            used: used_of(seat),
            held: self.held(&promotion.id, seat, &limit_of),
        };
        let hands: Vec<Hand> = self.players(promotion).map(hand).collect();
        let others = self.seats.iter().filter(|seat| !seat.is_meant || !is_for(promotion, seat));
        let elsewhere = others.map(|seat| hand(seat).taken()).fold(0, u64::saturating_add);
        deal(limit, elsewhere, &hands)
    }

    /// The most that a store may believe to be its share of a limit.
    fn held(
        &self,
        promotion: &PromotionId,
        seat: &Seat,
        limit_of: impl Fn(&Limits) -> Option<u64>,
    ) -> u64 {
        let share = |place: &usize| {
            let (_, before) = self.pushed.get(*place)?.find(promotion)?;
            let limit = limit_of(&before.limits)?;
            if before.limits.shares.is_empty() {
                return Some(limit);
            }
            let shares = before.limits.shares.iter();
            let own = shares.filter(|(store, _)| store.as_str() == seat.id);
            let own = own.map(|(_, share)| limit_of(&as_limits(*share, &before.limits)));
            own.flatten().next()
        };
        seat.follows.iter().filter_map(share).max().unwrap_or_default()
    }
}

/// A share in the form of the limits that it is of.
fn as_limits(share: Share, of: &Limits) -> Limits {
    Limits {
        total: of.total.map(|_| share.total),
        budget: of.budget.map(|_| share.budget),
        ..Limits::default()
    }
}

fn is_for(promotion: &Promotion, seat: &Seat) -> bool {
    let place = &promotion.place;
    let is_everywhere = place.stores.is_empty() && place.regions.is_empty();
    is_everywhere
        || place.stores.iter().any(|store| store.as_str() == seat.id)
        || place.regions.iter().any(|region| **region == *seat.region)
}

fn has_promotions(bundle: &Bundle) -> bool {
    let parts = &bundle.manifest.parts;
    bundle.withdrawn_ms.is_none() && parts.iter().any(|part| part.name == Part::Promotions.name())
}

/// The bundles of promotions, by version, that a store may follow: the one in force as it last
/// said, and every later one; all of them where it has not said anything.
fn followed(pushed: &[&Bundle], store: &str, in_force: Option<u64>) -> Vec<usize> {
    let own = pushed.iter().enumerate().filter(|(_, bundle)| bundle.is_for(store));
    let own: Vec<(usize, u64)> =
        own.map(|(place, bundle)| (place, bundle.manifest.version)).collect();
    let is_old = |(_, version): &&(usize, u64)| in_force.is_some_and(|now| *version <= now);
    let past = own.iter().filter(is_old).count().saturating_sub(1);
    own.into_iter().skip(past).map(|(place, _)| place).collect()
}

/// The baskets of the days of late, by store.
fn baskets(sql: &mut Connection, now_ms: i64) -> Result<BTreeMap<String, u64>, StoreError> {
    let today = Timestamp::from_millisecond(now_ms).unwrap_or_default();
    let today = today.to_zoned(TimeZone::UTC).date();
    let from = today.checked_sub(WEIGHED_DAYS.days()).unwrap_or(today);
    let text = "select store, cast(sum(sales) as bigint) from sales_by
         where day >= ?1 and day <= ?2 and dimension = 'total' group by store";
    let days = (from.to_string(), today.to_string());
    let found =
        sql.query(text, params![&days.0, &days.1], |row| Ok((row.string(0)?, row.count(1)?)))?;
    Ok(found.into_iter().filter(|(_, count)| *count > 0).collect())
}
