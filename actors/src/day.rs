use std::collections::BTreeMap;
use std::sync::Arc;

use actix::prelude::*;
use store_core::day::{CloseAsk, DayClosed, DayEffect, DayInput, DayMachine};
use store_core::fact::Fact;
use store_core::register::{DraftChange, Request, Ticket, TillAsk};
use store_core::{BusinessDay, CommandId, Machine, Refusal, RefusalCode, WorkstationId};
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::clock::Clock;
use crate::messages::{
    Append, Ask, CloseDay, DayQuery, DayStanding, FactQuery, OpenDay, StatusQuery, TellTill,
};
use crate::status::ActorStatus;

/// What the day may talk to.
pub struct DayPorts {
    /// Makes the close durable.
    pub append: Recipient<Append>,
    /// Knows whether it is.
    pub facts: Recipient<FactQuery>,
    /// The present moment.
    pub clock: Arc<dyn Clock>,
}

/// To the day, once: the registers, which need it first.
#[derive(Message)]
#[rtype(result = "()")]
pub struct MeetRegisters(pub BTreeMap<WorkstationId, Recipient<Ask>>);

/// The shell of the store's business day.
pub struct DayActor {
    machine: DayMachine,
    ports: DayPorts,
    registers: BTreeMap<WorkstationId, Recipient<Ask>>,
    /// The registers that wait for the day's name.
    asking: BTreeMap<WorkstationId, oneshot::Sender<Result<BusinessDay, RefusalCode>>>,
    closing: BTreeMap<Ticket, oneshot::Sender<Result<DayClosed, Refusal>>>,
    next_ticket: u64,
    inputs: u64,
}

impl DayActor {
    /// The day with the machine as it was restored.
    #[must_use]
    pub const fn new(machine: DayMachine, ports: DayPorts) -> Self {
        Self {
            machine,
            ports,
            registers: BTreeMap::new(),
            asking: BTreeMap::new(),
            closing: BTreeMap::new(),
            next_ticket: 0,
            inputs: 0,
        }
    }

    fn input(&mut self, input: DayInput, ctx: &mut Context<Self>) {
        self.inputs += 1;
        let now = self.ports.clock.now(None);
        let mut effects = Vec::new();
        self.machine.step(now, input, &mut effects);
        for effect in effects {
            self.perform(effect, ctx);
        }
    }

    fn perform(&mut self, effect: DayEffect, ctx: &mut Context<Self>) {
        match effect {
            DayEffect::Named(workstation, day) => {
                if let Some(reply) = self.asking.remove(&workstation) {
                    // A register that is gone opens nothing.
                    let _ = reply.send(day);
                }
            }
            DayEffect::Answer(ticket, answer) => {
                if let Some(reply) = self.closing.remove(&ticket) {
                    // Whoever hung up learns it by asking again with the same id.
                    let _ = reply.send(answer);
                }
            }
            DayEffect::Force(workstation, ask) => self.force(workstation, ask, ctx),
            DayEffect::Append(id, fact) => {
                let now = self.ports.clock.now(None);
                let append = Append { id, now, fact, draft: DraftChange::Keep };
                let appended = self.ports.append.send(append).into_actor(self);
                ctx.spawn(appended.map(|appended, actor, ctx| {
                    let input = match appended.unwrap_or(Err(RefusalCode::JournalFailed)) {
                        Ok(_) => DayInput::Committed,
                        Err(code) => DayInput::AppendFailed(code),
                    };
                    actor.input(input, ctx);
                }));
            }
        }
    }

    fn force(&mut self, workstation: WorkstationId, ask: CloseAsk, ctx: &mut Context<Self>) {
        let Some(register) = self.registers.get(&workstation) else {
            // The settings have no such register any more: its till stays as it is.
            let refused = DayInput::Forced(workstation, Err(RefusalCode::TillsOpen.into()));
            return ctx.notify(Again(refused));
        };
        // The close has the id itself; each register's part has one that is made of it.
        let id = Uuid::new_v5(&ask.id.uuid(), workstation.as_str().as_bytes());
        let CloseAsk { operator, approved_by, .. } = ask;
        let id = CommandId::new(id);
        let till = TillAsk { id, operator, approved_by, command: None };
        let answered = register.send(Ask(Request::Till(till))).into_actor(self);
        ctx.spawn(answered.map(move |answered, actor, ctx| {
            let result = match answered {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(refused)) => Err(refused.refusal),
                Err(_) => Err(RefusalCode::Stopping.into()),
            };
            actor.input(DayInput::Forced(workstation, result), ctx);
        }));
    }
}

/// An input that comes of an effect, in its turn.
#[derive(Message)]
#[rtype(result = "()")]
struct Again(DayInput);

impl Actor for DayActor {
    type Context = Context<Self>;
}

impl Handler<Again> for DayActor {
    type Result = ();

    fn handle(&mut self, Again(input): Again, ctx: &mut Self::Context) {
        self.input(input, ctx);
    }
}

impl Handler<MeetRegisters> for DayActor {
    type Result = ();

    fn handle(&mut self, MeetRegisters(registers): MeetRegisters, _: &mut Self::Context) {
        self.registers = registers;
    }
}

impl Handler<OpenDay> for DayActor {
    type Result = ResponseFuture<Result<BusinessDay, RefusalCode>>;

    fn handle(&mut self, OpenDay(workstation): OpenDay, ctx: &mut Self::Context) -> Self::Result {
        let (reply, day) = oneshot::channel();
        self.asking.insert(workstation.clone(), reply);
        self.input(DayInput::Ask(workstation), ctx);
        Box::pin(async { day.await.unwrap_or(Err(RefusalCode::Stopping)) })
    }
}

impl Handler<TellTill> for DayActor {
    type Result = ();

    fn handle(&mut self, told: TellTill, ctx: &mut Self::Context) {
        self.input(DayInput::Told(told.workstation, told.news), ctx);
    }
}

impl Handler<DayQuery> for DayActor {
    type Result = MessageResult<DayQuery>;

    fn handle(&mut self, _: DayQuery, _: &mut Self::Context) -> Self::Result {
        let state = self.machine.state();
        let next = self.machine.day(self.ports.clock.now(None));
        let tills = state.tills.iter().cloned().collect();
        MessageResult(DayStanding { open: state.open, next, tills })
    }
}

impl Handler<CloseDay> for DayActor {
    type Result = ResponseActFuture<Self, Result<DayClosed, Refusal>>;

    fn handle(&mut self, CloseDay(ask): CloseDay, _: &mut Self::Context) -> Self::Result {
        // Whether it was done before is asked of the journal, so that a restart forgets nothing.
        let done = self.ports.facts.send(FactQuery(ask.id)).into_actor(self);
        let answered = done.map(move |done, actor, ctx| {
            let (reply, closed) = oneshot::channel();
            match was_done(done.unwrap_or(Err(RefusalCode::JournalFailed)), &ask) {
                Some(done) => {
                    // It is waited for below.
                    let _ = reply.send(done);
                }
                None => {
                    actor.next_ticket += 1;
                    let ticket = Ticket(actor.next_ticket);
                    actor.closing.insert(ticket, reply);
                    actor.input(DayInput::Close(ticket, ask), ctx);
                }
            }
            closed
        });
        Box::pin(answered.then(|closed, actor, _| {
            let closed = async { closed.await.unwrap_or(Err(RefusalCode::Stopping.into())) };
            closed.into_actor(actor)
        }))
    }
}

/// What a close that was asked for before came to; nothing where it is asked for the first time.
fn was_done(
    found: Result<Option<Box<Fact>>, RefusalCode>,
    ask: &CloseAsk,
) -> Option<Result<DayClosed, Refusal>> {
    match found {
        Ok(None) => None,
        Ok(Some(fact)) => Some(match *fact {
            Fact::BusinessDayClosed(closed)
                if closed.operator == ask.operator && closed.business_day == ask.business_day =>
            {
                Ok(closed)
            }
            _ => Err(RefusalCode::CommandIdReused.into()),
        }),
        Err(code) => Some(Err(code.into())),
    }
}

impl Handler<StatusQuery> for DayActor {
    type Result = MessageResult<StatusQuery>;

    fn handle(&mut self, _: StatusQuery, _: &mut Self::Context) -> Self::Result {
        let state = self.machine.state();
        MessageResult(ActorStatus {
            actor: "day".to_owned(),
            inputs: self.inputs,
            announcements_lost: 0,
            state: serde_json::json!({
                "open": state.open,
                "last_closed": state.last_closed,
                "tills": state.tills,
            }),
        })
    }
}
