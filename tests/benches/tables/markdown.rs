//! Tables as text.

/// A table with a heading, and what has to be known to read it below.
pub struct Markdown(String);

impl Markdown {
    /// Begins a table.
    pub fn new(title: &str, columns: &[&str]) -> Self {
        let ruler = "|---".repeat(columns.len());
        Self(format!("### {title}\n\n| {} |\n{ruler}|\n", columns.join(" | ")))
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[&str]) {
        self.0.push_str(&format!("| {} |\n", cells.join(" | ")));
    }

    /// Ends it with a sentence or two.
    pub fn note(mut self, note: &str) -> String {
        self.0.push_str(&format!("\n{note}\n"));
        self.0
    }
}
