use std::collections::BTreeMap;
use std::sync::Arc;

use actix::prelude::*;
use devices::terminal::TerminalAsk;
use store_core::card::CardAnswer;
use store_core::register::{
    Answer, PromptAsk, RegisterEffect, RegisterInput, RegisterMachine, RegisterView, Ticket,
};
use store_core::{CardRequestId, CommandId, Machine, Refusal, RefusalCode, WorkstationId};
use tokio::sync::{oneshot, watch};

use crate::clock::Clock;
use crate::messages::{
    Append, Appended, Ask, AskTerminal, BasketQuery, ChangeInForce, FactQuery, KnownQuery, OpenDay,
    PriceQuery, Quiesce, Refused, RegisterQuery, ReleaseUses, SaveDraft, SetNotice, StatusQuery,
    SuggestionWanted, SuggestionsMade, TellTill,
};
use crate::status::ActorStatus;
use crate::translate;

/// What a register may talk to.
pub struct RegisterPorts {
    /// Makes promises durable.
    pub append: Recipient<Append>,
    /// Keeps the basket in progress.
    pub drafts: Recipient<SaveDraft>,
    /// Knows what became of a transaction.
    pub known: Recipient<KnownQuery>,
    /// Knows what stands under an id.
    pub facts: Recipient<FactQuery>,
    /// Knows the store's business day.
    pub day: Recipient<OpenDay>,
    /// Is told what became of the till.
    pub tills: Recipient<TellTill>,
    /// Knows what a basket costs.
    pub prices: Recipient<PriceQuery>,
    /// Frees what was held for a basket.
    pub releases: Recipient<ReleaseUses>,
    /// Works out what is worth saying.
    pub suggestions: Recipient<SuggestionWanted>,
    /// Ask payment terminals.
    pub terminals: Recipient<AskTerminal>,
    /// Where the screens look: always the latest view, never a queue of them.
    pub view: watch::Sender<Arc<RegisterView>>,
    /// The present moment.
    pub clock: Arc<dyn Clock>,
}

type Reply = oneshot::Sender<Result<Answer, Box<Refused>>>;

/// The shell of one register.
pub struct RegisterActor {
    workstation: WorkstationId,
    machine: RegisterMachine,
    ports: RegisterPorts,
    replies: BTreeMap<Ticket, Reply>,
    next_ticket: u64,
    inputs: u64,
    quiesced: Vec<oneshot::Sender<()>>,
    is_stopping: bool,
}

impl RegisterActor {
    /// A register with the machine as it was restored.
    #[must_use]
    pub const fn new(
        workstation: WorkstationId,
        machine: RegisterMachine,
        ports: RegisterPorts,
    ) -> Self {
        Self {
            workstation,
            machine,
            ports,
            replies: BTreeMap::new(),
            next_ticket: 0,
            inputs: 0,
            quiesced: Vec::new(),
            is_stopping: false,
        }
    }

    fn input(&mut self, input: RegisterInput, ctx: &mut Context<Self>) {
        self.inputs += 1;
        let now = self.ports.clock.now(Some(&self.workstation));
        let mut effects = Vec::new();
        self.machine.step(now, input, &mut effects);
        for effect in effects {
            self.perform(effect, ctx);
        }
        if self.ports.view.borrow().revision != self.machine.revision() {
            self.ports.view.send_replace(Arc::new(self.machine.view(now)));
        }
        if self.is_stopping && self.machine.queue_length() == 0 {
            for quiesced in self.quiesced.drain(..) {
                // Whoever asked may have gone; then nobody waits.
                let _ = quiesced.send(());
            }
        }
    }

    /// Asks another actor, and takes its answer in.
    fn ask<M>(
        &self,
        of: &Recipient<M>,
        question: M,
        ctx: &mut Context<Self>,
        take: impl FnOnce(Result<M::Result, MailboxError>, &mut Self, &mut Context<Self>) + 'static,
    ) where
        M: Message + Send + 'static,
        M::Result: Send,
    {
        ctx.spawn(of.send(question).into_actor(self).map(take));
    }

    fn perform(&mut self, effect: RegisterEffect, ctx: &mut Context<Self>) {
        let ports = &self.ports;
        match effect {
            RegisterEffect::Answer { ticket, answer } => self.answer(ticket, *answer),
            RegisterEffect::SaveDraft { attempt, draft } => {
                self.ask(&ports.drafts, SaveDraft(draft), ctx, move |saved, actor, ctx| {
                    let input = match saved.unwrap_or(Err(RefusalCode::JournalFailed)) {
                        Ok(()) => RegisterInput::DraftSaved { attempt },
                        Err(code) => RegisterInput::DraftFailed { attempt, code },
                    };
                    actor.input(input, ctx);
                });
            }
            RegisterEffect::Append { ticket, id, now, fact, draft } => {
                let append = Append { id, now, fact, draft };
                self.ask(&ports.append, append, ctx, move |committed, actor, ctx| {
                    let committed = committed.unwrap_or(Err(RefusalCode::JournalFailed));
                    actor.input(appended(ticket, committed), ctx);
                });
            }
            RegisterEffect::LookUp { ticket, transaction, with_sale } => {
                let query = KnownQuery { transaction, with_sale };
                self.ask(&ports.known, query, ctx, move |known, actor, ctx| {
                    let known = known.unwrap_or(Err(RefusalCode::JournalFailed));
                    actor.input(RegisterInput::LookedUp { ticket, known }, ctx);
                });
            }
            RegisterEffect::LookUpEntry { ticket, id } => {
                self.ask(&ports.facts, FactQuery(id), ctx, move |fact, actor, ctx| {
                    let fact = fact.unwrap_or(Err(RefusalCode::JournalFailed));
                    let entry = fact.and_then(translate::till_entry);
                    actor.input(RegisterInput::EntryLookedUp { ticket, entry }, ctx);
                });
            }
            RegisterEffect::OpenDay { ticket } => {
                let question = OpenDay(self.workstation.clone());
                self.ask(&ports.day, question, ctx, move |day, actor, ctx| {
                    let day = day.unwrap_or(Err(RefusalCode::Stopping));
                    actor.input(RegisterInput::DayOpen { ticket, day }, ctx);
                });
            }
            RegisterEffect::AskTerminal { request, is_inquiry } => {
                let id = request.id;
                let question = AskTerminal(TerminalAsk { request: *request, is_inquiry });
                self.ask(&ports.terminals, question, ctx, move |answer, actor, ctx| {
                    let answer = answer.unwrap_or(CardAnswer::Unknown("terminal_gone"));
                    actor.card_answered(id, answer, is_inquiry, ctx);
                });
            }
            RegisterEffect::Price { ticket, ask } => {
                self.ask(&ports.prices, PriceQuery(ask), ctx, move |quote, actor, ctx| {
                    let input = match quote {
                        Ok(quote) => RegisterInput::Priced { ticket, quote: Box::new(quote) },
                        Err(_) => RegisterInput::NotPriced { ticket },
                    };
                    actor.input(input, ctx);
                });
            }
            // A day that is gone closes nothing.
            RegisterEffect::Tell(news) => {
                let told = TellTill { workstation: self.workstation.clone(), news };
                self.ask(&ports.tills, told, ctx, |_, _, _| ());
            }
            RegisterEffect::Suggest { ask } => self.suggest(ask, ctx),
            // Promotions that are gone hold nothing.
            RegisterEffect::Release { transaction } => {
                self.ask(&ports.releases, ReleaseUses(transaction), ctx, |_, _, _| ());
            }
        }
    }

    fn suggest(&self, ask: Box<PromptAsk>, ctx: &Context<Self>) {
        let (workstation, reply) = (self.workstation.clone(), ctx.address().recipient());
        let wanted = SuggestionWanted { workstation, ask, reply };
        // Nobody has to say anything.
        let _ = self.ports.suggestions.try_send(wanted);
    }

    fn card_answered(
        &mut self,
        request: CardRequestId,
        answer: CardAnswer,
        is_inquiry: bool,
        ctx: &mut Context<Self>,
    ) {
        self.next_ticket += 1;
        let ticket = Ticket(self.next_ticket);
        let id = CommandId::new(uuid::Uuid::now_v7());
        let input = RegisterInput::CardAnswered { ticket, id, request, answer, is_inquiry };
        self.input(input, ctx);
    }

    fn answer(&mut self, ticket: Ticket, answer: Result<Answer, Refusal>) {
        let Some(reply) = self.replies.remove(&ticket) else {
            return;
        };
        let now = self.ports.clock.now(Some(&self.workstation));
        let answer =
            answer.map_err(|refusal| Box::new(Refused { refusal, view: self.machine.view(now) }));
        // A terminal that hung up learns the outcome by asking again with the same id.
        let _ = reply.send(answer);
    }
}

impl Actor for RegisterActor {
    type Context = Context<Self>;
}

impl Handler<Ask> for RegisterActor {
    type Result = ResponseFuture<Result<Answer, Box<Refused>>>;

    fn handle(&mut self, Ask(request): Ask, ctx: &mut Self::Context) -> Self::Result {
        if self.is_stopping {
            let now = self.ports.clock.now(Some(&self.workstation));
            let refused = stopping(self.machine.view(now));
            return Box::pin(async { Err(refused) });
        }
        let (reply, answer) = oneshot::channel();
        self.next_ticket += 1;
        let ticket = Ticket(self.next_ticket);
        self.replies.insert(ticket, reply);
        let latest = self.ports.view.subscribe();
        self.input(RegisterInput::Request { ticket, request }, ctx);
        Box::pin(async move {
            // Without an answer the register is gone: what it showed last is all there is.
            answer.await.unwrap_or_else(|_| Err(stopping(latest.borrow().as_ref().clone())))
        })
    }
}

fn appended(ticket: Ticket, committed: Result<Appended, RefusalCode>) -> RegisterInput {
    match committed {
        Ok(Appended { repeated, .. }) => RegisterInput::Committed { ticket, repeated },
        Err(code) => RegisterInput::AppendFailed { ticket, code },
    }
}

fn stopping(view: RegisterView) -> Box<Refused> {
    Box::new(Refused { refusal: RefusalCode::Stopping.into(), view })
}

impl Handler<RegisterQuery> for RegisterActor {
    type Result = MessageResult<RegisterQuery>;

    fn handle(&mut self, _: RegisterQuery, _: &mut Self::Context) -> Self::Result {
        MessageResult(self.machine.view(self.ports.clock.now(Some(&self.workstation))))
    }
}

impl Handler<SuggestionsMade> for RegisterActor {
    type Result = ();

    fn handle(&mut self, made: SuggestionsMade, ctx: &mut Self::Context) {
        let SuggestionsMade { transaction, version, priced, prompts, offers } = made;
        let input = RegisterInput::Suggested { transaction, version, priced, prompts, offers };
        self.input(input, ctx);
    }
}

impl Handler<BasketQuery> for RegisterActor {
    type Result = MessageResult<BasketQuery>;

    fn handle(&mut self, _: BasketQuery, _: &mut Self::Context) -> Self::Result {
        MessageResult(self.machine.explanation_ask().map(Box::new))
    }
}

impl Handler<SetNotice> for RegisterActor {
    type Result = ();

    fn handle(&mut self, message: SetNotice, _: &mut Self::Context) {
        self.machine.set_notice(message.notice, message.is_raised);
        let now = self.ports.clock.now(Some(&self.workstation));
        self.ports.view.send_replace(Arc::new(self.machine.view(now)));
    }
}

impl Handler<ChangeInForce> for RegisterActor {
    type Result = ();

    fn handle(&mut self, message: ChangeInForce, ctx: &mut Self::Context) {
        self.input(RegisterInput::InForceChanged(message.0), ctx);
    }
}

impl Handler<Quiesce> for RegisterActor {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, _: Quiesce, ctx: &mut Self::Context) -> Self::Result {
        self.is_stopping = true;
        self.input(RegisterInput::Closing, ctx);
        if self.machine.queue_length() == 0 {
            return Box::pin(async {});
        }
        let (done, quiesced) = oneshot::channel();
        self.quiesced.push(done);
        Box::pin(async {
            // An actor that is gone has nothing under way.
            let _ = quiesced.await;
        })
    }
}

impl Handler<StatusQuery> for RegisterActor {
    type Result = MessageResult<StatusQuery>;

    fn handle(&mut self, _: StatusQuery, _: &mut Self::Context) -> Self::Result {
        MessageResult(ActorStatus {
            actor: format!("register {}", self.workstation),
            inputs: self.inputs,
            announcements_lost: 0,
            state: serde_json::json!({
                "phase": self.machine.phase(),
                "queue_length": self.machine.queue_length(),
                "revision": self.machine.revision(),
            }),
        })
    }
}
