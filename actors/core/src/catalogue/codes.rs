use std::cmp::Ordering;

use super::import_error::Duplicate;
use super::{Item, Plu, SharedCode};
use crate::barcode::{CODE_CHARS_MAX, Gtin};

/// A barcode of an item.
pub(super) struct Listed<C> {
    pub code: C,
    /// The item's position.
    pub item: u32,
    /// How many pieces it means.
    pub pack: u32,
}

/// Sorted arrays that lead from a code to the position of an item.
#[derive(Default)]
pub(super) struct Codes {
    gtins: Vec<Listed<Gtin>>,
    /// Codes of the store's own that are no article numbers.
    plain: Vec<Listed<Box<str>>>,
    plus: Vec<Listed<u32>>,
    /// Positions in the order of the items' ids.
    ids: Vec<u32>,
}

/// Codes as they are collected, in the order of the file.
#[derive(Default)]
pub(super) struct Collected {
    pub gtins: Vec<Listed<Gtin>>,
    pub plain: Vec<Listed<Box<str>>>,
    pub plus: Vec<Listed<u32>>,
}

impl Codes {
    /// Sorts what was collected.
    ///
    /// # Errors
    /// Where two items have one id, one item has a code twice, or a code is another item's id.
    pub(super) fn sorted(collected: Collected, items: &[Item]) -> Result<Self, Duplicate> {
        let Collected { mut gtins, mut plain, mut plus } = collected;
        gtins.sort_unstable_by_key(|listed| (listed.code, listed.item));
        plain.sort_unstable_by(|a, b| (&a.code, a.item).cmp(&(&b.code, b.item)));
        plus.sort_unstable_by_key(|listed| (listed.code, listed.item));
        let ids = sorted_ids(items);
        gtins.shrink_to_fit();
        let codes = Self { gtins, plain, plus, ids };
        codes.check(items)?;
        Ok(codes)
    }

    fn check(&self, items: &[Item]) -> Result<(), Duplicate> {
        let id = |position: u32| item(items, position).map(|item| &item.id);
        if let Some(second) =
            self.ids.windows(2).filter_map(|pair| same(pair, |a, b| id(a) == id(b))).min()
        {
            return Err(Duplicate::id(second));
        }
        let duplicates = twice(&self.gtins)
            .map(|(item, code)| Duplicate::barcode(item, &code))
            .chain(twice(&self.plain).map(|(item, code)| Duplicate::barcode(item, &code)))
            .chain(twice(&self.plus).map(|(item, code)| Duplicate::plu(item, &code)));
        if let Some(duplicate) = duplicates.min_by_key(|duplicate| duplicate.item) {
            return Err(duplicate);
        }
        self.check_against_ids(items)
    }

    /// A code that a cashier keys must not mean one item as a barcode and another as an id.
    fn check_against_ids(&self, items: &[Item]) -> Result<(), Duplicate> {
        for listed in &self.plain {
            if self.by_id(items, &listed.code).is_some_and(|other| other != listed.item) {
                return Err(Duplicate::barcode(listed.item, &listed.code));
            }
        }
        for (position, item) in (0_u32..).zip(items) {
            let by_gtin = Gtin::parse(item.id.as_str()).map(|gtin| self.by_gtin(gtin));
            if by_gtin.unwrap_or_default().iter().any(|listed| listed.item != position) {
                return Err(Duplicate::id(position));
            }
            // As the codes are shown: `05` and the id `5` can be told apart, `5` and `5` cannot.
            let Some(plu) = item.plu.map(|plu| plu.to_string()) else {
                continue;
            };
            if self.by_id(items, &plu).is_some_and(|other| other != position) {
                return Err(Duplicate::plu(position, &plu));
            }
        }
        Ok(())
    }

    pub(super) fn by_gtin(&self, gtin: Gtin) -> &[Listed<Gtin>] {
        equal(&self.gtins, |code| code.cmp(&gtin))
    }

    pub(super) fn by_plain(&self, text: &str) -> &[Listed<Box<str>>] {
        equal(&self.plain, |code| (**code).cmp(text))
    }

    pub(super) fn by_plu(&self, plu: Plu) -> &[Listed<u32>] {
        equal(&self.plus, |code| code.cmp(&plu.number()))
    }

    /// Every code that stands with more than one item, barcodes first.
    pub(super) fn shared(&self, items: &[Item]) -> Vec<SharedCode> {
        let mut found = shared(&self.gtins, items);
        found.extend(shared(&self.plain, items));
        found.extend(shared(&self.plus, items));
        found
    }

    pub(super) fn by_id(&self, items: &[Item], id: &str) -> Option<u32> {
        let index = self.ids.binary_search_by(|position| id_at(items, *position).cmp(id)).ok()?;
        self.ids.get(index).copied()
    }

    /// At most `limit` positions of items with a code that begins with a folded text, first the
    /// one whose code it is.
    pub(super) fn by_prefix(&self, items: &[Item], text: &str, limit: usize) -> Vec<u32> {
        let mut positions: Vec<u32> = Vec::new();
        let exact = Plu::parse(text).map(|plu| self.by_plu(plu)).unwrap_or_default();
        let exact = exact.iter().map(|listed| listed.item);
        // Ids and codes keep their case; people type small letters.
        let capitals = text.to_uppercase();
        let whole = [text, &capitals].into_iter().flat_map(|code| {
            let plain = self.by_plain(code).iter().map(|listed| listed.item);
            self.by_id(items, code).into_iter().chain(plain)
        });
        let exact = exact.chain(whole);
        let keyed = self
            .ids_from(items, text)
            .chain(self.plain_from(text))
            .chain(self.ids_from(items, &capitals))
            .chain(self.plain_from(&capitals));
        let read = gtin_ranges(text).flat_map(|(from, to)| self.gtins_between(from, to));
        for position in exact.chain(keyed).chain(read) {
            if positions.len() == limit {
                break;
            }
            if !positions.contains(&position) {
                positions.push(position);
            }
        }
        positions
    }

    fn ids_from<'a>(
        &'a self,
        items: &'a [Item],
        prefix: &'a str,
    ) -> impl Iterator<Item = u32> + 'a {
        let from = self.ids.partition_point(|position| id_at(items, *position) < prefix);
        let rest = self.ids.get(from..).unwrap_or_default().iter().copied();
        rest.take_while(move |position| id_at(items, *position).starts_with(prefix))
    }

    fn plain_from<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = u32> + 'a {
        let from = self.plain.partition_point(|listed| *listed.code < *prefix);
        let rest = self.plain.get(from..).unwrap_or_default().iter();
        rest.take_while(move |listed| listed.code.starts_with(prefix)).map(|listed| listed.item)
    }

    fn gtins_between(&self, from: u64, to: u64) -> impl Iterator<Item = u32> {
        let first = self.gtins.partition_point(|listed| listed.code.number() < from);
        let rest = self.gtins.get(first..).unwrap_or_default();
        rest.iter().take_while(move |listed| listed.code.number() < to).map(|listed| listed.item)
    }
}

/// The numbers of all articles whose printed digits begin with these: at least three, because
/// fewer mean nearly everything.
fn gtin_ranges(text: &str) -> impl Iterator<Item = (u64, u64)> {
    let is_prefix =
        (3..=14).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let number: Option<u64> = text.parse().ok().filter(|_| is_prefix);
    let typed = text.len();
    [13, 14, 12, 8].into_iter().filter_map(move |printed: usize| {
        let missing = u32::try_from(printed.checked_sub(typed)?).ok()?;
        let scale = 10_u64.checked_pow(missing)?;
        let from = number?.checked_mul(scale)?;
        Some((from, from + scale))
    })
}

fn item(items: &[Item], position: u32) -> Option<&Item> {
    items.get(usize::try_from(position).ok()?)
}

fn id_at(items: &[Item], position: u32) -> &str {
    item(items, position).map_or("", |item| item.id.as_str())
}

/// The later of two equal neighbours.
fn same(pair: &[u32], is_same: impl Fn(u32, u32) -> bool) -> Option<u32> {
    match pair {
        [a, b] if is_same(*a, *b) => Some(*b),
        _ => None,
    }
}

/// The codes that stand twice with one item.
fn twice<C: PartialEq + ToString>(listed: &[Listed<C>]) -> impl Iterator<Item = (u32, String)> {
    listed.windows(2).filter_map(|pair| match pair {
        [a, b] if a.code == b.code && a.item == b.item => Some((b.item, b.code.to_string())),
        _ => None,
    })
}

/// Those with one code: they stand side by side.
fn equal<C>(listed: &[Listed<C>], order: impl Fn(&C) -> Ordering) -> &[Listed<C>] {
    let from = listed.partition_point(|one| order(&one.code) == Ordering::Less);
    let rest = listed.get(from..).unwrap_or_default();
    let count = rest.iter().take_while(|one| order(&one.code) == Ordering::Equal).count();
    rest.get(..count).unwrap_or_default()
}

fn shared<C: PartialEq + ToString>(listed: &[Listed<C>], items: &[Item]) -> Vec<SharedCode> {
    let several = listed.chunk_by(|a, b| a.code == b.code).filter(|same| same.len() > 1);
    let shared = several.filter_map(|same| {
        let of = same.iter().filter_map(|one| Some(item(items, one.item)?.id.clone()));
        Some(SharedCode { code: same.first()?.code.to_string(), items: of.collect() })
    });
    shared.collect()
}

/// Positions in the order of the ids. The first bytes of an id decide most comparisons without
/// going to where its text lies.
fn sorted_ids(items: &[Item]) -> Vec<u32> {
    let mut keys: Vec<(u64, u32)> = (0_u32..)
        .zip(items)
        .map(|(position, item)| (leading_bytes(item.id.as_str()), position))
        .collect();
    keys.sort_unstable_by(|a, b| {
        a.0.cmp(&b.0)
            .then_with(|| id_at(items, a.1).cmp(id_at(items, b.1)))
            .then_with(|| a.1.cmp(&b.1))
    });
    keys.into_iter().map(|(_, position)| position).collect()
}

fn leading_bytes(text: &str) -> u64 {
    let mut leading = [0_u8; 8];
    for (to, from) in leading.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    u64::from_be_bytes(leading)
}

/// Whether a text may be a code of the store's own.
pub(super) fn is_plain_code(text: &str) -> bool {
    text.chars().count() <= CODE_CHARS_MAX && !text.chars().any(char::is_control)
}
