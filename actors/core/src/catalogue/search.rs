use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfkc_quick};

use super::Item;
use super::initials::Initials;

/// Every description, folded, one below the other: one pass over one stretch of memory finds a
/// word among 300,000 items. Made once, when the catalogue is.
pub(super) struct SearchText {
    /// Each description behind a line break.
    text: Box<str>,
    /// Where each item's description begins in `text`.
    starts: Box<[u32]>,
    initials: Initials,
}

/// A text as it is compared: NFKC, which makes full-width and half-width characters plain, in
/// small letters.
pub(super) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_onto(&mut folded, text);
    folded
}

fn fold_onto(folded: &mut String, text: &str) {
    if text.is_ascii() {
        let start = folded.len();
        folded.push_str(text);
        if let Some(added) = folded.get_mut(start..) {
            added.make_ascii_lowercase();
        }
    } else if is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        folded.extend(text.chars().flat_map(char::to_lowercase));
    } else {
        // A capital may come out of a sign: `㎏` is plain, `℡` is TEL.
        folded.extend(text.nfkc().flat_map(char::to_lowercase));
    }
}

impl SearchText {
    /// The descriptions of the items, in their order. Beyond 4 GiB nothing is found any more; an
    /// import is far smaller.
    pub(super) fn of(items: &[Item]) -> Self {
        let mut text = String::with_capacity(items.len().saturating_mul(32));
        let mut starts = Vec::with_capacity(items.len());
        for item in items {
            text.push('\n');
            starts.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
            fold_onto(&mut text, &item.description);
        }
        let text = text.into_boxed_str();
        let starts = starts.into_boxed_slice();
        let name = |index: usize| description(&text, &starts, index);
        let initials = Initials::of((0..starts.len()).map(name));
        Self { text, starts, initials }
    }

    /// How much memory it takes.
    pub(super) fn bytes(&self) -> usize {
        self.text.len() + size_of_val(&*self.starts) + self.initials.bytes()
    }

    /// Adds the positions of the items that a folded text means until there are `limit` of them:
    /// first whose name begins with it, then whose name contains every word of it, then whose
    /// initials it is.
    pub(super) fn find(&self, text: &str, limit: usize, positions: &mut Vec<u32>) {
        self.find_begun(text, limit, positions);
        self.find_words(text, limit, positions);
        if positions.len() < limit {
            self.initials.find(text, limit, positions);
        }
    }

    fn find_begun(&self, text: &str, limit: usize, positions: &mut Vec<u32>) {
        let begun = format!("\n{text}");
        for (hit, _) in self.text.match_indices(&begun) {
            if positions.len() >= limit {
                return;
            }
            add(self.item_at(hit + 1), positions);
        }
    }

    fn find_words(&self, text: &str, limit: usize, positions: &mut Vec<u32>) {
        // The longest word is the rarest.
        let Some(longest) = text.split_whitespace().max_by_key(|word| word.len()) else {
            return;
        };
        let mut from = 0;
        while positions.len() < limit {
            let Some(hit) = self.text.get(from..).and_then(|rest| rest.find(longest)) else {
                return;
            };
            let index = self.item_at(from + hit);
            let description = description(&self.text, &self.starts, index);
            if text.split_whitespace().all(|word| description.contains(word)) {
                add(index, positions);
            }
            from = self.starts.get(index + 1).map_or(self.text.len(), |start| at(*start));
        }
    }

    /// Whose description stands at a place of the text.
    fn item_at(&self, place: usize) -> usize {
        self.starts.partition_point(|start| at(*start) <= place).saturating_sub(1)
    }
}

/// One item's, without the line break before the next.
fn description<'a>(text: &'a str, starts: &[u32], index: usize) -> &'a str {
    let begin = starts.get(index).map_or(text.len(), |start| at(*start));
    let end = starts.get(index + 1).map_or(text.len(), |next| at(*next).saturating_sub(1));
    text.get(begin..end).unwrap_or_default()
}

fn add(index: usize, positions: &mut Vec<u32>) {
    let position = u32::try_from(index).unwrap_or(u32::MAX);
    if !positions.contains(&position) {
        positions.push(position);
    }
}

fn at(start: u32) -> usize {
    usize::try_from(start).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use crate::Currency;
    use crate::catalogue::{Catalogue, import};

    const SHOP: &str = "item,plu,description,unit,price\n\
        a1,,林鳳營鮮乳 936ml,piece,95\n\
        a2,,鮮乳坊紅茶,piece,30\n\
        a3,,Fresh Milk Tea ﾊﾞﾅﾅ,piece,40\n\
        lf,,垃圾袋 大,piece,60\n\
        a5,0099,新鮮屋柳橙汁 ９００㎖,piece,70\n\
        a6,,音樂賀卡,piece,20\n\
        鮮乳,,Milk by its code,piece,10\n";

    fn shop() -> Catalogue {
        import(SHOP.as_bytes(), Currency::TWD).unwrap()
    }

    fn ids(shop: &Catalogue, text: &str) -> Vec<String> {
        shop.search(text, 10).iter().map(|item| item.id.to_string()).collect()
    }

    #[test]
    fn a_name_is_found_by_its_initials_and_however_it_is_written() {
        let shop = shop();
        for text in [
            "林鳳營",
            "營鮮乳",
            "lfyxr",
            "LFYXR",
            "ｌｆｙｘｒ",
            "lfy xr",
            "fyxr9",
            "ㄌㄈㄧㄒㄖ",
            "ㄌㄈㄧ ㄒㄖ",
            "ㄌˊㄈㄧㄒ",
            "936 林鳳",
            "９３６ＭＬ",
        ] {
            assert_eq!(ids(&shop, text), ["a1"], "{text}");
        }
        assert_eq!(ids(&shop, "tea FRESH"), ["a3"]);
        assert_eq!(ids(&shop, "milk tea"), ["a3"]);
        assert_eq!(ids(&shop, "バナナ"), ["a3"]);
        assert_eq!(ids(&shop, "900ml"), ["a5"]);
        assert_eq!(ids(&shop, "009"), Vec::<String>::new());
        assert_eq!(ids(&shop, "0099"), ["a5"]);
        // Every reading: lè and yuè; 垃圾 is lèsè in Taiwan.
        for text in ["ylhk", "yyhk", "ㄧㄌㄏㄎ", "ㄧㄩㄏㄎ"] {
            assert_eq!(ids(&shop, text), ["a6"], "{text}");
        }
        for text in ["lsd", "ljd", "ㄌㄙㄉ", "ㄌㄐㄉ"] {
            assert_eq!(ids(&shop, text), ["lf"], "{text}");
        }
        for text in ["lfxr", "lfyxrq", "ㄌㄈㄧㄒㄌ", "lf!", "ˊ", "xrd"] {
            assert_eq!(ids(&shop, text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn the_code_goes_before_the_beginning_of_a_name_and_that_before_the_rest() {
        let shop = shop();
        // A code, a name that begins so, a name that contains it.
        assert_eq!(ids(&shop, "鮮乳"), ["鮮乳", "a2", "a1"]);
        // A code, then initials.
        assert_eq!(ids(&shop, "lf"), ["lf", "a1"]);
        // Initials that begin so before those that contain it.
        assert_eq!(ids(&shop, "ㄒㄖ"), ["a2", "a1"]);
        assert_eq!(shop.search("ㄒㄖ", 1).len(), 1);
        assert!(shop.search("ㄒㄖ", 0).is_empty());
        // The beginnings are not crowded out by what stands earlier in the file.
        assert_eq!(shop.search("ㄒㄖ", 1).first().unwrap().id.as_str(), "a2");
        assert_eq!(ids(&shop, "mil"), ["鮮乳", "a3"]);
    }

    #[test]
    fn initials_never_run_from_one_name_into_the_next() {
        let csv = "item,description,unit,price\n1,鮮,piece,1\n2,乳,piece,1\n3,鮮鮮鮮鮮,piece,1\n";
        let shop = import(csv.as_bytes(), Currency::TWD).unwrap();
        assert_eq!(ids(&shop, "xr"), Vec::<String>::new());
        assert_eq!(ids(&shop, "xx"), ["3"]);
        let (longest, longer) = ("x".repeat(64), "x".repeat(65));
        let name = "鮮".repeat(64);
        let csv = format!("item,description,unit,price\n1,{name},piece,1\n");
        let shop = import(csv.as_bytes(), Currency::TWD).unwrap();
        assert_eq!((ids(&shop, &longest).len(), ids(&shop, &longer).len()), (1, 0));
    }
}
