use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::reader::Reader;
use super::{Fault, Part};
use crate::ItemId;

/// Most groups: a row of tabs on a screen.
const GROUPS_MAX: usize = 20;
/// Most categories: what a screen shows of them.
const CATEGORIES_MAX: usize = 40;
/// Most tiles of a group: a screen of them.
const TILES_MAX: usize = 60;
/// Longest label of a group or tile, in characters.
const LABEL_CHARS_MAX: usize = 40;
/// Longest name of a department or category, in characters.
const NAME_CHARS_MAX: usize = 128;

/// What a cashier taps instead of scanning it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Favourites {
    /// In the order in which they are shown.
    #[serde(default)]
    pub groups: Vec<Group>,
    /// The categories beside them, in the order in which they are shown; where there are none,
    /// the departments of the catalogue are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<CategoryTile>,
}

/// A department, or a category of it, to be looked through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryTile {
    /// What it is called.
    pub label: Arc<str>,
    /// The department, as the catalogue calls it.
    pub department: Arc<str>,
    /// The category within it, as the catalogue calls it; all of them where none is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Arc<str>>,
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
    /// Reads `{"groups": [{"label", "tiles": [{"item", "label"}]}], "categories": [{"label",
    /// "department", "category"}]}`; the categories may be missing.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(value: &Value) -> Result<Self, Vec<Fault>> {
        let mut reader = Reader::new(Part::Favourites);
        let read = favourites(&mut reader, value);
        reader.finish(read)
    }
}

fn favourites(reader: &mut Reader, value: &Value) -> Option<Favourites> {
    let table = reader.table(value, &["groups", "categories"])?;
    let groups = reader.needed(table, "groups", |reader, list| {
        let groups = reader.list(list, GROUPS_MAX, group)?;
        reader.unique(list, Some("label"));
        Some(groups)
    });
    let categories = reader.optional(table, "categories", |reader, list| {
        let categories = reader.list(list, CATEGORIES_MAX, category)?;
        reader.unique(list, Some("label"));
        Some(categories)
    });
    Some(Favourites { groups: groups?, categories: categories.unwrap_or_default() })
}

fn category(reader: &mut Reader, value: &Value) -> Option<CategoryTile> {
    let table = reader.table(value, &["label", "department", "category"])?;
    let name = reader.needed(table, "label", label);
    let department = reader.needed(table, "department", named);
    let category = reader.optional(table, "category", named);
    Some(CategoryTile { label: name?, department: department?, category })
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

fn named(reader: &mut Reader, value: &Value) -> Option<Arc<str>> {
    reader.text(value, NAME_CHARS_MAX).map(Arc::from)
}

fn label(reader: &mut Reader, value: &Value) -> Option<Arc<str>> {
    reader.text(value, LABEL_CHARS_MAX).map(Arc::from)
}
