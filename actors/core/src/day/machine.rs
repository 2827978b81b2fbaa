use std::collections::{BTreeMap, BTreeSet};

use super::DayClosed;
use crate::fact::Fact;
use crate::register::{Ticket, TillNews};
use crate::{
    BusinessDay, CommandId, Machine, Now, OperatorId, Refusal, RefusalCode, WorkstationId,
};

/// What the store's day is taken up from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayState {
    /// The day that is open.
    pub open: Option<BusinessDay>,
    /// The last one that was closed.
    pub last_closed: Option<BusinessDay>,
    /// The registers whose till is open.
    pub tills: BTreeSet<WorkstationId>,
    /// Those of which a till was closed with the open day, also by a close that then failed.
    pub forced: BTreeSet<WorkstationId>,
}

/// Somebody wants the day closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseAsk {
    /// The idempotency key.
    pub id: CommandId,
    /// The day that they see: another one is not closed.
    pub business_day: BusinessDay,
    /// Who.
    pub operator: OperatorId,
    /// Who allowed it, where the operator may not by themselves.
    pub approved_by: Option<OperatorId>,
    /// Whether tills that are open are closed with it, uncounted.
    pub is_forced: bool,
}

/// What may happen to the day.
#[derive(Clone, Debug)]
pub enum DayInput {
    /// A register is about to open its till: on which day?
    Ask(WorkstationId),
    /// What became of a register's till.
    Told(WorkstationId, TillNews),
    /// Somebody wants the day closed.
    Close(Ticket, CloseAsk),
    /// A register was told to close its till; whether it had one to close it told before.
    Forced(WorkstationId, Result<(), Refusal>),
    /// The close is durable.
    Committed,
    /// The close could not be written.
    AppendFailed(RefusalCode),
}

/// What the day wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayEffect {
    /// Tell a register the day, or why there is none.
    Named(WorkstationId, Result<BusinessDay, RefusalCode>),
    /// Let a register close its till, under an id that the shell makes of the close's own.
    Force(WorkstationId, CloseAsk),
    /// Write the close.
    Append(CommandId, Box<Fact>),
    /// Answer who wanted the day closed.
    Answer(Ticket, Result<DayClosed, Refusal>),
}

/// A close that is under way.
#[derive(Clone, Debug)]
struct Closing {
    ticket: Ticket,
    ask: CloseAsk,
    /// The registers that have not answered yet.
    waiting: BTreeSet<WorkstationId>,
    /// What those said that could not.
    refused: BTreeMap<WorkstationId, Refusal>,
    closed: Option<DayClosed>,
}

/// The day of all registers.
#[derive(Clone, Debug, Default)]
pub struct DayMachine {
    state: DayState,
    /// The day that was named to registers whose tills are not open yet.
    named: Option<BusinessDay>,
    opening: BTreeSet<WorkstationId>,
    closing: Option<Closing>,
}

impl DayMachine {
    /// The day as it was left.
    #[must_use]
    pub fn restore(state: DayState) -> Self {
        Self { state, ..Self::default() }
    }

    /// Where it stands.
    #[must_use]
    pub const fn state(&self) -> &DayState {
        &self.state
    }

    /// The day on which a till books that is opened now. No day comes twice and none goes back:
    /// after a close the next one begins, whatever the clock says; and a clock that is not trusted
    /// takes no more than that one step.
    #[must_use]
    pub fn day(&self, now: Now) -> BusinessDay {
        if let Some(day) = self.state.open.or(self.named) {
            return day;
        }
        let today = now.date();
        let Some(last) = self.state.last_closed.map(BusinessDay::date) else {
            return BusinessDay::new(today);
        };
        let after = last.tomorrow().unwrap_or(last);
        BusinessDay::new(if now.clock_trusted { today.max(after) } else { after })
    }

    fn ask(&mut self, now: Now, workstation: WorkstationId, effects: &mut Vec<DayEffect>) {
        let day = match &self.closing {
            Some(_) => Err(RefusalCode::DayClosing),
            None => {
                let day = self.day(now);
                self.named = Some(day);
                self.opening.insert(workstation.clone());
                Ok(day)
            }
        };
        effects.push(DayEffect::Named(workstation, day));
    }

    fn told(&mut self, workstation: WorkstationId, news: TillNews) {
        self.opening.remove(&workstation);
        match news {
            TillNews::Opened { business_day } => {
                self.state.open = Some(business_day);
                self.state.tills.insert(workstation);
            }
            TillNews::NotOpened => {}
            TillNews::Closed { is_forced } => {
                self.state.tills.remove(&workstation);
                if is_forced {
                    self.state.forced.insert(workstation);
                }
            }
        }
        if self.opening.is_empty() {
            self.named = None;
        }
    }

    fn close(&mut self, ticket: Ticket, ask: CloseAsk, effects: &mut Vec<DayEffect>) {
        let refuse = |refusal: Refusal, effects: &mut Vec<DayEffect>| {
            effects.push(DayEffect::Answer(ticket, Err(refusal)));
        };
        if self.closing.is_some() {
            return refuse(RefusalCode::DayClosing.into(), effects);
        }
        if self.state.open != Some(ask.business_day) {
            return refuse(RefusalCode::DayNotOpen.into(), effects);
        }
        let waiting: BTreeSet<_> = self.state.tills.union(&self.opening).cloned().collect();
        if !ask.is_forced && !waiting.is_empty() {
            return refuse(tills_open(&waiting), effects);
        }
        let force = waiting.iter().map(|it| DayEffect::Force(it.clone(), ask.clone()));
        effects.extend(force);
        let refused = BTreeMap::new();
        self.closing = Some(Closing { ticket, ask, waiting, refused, closed: None });
        self.go_on(effects);
    }

    fn forced(
        &mut self,
        workstation: WorkstationId,
        result: Result<(), Refusal>,
        effects: &mut Vec<DayEffect>,
    ) {
        let Some(closing) = &mut self.closing else { return };
        if !closing.waiting.remove(&workstation) {
            return;
        }
        if let Err(refusal) = result {
            closing.refused.insert(workstation, refusal);
        }
        self.go_on(effects);
    }

    /// Goes on with the close when every register has answered.
    fn go_on(&mut self, effects: &mut Vec<DayEffect>) {
        let (Some(closing), Some(day)) = (&mut self.closing, self.state.open) else { return };
        if !closing.waiting.is_empty() {
            return;
        }
        if let Some((workstation, refusal)) = closing.refused.pop_first() {
            let refusal = refusal.with("workstation", workstation);
            let ticket = closing.ticket;
            self.closing = None;
            return effects.push(DayEffect::Answer(ticket, Err(refusal)));
        }
        let closed = DayClosed {
            business_day: day,
            operator: closing.ask.operator.clone(),
            approved_by: closing.ask.approved_by.clone(),
            forced: self.state.forced.iter().cloned().collect(),
        };
        closing.closed = Some(closed.clone());
        let fact = Box::new(Fact::BusinessDayClosed(closed));
        effects.push(DayEffect::Append(closing.ask.id, fact));
    }

    fn written(&mut self, written: Result<(), RefusalCode>, effects: &mut Vec<DayEffect>) {
        let Some(Closing { ticket, closed: Some(closed), .. }) = self.closing.take() else {
            return;
        };
        let answer = written.map_err(Refusal::from).map(|()| {
            self.state.last_closed = Some(closed.business_day);
            self.state.open = None;
            self.state.forced.clear();
            closed
        });
        effects.push(DayEffect::Answer(ticket, answer));
    }
}

fn tills_open(tills: &BTreeSet<WorkstationId>) -> Refusal {
    let names: Vec<&str> = tills.iter().map(WorkstationId::as_str).collect();
    Refusal::new(RefusalCode::TillsOpen).with("tills", names.join(", "))
}

impl Machine for DayMachine {
    type Input = DayInput;
    type Effect = DayEffect;

    fn step(&mut self, now: Now, input: DayInput, effects: &mut Vec<DayEffect>) {
        match input {
            DayInput::Ask(workstation) => self.ask(now, workstation, effects),
            DayInput::Told(workstation, news) => self.told(workstation, news),
            DayInput::Close(ticket, ask) => self.close(ticket, ask, effects),
            DayInput::Forced(workstation, result) => self.forced(workstation, result, effects),
            DayInput::Committed => self.written(Ok(()), effects),
            DayInput::AppendFailed(code) => self.written(Err(code), effects),
        }
    }
}
