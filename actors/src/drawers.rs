use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use devices::printer::{DrawerPin, PrinterTask};
use store_core::WorkstationId;
use store_core::fact::Fact;
use tokio::sync::watch;

use crate::messages::{FactCommitted, SetNotice, StatusQuery};
use crate::print_queue::PrinterHandle;
use crate::status::ActorStatus;

/// Says at a register that its drawer has been open for too long.
const OPEN_NOTICE: &str = "drawer_open";

/// How the drawer of a register is opened, and how it is known whether it is open.
#[derive(Clone)]
pub struct DrawerWay {
    /// The printer that it hangs on.
    pub printer: PrinterHandle,
    /// At which of its pins.
    pub pin: DrawerPin,
    /// Whether it is open, where that is known.
    pub is_open: watch::Receiver<Option<bool>>,
    /// How long it may be.
    pub open_max: Duration,
}

/// The register whose drawer a fact opens, if it opens one.
pub type OpensDrawer = Arc<dyn Fn(&Fact) -> Option<WorkstationId> + Send + Sync>;

/// What the drawers may talk to.
pub struct DrawersPorts {
    /// Which facts open a drawer.
    pub opens: OpensDrawer,
    /// Are told when a drawer stays open.
    pub notices: BTreeMap<WorkstationId, Recipient<SetNotice>>,
}

/// The shell of the cash drawers: opens one as soon as the row is durable that says so, ahead of
/// the receipt, and sees to it that none stays open. A drawer is opened once, or not at all: one
/// that could not be opened has a key.
pub struct DrawersActor {
    ports: DrawersPorts,
    ways: BTreeMap<WorkstationId, DrawerWay>,
    alarms: BTreeMap<WorkstationId, SpawnHandle>,
    followers: BTreeMap<WorkstationId, SpawnHandle>,
    inputs: u64,
    pulses: u64,
}

impl DrawersActor {
    /// Without any drawer yet.
    #[must_use]
    pub fn new(ports: DrawersPorts) -> Self {
        let (ways, alarms, followers) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { ports, ways, alarms, followers, inputs: 0, pulses: 0 }
    }

    /// Gives the pulse; false where there is no drawer, or too much waits for it.
    fn open(&mut self, workstation: &WorkstationId) -> bool {
        let Some(way) = self.ways.get(workstation) else { return false };
        let at = workstation.clone();
        let reply = Box::new(move |opened: Result<(), devices::printer::PrintError>| {
            if let Err(error) = opened {
                tracing::warn!(workstation = at.as_str(), %error, "opening a drawer");
            }
        });
        let task = PrinterTask::OpenDrawer { drawer: way.pin, reply };
        let is_taken = way.printer.tasks.hand_in(task).is_ok();
        self.pulses += u64::from(is_taken);
        is_taken
    }

    /// Looks again whenever a drawer is not as it was.
    fn follow(
        &self,
        workstation: WorkstationId,
        mut is_open: watch::Receiver<Option<bool>>,
        ctx: &mut Context<Self>,
    ) -> SpawnHandle {
        let changed = async move { is_open.changed().await.map(|()| is_open) };
        ctx.spawn(changed.into_actor(self).map(|changed, actor, ctx| {
            let Ok(is_open) = changed else { return };
            let now = *is_open.borrow();
            actor.moved(&workstation, now == Some(true), ctx);
            let follower = actor.follow(workstation.clone(), is_open, ctx);
            actor.followers.insert(workstation, follower);
        }))
    }

    /// A drawer came out or went in.
    fn moved(&mut self, workstation: &WorkstationId, is_open: bool, ctx: &mut Context<Self>) {
        self.inputs += 1;
        if let Some(alarm) = self.alarms.remove(workstation) {
            ctx.cancel_future(alarm);
        }
        if !is_open {
            return self.tell(workstation, false);
        }
        let Some(way) = self.ways.get(workstation) else { return };
        let at = workstation.clone();
        let alarm = ctx.run_later(way.open_max, move |actor, _| actor.tell(&at, true));
        self.alarms.insert(workstation.clone(), alarm);
    }

    fn tell(&self, workstation: &WorkstationId, is_raised: bool) {
        if let Some(register) = self.ports.notices.get(workstation) {
            // One that cannot be told now is told when the drawer moves again.
            let _ = register.try_send(SetNotice { notice: OPEN_NOTICE, is_raised });
        }
    }
}

/// Most messages that wait: as many as for the journal, whose they are.
const MAILBOX_MAX: usize = 256;

impl Actor for DrawersActor {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(MAILBOX_MAX);
    }
}

/// To the drawers: this is how the drawer of each register is opened from now on.
#[derive(Message)]
#[rtype(result = "()")]
pub struct SetDrawers {
    /// Of each register that has one.
    pub ways: BTreeMap<WorkstationId, DrawerWay>,
}

impl Handler<SetDrawers> for DrawersActor {
    type Result = ();

    fn handle(&mut self, SetDrawers { ways }: SetDrawers, ctx: &mut Self::Context) {
        for follower in std::mem::take(&mut self.followers).into_values() {
            ctx.cancel_future(follower);
        }
        let before = std::mem::replace(&mut self.ways, ways);
        for workstation in before.into_keys() {
            if !self.ways.contains_key(&workstation) {
                // Nobody can shut a drawer that is not there any more.
                self.moved(&workstation, false, ctx);
            }
        }
        for (workstation, way) in self.ways.clone() {
            let now = *way.is_open.borrow();
            self.moved(&workstation, now == Some(true), ctx);
            let follower = self.follow(workstation.clone(), way.is_open, ctx);
            self.followers.insert(workstation, follower);
        }
    }
}

impl Handler<FactCommitted> for DrawersActor {
    type Result = ();

    fn handle(&mut self, FactCommitted(row): FactCommitted, _: &mut Self::Context) {
        self.inputs += 1;
        if let Some(workstation) = (self.ports.opens)(&row.fact) {
            // A register without a drawer has none to open.
            let _ = self.open(&workstation);
        }
    }
}

/// To the drawers: open a register's, to try it; false where it has none.
#[derive(Clone, Debug, Message)]
#[rtype(result = "bool")]
pub struct OpenDrawer(pub WorkstationId);

impl Handler<OpenDrawer> for DrawersActor {
    type Result = bool;

    fn handle(&mut self, OpenDrawer(at): OpenDrawer, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        self.open(&at)
    }
}

impl Handler<StatusQuery> for DrawersActor {
    type Result = MessageResult<StatusQuery>;

    fn handle(&mut self, _: StatusQuery, _: &mut Self::Context) -> Self::Result {
        let open = |way: &&DrawerWay| *way.is_open.borrow() == Some(true);
        MessageResult(ActorStatus {
            actor: "drawers".to_owned(),
            inputs: self.inputs,
            announcements_lost: 0,
            state: serde_json::json!({
                "pulses": self.pulses,
                "open": self.ways.values().filter(open).count(),
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use devices::port::PortAddress;
    use devices::printer::{PrinterDriver, PrinterSettings};
    use devices::worker::{self, Condition};

    use super::*;

    /// Nothing here takes a hundredth of it; what does hangs.
    const LIMIT: Duration = Duration::from_secs(30);

    /// What a register is told.
    #[derive(Clone, Default)]
    struct Told(Arc<Mutex<Vec<(&'static str, bool)>>>);

    impl Actor for Told {
        type Context = Context<Self>;
    }

    impl Handler<SetNotice> for Told {
        type Result = ();

        fn handle(&mut self, notice: SetNotice, _: &mut Self::Context) {
            self.0.lock().unwrap().push((notice.notice, notice.is_raised));
        }
    }

    /// A drawer at a printer that nobody plugged in.
    fn way(is_open: watch::Receiver<Option<bool>>) -> DrawerWay {
        let driver = PrinterDriver::new(PrinterSettings::default(), None, Box::new(|_| {}));
        let port = "tcp:127.0.0.1:1".parse::<PortAddress>().unwrap();
        let tasks = worker::start("printer", port, driver, |_, _| {}).unwrap();
        let (_, condition) = watch::channel(Condition::Absent);
        let printer = PrinterHandle { tasks, condition };
        DrawerWay { printer, pin: DrawerPin::Pin2, is_open, open_max: Duration::from_millis(1) }
    }

    async fn until_told(told: &Told, notice: (&'static str, bool)) {
        let is_told = async {
            while told.0.lock().unwrap().last() != Some(&notice) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(LIMIT, is_told).await.unwrap();
    }

    #[actix::test]
    async fn a_drawer_that_is_taken_out_of_the_settings_takes_its_alert_along() {
        let (at, told) = (WorkstationId::new("1").unwrap(), Told::default());
        let notices = BTreeMap::from([(at.clone(), told.clone().start().recipient())]);
        let ports = DrawersPorts { opens: Arc::new(|_| None), notices };
        let drawers = DrawersActor::new(ports).start();
        let (_moves, is_open) = watch::channel(Some(true));
        let ways = BTreeMap::from([(at, way(is_open))]);
        drawers.send(SetDrawers { ways }).await.unwrap();
        until_told(&told, (OPEN_NOTICE, true)).await;
        drawers.send(SetDrawers { ways: BTreeMap::new() }).await.unwrap();
        until_told(&told, (OPEN_NOTICE, false)).await;
    }
}
