//! Bundles in headquarters' database.

use std::collections::BTreeSet;

use hq_wire::link::v1::{BundleManifest, BundlePart, Place, PolicyState, Signed};
use serde_json::value::RawValue;
use store_core::Currency;
use store_core::policy::{Bundle as Parts, Part};

use super::directory::Known;
use super::offer::{self, Bundle, Publication, offered};
use super::push::{PushError, Pushed};
use crate::store::sql::{Connection, Row, params};
use crate::store::{HqStore, StoreError};

const BUNDLES: &str = "select id, version, pushed_ms, manifest, signature, withdrawn_ms \
                       from policy_bundles order by version";

/// A bundle that is ready to be kept, with its pieces.
pub(super) type Made = (Bundle, Vec<Vec<u8>>);

/// Notices that something else is to be published: a bundle was pushed or withdrawn, or the moment
/// of one has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PolicyWatch(Option<(i64, i64, i64)>);

impl PolicyWatch {
    /// Whether something is different from what it was at the last look.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn has_changed(&mut self, store: &mut HqStore, now_ms: i64) -> Result<bool, StoreError> {
        let counts = store.sql().query_one(
            "select cast(count(*) as bigint), cast(count(withdrawn_ms) as bigint),
                 cast(coalesce(sum(case when effective_ms <= ?1 then 1 else 0 end), 0) as bigint)
             from policy_bundles",
            params![now_ms],
            |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?)),
        )?;
        let has_changed = self.0 != counts;
        self.0 = counts;
        Ok(has_changed)
    }
}

fn bundle(row: &Row) -> Result<Bundle, StoreError> {
    let unreadable = |error: serde_json::Error| StoreError::Sql {
        reason: format!("a manifest of policy does not parse: {error}"),
    };
    let text = row.string(3)?;
    let manifest: BundleManifest = serde_json::from_str(&text).map_err(unreadable)?;
    let text = RawValue::from_string(text).map_err(unreadable)?;
    Ok(Bundle {
        signed: Signed { manifest: text, signature: row.string(4)? },
        manifest,
        pushed_ms: row.int(2)?,
        withdrawn_ms: row.opt_int(5)?,
    })
}

fn bundles(sql: &mut Connection) -> Result<Vec<Bundle>, StoreError> {
    sql.query(BUNDLES, &[], bundle)
}

impl HqStore {
    /// Every bundle that was pushed, by version.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn policy_bundles(&mut self) -> Result<Vec<Bundle>, StoreError> {
        bundles(self.sql())
    }

    /// The stores with the currency that each has said it has; empty where it has not yet.
    pub(super) fn policy_stores(&mut self) -> Result<Vec<(String, String)>, StoreError> {
        let all = "select store, currency from stores order by store";
        self.sql().query(all, &[], |row| Ok((row.string(0)?, row.string(1)?)))
    }

    /// The last catalogue and people that were pushed for all of these stores.
    pub(super) fn policy_known(
        &mut self,
        stores: &[String],
        currency: Option<Currency>,
    ) -> Result<Known, StoreError> {
        let mut known = Known::default();
        let bundles = self.policy_bundles()?;
        let is_for_all = |bundle: &&Bundle| {
            let named = &bundle.manifest.stores;
            let is_for_chain = named.is_empty();
            let is_for_each = !stores.is_empty() && stores.iter().all(|one| named.contains(one));
            bundle.withdrawn_ms.is_none() && (is_for_chain || is_for_each)
        };
        for bundle in bundles.iter().filter(is_for_all).rev() {
            let own = bundle.manifest.currency.as_deref().and_then(|code| Currency::new(code).ok());
            let Some(currency) = own.or(currency) else { continue };
            if known.catalogue.is_none() {
                known.catalogue = part_of(self.sql(), bundle, Part::Catalogue, currency)?.catalogue;
            }
            if known.people.is_none() {
                known.people = part_of(self.sql(), bundle, Part::People, currency)?.people;
            }
        }
        Ok(known)
    }

    /// Keeps what `make` makes of the next version and of all bundles there are, in one
    /// transaction.
    pub(super) fn keep_bundle(
        &mut self,
        make: impl FnOnce(&mut Connection, u64, &[Bundle]) -> Result<Made, PushError>,
    ) -> Result<Pushed, PushError> {
        let kept = self.sql().write(|sql| {
            // Of two who push at once, one waits.
            sql.lock("select last from numbers where name = 'id'", &[], |row| row.int(0))?;
            let bundles = bundles(sql)?;
            let version = next_version(sql, &bundles)?;
            let (bundle, pieces) = match make(sql, version, &bundles) {
                Ok(made) => made,
                Err(error) => return Ok(Err(error)),
            };
            insert(sql, &bundle, &pieces)?;
            Ok(Ok(bundle))
        })?;
        kept.map(|bundle| Pushed {
            version: bundle.manifest.version,
            effective_ms: bundle.manifest.effective_ms,
            parts: bundle
                .manifest
                .parts
                .iter()
                .map(|part| (part.name.clone(), part.size))
                .collect(),
            id: bundle.manifest.id,
        })
    }

    /// Withdraws a bundle before its moment.
    ///
    /// # Errors
    /// [`PushError::NotWithdrawn`] where it is too late, or there is none.
    pub fn withdraw_policy(&mut self, version: u64, now_ms: i64) -> Result<(), PushError> {
        let withdrawn = self.sql().execute(
            "update policy_bundles set withdrawn_ms = ?2
             where version = ?1 and withdrawn_ms is null and effective_ms > ?2",
            params![version, now_ms],
        )?;
        if withdrawn > 0 {
            return Ok(());
        }
        let bundles = self.policy_bundles()?;
        let bundle = bundles.iter().find(|bundle| bundle.manifest.version == version);
        let reason = match bundle {
            None => "it was never pushed",
            Some(bundle) if bundle.withdrawn_ms.is_some() => "it was withdrawn before",
            Some(_) => "it is in force: push another one",
        };
        Err(PushError::NotWithdrawn { version, reason })
    }

    /// What is to be published for a store: the pieces that the broker lacks, then the offer, then
    /// what takes back pieces that are not on offer any more. Of the bundles in `lacking` all
    /// pieces are published again: the broker may have kept nothing.
    ///
    /// # Errors
    /// Where the database cannot.
    pub fn policy_publications(
        &mut self,
        place: &Place,
        now_ms: i64,
        lacking: &BTreeSet<String>,
    ) -> Result<Vec<Publication>, StoreError> {
        let bundles = self.policy_bundles()?;
        let offered = offered(&bundles, &place.store, now_ms);
        let published = "select id from policy_published where store = ?1";
        let published = self.sql().query(published, params![&place.store], |row| row.string(0))?;
        let published: BTreeSet<String> = published.into_iter().collect();
        let mut publications = Vec::new();
        for bundle in &offered {
            let id = &bundle.manifest.id;
            if lacking.contains(id) || !published.contains(id) {
                let pieces = (0..).zip(pieces_of(self.sql(), id)?);
                publications.extend(
                    pieces.map(|(number, content)| offer::piece(place, id, number, Some(content))),
                );
                self.sql().execute(
                    "insert into policy_published (store, id) values (?1, ?2)
                     on conflict (store, id) do nothing",
                    params![&place.store, id],
                )?;
            }
        }
        publications.push(offer::offer(place, &offered));
        for id in published {
            if offered.iter().any(|bundle| bundle.manifest.id == id) {
                continue;
            }
            let bundle = bundles.iter().find(|bundle| bundle.manifest.id == id);
            let count = bundle.map_or(0, |bundle| bundle.manifest.piece_count());
            let numbers = 0..u32::try_from(count).unwrap_or(u32::MAX);
            publications.extend(numbers.map(|number| offer::piece(place, &id, number, None)));
            self.sql().execute(
                "delete from policy_published where store = ?1 and id = ?2",
                params![&place.store, &id],
            )?;
        }
        Ok(publications)
    }

    /// What each store last said of its policy; a store whose words cannot be read says nothing.
    pub(crate) fn policy_states(&mut self) -> Result<Vec<(String, PolicyState)>, StoreError> {
        states(self.sql())
    }

    /// The same of one store.
    pub(crate) fn policy_state_of(
        &mut self,
        store: &str,
    ) -> Result<Option<PolicyState>, StoreError> {
        let said = "select payload from states where thing = 'policy' and store = ?1";
        let said = self.sql().query_one(said, params![store], |row| row.string(0))?;
        Ok(said.and_then(|payload| serde_json::from_str(&payload).ok()))
    }
}

/// One part of a bundle; nothing where the bundle does not have it.
pub(super) fn part_of(
    sql: &mut Connection,
    bundle: &Bundle,
    part: Part,
    currency: Currency,
) -> Result<Parts, StoreError> {
    let mut first = 0;
    for BundlePart { name, pieces, .. } in &bundle.manifest.parts {
        let next = first + pieces.len();
        if Part::named(name) == Some(part) {
            let content = content_of(sql, bundle, name, first..next)?;
            let parts = std::collections::BTreeMap::from([(part, content)]);
            // What was signed was checked; an older program may have checked less.
            return Ok(Parts::read(&parts, currency).unwrap_or_default());
        }
        first = next;
    }
    Ok(Parts::default())
}

fn content_of(
    sql: &mut Connection,
    bundle: &Bundle,
    name: &str,
    numbers: std::ops::Range<usize>,
) -> Result<Vec<u8>, StoreError> {
    let pieces = pieces_of(sql, &bundle.manifest.id)?;
    let part = bundle.manifest.parts.iter().find(|part| part.name == name);
    let own = pieces.get(numbers).unwrap_or_default();
    let content = part.and_then(|part| part.join(own).ok());
    content.ok_or_else(|| StoreError::Sql { reason: format!("{name} of policy is damaged") })
}

fn pieces_of(sql: &mut Connection, id: &str) -> Result<Vec<Vec<u8>>, StoreError> {
    let text = "select content from policy_pieces where id = ?1 order by piece";
    sql.query(text, params![id], |row| row.bytes(0).map(<[u8]>::to_vec))
}

/// What each store last said of its policy; a store whose words cannot be read says nothing.
pub(super) fn states(sql: &mut Connection) -> Result<Vec<(String, PolicyState)>, StoreError> {
    let said = "select store, payload from states where thing = 'policy' order by store";
    let said = sql.query(said, &[], |row| Ok((row.string(0)?, row.string(1)?)))?;
    let read =
        |(store, payload): (String, String)| Some((store, serde_json::from_str(&payload).ok()?));
    Ok(said.into_iter().filter_map(read).collect())
}

/// Higher than any that was pushed, and than any that a store has heard of: a headquarters that was
/// put back from a backup would give out a number again, and no store would take it.
fn next_version(sql: &mut Connection, bundles: &[Bundle]) -> Result<u64, StoreError> {
    let pushed = bundles.iter().map(|bundle| bundle.manifest.version);
    let said = states(sql)?;
    let heard = said.iter().flat_map(|(_, state)| {
        state.in_force.into_iter().chain(state.offered.iter().map(|one| one.version))
    });
    // Far below what the column holds: a store that says nonsense stops nobody.
    let heard = heard.filter(|version| *version < 1 << 40);
    Ok(pushed.chain(heard).max().unwrap_or(0) + 1)
}

fn insert(sql: &mut Connection, bundle: &Bundle, pieces: &[Vec<u8>]) -> Result<(), StoreError> {
    let BundleManifest { id, version, effective_ms, .. } = &bundle.manifest;
    sql.execute(
        "insert into policy_bundles
             (id, version, pushed_ms, effective_ms, manifest, signature, withdrawn_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            id,
            *version,
            bundle.pushed_ms,
            *effective_ms,
            bundle.signed.manifest.get(),
            &bundle.signed.signature,
            bundle.withdrawn_ms
        ],
    )?;
    for (number, piece) in (0_i64..).zip(pieces) {
        sql.execute(
            "insert into policy_pieces (id, piece, content) values (?1, ?2, ?3)",
            params![id, number, piece.as_slice()],
        )?;
    }
    Ok(())
}
