//! A store's facts in the order in which the store wrote them, in whichever they came.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use hq_wire::facts::v1;
use hq_wire::link::v1::branch_id;
use hq_wire::row::v1::digest_from_hex;
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::sql::{Connection, params};

/// Rows that are read of a stream at once.
const ROWS_AT_ONCE: usize = 500;

/// When a stream began, by the store's own clock, and its name: what orders those that do not go
/// on from one another.
type Began = (i64, String);

/// From one row of a stream to another.
pub type Range = (i64, i64);

/// A stream, or a branch of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// Its number here.
    pub id: i64,
    /// What it goes on from: where that stands among the streams, and its last row that counts.
    pub before: Option<(usize, i64)>,
}

/// A store's streams and branches, each after the one that it goes on from.
pub fn streams(sql: &mut Connection, store: &str) -> Result<Vec<Stream>, StoreError> {
    let streams = sql.query(
        "select s.stream, s.id, s.journal_stream, s.base, coalesce(
             (select r.wall_ms from rows r where r.stream = s.id order by r.sequence limit 1), 0)
         from streams s where s.store = ?1",
        params![store],
        |row| {
            let (id, journal_stream, base) = (row.int(1)?, row.string(2)?, row.int(3)?);
            Ok((row.string(0)?, (id, journal_stream, base, row.int(4)?)))
        },
    )?;
    let held: BTreeMap<String, _> = streams.into_iter().collect();
    let mut parents: BTreeMap<&str, (String, i64)> = BTreeMap::new();
    for (name, (_, journal_stream, base, _)) in &held {
        if name != journal_stream {
            parents.insert(name, (journal_stream.clone(), *base));
        }
    }
    let forks = "select into_stream, parent, parent_digest, parent_through from forks
         where store = ?1";
    let forks = sql.query(forks, params![store], |row| {
        Ok((row.string(0)?, row.string(1)?, row.string(2)?, row.int(3)?))
    })?;
    for (into, parent, digest, through) in &forks {
        // A branch ends where the store went on in another stream, and is named after that.
        let branch = Uuid::from_str(parent).ok().zip(digest_from_hex(digest));
        let branch = branch.map(|(parent, digest)| branch_id(parent, &digest).to_string());
        let parent = branch.filter(|it| held.contains_key(it)).unwrap_or_else(|| parent.clone());
        parents.insert(into, (parent, *through));
    }
    let began = held.iter().map(|(name, (.., wall_ms))| (name.as_str(), *wall_ms)).collect();
    let order = in_order(&began, &parents);
    let places: BTreeMap<&str, usize> =
        order.iter().enumerate().map(|(place, name)| (name.as_str(), place)).collect();
    let stream = |(place, name): (usize, &String)| {
        let (id, ..) = held.get(name)?;
        let before = parents.get(name.as_str()).and_then(|(parent, through)| {
            let parent = places.get(parent.as_str()).copied().filter(|parent| *parent < place)?;
            Some((parent, *through))
        });
        Some(Stream { id: *id, before })
    };
    Ok(order.iter().enumerate().filter_map(stream).collect())
}

/// The streams in order: each after the one that it goes on from, and besides as they began.
fn in_order(began: &BTreeMap<&str, i64>, parents: &BTreeMap<&str, (String, i64)>) -> Vec<String> {
    let at = |name: &str| -> Option<Began> { Some((*began.get(name)?, name.to_owned())) };
    let mut ready: BTreeSet<Began> = BTreeSet::new();
    let mut next: BTreeMap<&str, Vec<Began>> = BTreeMap::new();
    for name in began.keys() {
        let parent = parents.get(name).map(|(parent, _)| parent.as_str());
        match parent.filter(|parent| began.contains_key(parent)) {
            Some(parent) => next.entry(parent).or_default().extend(at(name)),
            None => ready.extend(at(name)),
        }
    }
    let (mut order, mut done) = (Vec::with_capacity(began.len()), BTreeSet::new());
    // Two that go on from one another are nobody's journal: either is the first.
    while let Some((_, name)) =
        ready.pop_first().or_else(|| next.keys().next().and_then(|name| at(name)))
    {
        ready.extend(next.remove(name.as_str()).unwrap_or_default());
        if done.insert(name.clone()) {
            order.push(name);
        }
    }
    order
}

/// All that lies between the first and the last row of something, where `ranges` has the first and
/// the last one in each stream: as the store has it that wrote the streams one after the other,
/// and as each of the copies has it where there were several.
pub fn stretches(streams: &[Stream], ranges: &BTreeMap<i64, Range>) -> Vec<(i64, Range)> {
    let range = |stream: &Stream| ranges.get(&stream.id).copied();
    // Where it ends in each stream: with its last row, or where the stream was left for another
    // in which it goes on.
    let mut ends: Vec<Option<i64>> =
        streams.iter().map(|stream| range(stream).map(|(_, last)| last)).collect();
    for (place, stream) in streams.iter().enumerate().rev() {
        let goes_on = ends.get(place).copied().flatten().is_some();
        if let Some((before, through)) = stream.before.filter(|_| goes_on)
            && let Some(end) = ends.get_mut(before)
        {
            *end = (*end).max(Some(through));
        }
    }
    let mut begun: Vec<bool> = Vec::with_capacity(streams.len());
    let mut stretches = Vec::new();
    for (stream, end) in streams.iter().zip(ends) {
        let own = range(stream);
        let has_begun = stream.before.is_some_and(|(before, through)| {
            let first = streams.get(before).and_then(range).map(|(first, _)| first);
            begun.get(before).copied().unwrap_or(false) || first.is_some_and(|it| it <= through)
        });
        begun.push(has_begun);
        let begin = if has_begun { Some(0) } else { own.map(|(first, _)| first) };
        if let Some(stretch) = begin.zip(end) {
            stretches.push((stream.id, stretch));
        }
    }
    stretches
}

/// A row.
pub struct FactRow {
    /// Its number in its stream.
    pub sequence: i64,
    /// The append's id: a fact that came by two streams has one.
    pub id: [u8; 16],
    /// The body's kind.
    pub kind: String,
    /// The body.
    pub body: String,
}

/// Shows the rows of a stretch of a stream that were folded, by it or by another before, in order.
/// Rows of a version that this program does not know are kept aside.
pub fn each_row(
    sql: &mut Connection,
    stream: i64,
    (mut first, last): (i64, i64),
    each: &mut dyn FnMut(&mut Connection, &FactRow) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let version = i64::from(v1::VERSION);
    loop {
        let rows = sql.query(
            "select sequence, id, kind, body from rows
             where stream = ?1 and sequence >= ?2 and sequence <= ?3 and fold >= 0
                 and body_version = ?4
             order by sequence limit ?5",
            params![stream, first, last, version, ROWS_AT_ONCE as u64],
            |row| {
                let (sequence, id) = (row.int(0)?, row.array(1)?);
                Ok(FactRow { sequence, id, kind: row.string(2)?, body: row.string(3)? })
            },
        )?;
        for row in &rows {
            each(sql, row)?;
        }
        match rows.last() {
            Some(row) if rows.len() == ROWS_AT_ONCE => first = row.sequence.saturating_add(1),
            _ => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(began: &[(&str, i64)], forks: &[(&str, &str)]) -> Vec<String> {
        let forks = forks.iter().map(|(into, of)| (*into, ((*of).to_owned(), 0)));
        in_order(&began.iter().copied().collect(), &forks.collect())
    }

    #[test]
    fn what_goes_on_from_another_comes_after_it_whatever_its_clock_says() {
        let began = [("a", 50), ("b", 20), ("c", 10), ("d", 30)];
        let forks = [("b", "a"), ("c", "b"), ("d", "a")];
        assert_eq!(order(&began, &forks), ["a", "b", "c", "d"]);
        // The second copy of a journal began before what went on from the first one.
        let began = [("a", 50), ("b", 20), ("c", 40), ("d", 30)];
        assert_eq!(order(&began, &forks), ["a", "b", "d", "c"]);
    }

    #[test]
    fn what_nobody_knows_the_beginning_of_stands_by_its_clock() {
        let began = [("a", 2), ("b", 1), ("c", 1)];
        assert_eq!(order(&began, &[("a", "gone")]), ["b", "c", "a"]);
        assert!(order(&[], &[]).is_empty());
    }

    #[test]
    fn a_ring_is_nobodys_journal_and_each_of_it_stands_once() {
        let began = [("a", 1), ("b", 2), ("c", 3), ("d", 4)];
        let forks = [("a", "b"), ("b", "a"), ("c", "b"), ("d", "d")];
        let mut names = order(&began, &forks);
        names.sort();
        assert_eq!(names, ["a", "b", "c", "d"]);
    }

    fn streams(befores: &[Option<(usize, i64)>]) -> Vec<Stream> {
        befores.iter().zip(1..).map(|(before, id)| Stream { id, before: *before }).collect()
    }

    #[test]
    fn what_lies_between_goes_over_the_end_of_a_stream() {
        let streams = streams(&[None, Some((0, 9)), Some((1, 20)), Some((0, 3))]);
        let stretches =
            |ranges: &[(i64, Range)]| super::stretches(&streams, &ranges.iter().copied().collect());
        assert_eq!(stretches(&[(1, (4, 6))]), [(1, (4, 6))], "as it stands");
        assert_eq!(stretches(&[(1, (4, 6)), (2, (5, 7))]), [(1, (4, 9)), (2, (0, 7))]);
        // It is nowhere in the second, which lies between all the same.
        assert_eq!(
            stretches(&[(1, (4, 6)), (3, (5, 7))]),
            [(1, (4, 9)), (2, (0, 20)), (3, (0, 7))]
        );
        // The fourth left the first before it began there, which is its own affair.
        assert_eq!(stretches(&[(1, (4, 6)), (4, (2, 8))]), [(1, (4, 6)), (4, (2, 8))]);
        // What was written after the stream was left is not taken for the other's.
        assert_eq!(stretches(&[(1, (2, 12)), (4, (1, 5))]), [(1, (2, 12)), (4, (0, 5))]);
        assert_eq!(stretches(&[(3, (5, 7))]), [(3, (5, 7))]);
        assert!(stretches(&[]).is_empty());
    }
}
