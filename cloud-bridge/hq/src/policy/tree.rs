//! TOML whose every value knows its line.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use store_core::policy::Step;
use toml::Spanned;

/// A value with where it begins.
#[derive(Debug)]
pub(super) struct Node {
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
pub(super) struct NotToml {
    pub at: usize,
    pub reason: String,
}

impl Node {
    /// Reads a file.
    pub(super) fn read(text: &str) -> Result<Self, NotToml> {
        let tree: Tree = toml::from_str(text).map_err(|error| NotToml {
            at: error.span().map_or(0, |span| span.start),
            reason: error.message().trim().replace('\n', " "),
        })?;
        Ok(Self { at: 0, tree })
    }

    /// As JSON; what is neither text, number, flag, list nor table becomes text.
    pub(super) fn value(&self) -> Value {
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
    pub(super) fn find(&self, path: &[Step]) -> usize {
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
pub(super) fn line_of(text: &str, at: usize) -> u64 {
    let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    let breaks = before.iter().filter(|byte| **byte == b'\n').count();
    u64::try_from(breaks).unwrap_or(u64::MAX).saturating_add(1)
}

struct Read;

impl<'de> Visitor<'de> for Read {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::Bool(flag)))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::from(number)))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::String(number.to_string())))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::from(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
        let mut nodes = Vec::new();
        while let Some(entry) = entries.next_element::<Spanned<Tree>>()? {
            nodes.push(Node { at: entry.span().start, tree: entry.into_inner() });
        }
        Ok(Tree::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
        let mut nodes = BTreeMap::new();
        while let Some((key, entry)) = entries.next_entry::<Spanned<String>, Spanned<Tree>>()? {
            let at = key.span().start;
            nodes.insert(key.into_inner(), Node { at, tree: entry.into_inner() });
        }
        Ok(Tree::Table(nodes))
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Read)
    }
}
