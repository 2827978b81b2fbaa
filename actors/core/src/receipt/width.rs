use unicode_width::UnicodeWidthChar as _;

/// Columns that a character takes on a receipt: 2 for Chinese, 1 for Latin, 0 for a mark that is
/// put on the character before it.
///
/// What East Asian fonts draw narrow or wide as they please counts as narrow.
#[must_use]
pub fn char_columns(character: char) -> usize {
    character.width().unwrap_or(0)
}

/// Columns that a text takes.
#[must_use]
pub fn text_columns(text: &str) -> usize {
    text.chars().map(char_columns).sum()
}

/// The text on as many rows as it needs, none wider than `columns`.
///
/// A row ends between two words or at a wide character; a word longer than a row is broken.
/// `columns` is at least 2, so that every character has room.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut rows = Vec::new();
    let mut row = String::new();
    for piece in pieces(text) {
        if text_columns(&row) + text_columns(piece.trim_end()) > columns && !row.is_empty() {
            rows.push(finished(&mut row));
        }
        for character in piece.chars() {
            if text_columns(&row) + char_columns(character) > columns {
                if character == ' ' {
                    continue;
                }
                rows.push(finished(&mut row));
            }
            row.push(character);
        }
    }
    if !row.is_empty() || rows.is_empty() {
        rows.push(finished(&mut row));
    }
    rows
}

fn finished(row: &mut String) -> String {
    let mut done = std::mem::take(row);
    done.truncate(done.trim_end().len());
    done
}

/// Words with the spaces after them, and wide characters one by one.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut previous: Option<char> = None;
    for (at, character) in text.char_indices() {
        let breaks = previous.is_some_and(|before| {
            let after_space = before == ' ' && character != ' ';
            let at_wide = character != ' '
                && char_columns(character) > 0
                && (char_columns(before) == 2 || char_columns(character) == 2);
            after_space || at_wide
        });
        if breaks {
            pieces.extend(text.get(start..at));
            start = at;
        }
        previous = Some(character);
    }
    pieces.extend(text.get(start..));
    pieces
}

/// The text without anything that a printer would take for a command, and without the marks that
/// turn the direction of writing.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .map(|character| if character.is_control() { ' ' } else { character })
        .filter(|character| !is_invisible(*character))
        .collect()
}

const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
    )
}
