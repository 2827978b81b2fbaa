use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::promotions::{self, Promotions};
use super::{
    CategoryTile, Fault, Favourites, People, Place, PolicySettings, SafetyStock, Step, reasons,
};
use crate::catalogue::{self, Catalogue};
use crate::register::ReasonCodes;
use crate::{Currency, ItemId};

/// A part of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// What is sold, with its prices.
    Catalogue,
    /// Who may sign in.
    People,
    /// The reasons that a cashier may give.
    Reasons,
    /// What a cashier taps.
    Favourites,
    /// The levels at which somebody is told.
    SafetyStock,
    /// Settings of the store.
    Settings,
    /// The promotions.
    Promotions,
}

impl Part {
    /// Every part that this version knows.
    pub const ALL: [Self; 7] = [
        Self::Catalogue,
        Self::People,
        Self::Reasons,
        Self::Favourites,
        Self::SafetyStock,
        Self::Settings,
        Self::Promotions,
    ];

    /// Its name in a bundle.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Catalogue => "catalogue.csv",
            Self::People => "people.json",
            Self::Reasons => "reasons.json",
            Self::Favourites => "favourites.json",
            Self::SafetyStock => "safety_stock.json",
            Self::Settings => "settings.json",
            Self::Promotions => "promotions.json",
        }
    }

    /// The part with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }

    /// Most bytes of it, before compression.
    #[must_use]
    pub const fn size_max(self) -> u64 {
        const MIB: u64 = 1 << 20;
        match self {
            // What a hub takes from its own manager, too.
            Self::Catalogue => 64 * MIB,
            Self::SafetyStock | Self::Promotions => 32 * MIB,
            Self::People => 4 * MIB,
            Self::Reasons | Self::Favourites | Self::Settings => MIB,
        }
    }
}

/// The parts of a bundle; what it says nothing of stays as it was.
#[derive(Clone, Debug, Default)]
pub struct Bundle {
    /// What is sold, with its prices.
    pub catalogue: Option<Arc<Catalogue>>,
    /// The catalogue's text, as it is kept.
    pub catalogue_csv: Option<Arc<[u8]>>,
    /// Who may sign in.
    pub people: Option<Arc<People>>,
    /// The reasons that a cashier may give.
    pub reasons: Option<Arc<ReasonCodes>>,
    /// What a cashier taps.
    pub favourites: Option<Arc<Favourites>>,
    /// The levels at which somebody is told.
    pub safety_stock: Option<Arc<SafetyStock>>,
    /// Settings of the store.
    pub settings: Option<Arc<PolicySettings>>,
    /// The promotions.
    pub promotions: Option<Arc<Promotions>>,
}

impl Bundle {
    /// Reads every part and checks each against the others.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub fn read(parts: &BTreeMap<Part, Vec<u8>>, currency: Currency) -> Result<Self, Vec<Fault>> {
        let mut bundle = Self::default();
        let mut faults = Vec::new();
        for (part, content) in parts {
            if let Err(found) = bundle.read_part(*part, content, currency) {
                faults.extend(found);
            }
        }
        if let Some(catalogue) = &bundle.catalogue {
            faults.extend(check_items(&bundle, catalogue));
        }
        if faults.is_empty() { Ok(bundle) } else { Err(faults) }
    }

    fn read_part(
        &mut self,
        part: Part,
        content: &[u8],
        currency: Currency,
    ) -> Result<(), Vec<Fault>> {
        if content.len() as u64 > part.size_max() {
            let reason = format!("it is larger than {} bytes", part.size_max());
            return Err(vec![whole(part, "too_large", reason)]);
        }
        if part == Part::Catalogue {
            let read = catalogue::import_all(content, currency);
            let read =
                read.map_err(|errors| errors.iter().map(Fault::of_import).collect::<Vec<_>>());
            self.catalogue = Some(Arc::new(read?));
            self.catalogue_csv = Some(Arc::from(content));
            return Ok(());
        }
        let value: Value = serde_json::from_slice(content)
            .map_err(|error| vec![whole(part, "not_json", error.to_string())])?;
        self.read_value(part, &value, currency)
    }

    /// Reads a part that is JSON; a currency is what its amounts are in.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read_value(
        &mut self,
        part: Part,
        value: &Value,
        currency: Currency,
    ) -> Result<(), Vec<Fault>> {
        match part {
            Part::Catalogue => {
                return Err(vec![whole(part, "not_csv", "the catalogue is CSV".to_owned())]);
            }
            Part::People => self.people = Some(Arc::new(People::read(value)?)),
            Part::Reasons => self.reasons = Some(Arc::new(reasons::read(value)?)),
            Part::Favourites => self.favourites = Some(Arc::new(Favourites::read(value)?)),
            Part::SafetyStock => self.safety_stock = Some(Arc::new(SafetyStock::read(value)?)),
            Part::Settings => self.settings = Some(Arc::new(PolicySettings::read(value)?)),
            Part::Promotions => {
                self.promotions = Some(Arc::new(promotions::read(value, currency)?));
            }
        }
        Ok(())
    }

    /// This bundle over another: what it says nothing of is the other's.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        Self {
            catalogue: self.catalogue.or(other.catalogue),
            catalogue_csv: self.catalogue_csv.or(other.catalogue_csv),
            people: self.people.or(other.people),
            reasons: self.reasons.or(other.reasons),
            favourites: self.favourites.or(other.favourites),
            safety_stock: self.safety_stock.or(other.safety_stock),
            settings: self.settings.or(other.settings),
            promotions: self.promotions.or(other.promotions),
        }
    }
}

fn whole(part: Part, code: &'static str, reason: String) -> Fault {
    Fault { part, place: Place::Path(Vec::new()), code, reason }
}

/// The categories that no item belongs to: a tile that shows nothing.
fn check_categories(favourites: &Favourites, catalogue: &Catalogue) -> Vec<Fault> {
    let is_empty = |tile: &CategoryTile| {
        catalogue.page(&tile.department, tile.category.as_deref(), 0, 1).is_empty()
    };
    let empty = favourites.categories.iter().enumerate().filter(|(_, tile)| is_empty(tile));
    let fault = |(index, tile): (usize, &CategoryTile)| {
        let category = tile.category.as_deref().map(|name| format!(" / {name}"));
        Fault {
            part: Part::Favourites,
            place: Place::Path(vec![Step::Key(Arc::from("categories")), Step::Index(index)]),
            code: "unknown_category",
            reason: format!(
                "the catalogue has no item of {}{}",
                tile.department,
                category.unwrap_or_default()
            ),
        }
    };
    empty.map(fault).collect()
}

/// Whether favourites, levels and promotions speak of items that are sold, levels in the item's
/// unit.
#[must_use]
pub fn check_items(bundle: &Bundle, catalogue: &Catalogue) -> Vec<Fault> {
    let mut faults = Vec::new();
    let key = |name: &str| Step::Key(Arc::from(name));
    let unknown = |part, mut path: Vec<Step>, item: &ItemId| {
        path.push(key("item"));
        let reason = format!("the catalogue has no item {item}");
        Fault { part, place: Place::Path(path), code: "unknown_item", reason }
    };
    if let Some(favourites) = &bundle.favourites {
        for (group_index, group) in favourites.groups.iter().enumerate() {
            for (index, tile) in group.tiles.iter().enumerate() {
                if catalogue.item(&tile.item).is_none() {
                    let group = [key("groups"), Step::Index(group_index)];
                    let path = group.into_iter().chain([key("tiles"), Step::Index(index)]);
                    faults.push(unknown(Part::Favourites, path.collect(), &tile.item));
                }
            }
        }
        faults.extend(check_categories(favourites, catalogue));
    }
    if let Some(safety_stock) = &bundle.safety_stock {
        for (index, level) in safety_stock.0.iter().enumerate() {
            let path = vec![key("levels"), Step::Index(index)];
            match catalogue.item(&level.item) {
                None => faults.push(unknown(Part::SafetyStock, path, &level.item)),
                Some(item) if item.unit != level.safety_stock.unit() => faults.push(Fault {
                    part: Part::SafetyStock,
                    place: Place::Path([path, vec![key("unit")]].concat()),
                    code: "bad_unit",
                    reason: format!("the catalogue counts {} in {}", item.id, item.unit.code()),
                }),
                Some(_) => {}
            }
        }
    }
    if let Some(promotions) = &bundle.promotions {
        faults.extend(promotions.check_items(catalogue));
    }
    faults.truncate(super::FAULTS_MAX);
    faults
}
