use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Permission, Role};

/// What each role may do. A role may do at least what the one before may, and a manager all of it:
/// no table can lock a store's owner out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permissions {
    /// What cashiers may.
    #[serde(default = "of_cashiers")]
    pub cashier: BTreeSet<Permission>,
    /// What supervisors may besides.
    #[serde(default = "of_supervisors")]
    pub supervisor: BTreeSet<Permission>,
}

impl Permissions {
    /// Whether a role has a permission.
    #[must_use]
    pub fn allows(&self, role: Role, permission: Permission) -> bool {
        match role {
            Role::Manager => true,
            Role::Supervisor => {
                self.supervisor.contains(&permission) || self.cashier.contains(&permission)
            }
            Role::Cashier => self.cashier.contains(&permission),
        }
    }

    /// What a role may do, in the order of [`Permission::ALL`].
    #[must_use]
    pub fn of(&self, role: Role) -> Vec<Permission> {
        let all = Permission::ALL.iter().copied();
        all.filter(|permission| self.allows(role, *permission)).collect()
    }
}

impl Default for Permissions {
    fn default() -> Self {
        Self { cashier: of_cashiers(), supervisor: of_supervisors() }
    }
}

fn of_cashiers() -> BTreeSet<Permission> {
    up_to(Role::Cashier)
}

fn of_supervisors() -> BTreeSet<Permission> {
    up_to(Role::Supervisor)
}

fn up_to(role: Role) -> BTreeSet<Permission> {
    let all = Permission::ALL.iter().copied();
    all.filter(|permission| permission.least_role() <= role).collect()
}
