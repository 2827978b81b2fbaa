//! The shells: actors around what decides, each with the ports it needs.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix::prelude::*;
use cloud_bridge::Bridge;
use store_actors::messages::{FactCommitted, SetNotice, StatusQuery};
use store_actors::{
    AdviceThread, AlertBoard, Clock, Connect, DayActor, DayPorts, DrawersActor, DrawersPorts,
    InventoryActor, InventoryPorts, JournalActor, JournalPorts, LeftPapers, MeetRegisters,
    PrintCounts, PrintQueueActor, PrintQueuePorts, PromotionActor, RegisterActor, RegisterPorts,
    SafetyStockActor, SafetyStockPorts, TerminalsActor,
};
use store_core::WorkstationId;
use store_core::catalogue::Catalogue;
use store_core::day::{DayMachine, DayState};
use store_core::promotion::uses::PromotionUses;
use store_core::register::{RegisterMachine, RegisterRules};
use store_journal::{Reader, WriterHandle};
use tokio::sync::watch;

use super::memory::Memory;
use crate::access::Access;
use crate::link::{self, LinkBase, LinkParts, Nudge};
use crate::peripherals::Peripherals;
use crate::receipts::Receipts;
use crate::resume::Resumed;
use crate::settings::Settings;
use crate::start_error::StartError;
use crate::store::{ReaderPool, RegisterHandle};
use crate::suspended::SuspendedWatch;
use crate::till_papers::{TillPapers, ZReports};

/// What every shell is built from.
pub(super) struct Base {
    pub(super) arbiter: Arbiter,
    /// Where prices are searched for.
    pub(super) pricing: Arbiter,
    pub(super) settings: Arc<Settings>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) rules: Arc<RegisterRules>,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) receipts: Receipts,
    pub(super) link: Option<LinkBase>,
    /// Whether nothing that its registers do counts.
    pub(super) is_training: bool,
}

/// The shells, as the web reaches them.
pub(super) struct Shells {
    pub(super) journal: Addr<JournalActor>,
    pub(super) promotion: Addr<PromotionActor>,
    pub(super) advice: Arc<AdviceThread>,
    pub(super) print_queue: Addr<PrintQueueActor>,
    pub(super) print_counts: Arc<PrintCounts>,
    pub(super) registers: BTreeMap<WorkstationId, RegisterHandle>,
    pub(super) actors: Vec<Recipient<StatusQuery>>,
    pub(super) notices: Vec<Recipient<SetNotice>>,
    pub(super) inventory: Recipient<StatusQuery>,
    pub(super) day: Addr<DayActor>,
    pub(super) suspended: watch::Receiver<u64>,
    pub(super) link: Option<Bridge>,
}

/// Whom a register talks to.
struct Around<'a> {
    journal: &'a Addr<JournalActor>,
    promotion: &'a Addr<PromotionActor>,
    day: &'a Addr<DayActor>,
    terminals: &'a Addr<TerminalsActor>,
}

impl Base {
    pub(super) async fn start_shells(
        &self,
        memory: &Memory,
        resumed: Resumed,
        access: &Access,
        alerts: &AlertBoard,
        peripherals: &Peripherals,
    ) -> Result<Shells, StartError> {
        let journal = self.start_journal(memory.writer.handle())?;
        let machines = self.restore_registers(&resumed, access)?;
        let (promotion, advice) = self.start_promotion(&machines)?;
        let mut actors = vec![journal.clone().recipient(), promotion.clone().recipient()];
        let day = self.start_day(resumed.day.clone(), &journal);
        actors.push(day.clone().recipient());
        let terminals = TerminalsActor::start_in_arbiter(&self.arbiter.handle(), |_| {
            TerminalsActor::new(BTreeMap::new())
        });
        actors.push(terminals.clone().recipient());
        let around =
            Around { journal: &journal, promotion: &promotion, day: &day, terminals: &terminals };
        let mut registers = BTreeMap::new();
        let mut notices: BTreeMap<WorkstationId, Recipient<SetNotice>> = BTreeMap::new();
        for (workstation, machine) in machines {
            let (register, view) = self.start_register(&workstation, machine, &around);
            actors.push(register.clone().recipient());
            notices.insert(workstation.clone(), register.clone().recipient());
            registers.insert(workstation, handle(&register, view));
        }
        let asks = registers
            .iter()
            .map(|(at, one): (&WorkstationId, &RegisterHandle)| (at.clone(), one.ask.clone()));
        let meet = MeetRegisters(asks.collect());
        day.send(meet).await.map_err(|_| StartError::Ended("the day"))?;
        let print_counts = Arc::<PrintCounts>::default();
        let print_queue =
            self.start_print_queue(&journal, &notices, resumed.papers.clone(), &print_counts);
        actors.push(print_queue.clone().recipient());
        peripherals.print_for(print_queue.clone().recipient());
        let inventory = self.start_followers(resumed, alerts, &journal, &mut actors);
        let (watching, suspended) = SuspendedWatch::new();
        let watching =
            SuspendedWatch::start_in_arbiter(&self.arbiter.handle(), |_| watching).recipient();
        let reports = self.start_reports(&print_queue)?;
        let mut facts = vec![inventory.clone().recipient(), watching, reports];
        if !self.is_training {
            peripherals.ask_terminals_for(terminals.recipient());
            let drawers = self.start_drawers(notices.clone(), peripherals);
            actors.push(drawers.clone().recipient());
            facts.push(drawers.recipient());
        }
        let notices: Vec<Recipient<SetNotice>> = notices.into_values().collect();
        if memory.was_rolled_back {
            link::tell_cashiers(&notices);
        }
        let link = self.start_link(memory.writer.handle(), notices.clone())?;
        facts.extend(link.as_ref().map(|link| self.start_nudge(link)));
        let ports = JournalPorts { facts, receipts: print_queue.clone().recipient() };
        journal.send(Connect(ports)).await.map_err(|_| StartError::Ended("the journal"))?;
        let inventory = inventory.recipient();
        Ok(Shells {
            journal,
            promotion,
            advice,
            print_queue,
            print_counts,
            registers,
            actors,
            notices,
            inventory,
            day,
            suspended,
            link,
        })
    }

    /// What hands papers to printers, with those that were left.
    fn start_print_queue(
        &self,
        journal: &Addr<JournalActor>,
        notices: &BTreeMap<WorkstationId, Recipient<SetNotice>>,
        left: LeftPapers,
        counts: &Arc<PrintCounts>,
    ) -> Addr<PrintQueueActor> {
        let ports = PrintQueuePorts {
            marks: journal.clone().recipient(),
            jobs: journal.clone().recipient(),
            copies: journal.clone().recipient(),
            papers: journal.clone().recipient(),
            queued: journal.clone().recipient(),
            notices: notices.clone(),
            clock: self.clock.clone(),
        };
        let counts = counts.clone();
        PrintQueueActor::start_in_arbiter(&self.arbiter.handle(), |_| {
            PrintQueueActor::new(ports, left).with_counts(counts)
        })
    }

    /// The registers as they were left.
    fn restore_registers(
        &self,
        resumed: &Resumed,
        access: &Access,
    ) -> Result<Vec<(WorkstationId, RegisterMachine)>, StartError> {
        let restore = |workstation: WorkstationId| {
            let state = resumed.register(&workstation, access);
            let (rules, catalogue) = (self.rules.clone(), self.catalogue.clone());
            let machine = RegisterMachine::restore(workstation.clone(), rules, catalogue, state)
                .map_err(|error| StartError::Draft(workstation.clone(), error))?;
            let machine = machine.with_last_trusted(self.clock.last_trusted());
            Ok((workstation, if self.is_training { machine.in_training() } else { machine }))
        };
        self.settings.workstations().into_iter().map(restore).collect()
    }

    /// The price, with what is held for the baskets that were being paid for.
    fn start_promotion(
        &self,
        machines: &[(WorkstationId, RegisterMachine)],
    ) -> Result<(Addr<PromotionActor>, Arc<AdviceThread>), StartError> {
        let holds = machines.iter().filter_map(|(_, machine)| machine.hold());
        let uses = PromotionUses::restored(holds);
        let data_dir = &self.settings.data.dir;
        let (own, threads) = (Reader::open(data_dir)?, Reader::open(data_dir)?);
        let advice =
            AdviceThread::start(threads).map_err(|error| StartError::Part("the advice", error))?;
        let advice = Arc::new(advice);
        let shared = advice.clone();
        let promotion = PromotionActor::start_in_arbiter(&self.pricing.handle(), move |_| {
            PromotionActor::new(uses, own, shared)
        });
        Ok((promotion, advice))
    }

    fn start_journal(&self, writer: WriterHandle) -> Result<Addr<JournalActor>, StartError> {
        let reader = Reader::open(&self.settings.data.dir)?;
        let receipt = self.receipts.clone().maker();
        let clock = self.clock.clone();
        Ok(JournalActor::start_in_arbiter(&self.arbiter.handle(), move |_| {
            JournalActor::new(writer, reader, receipt, clock)
        }))
    }

    /// What prints a till's report when it is closed.
    fn start_reports(
        &self,
        print_queue: &Addr<PrintQueueActor>,
    ) -> Result<Recipient<FactCommitted>, StartError> {
        let papers = TillPapers::new(&self.settings, self.receipts.clone());
        let reader = ReaderPool::new(Reader::open(&self.settings.data.dir)?);
        let printed = ZReports::new(papers, reader, self.clock.clone(), print_queue.clone());
        let printed = ZReports::start_in_arbiter(&self.arbiter.handle(), |_| printed);
        Ok(printed.recipient())
    }

    /// What opens the cash drawers.
    fn start_drawers(
        &self,
        notices: BTreeMap<WorkstationId, Recipient<SetNotice>>,
        peripherals: &Peripherals,
    ) -> Addr<DrawersActor> {
        let ports = DrawersPorts { opens: self.receipts.opens_drawer(), notices };
        let drawers =
            DrawersActor::start_in_arbiter(&self.arbiter.handle(), |_| DrawersActor::new(ports));
        peripherals.open_drawers_for(drawers.clone().recipient());
        drawers
    }

    fn start_register(
        &self,
        workstation: &WorkstationId,
        machine: RegisterMachine,
        &Around { journal, promotion, day, terminals }: &Around<'_>,
    ) -> (Addr<RegisterActor>, watch::Receiver<Arc<store_core::register::RegisterView>>) {
        let now = self.clock.now(Some(workstation));
        let (view_sender, view) = watch::channel(Arc::new(machine.view(now)));
        let ports = RegisterPorts {
            append: journal.clone().recipient(),
            drafts: journal.clone().recipient(),
            known: journal.clone().recipient(),
            facts: journal.clone().recipient(),
            day: day.clone().recipient(),
            tills: day.clone().recipient(),
            prices: promotion.clone().recipient(),
            releases: promotion.clone().recipient(),
            suggestions: promotion.clone().recipient(),
            terminals: terminals.clone().recipient(),
            view: view_sender,
            clock: self.clock.clone(),
        };
        let workstation = workstation.clone();
        let register = RegisterActor::start_in_arbiter(&self.arbiter.handle(), move |_| {
            RegisterActor::new(workstation, machine, ports)
        });
        (register, view)
    }

    /// The business day of all registers.
    fn start_day(&self, state: DayState, journal: &Addr<JournalActor>) -> Addr<DayActor> {
        let ports = DayPorts {
            append: journal.clone().recipient(),
            facts: journal.clone().recipient(),
            clock: self.clock.clone(),
        };
        DayActor::start_in_arbiter(&self.arbiter.handle(), |_| {
            DayActor::new(DayMachine::restore(state), ports)
        })
    }

    /// Those who follow the journal: stock, and the alerts that follow the stock.
    fn start_followers(
        &self,
        resumed: Resumed,
        alerts: &AlertBoard,
        journal: &Addr<JournalActor>,
        actors: &mut Vec<Recipient<StatusQuery>>,
    ) -> Addr<InventoryActor> {
        let Resumed { inventory, safety_stock, .. } = resumed;
        let ports = SafetyStockPorts { board: alerts.clone(), clock: self.clock.clone() };
        let safety_stock = SafetyStockActor::start_in_arbiter(&self.arbiter.handle(), |_| {
            SafetyStockActor::new(safety_stock, ports)
        });
        let ports = InventoryPorts {
            facts: journal.clone().recipient(),
            levels: safety_stock.clone().recipient(),
            clock: self.clock.clone(),
        };
        let inventory = InventoryActor::start_in_arbiter(&self.arbiter.handle(), |_| {
            InventoryActor::new(inventory, ports)
        });
        actors.push(inventory.clone().recipient());
        actors.push(safety_stock.recipient());
        inventory
    }

    /// The link to headquarters, where the settings name a link file.
    fn start_link(
        &self,
        writer: WriterHandle,
        notices: Vec<Recipient<SetNotice>>,
    ) -> Result<Option<Bridge>, StartError> {
        let Some(base) = &self.link else { return Ok(None) };
        let (settings, clock) = (&self.settings, self.clock.clone());
        link::start(base, LinkParts { settings, clock, writer, notices }).map(Some)
    }

    /// Tells the link of every fact.
    fn start_nudge(&self, link: &Bridge) -> Recipient<FactCommitted> {
        let nudge = Nudge(link.handle());
        Nudge::start_in_arbiter(&self.arbiter.handle(), |_| nudge).recipient()
    }
}

fn handle(
    register: &Addr<RegisterActor>,
    view: watch::Receiver<Arc<store_core::register::RegisterView>>,
) -> RegisterHandle {
    RegisterHandle {
        ask: register.clone().recipient(),
        query: register.clone().recipient(),
        basket: register.clone().recipient(),
        view,
        in_force: register.clone().recipient(),
        quiesce: register.clone().recipient(),
    }
}
