use std::collections::BTreeSet;
use std::sync::Arc;

use super::basket::AbsorbedCommand;
use super::command::CommandEnvelope;
use super::draft::{Draft, EndedTransaction};
use super::machine::Answer;
use super::rules::InForce;
use crate::buyer::BuyerWish;
use crate::card::{CardAnswer, CardRequest};
use crate::catalogue::Catalogue;
use crate::fact::Fact;
use crate::promotion::offers::TenderOffer;
use crate::promotion::prompts::{Prompt, PromptId};
use crate::promotion::uses::{PriceAsk, Quote};
use crate::promotion::{Evaluated, PricingRequest, PricingRules};
use crate::till::{TillCommand, TillEntry};
use crate::transaction::{Approval, RetailTransaction, TenderTypeId, Weighing};
use crate::{
    BusinessDay, CardRequestId, CommandId, Now, OperatorId, Refusal, RefusalCode, TransactionId,
};

/// Names a request until it is answered; made by the shell, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// What a terminal asks of its register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Something is to be done with a basket.
    Command {
        /// Who asks, by the session.
        operator: OperatorId,
        /// What the hub knows besides.
        attached: Attached,
        /// What.
        envelope: CommandEnvelope,
    },
    /// Somebody begins to work here.
    SignOn {
        /// The idempotency key.
        id: CommandId,
        /// Who.
        operator: OperatorId,
        /// The name that the screen shows.
        name: Arc<str>,
        /// Somebody who does not work in the store any more: the basket that they left open here
        /// is theirs who signs on.
        instead_of: Option<OperatorId>,
    },
    /// Somebody takes the register over from who works here, with the basket that is open.
    ChangeOperator {
        /// The idempotency key.
        id: CommandId,
        /// Who.
        operator: OperatorId,
        /// The name that the screen shows.
        name: Arc<str>,
        /// Who works here until then.
        before: OperatorId,
        /// Whether they may take over what the other has taken as payment as well.
        takes_payment: bool,
    },
    /// Somebody leaves.
    SignOff {
        /// The idempotency key.
        id: CommandId,
        /// Who.
        operator: OperatorId,
    },
    /// Something is to be done with the till.
    Till(TillAsk),
}

/// What comes with a command and is no part of it: no terminal says it, and a command that comes
/// twice is the same whatever came with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attached {
    /// Who approved it, where the one who asks may not do it alone.
    pub approval: Option<Approval>,
    /// What the scale said whose reading the command names; none where nobody remembers it.
    pub said: Option<Box<Weighing>>,
}

/// What is to be done with a till.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TillAsk {
    /// The idempotency key.
    pub id: CommandId,
    /// Who asks, by the session.
    pub operator: OperatorId,
    /// Who allowed it, where the operator may not by themselves.
    pub approved_by: Option<OperatorId>,
    /// What; nothing where the day is closed, and the till with it, whoever works here.
    pub command: Option<TillCommand>,
}

/// What the store's day is told of a till.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TillNews {
    /// It is open.
    Opened {
        /// The day that it books on.
        business_day: BusinessDay,
    },
    /// It could not be opened, although a day was named for it.
    NotOpened,
    /// It is closed.
    Closed {
        /// Whether with the day, uncounted.
        is_forced: bool,
    },
}

/// What may happen to a register. Each reply names what it replies to; one that fits nothing the
/// register is waiting for is stale and changes nothing.
#[derive(Clone, Debug)]
pub enum RegisterInput {
    /// A terminal asks.
    Request {
        /// Under which name it will be answered.
        ticket: Ticket,
        /// What.
        request: Request,
    },
    /// What the journal knows of a transaction.
    LookedUp {
        /// The look-up's ticket.
        ticket: Ticket,
        /// What became of it.
        known: Result<Known, RefusalCode>,
    },
    /// What the journal has under the id of something that was to be done with the till.
    EntryLookedUp {
        /// The look-up's ticket.
        ticket: Ticket,
        /// The entry; none if there is no row of this id, `command_id_reused` if it is another's.
        entry: Result<Option<Box<TillEntry>>, RefusalCode>,
    },
    /// The day that a till which is to be opened books on.
    DayOpen {
        /// The request's ticket.
        ticket: Ticket,
        /// The day, or why there is none.
        day: Result<BusinessDay, RefusalCode>,
    },
    /// A basket came back with its prices.
    Priced {
        /// The request's ticket.
        ticket: Ticket,
        /// The prices, or why there are none.
        quote: Box<Result<Quote, RefusalCode>>,
    },
    /// What is worth saying about a basket was worked out.
    Suggested {
        /// Which basket.
        transaction: TransactionId,
        /// Which version of it.
        version: u64,
        /// Which price of that version.
        priced: u64,
        /// The next things worth saying, the most worth first.
        prompts: Vec<Prompt>,
        /// What other ways of paying would change.
        offers: Vec<TenderOffer>,
    },
    /// There is nobody to price a basket: the hub is closing.
    NotPriced {
        /// The request's ticket.
        ticket: Ticket,
    },
    /// A draft is in the file.
    DraftSaved {
        /// Which attempt at writing it.
        attempt: u64,
    },
    /// A draft could not be written.
    DraftFailed {
        /// Which attempt at writing it.
        attempt: u64,
        /// Why.
        code: RefusalCode,
    },
    /// A promise is durable.
    Committed {
        /// The append's ticket.
        ticket: Ticket,
        /// Whether it was so before, by an earlier append with the same id.
        repeated: bool,
    },
    /// A promise could not be written.
    AppendFailed {
        /// The append's ticket.
        ticket: Ticket,
        /// Why.
        code: RefusalCode,
    },
    /// A terminal answered, or will not.
    CardAnswered {
        /// The name of the promise that comes of it.
        ticket: Ticket,
        /// That promise's idempotency key.
        id: CommandId,
        /// Which request.
        request: CardRequestId,
        /// What it said.
        answer: CardAnswer,
        /// Whether it was asked what had become of the request.
        is_inquiry: bool,
    },
    /// The hub is closing: a draft that could not be written is tried once more.
    Closing,
    /// Catalogue or rules are others; the next basket follows them.
    InForceChanged(InForce),
}

/// What the store knows of a transaction that is not the basket of the register that asks.
#[derive(Clone, Debug, Default)]
pub enum Known {
    /// Nothing.
    #[default]
    Nothing,
    /// It is over.
    Ended {
        /// The commands it had absorbed.
        ended: EndedTransaction,
        /// The sale that came of it, where it was asked for and there is one.
        sale: Option<Box<RetailTransaction>>,
        /// The command that undid the sale, where one did and the sale was asked for.
        post_void: Option<Box<AbsorbedCommand>>,
    },
    /// It lies suspended: the body of its draft.
    Suspended(String),
    /// It is open at another register: the commands it has absorbed.
    Elsewhere(Vec<AbsorbedCommand>),
}

/// What happens to the draft in the transaction that writes a promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftChange {
    /// There is no basket, or it stays as it is.
    Keep,
    /// The basket goes on.
    Save(Draft),
    /// The basket is over; what it had absorbed is kept beside the journal, and what the buyer
    /// said, if it is a sale.
    End(EndedTransaction, BuyerWish),
    /// The basket lies aside, no register's any more.
    Suspend(Draft),
    /// The basket was aside and goes on; if somebody else was first, nothing is written.
    Retrieve(Draft),
}

/// A basket about which something may be worth saying.
#[derive(Clone, Debug)]
pub struct PromptAsk {
    /// Which.
    pub transaction: TransactionId,
    /// Which version of it.
    pub version: u64,
    /// Which price of that version: another register may change it.
    pub priced: u64,
    /// The rules that the price follows.
    pub rules: Arc<PricingRules>,
    /// What it was made of.
    pub evaluated: Arc<Evaluated>,
    /// Partial combinations that the search for a price of this register may look at.
    pub nodes_max: u64,
    /// What is sold.
    pub catalogue: Arc<Catalogue>,
    /// The ways of paying.
    pub tenders: Vec<TenderTypeId>,
    /// What the customer did not want.
    pub declined: BTreeSet<PromptId>,
}

/// A basket of which somebody wants to know why it costs what it costs.
#[derive(Clone, Debug)]
pub struct ExplanationAsk {
    /// Which.
    pub transaction: TransactionId,
    /// The day that its uses count on.
    pub business_day: BusinessDay,
    /// The basket; what has been used is not filled in yet.
    pub request: PricingRequest,
}

/// What a register wants done.
#[derive(Clone, Debug)]
pub enum RegisterEffect {
    /// Ask the journal what became of a transaction.
    LookUp {
        /// To be named in the reply.
        ticket: Ticket,
        /// Which.
        transaction: TransactionId,
        /// Whether the sale itself is needed, if it is one.
        with_sale: bool,
    },
    /// Ask the journal for the till's entry of an id.
    LookUpEntry {
        /// To be named in the reply.
        ticket: Ticket,
        /// The id.
        id: CommandId,
    },
    /// Ask on which day a till that is to be opened books.
    OpenDay {
        /// To be named in the reply.
        ticket: Ticket,
    },
    /// Tell the store's day what became of the till.
    Tell(TillNews),
    /// Ask what a basket costs.
    Price {
        /// To be named in the reply.
        ticket: Ticket,
        /// The basket.
        ask: Box<PriceAsk>,
    },
    /// Work out what is worth saying about a basket, when there is time; of one register the
    /// newest such wish replaces those that still wait.
    Suggest {
        /// The basket.
        ask: Box<PromptAsk>,
    },
    /// What was held for a basket is free.
    Release {
        /// Which basket.
        transaction: TransactionId,
    },
    /// Write the draft.
    SaveDraft {
        /// To be named in the reply: the same version may have to be written twice.
        attempt: u64,
        /// What.
        draft: Draft,
    },
    /// Write a promise.
    Append {
        /// To be named in the reply: the id comes back with each attempt, the ticket does not.
        ticket: Ticket,
        /// The idempotency key.
        id: CommandId,
        /// When it was decided.
        now: Now,
        /// What is promised.
        fact: Box<Fact>,
        /// What becomes of the draft in the same transaction.
        draft: DraftChange,
    },
    /// Ask a payment terminal.
    AskTerminal {
        /// What.
        request: Box<CardRequest>,
        /// Whether it is only asked what became of the request: then nothing is paid by it.
        is_inquiry: bool,
    },
    /// Answer a terminal.
    Answer {
        /// Whom.
        ticket: Ticket,
        /// What.
        answer: Box<Result<Answer, Refusal>>,
    },
}
