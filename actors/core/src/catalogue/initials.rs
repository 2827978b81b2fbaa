use std::collections::BTreeMap;

use super::readings;

/// Most keys of one query: the bits of a word.
const KEYS_MAX: usize = 64;

/// The names as they are typed by their initials, one behind the other. Each character is two
/// bytes that say by which keys it is typed: characters that share their keys share these, of
/// which a catalogue has a few hundred.
pub(super) struct Initials {
    /// The keys of each class; the first is the end of a name, typed by none.
    classes: Box<[u128]>,
    text: Box<[u16]>,
    /// Where each item's name begins in `text`; plain ASCII has no length.
    starts: Box<[u32]>,
}

/// Collects the classes while names are read.
#[derive(Default)]
struct Classes {
    by_character: BTreeMap<char, Option<u16>>,
    by_keys: BTreeMap<u128, u16>,
    keys: Vec<u128>,
}

impl Classes {
    /// The class of a character; none where it is not typed.
    fn of(&mut self, character: char) -> Option<u16> {
        if let Some(known) = self.by_character.get(&character) {
            return *known;
        }
        let class = readings::keys(character).and_then(|keys| self.of_keys(keys));
        self.by_character.insert(character, class);
        class
    }

    /// None beyond 65,535 classes, which all the characters there are do not have.
    fn of_keys(&mut self, keys: u128) -> Option<u16> {
        if let Some(known) = self.by_keys.get(&keys) {
            return Some(*known);
        }
        let class = u16::try_from(self.keys.len().checked_add(1)?).ok()?;
        self.keys.push(keys);
        self.by_keys.insert(keys, class);
        Some(class)
    }
}

impl Initials {
    /// The initials of folded names, in their order.
    pub(super) fn of<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let mut classes = Classes::default();
        let mut text: Vec<u16> = Vec::new();
        let mut starts = Vec::with_capacity(names.len());
        for name in names {
            starts.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
            if name.is_ascii() {
                continue;
            }
            text.extend(name.chars().filter_map(|character| classes.of(character)));
            text.push(0);
        }
        text.shrink_to_fit();
        let keys = std::iter::once(0).chain(classes.keys);
        Self { classes: keys.collect(), text: text.into(), starts: starts.into() }
    }

    /// How much memory it takes.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.classes) + size_of_val(&*self.text) + size_of_val(&*self.starts)
    }

    /// Adds the positions of the items whose initials are a folded text, first those that begin
    /// with it, until there are `limit` of them.
    pub(super) fn find(&self, text: &str, limit: usize, positions: &mut Vec<u32>) {
        let Some(keys) = keys_of(text) else { return };
        let places = self.places(&keys);
        let last = 1_u64 << (keys.len() - 1);
        let (mut begun, mut within): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
        let mut state = 0_u64;
        for (at, class) in self.text.iter().enumerate() {
            // One bit for each beginning of the keys that ends here: every reading at once.
            state = ((state << 1) | 1) & places.get(usize::from(*class)).copied().unwrap_or(0);
            if state & last == 0 {
                continue;
            }
            let before = (at + 1).checked_sub(keys.len() + 1).and_then(|end| self.text.get(end));
            let is_begun = before.is_none_or(|end| *end == 0);
            let found = if is_begun { &mut begun } else { &mut within };
            // Asked before the item is looked for: of some initials there are thousands.
            if found.len() < limit {
                found.extend(self.item_at(at).filter(|item| found.last() != Some(item)));
            }
            if begun.len() == limit {
                break;
            }
        }
        for position in begun.into_iter().chain(within) {
            if positions.len() < limit && !positions.contains(&position) {
                positions.push(position);
            }
        }
    }

    /// For each class a bit for every place of the keys at which it may stand.
    fn places(&self, keys: &[u128]) -> Vec<u64> {
        let of = |class: &u128| {
            keys.iter()
                .enumerate()
                .filter(|(_, key)| class & **key != 0)
                .fold(0, |places, (at, _)| places | (1_u64 << at))
        };
        self.classes.iter().map(of).collect()
    }

    /// Whose initials stand at a place of the text.
    fn item_at(&self, at: usize) -> Option<u32> {
        let index = self.starts.partition_point(|start| to_usize(*start) <= at).checked_sub(1)?;
        u32::try_from(index).ok()
    }
}

/// The keys of a text that is initials: letters, digits and zhuyin, not digits alone. Spaces and
/// the marks of tones are not looked at.
fn keys_of(text: &str) -> Option<Vec<u128>> {
    let is_passed = |each: &char| each.is_whitespace() || "ˊˇˋ˙'".contains(*each);
    let typed: Vec<char> = text.chars().filter(|each| !is_passed(each)).collect();
    let has_letter = typed.iter().any(|each| !each.is_ascii_digit());
    let keys: Option<Vec<u128>> = typed.into_iter().map(readings::key).collect();
    keys.filter(|keys| has_letter && keys.len() <= KEYS_MAX)
}

fn to_usize(start: u32) -> usize {
    usize::try_from(start).unwrap_or(usize::MAX)
}
