use std::sync::Arc;

use devices::worker::Condition;
use serde::Serialize;
use store_core::DeviceId;
use store_core::device::{Device, DeviceKind};
use tokio::sync::watch;
use utoipa::ToSchema;

/// A device as screens show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeviceView {
    /// What it is called.
    #[schema(value_type = String)]
    pub id: DeviceId,
    /// What it is.
    #[schema(value_type = String)]
    pub kind: DeviceKind,
    /// The registers that use it, by number; the whole store where there are none.
    pub registers: Vec<u16>,
    /// How it is: `starting`, `ready`, `absent`, `silent`, or what it wants, such as `paper_out`.
    pub condition: &'static str,
    /// Whether it does its work.
    pub works: bool,
    /// What the system said, where the port is the trouble.
    pub reason: Option<String>,
    /// Since when it has been like this, in milliseconds since 1970.
    pub since_ms: i64,
    /// Whether it is only simulated.
    pub is_simulated: bool,
}

impl DeviceView {
    /// Whether somebody looks all the time how it is: a drawer is as its printer is, and a card
    /// terminal is asked when somebody pays.
    #[must_use]
    pub const fn is_watched(&self) -> bool {
        !matches!(self.kind, DeviceKind::CashDrawer | DeviceKind::CardTerminal)
    }
}

/// How all devices are, for whoever wants to follow it.
#[derive(Clone)]
pub struct DeviceBoard(watch::Sender<Arc<Vec<DeviceView>>>);

impl Default for DeviceBoard {
    fn default() -> Self {
        Self(watch::Sender::new(Arc::default()))
    }
}

impl DeviceBoard {
    /// As it is now, and its changes.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Arc<Vec<DeviceView>>> {
        self.0.subscribe()
    }

    /// As it is now.
    #[must_use]
    pub fn now(&self) -> Arc<Vec<DeviceView>> {
        self.0.borrow().clone()
    }

    /// Puts a device on it.
    pub(super) fn put(&self, device: &Device, is_simulated: bool, since_ms: i64) {
        let view = DeviceView {
            id: device.id.clone(),
            kind: device.kind,
            registers: device.registers.clone(),
            condition: Condition::Starting.code(),
            works: false,
            reason: None,
            since_ms,
            is_simulated,
        };
        self.0.send_modify(|all| {
            let all = Arc::make_mut(all);
            all.retain(|other| other.id != view.id);
            all.push(view);
            all.sort_by(|one, other| (one.kind, &one.id).cmp(&(other.kind, &other.id)));
        });
    }

    /// Says how a device is.
    pub(super) fn say(
        &self,
        id: &DeviceId,
        condition: Condition,
        reason: Option<String>,
        since_ms: i64,
    ) {
        self.0.send_if_modified(|all| {
            let Some(at) = all.iter().position(|view| view.id == *id) else { return false };
            if let Some(view) = Arc::make_mut(all).get_mut(at) {
                view.condition = condition.code();
                view.works = condition.works();
                view.reason = reason;
                view.since_ms = since_ms;
            }
            true
        });
    }

    /// Takes off what is not among these.
    pub(super) fn keep_only(&self, devices: &[Device]) {
        let is_there = |view: &DeviceView| devices.iter().any(|device| device.id == view.id);
        self.0.send_if_modified(|all| {
            let is_more = all.iter().any(|view| !is_there(view));
            if is_more {
                Arc::make_mut(all).retain(is_there);
            }
            is_more
        });
    }
}
