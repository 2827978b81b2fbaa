use std::collections::BTreeMap;
use std::sync::Arc;

use devices::worker::Condition;
use serde::Serialize;
use store_core::DeviceId;
use store_core::device::{Device, DeviceKind};
use tokio::sync::watch;
use utoipa::ToSchema;

use super::SIMULATED;

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
    /// Of a drawer: whether it is open, where its printer can tell.
    pub is_open: Option<bool>,
    /// Of a drawer: the printer that it hangs on.
    #[serde(skip)]
    pub(crate) printer: Option<DeviceId>,
    /// Of a printer: whether the drawer at it is open, as it last said.
    #[serde(skip)]
    pub(crate) drawer: Option<bool>,
}

impl DeviceView {
    /// Shows a drawer as the printer is that it hangs on: it opens wherever that one answers,
    /// though it may be out of paper; without one it is nowhere.
    fn hang_on(&mut self, printer: Option<&Self>, now_ms: i64) {
        let condition = match printer.map(|printer| printer.condition) {
            Some(gone @ ("starting" | "absent" | "silent")) => gone,
            Some(_) => Condition::Ready.code(),
            None => Condition::Absent.code(),
        };
        let works = condition == Condition::Ready.code();
        if self.condition != condition {
            self.since_ms = printer.map_or(now_ms, |printer| printer.since_ms);
        }
        (self.condition, self.works) = (condition, works);
        self.is_open = printer.filter(|_| works).and_then(|printer| printer.drawer);
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
    pub(super) fn put(&self, device: &Device, since_ms: i64) {
        let view = DeviceView {
            id: device.id.clone(),
            kind: device.kind,
            registers: device.registers.clone(),
            condition: Condition::Starting.code(),
            works: false,
            reason: None,
            since_ms,
            is_simulated: device.port == SIMULATED,
            is_open: None,
            printer: None,
            drawer: None,
        };
        self.0.send_modify(|all| {
            let all = Arc::make_mut(all);
            all.retain(|other| other.id != view.id);
            all.push(view);
            all.sort_by(|one, other| (one.kind, &one.id).cmp(&(other.kind, &other.id)));
        });
    }

    /// Says how a device is; answers whether that is new.
    pub(super) fn say(
        &self,
        id: &DeviceId,
        condition: Condition,
        reason: Option<String>,
        since_ms: i64,
    ) -> bool {
        self.change(id, |view| {
            if view.condition == condition.code() && view.reason == reason {
                return false;
            }
            if view.condition != condition.code() {
                view.since_ms = since_ms;
            }
            (view.condition, view.works) = (condition.code(), condition.works());
            view.reason = reason;
            true
        })
    }

    /// Says whether the drawer at a printer is open.
    pub(super) fn say_drawer(&self, printer: &DeviceId, is_open: bool) {
        self.change(printer, |view| view.drawer.replace(is_open) != Some(is_open));
    }

    /// Says which printer each drawer hangs on.
    pub(super) fn hang(&self, drawers: &BTreeMap<DeviceId, Option<DeviceId>>, now_ms: i64) {
        self.0.send_modify(|all| {
            let all = Arc::make_mut(all);
            for (drawer, printer) in drawers {
                let at = printer.as_ref().and_then(|id| all.iter().find(|view| view.id == *id));
                let at = at.cloned();
                if let Some(view) = all.iter_mut().find(|view| view.id == *drawer) {
                    view.printer.clone_from(printer);
                    view.hang_on(at.as_ref(), now_ms);
                }
            }
        });
    }

    /// Changes what is said of a device, and of the drawers that hang on it.
    fn change(&self, id: &DeviceId, change: impl FnOnce(&mut DeviceView) -> bool) -> bool {
        self.0.send_if_modified(|all| {
            let Some(at) = all.iter().position(|view| view.id == *id) else { return false };
            let all = Arc::make_mut(all);
            let Some(view) = all.get_mut(at) else { return false };
            if !change(view) {
                return false;
            }
            let printer = view.clone();
            for drawer in all.iter_mut().filter(|view| view.printer.as_ref() == Some(id)) {
                drawer.hang_on(Some(&printer), printer.since_ms);
            }
            true
        })
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
