//! The files described for editors and other programs.

/// The JSON Schema (2020-12) of a file of promotions, as text.
///
/// It says how a file is built; what contradicts itself only the reader finds.
pub const SCHEMA: &str = include_str!("../../../../../docs/promotions.schema.json");
