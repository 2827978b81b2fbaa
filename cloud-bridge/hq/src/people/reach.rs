//! What somebody may see. This is the one place that decides it: whatever goes to a page is asked
//! of, or filtered by, a [`Reach`].

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody is at headquarters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads and does everything.
    Admin,
    /// Reads everything.
    Chain,
    /// Reads the stores of some regions.
    Region,
    /// Reads some stores.
    Store,
}

impl Role {
    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Chain => "chain",
            Self::Region => "region",
            Self::Store => "store",
        }
    }

    /// The role with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Admin, Self::Chain, Self::Region, Self::Store]
            .into_iter()
            .find(|role| role.code() == code)
    }

    /// Whether it reads a part of the chain only.
    #[must_use]
    pub const fn is_scoped(self) -> bool {
        matches!(self, Self::Region | Self::Store)
    }
}

/// Which stores somebody may see.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// All of them, and what belongs to none.
    Everything,
    /// Those of these regions.
    Regions(BTreeSet<String>),
    /// These.
    Stores(BTreeSet<String>),
}

impl Reach {
    /// What a role with these scopes may see.
    #[must_use]
    pub fn of(role: Role, scopes: &[String]) -> Self {
        let scopes = scopes.iter().cloned().collect();
        match role {
            Role::Admin | Role::Chain => Self::Everything,
            Role::Region => Self::Regions(scopes),
            Role::Store => Self::Stores(scopes),
        }
    }

    /// Whether a store of this region is seen.
    #[must_use]
    pub fn sees(&self, store: &str, region: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Regions(regions) => regions.contains(region),
            Self::Stores(stores) => stores.contains(store),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_what_it_names_and_nothing_else() {
        let scopes = ["north".to_owned(), "S-1".to_owned()];
        let sees = |role, store, region| Reach::of(role, &scopes).sees(store, region);
        assert!(sees(Role::Admin, "S-9", "") && sees(Role::Chain, "S-9", "south"));
        assert!(sees(Role::Region, "S-9", "north") && !sees(Role::Region, "S-1", "south"));
        assert!(sees(Role::Store, "S-1", "south") && !sees(Role::Store, "S-9", "north"));
        assert!(!Reach::of(Role::Region, &[]).sees("S-1", ""));
    }
}
