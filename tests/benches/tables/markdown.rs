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

/// How busy the machine is, for whoever reads a table.
pub fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let of_a_minute = load.split(' ').next().unwrap_or_default();
    format!("{cores} cores; load when it ended: {of_a_minute}.")
}
