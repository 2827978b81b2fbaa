use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::reader::Reader;
use super::{Fault, Part};
use crate::ItemId;

/// Most groups: a row of tabs on a screen.
const GROUPS_MAX: usize = 20;
/// Most tiles of a group: a screen of them.
const TILES_MAX: usize = 60;
/// Longest label of a group or tile, in characters.
const LABEL_CHARS_MAX: usize = 40;

/// What a cashier taps instead of scanning it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Favourites {
    /// In the order in which they are shown.
    pub groups: Vec<Group>,
}

/// Tiles that are shown together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// What it is called.
    pub label: Arc<str>,
    /// In the order in which they are shown.
    pub tiles: Vec<Tile>,
}

/// One item to be tapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tile {
    /// Which.
    pub item: ItemId,
    /// What it is called.
    pub label: Arc<str>,
}

impl Favourites {
    /// Reads `{"groups": [{"label", "tiles": [{"item", "label"}]}]}`.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(value: &Value) -> Result<Self, Vec<Fault>> {
        let mut reader = Reader::new(Part::Favourites);
        let groups = groups(&mut reader, value);
        reader.finish(groups.map(|groups| Self { groups }))
    }
}

fn groups(reader: &mut Reader, value: &Value) -> Option<Vec<Group>> {
    let table = reader.table(value, &["groups"])?;
    let list = reader.required(table, "groups")?;
    reader.key("groups", |reader| {
        let groups = reader.list(list, GROUPS_MAX, group)?;
        reader.unique(list, Some("label"));
        Some(groups)
    })
}

fn group(reader: &mut Reader, value: &Value) -> Option<Group> {
    let table = reader.table(value, &["label", "tiles"])?;
    let (name, list) = (reader.required(table, "label"), reader.required(table, "tiles"));
    let name = name.and_then(|name| reader.key("label", |reader| label(reader, name)));
    let tiles = list.and_then(|list| {
        reader.key("tiles", |reader| {
            let tiles = reader.list(list, TILES_MAX, tile)?;
            reader.unique(list, Some("item"));
            Some(tiles)
        })
    });
    Some(Group { label: name?, tiles: tiles? })
}

fn tile(reader: &mut Reader, value: &Value) -> Option<Tile> {
    let table = reader.table(value, &["item", "label"])?;
    let (item, name) = (reader.required(table, "item"), reader.required(table, "label"));
    let item = item.and_then(|item| reader.key("item", |reader| reader.id(item, ItemId::new)));
    let name = name.and_then(|name| reader.key("label", |reader| label(reader, name)));
    Some(Tile { item: item?, label: name? })
}

fn label(reader: &mut Reader, value: &Value) -> Option<Arc<str>> {
    reader.text(value, LABEL_CHARS_MAX).map(Arc::from)
}
