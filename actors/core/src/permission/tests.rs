use proptest::prelude::*;
use std::collections::BTreeSet;

use super::*;

#[test]
fn every_permission_and_role_is_named_once_and_found_by_its_name() {
    let codes: BTreeSet<&str> = Permission::ALL.iter().map(|one| one.code()).collect();
    assert_eq!(codes.len(), Permission::ALL.len());
    for permission in Permission::ALL {
        assert_eq!(Permission::from_code(permission.code()), Some(*permission));
        let json = serde_json::to_string(permission).unwrap();
        assert_eq!(json, format!("\"{permission}\""), "one name in JSON and in rows");
    }
    for role in Role::ALL {
        assert_eq!(Role::from_code(role.code()), Some(role));
    }
    assert_eq!(Permission::from_code("fly"), None);
}

#[test]
fn where_nothing_is_said_a_supervisor_may_all_but_four_things_and_a_cashier_sells() {
    let permissions = Permissions::default();
    let lacks = |role: Role| -> Vec<&str> {
        let all = Permission::ALL.iter().filter(|one| !permissions.allows(role, **one));
        all.map(|one| one.code()).collect()
    };
    assert_eq!(lacks(Role::Manager), [""; 0]);
    assert_eq!(
        lacks(Role::Supervisor),
        ["force_close", "set_time", "set_up_devices", "manage_people"]
    );
    assert_eq!(
        permissions.of(Role::Cashier).iter().map(|one| one.code()).collect::<Vec<_>>(),
        [
            "sell",
            "return_goods",
            "void_line",
            "abandon",
            "void_tender",
            "suspend",
            "retrieve",
            "age_check",
            "reprint",
            "read_journal",
            "open_till",
            "pickup",
            "count_till",
            "close_till",
        ]
    );
}

fn any_table() -> impl Strategy<Value = Permissions> {
    let some = || prop::collection::btree_set(prop::sample::select(Permission::ALL), 0..32);
    (some(), some()).prop_map(|(cashier, supervisor)| Permissions { cashier, supervisor })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_any_table_each_role_may_what_the_one_before_may_and_nothing_that_is_not_said(
        permissions in any_table()
    ) {
        for permission in Permission::ALL {
            let of = |role| permissions.allows(role, *permission);
            prop_assert!(of(Role::Manager));
            prop_assert!(of(Role::Supervisor) || !of(Role::Cashier));
            prop_assert_eq!(of(Role::Cashier), permissions.cashier.contains(permission));
            let said = permissions.cashier.union(&permissions.supervisor);
            prop_assert_eq!(of(Role::Supervisor), said.into_iter().any(|one| one == permission));
        }
    }
}

/// The table of the documentation.
fn written() -> String {
    let permissions = Permissions::default();
    let mut table = String::from("| permission | what for | cashier | supervisor | manager |\n");
    table += "|---|---|---|---|---|\n";
    for permission in Permission::ALL {
        let may =
            Role::ALL.map(|role| if permissions.allows(role, *permission) { "yes" } else { "" });
        let [cashier, supervisor, manager] = may;
        let says = permission.says();
        table += &format!("| `{permission}` | {says} | {cashier} | {supervisor} | {manager} |\n");
    }
    table
}

#[test]
fn the_documentation_has_the_table_that_holds() {
    let text = include_str!("../../../../docs/permissions.md");
    let table = written();
    assert!(text.contains(&table), "docs/permissions.md has to hold this table:\n\n{table}");
}
