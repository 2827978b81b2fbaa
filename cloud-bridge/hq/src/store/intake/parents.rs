use std::str::FromStr;

use hq_wire::link::v1::branch_id;
use hq_wire::row::v1::digest_from_hex;
use uuid::Uuid;

use super::Intake;
use crate::ingest::fold::{Effect, Fork};
use crate::store::StoreError;
use crate::store::sql::{Connection, params};

/// What a stream that goes on from another says exists: the other, and the branch that it would
/// have if it had to end.
fn named(parent: &str, digest: &str) -> Option<[Uuid; 2]> {
    let (parent, digest) = (Uuid::from_str(parent).ok()?, digest_from_hex(digest)?);
    Some([parent, branch_id(parent, &digest)])
}

impl Intake<'_> {
    /// Answers for the parents of streams that just began. A headquarters that went back to a
    /// backup may have lost all of such a one, and the store would never hear that.
    pub(super) fn acknowledge_parents(
        &mut self,
        sql: &mut Connection,
        effects: &[(usize, Effect)],
    ) -> Result<(), StoreError> {
        for (index, effect) in effects {
            let Effect::Forked(Fork { parent, digest, .. }) = effect else { continue };
            let Some(entry) = self.entries.get(*index) else { continue };
            let Some(store) = self.streams.get(entry.stream).map(|it| it.store.clone()) else {
                continue;
            };
            for name in named(parent, digest).into_iter().flatten() {
                self.acknowledge(sql, &store, name)?;
            }
        }
        Ok(())
    }

    /// Answers for the parents of every stream of a store that is born.
    pub(super) fn acknowledge_forks(
        &mut self,
        sql: &mut Connection,
        store: &str,
    ) -> Result<(), StoreError> {
        let forks = "select parent, parent_digest from forks where store = ?1";
        let forks = sql.query(forks, params![store], |row| Ok((row.string(0)?, row.string(1)?)))?;
        let names = forks.iter().filter_map(|(parent, digest)| named(parent, digest));
        names.flatten().try_for_each(|name| self.acknowledge(sql, store, name))
    }

    /// Says how far a stream is, and of one that is not known that nothing is held of it.
    pub(super) fn acknowledge(
        &mut self,
        sql: &mut Connection,
        store: &str,
        name: Uuid,
    ) -> Result<(), StoreError> {
        match self.stream(sql, store, name)? {
            Some(index) => _ = self.to_acknowledge.insert(index),
            None => _ = self.unknown.insert((store.to_owned(), name)),
        }
        Ok(())
    }
}
