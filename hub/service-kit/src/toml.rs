//! TOML whose every value knows its line.

use std::collections::BTreeMap;

use serde_json::Value;
use store_core::policy::Step;
use toml_edit::{ImDocument, Item, TableLike, Value as Written};

/// A value with where it begins.
#[derive(Debug)]
pub struct Node {
    at: usize,
    tree: Tree,
}

#[derive(Debug)]
enum Tree {
    Table(BTreeMap<String, Node>),
    List(Vec<Node>),
    Leaf(Value),
}

/// Why a file is not TOML, and from which byte on.
#[derive(Debug)]
pub struct NotToml {
    /// The byte at which it stops to be.
    pub at: usize,
    /// What the parser says.
    pub reason: String,
}

impl Node {
    /// Reads a file.
    ///
    /// # Errors
    /// Where it is not TOML.
    pub fn read(text: &str) -> Result<Self, NotToml> {
        let document = ImDocument::parse(text).map_err(|error| NotToml {
            at: error.span().map_or(0, |span| span.start),
            reason: error.message().trim().replace('\n', " "),
        })?;
        Ok(Self { at: 0, tree: table(document.as_table(), 0) })
    }

    /// As JSON; what is neither text, number, flag, list nor table becomes text.
    #[must_use]
    pub fn value(&self) -> Value {
        match &self.tree {
            Tree::Table(entries) => {
                let entries = entries.iter().map(|(key, node)| (key.clone(), node.value()));
                Value::Object(entries.collect())
            }
            Tree::List(nodes) => Value::Array(nodes.iter().map(Self::value).collect()),
            Tree::Leaf(value) => value.clone(),
        }
    }

    /// Where something begins; where it is not there, what it should stand in.
    #[must_use]
    pub fn find(&self, path: &[Step]) -> usize {
        let Some((step, rest)) = path.split_first() else { return self.at };
        let further = match (step, &self.tree) {
            (Step::Key(key), Tree::Table(entries)) => entries.get(&**key),
            (Step::Index(index), Tree::List(nodes)) => nodes.get(*index),
            _ => None,
        };
        further.map_or(self.at, |node| node.find(rest))
    }
}

/// The line of a byte, from 1.
#[must_use]
pub fn line_of(text: &str, at: usize) -> u64 {
    let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    let breaks = before.iter().filter(|byte| **byte == b'\n').count();
    u64::try_from(breaks).unwrap_or(u64::MAX).saturating_add(1)
}

/// What stands in a table that begins at a byte. A key says where its value is looked for: tables
/// that dots make have no place of their own.
fn table(entries: &dyn TableLike, at: usize) -> Tree {
    let nodes = entries.iter().map(|(name, found)| {
        let key = entries.key(name).and_then(|key| key.span());
        let at = key.or_else(|| found.span()).map_or(at, |span| span.start);
        (name.to_owned(), Node { at, tree: item(found, at) })
    });
    Tree::Table(nodes.collect())
}

fn item(found: &Item, at: usize) -> Tree {
    match found {
        Item::None => Tree::Leaf(Value::Null),
        Item::Value(found) => value(found, at),
        Item::Table(found) => table(found, at),
        Item::ArrayOfTables(tables) => Tree::List(
            tables
                .iter()
                .map(|one| {
                    let at = one.span().map_or(at, |span| span.start);
                    Node { at, tree: table(one, at) }
                })
                .collect(),
        ),
    }
}

fn value(found: &Written, at: usize) -> Tree {
    match found {
        Written::String(text) => Tree::Leaf(Value::from(text.value().as_str())),
        Written::Integer(number) => Tree::Leaf(Value::from(*number.value())),
        Written::Boolean(flag) => Tree::Leaf(Value::Bool(*flag.value())),
        Written::Float(number) => Tree::Leaf(Value::String(number.value().to_string())),
        Written::Datetime(moment) => Tree::Leaf(Value::String(moment.value().to_string())),
        Written::InlineTable(entries) => table(entries, at),
        Written::Array(entries) => Tree::List(
            entries
                .iter()
                .map(|one| {
                    let at = one.span().map_or(at, |span| span.start);
                    Node { at, tree: value(one, at) }
                })
                .collect(),
        ),
    }
}
