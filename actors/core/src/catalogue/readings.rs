//! How a name is typed by its initials: the first letter of each syllable's pinyin, or the first
//! symbol of its zhuyin (注音).

use pinyin::ToPinyinMulti as _;

/// Readings of Taiwan that begin otherwise than every reading of the table.
const OF_TAIWAN: &[(char, &str)] = &[('圾', "se"), ('酵', "xiao")];

/// The consonants whose pinyin letter stands for one symbol, in the order of [`CONSONANTS`].
const LETTERS: &str = "bpmfdtnlgkhjqxrzcs";
const CONSONANTS: &str = "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄖㄗㄘㄙ";

/// The rest, the longest first: what a syllable begins with, and its symbol.
const BEGINNINGS: &[(&str, char)] = &[
    ("zh", 'ㄓ'),
    ("ch", 'ㄔ'),
    ("sh", 'ㄕ'),
    ("yong", 'ㄩ'),
    ("yu", 'ㄩ'),
    ("y", 'ㄧ'),
    ("w", 'ㄨ'),
    ("ang", 'ㄤ'),
    ("an", 'ㄢ'),
    ("ai", 'ㄞ'),
    ("ao", 'ㄠ'),
    ("a", 'ㄚ'),
    ("eng", 'ㄥ'),
    ("en", 'ㄣ'),
    ("ei", 'ㄟ'),
    ("er", 'ㄦ'),
    ("e", 'ㄜ'),
    ("ê", 'ㄝ'),
    ("ou", 'ㄡ'),
    ("o", 'ㄛ'),
];

/// One bit for each key that may be typed: 26 letters, ten digits, 37 symbols of zhuyin.
const DIGITS_AT: u32 = 26;
const SYMBOLS_AT: u32 = 36;
const FIRST_SYMBOL: char = 'ㄅ';
const LAST_SYMBOL: char = 'ㄩ';

/// The bit of a key, of folded text; none for what nobody types as an initial.
pub(super) fn key(typed: char) -> Option<u128> {
    let bit = match typed {
        'a'..='z' => u32::from(typed) - u32::from('a'),
        '0'..='9' => u32::from(typed) - u32::from('0') + DIGITS_AT,
        FIRST_SYMBOL..=LAST_SYMBOL => u32::from(typed) - u32::from(FIRST_SYMBOL) + SYMBOLS_AT,
        _ => return None,
    };
    Some(1 << bit)
}

/// The keys by which a character is typed, every reading of it; a letter, a digit and a symbol of
/// zhuyin by itself. None for spaces, signs and what has no reading.
pub(super) fn keys(character: char) -> Option<u128> {
    if let Some(itself) = key(character) {
        return Some(itself);
    }
    let listed = character.to_pinyin_multi().into_iter().flatten().map(pinyin::Pinyin::plain);
    let of_taiwan = OF_TAIWAN.iter().filter(|(of, _)| *of == character).map(|(_, read)| *read);
    let keys = listed.chain(of_taiwan).fold(0, |keys, syllable| keys | keys_of(syllable));
    (keys != 0).then_some(keys)
}

fn keys_of(syllable: &str) -> u128 {
    let letter = syllable.chars().next().map(|first| if first == 'ê' { 'e' } else { first });
    [letter, symbol(syllable)].into_iter().flatten().filter_map(key).fold(0, |keys, key| keys | key)
}

/// The first symbol of a syllable's zhuyin.
fn symbol(syllable: &str) -> Option<char> {
    if let Some((_, symbol)) = BEGINNINGS.iter().find(|(begin, _)| syllable.starts_with(begin)) {
        return Some(*symbol);
    }
    let first = syllable.chars().next()?;
    let place = LETTERS.chars().position(|letter| letter == first)?;
    CONSONANTS.chars().nth(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &str) -> u128 {
        keys.chars().map(|each| key(each).unwrap()).fold(0, |all, each| all | each)
    }

    #[test]
    fn a_character_is_typed_by_each_of_its_readings() {
        assert_eq!(keys('鮮'), Some(typed("xㄒ")));
        assert_eq!(keys('樂'), Some(typed("lㄌyㄩㄧ")));
        assert_eq!(keys('圾'), Some(typed("jㄐsㄙ")));
        assert_eq!(keys('酵'), Some(typed("jㄐxㄒ")));
        assert_eq!(keys('k'), Some(typed("k")));
        assert_eq!(keys('7'), Some(typed("7")));
        assert_eq!(keys(' '), None);
        assert_eq!(keys('・'), None);
    }

    #[test]
    fn a_syllable_begins_with_its_symbol() {
        let pairs = [
            ("zhi", 'ㄓ'),
            ("chu", 'ㄔ'),
            ("shan", 'ㄕ'),
            ("zi", 'ㄗ'),
            ("ci", 'ㄘ'),
            ("si", 'ㄙ'),
            ("ying", 'ㄧ'),
            ("yong", 'ㄩ'),
            ("yuan", 'ㄩ'),
            ("you", 'ㄧ'),
            ("wu", 'ㄨ'),
            ("e", 'ㄜ'),
            ("er", 'ㄦ'),
            ("ou", 'ㄡ'),
            ("ang", 'ㄤ'),
            ("ai", 'ㄞ'),
            ("lü", 'ㄌ'),
            ("ru", 'ㄖ'),
        ];
        for (syllable, expected) in pairs {
            assert_eq!(symbol(syllable), Some(expected), "{syllable}");
        }
    }

    #[test]
    fn every_key_has_a_bit_of_its_own() {
        let keys = ('a'..='z').chain('0'..='9').chain(FIRST_SYMBOL..=LAST_SYMBOL);
        let (count, all) =
            keys.fold((0, 0), |(count, all), each| (count + 1, all | key(each).unwrap()));
        assert_eq!((count, all.count_ones()), (73, 73));
    }
}
