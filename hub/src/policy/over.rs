//! The settings of the store with what headquarters decided over them.

use std::sync::Arc;

use rust_decimal::Decimal;
use store_core::device::Devices;
use store_core::permission::Permissions;
use store_core::policy::Bundle;
use store_core::promotion::PricingRules;
use store_core::promotion::set::PromotionSet;
use store_core::receipt::ReceiptHeader;
use store_core::register::{DepartmentKey, RegisterRules};
use store_core::transaction::TenderRule;
use store_core::{Currency, Money};

use crate::access::SessionLimits;
use crate::settings::Settings;

const MINUTE_MS: i64 = 60_000;

/// What the registers follow: the store's own promotions, unless headquarters sends some.
#[must_use]
pub fn register_rules(
    settings: &Settings,
    devices: &Devices,
    own: &PromotionSet,
    bundle: &Bundle,
) -> RegisterRules {
    let mut rules = settings.register_rules();
    rules.terminals = devices.terminals(settings.registers);
    let promotions = bundle.promotions.as_ref().map_or(own, |decided| &decided.set);
    let promotions = promotions.for_store(&settings.store.id, &settings.promotions.regions);
    let decided = bundle.settings.as_deref();
    let taxes = decided.and_then(|decided| decided.tax.as_ref()).unwrap_or(&settings.tax).clone();
    rules.pricing = Arc::new(PricingRules { taxes, promotions: Arc::new(promotions) });
    if let Some(reasons) = &bundle.reasons {
        rules.reasons = reasons.as_ref().clone();
    }
    if let Some(till) = decided.and_then(|decided| decided.till.as_ref()) {
        rules.till = till.rules;
    }
    if let Some(tenders) = decided.and_then(|decided| decided.tenders.as_ref()) {
        // One that cannot be used in the store's currency must not stop those that can.
        let fits = |rule: &&TenderRule| rule.fault(settings.store.currency).is_none();
        rules.tenders = tenders.iter().filter(fits).cloned().collect();
    }
    if let Some(departments) = decided.and_then(|decided| decided.departments.as_ref()) {
        let fits = |key: &&DepartmentKey| key.fault(settings.store.currency).is_none();
        rules.departments = departments.iter().filter(fits).cloned().collect();
    }
    rules
}

/// What stands above and below a receipt.
#[must_use]
pub fn receipt_header(settings: &Settings, bundle: &Bundle) -> ReceiptHeader {
    let (own, decided) = (&settings.store, bundle.settings.as_deref());
    let name = decided.and_then(|decided| decided.store_name.as_ref());
    let address = decided.and_then(|decided| decided.address.as_ref());
    let footer = decided.and_then(|decided| decided.receipt_footer.as_ref());
    ReceiptHeader {
        store_name: name.unwrap_or(&own.name).clone(),
        address: address.unwrap_or(&own.address).clone(),
        footer: footer.cloned().unwrap_or_default(),
    }
}

/// The notes and coins that a count asks for.
#[must_use]
pub fn denominations(currency: Currency, decided: Option<&[Decimal]>) -> Vec<Money> {
    let known = store_core::till::denominations(currency);
    let Some(notes) = decided else { return known };
    // One that there is not in the store's currency must not stop those that there are.
    let notes = notes.iter().filter_map(|note| Money::exact(*note, currency).ok());
    notes.filter(|note| known.is_empty() || known.contains(note)).collect()
}

/// Who may do what.
#[must_use]
pub fn permissions(settings: &Settings, bundle: &Bundle) -> Permissions {
    let decided = bundle.settings.as_ref().and_then(|decided| decided.permissions.as_ref());
    decided.unwrap_or(&settings.permissions).clone()
}

/// How long sessions live.
#[must_use]
pub fn session_limits(settings: &Settings, bundle: &Bundle) -> SessionLimits {
    let decided = bundle.settings.as_ref().and_then(|decided| decided.sessions);
    decided.map_or(settings.sessions, |minutes| SessionLimits {
        workstation_idle_ms: i64::from(minutes.workstation) * MINUTE_MS,
        roaming_idle_ms: i64::from(minutes.roaming) * MINUTE_MS,
        lock_ms: minutes.lock.map_or(settings.sessions.lock_ms, |lock| i64::from(lock) * MINUTE_MS),
    })
}
