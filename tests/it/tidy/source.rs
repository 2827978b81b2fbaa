//! Rust source with everything blanked that is not code, line for line.

/// The text with comments, strings and characters blanked. Line breaks stay where they are.
pub fn code_only(text: &str) -> String {
    let mut rest = text;
    let mut code = String::with_capacity(text.len());
    while let Some(first) = rest.chars().next() {
        let is_inside_word =
            code.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
        let blanked = match first {
            '/' => comment(rest),
            '"' => string(rest),
            '\'' => character(rest),
            'r' | 'b' | 'c' if !is_inside_word => prefixed(rest),
            _ => 0,
        };
        if blanked == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            code.extend(rest[..blanked].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            rest = &rest[blanked..];
        }
    }
    code
}

/// Length of the comment that the text begins with, 0 if it does not.
fn comment(text: &str) -> usize {
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if !text.starts_with("/*") {
        return 0;
    }
    let mut depth = 0_usize;
    for (at, _) in text.char_indices() {
        if text[at..].starts_with("/*") {
            depth += 1;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            if depth == 0 {
                return at + 2;
            }
        }
    }
    text.len()
}

/// Length of the string literal that the text begins with, quotes included.
fn string(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Length of the character literal that the text begins with; a lifetime has none.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), _) => {
            // The escaped character may itself be a quote.
            text.char_indices().skip(3).find(|(_, c)| *c == '\'').map_or(0, |(at, _)| at + 1)
        }
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 0,
    }
}

/// Length of a raw, byte or C string that the text begins with.
fn prefixed(text: &str) -> usize {
    let letters = text.len() - text.trim_start_matches(['b', 'c', 'r']).len();
    let (prefix, rest) = text.split_at(letters);
    if !["r", "b", "c", "br", "cr"].contains(&prefix) {
        return 0;
    }
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    let rest = &rest[hashes..];
    if !rest.starts_with('"') {
        return 0;
    }
    if !prefix.ends_with('r') {
        return letters + string(rest);
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let length = rest[1..].find(&end).map_or(rest.len(), |at| 1 + at + end.len());
    letters + hashes + length
}

/// Code with the items blanked that exist only in tests. Takes what [`code_only`] gives.
pub fn without_tests(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]") {
        let end = at + item_length(&rest[at..]);
        kept.push_str(&rest[..at]);
        kept.extend(rest[at..end].chars().filter(|c| *c == '\n'));
        rest = &rest[end..];
    }
    kept.push_str(rest);
    kept
}

/// Length of the item that code begins with: up to its `;`, or to the end of its braces.
fn item_length(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth <= 1 => return at + 1,
            '}' => depth -= 1,
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

#[test]
fn only_code_stays() {
    for (text, expected) in [
        ("a // b\nc", "a     \nc"),
        ("a /* b /* c */ d */ e", "a                   e"),
        ("f(\"x\\\"y\", 'z')", "f(      ,    )"),
        ("f('\\'', '\"', b\"x\")", "f(    ,    ,     )"),
        ("fn f<'a>(x: &'a str)", "fn f<'a>(x: &'a str)"),
        ("r#\"a\"b\"# c", "         c"),
        ("bar\"x\" r#type", "bar    r#type"),
        ("貨 // 物\n", "貨     \n"),
    ] {
        assert_eq!(code_only(text), expected, "{text}");
    }
}

#[test]
fn what_exists_only_in_tests_is_taken_out_line_for_line() {
    let code = "a\n#[cfg(test)]\nmod tests {\n { }\n}\nb\n#[cfg(test)]\nmod more;\nc";
    assert_eq!(without_tests(code), "a\n\n\n\n\nb\n\n\nc");
}
