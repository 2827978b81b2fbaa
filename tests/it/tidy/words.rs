//! The words of a piece of code.

/// The identifiers of one line of code, in order.
pub fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

/// True if the line has the piece, and what stands before it does not belong to the same word.
pub fn has(line: &str, piece: &str) -> bool {
    let starts_inside = piece.starts_with(|c: char| c.is_alphanumeric());
    line.match_indices(piece).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !(starts_inside && before.is_some_and(|c| c.is_alphanumeric() || c == '_'))
    })
}

/// The name of the type, trait, module or class that a line of code declares.
pub fn declared(line: &str) -> Option<&str> {
    const KINDS: &[&str] = &["struct", "enum", "trait", "union", "mod", "class"];
    // `class=` is an attribute of a page, not a declaration.
    let line = line.split("class=").next().unwrap_or_default();
    let mut words = words(line).peekable();
    // `type` without `pub` may be the associated type of somebody else's trait.
    let is_public = words.peek() == Some(&"pub");
    words.find(|word| KINDS.contains(word) || (is_public && *word == "type"))?;
    words.next()
}
