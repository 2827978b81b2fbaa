use super::token;

/// Letters and digits that cannot be taken for one another; a power of two of them.
const ALPHABET: [char; 32] = [
    'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'U',
    'V', 'W', 'X', 'Y', 'Z', '2', '3', '4', '5', '6', '7', '8', '9',
];

/// The one-time code of the first start: 40 bits, printed where only the owner looks.
pub struct SetupCode(String);

impl SetupCode {
    /// A new code, as `ABCD-EFGH`.
    #[must_use]
    pub fn new() -> Self {
        let letters = super::random::<8>().map(|byte| ALPHABET[usize::from(byte % 32)]);
        let (first, second) = letters.split_at(4);
        Self(format!("{}-{}", String::from_iter(first), String::from_iter(second)))
    }

    /// The code, to be printed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether somebody typed it: case, spaces and dashes do not count. Time does not
    /// tell how much of it was right.
    #[must_use]
    pub fn fits(&self, typed: &str) -> bool {
        let plain = |text: &str| -> String {
            text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase()
        };
        token::are_equal(&plain(typed), &plain(&self.0))
    }
}

impl Default for SetupCode {
    fn default() -> Self {
        Self::new()
    }
}
