use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rust_decimal::Decimal;
use serde_json::Value;

use super::departments::departments;
use super::reader::Reader;
use super::tenders::tenders;
use super::{Fault, Part, Step};
use crate::device::{Device, Devices, REGISTERS_MAX};
use crate::permission::{Permission, Permissions};
use crate::register::DepartmentKey;
use crate::tax::{TaxMethod, TaxRate, TaxTable};
use crate::till::{TillPolicy, TillRules};
use crate::transaction::TenderRule;

/// Longest line of a receipt's head or foot, in characters: the widest paper.
const LINE_CHARS_MAX: usize = 96;
/// Most such lines.
const LINES_MAX: usize = 20;
/// Most tax classes.
const CLASSES_MAX: usize = 100;
/// A week: longer, and a browser that was left open lets anybody in.
const IDLE_MINUTES_MAX: u32 = 7 * 24 * 60;

/// Most notes and coins of a currency.
const NOTES_MAX: usize = 40;
/// Most that one can be worth.
const NOTE_MAX: i64 = 1_000_000;

const TILL_POLICIES: [(&str, TillPolicy); 3] = [
    ("none", TillPolicy::None),
    ("shared", TillPolicy::Shared),
    ("per_operator", TillPolicy::PerOperator),
];

/// Minutes without use after which sessions end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionMinutes {
    /// At a workstation.
    pub workstation: u32,
    /// At any other browser.
    pub roaming: u32,
    /// Minutes without use after which the screen of a workstation locks; 0 for never.
    pub lock: Option<u32>,
}

/// The settings of a store that headquarters may decide. What it says nothing of stays the store's
/// own; all that ties a hub to its machine (network ports, place of its data) is not among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicySettings {
    /// The name on receipts.
    pub store_name: Option<String>,
    /// The address lines on receipts.
    pub address: Option<Vec<String>>,
    /// The last lines of receipts.
    pub receipt_footer: Option<Vec<String>>,
    /// The ways of paying.
    pub tenders: Option<Vec<TenderRule>>,
    /// The keys for goods without a code.
    pub departments: Option<Vec<DepartmentKey>>,
    /// The taxes.
    pub tax: Option<TaxTable>,
    /// How long sessions live.
    pub sessions: Option<SessionMinutes>,
    /// Who may do what.
    pub permissions: Option<Permissions>,
    /// What tills follow that are opened from now on.
    pub till: Option<PolicyTill>,
    /// The peripherals, in the place of all that the store has of its own.
    pub devices: Option<Devices>,
}

/// What headquarters decides of tills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyTill {
    /// What they follow.
    pub rules: TillRules,
    /// The notes and coins that a count asks for, in major units, largest first; the currency's
    /// own where nothing is said.
    pub denominations: Option<Vec<Decimal>>,
}

impl PolicySettings {
    /// Reads tables `store`, `tenders`, `departments`, `tax`, `sessions`, `permissions`, `till` and
    /// `devices`, each of which may be missing.
    ///
    /// # Errors
    /// All that is wrong with it; a key that is not among them is an error.
    pub fn read(value: &Value) -> Result<Self, Vec<Fault>> {
        let mut reader = Reader::new(Part::Settings);
        let settings = settings(&mut reader, value);
        reader.finish(settings)
    }
}

fn settings(reader: &mut Reader, value: &Value) -> Option<PolicySettings> {
    let keys =
        ["store", "tenders", "departments", "tax", "sessions", "permissions", "till", "devices"];
    let table = reader.table(value, &keys)?;
    let mut settings = PolicySettings::default();
    if let Some(store) = table.get("store") {
        reader.key("store", |reader| store_lines(reader, store, &mut settings));
    }
    if let Some(list) = table.get("tenders") {
        settings.tenders = reader.key("tenders", |reader| tenders(reader, list));
    }
    if let Some(list) = table.get("departments") {
        settings.departments = reader.key("departments", |reader| departments(reader, list));
    }
    if let Some(tax) = table.get("tax") {
        settings.tax = reader.key("tax", |reader| taxes(reader, tax));
    }
    if let Some(minutes) = table.get("sessions") {
        settings.sessions = reader.key("sessions", |reader| sessions(reader, minutes));
    }
    if let Some(table) = table.get("permissions") {
        settings.permissions = reader
            .key("permissions", |reader| permissions(reader, table, ["cashier", "supervisor"]));
    }
    if let Some(table) = table.get("till") {
        settings.till = reader.key("till", |reader| till(reader, table));
    }
    if let Some(list) = table.get("devices") {
        settings.devices = reader.key("devices", |reader| devices(reader, list));
    }
    Some(settings)
}

/// The devices of the largest store that there is; what only a driver knows of them, the store
/// itself looks at.
fn devices(reader: &mut Reader, value: &Value) -> Option<Devices> {
    let read = serde_json::from_value::<Vec<Device>>(value.clone());
    let read = read.map_err(|error| error.to_string());
    let devices =
        read.and_then(|all| Devices::of(all, REGISTERS_MAX).map_err(|fault| fault.to_string()));
    devices.map_err(|reason| reader.fault("bad_devices", reason)).ok()
}

fn till(reader: &mut Reader, value: &Value) -> Option<PolicyTill> {
    let table = reader.table(value, &["policy", "is_blind", "denominations"])?;
    let policy = reader.needed(table, "policy", |reader, word| reader.word(word, &TILL_POLICIES));
    let is_blind = reader.flag(table, "is_blind");
    let notes = |reader: &mut Reader, list: &Value| {
        let note = |reader: &mut Reader, note: &Value| reader.decimal(note, 0, NOTE_MAX);
        let mut notes = reader.list(list, NOTES_MAX, note)?;
        if notes.iter().any(Decimal::is_zero) {
            reader.fault("bad_number", "a note or coin is worth something");
        }
        notes.sort_unstable_by(|one, other| other.cmp(one));
        notes.dedup();
        Some(notes)
    };
    let denominations = reader.optional(table, "denominations", notes);
    let rules = TillRules { policy: policy?, is_blind: is_blind? };
    Some(PolicyTill { rules, denominations })
}

/// What is said of a role takes the place of what holds for it where nothing is said.
fn permissions(reader: &mut Reader, value: &Value, roles: [&str; 2]) -> Option<Permissions> {
    let table = reader.table(value, &roles)?;
    let [cashier, supervisor] = roles.map(|role| {
        let list = table.get(role)?;
        reader.key(role, |reader| reader.list(list, Permission::ALL.len(), permission))
    });
    let default = Permissions::default();
    Some(Permissions {
        cashier: cashier.map_or(default.cashier, BTreeSet::from_iter),
        supervisor: supervisor.map_or(default.supervisor, BTreeSet::from_iter),
    })
}

fn permission(reader: &mut Reader, value: &Value) -> Option<Permission> {
    let known = value.as_str().and_then(Permission::from_code);
    if known.is_none() {
        reader.fault("unknown_permission", "docs/permissions.md names those that there are");
    }
    known
}

fn store_lines(reader: &mut Reader, value: &Value, settings: &mut PolicySettings) {
    let Some(table) = reader.table(value, &["name", "address", "receipt_footer"]) else { return };
    if let Some(name) = table.get("name") {
        settings.store_name = reader.key("name", |reader| reader.text(name, LINE_CHARS_MAX));
    }
    let mut lines = |key: &str| {
        let list = table.get(key)?;
        let line = |reader: &mut Reader, line: &Value| reader.text(line, LINE_CHARS_MAX);
        reader.key(key, |reader| reader.list(list, LINES_MAX, line))
    };
    settings.address = lines("address");
    settings.receipt_footer = lines("receipt_footer");
}

fn taxes(reader: &mut Reader, value: &Value) -> Option<TaxTable> {
    let table = reader.table(value, &["default", "classes"])?;
    let default = reader.required(table, "default");
    let default = default.and_then(|rate| reader.key("default", |reader| tax_rate(reader, rate)));
    let mut classes = BTreeMap::new();
    if let Some(value) = table.get("classes") {
        reader.key("classes", |reader| {
            let Value::Object(table) = value else {
                return reader.fault("not_a_table", "a table is expected here");
            };
            if table.len() > CLASSES_MAX {
                reader.fault("too_many", format!("there are more than {CLASSES_MAX} entries"));
            }
            for (class, value) in table.iter().take(CLASSES_MAX) {
                let class: Arc<str> = Arc::from(class.as_str());
                let step = Step::Key(class.clone());
                let rate = reader.at(step, |reader| tax_rate(reader, value));
                classes.extend(rate.map(|rate| (class, rate)));
            }
        });
    }
    Some(TaxTable { default: default?, classes })
}

fn tax_rate(reader: &mut Reader, value: &Value) -> Option<TaxRate> {
    let words = [("inclusive", TaxMethod::Inclusive), ("exclusive", TaxMethod::Exclusive)];
    let table = reader.table(value, &["percent", "method"])?;
    let (percent, method) = (reader.required(table, "percent"), reader.required(table, "method"));
    let percent =
        percent.and_then(|value| reader.key("percent", |reader| reader.decimal(value, 0, 100)));
    let method =
        method.and_then(|method| reader.key("method", |reader| reader.word(method, &words)));
    Some(TaxRate { percent: percent?, method: method? })
}

fn sessions(reader: &mut Reader, value: &Value) -> Option<SessionMinutes> {
    let keys = ["workstation_idle_minutes", "roaming_idle_minutes"];
    let table = reader.table(value, &[keys[0], keys[1], "lock_minutes"])?;
    let [workstation, roaming] = keys.map(|key| {
        let minutes = reader.required(table, key)?;
        reader.key(key, |reader| reader.whole(minutes, 1, IDLE_MINUTES_MAX))
    });
    let lock = match table.get("lock_minutes") {
        Some(minutes) => {
            let whole = |reader: &mut Reader| reader.whole(minutes, 0, IDLE_MINUTES_MAX);
            Some(reader.key("lock_minutes", whole)?)
        }
        None => None,
    };
    Some(SessionMinutes { workstation: workstation?, roaming: roaming?, lock })
}
