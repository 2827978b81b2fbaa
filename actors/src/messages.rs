//! Every message of the store, on one page: commands in the imperative, events in the past tense,
//! queries end in `Query`.

use std::sync::Arc;

use actix::{Message, Recipient};
use store_core::day::{CloseAsk, DayClosed};
use store_core::fact::{CommittedFact, Fact, RowPosition};
use store_core::print_queue::Waiting;
use store_core::promotion::explain::Explanation;
use store_core::promotion::offers::TenderOffer;
use store_core::promotion::prompts::Prompt;
use store_core::promotion::uses::{PriceAsk, Quote};
use store_core::receipt::{ReceiptDocument, ReceiptLanguage};
use store_core::register::{
    Answer, Draft, DraftChange, ExplanationAsk, InForce, Known, PromptAsk, RegisterView, Request,
    TillNews,
};
use store_core::safety_stock::SafetyStockInput;
use store_core::{
    BusinessDay, CommandId, DeviceId, Now, Refusal, RefusalCode, TransactionId, WorkstationId,
};

use crate::status::ActorStatus;
use store_journal::PrintState;

/// To a register: something a terminal asks.
#[derive(Debug, Message)]
#[rtype(result = "Result<Answer, Box<Refused>>")]
pub struct Ask(pub Request);

/// A refusal with the register as it is.
#[derive(Clone, Debug)]
pub struct Refused {
    /// Why.
    pub refusal: Refusal,
    /// The register now.
    pub view: RegisterView,
}

/// To a register: how it looks.
#[derive(Debug, Message)]
#[rtype(result = "RegisterView")]
pub struct RegisterQuery;

/// To a register: something its cashier should know, raised or cleared.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct SetNotice {
    /// A stable code.
    pub notice: &'static str,
    /// Whether it holds.
    pub is_raised: bool,
}

/// To every register: the next basket follows this.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct ChangeInForce(pub InForce);

/// To a register: take nothing new; answered when nothing is under way.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Quiesce;

/// A promise is durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Where it stands.
    pub position: RowPosition,
    /// Whether it stood there before, by an earlier append with the same id.
    pub repeated: bool,
}

/// To the journal: make a promise durable.
#[derive(Debug, Message)]
#[rtype(result = "Result<Appended, RefusalCode>")]
pub struct Append {
    /// The idempotency key.
    pub id: CommandId,
    /// When it was decided.
    pub now: Now,
    /// What is promised.
    pub fact: Box<Fact>,
    /// What becomes of the draft in the same transaction.
    pub draft: DraftChange,
}

/// To the journal: keep a basket in progress.
#[derive(Debug, Message)]
#[rtype(result = "Result<(), RefusalCode>")]
pub struct SaveDraft(pub Draft);

/// To the journal: what is known of a transaction.
#[derive(Debug, Message)]
#[rtype(result = "Result<Known, RefusalCode>")]
pub struct KnownQuery {
    /// Which.
    pub transaction: TransactionId,
    /// Whether the sale itself is wanted, if it is one.
    pub with_sale: bool,
}

/// To the journal: the fact that stands under an id.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "Result<Option<Box<Fact>>, RefusalCode>")]
pub struct FactQuery(pub CommandId);

/// To the day: on which day a register's till books that is about to be opened. Whoever asks says
/// afterwards what became of it.
#[derive(Clone, Debug, Message)]
#[rtype(result = "Result<BusinessDay, RefusalCode>")]
pub struct OpenDay(pub WorkstationId);

/// To the day: what became of a register's till.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct TellTill {
    /// At which register.
    pub workstation: WorkstationId,
    /// What.
    pub news: TillNews,
}

/// To the day: close it.
#[derive(Clone, Debug, Message)]
#[rtype(result = "Result<DayClosed, Refusal>")]
pub struct CloseDay(pub CloseAsk);

/// To the day: where it stands.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "DayStanding")]
pub struct DayQuery;

/// Where the store's business day stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayStanding {
    /// The day that is open.
    pub open: Option<BusinessDay>,
    /// The day on which a till books that is opened now.
    pub next: BusinessDay,
    /// The registers whose till is open.
    pub tills: Vec<WorkstationId>,
}

/// To the journal: the facts after this row, in order, across streams; some of them where there
/// are many, none only where there are none.
#[derive(Debug, Message)]
#[rtype(result = "Result<Vec<CommittedFact>, RefusalCode>")]
pub struct FactsAfterQuery(pub RowPosition);

/// To the promotions: what a basket costs.
#[derive(Debug, Message)]
#[rtype(result = "Result<Quote, RefusalCode>")]
pub struct PriceQuery(pub Box<PriceAsk>);

/// To the promotions: what was held for a basket is free.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub struct ReleaseUses(pub TransactionId);

/// To the promotions: a basket about which something may be worth saying, when there is time.
#[derive(Message)]
#[rtype(result = "()")]
pub struct SuggestionWanted {
    /// At which register: a newer basket of one takes the place of an older.
    pub workstation: WorkstationId,
    /// The basket.
    pub ask: Box<PromptAsk>,
    /// Who is told.
    pub reply: Recipient<SuggestionsMade>,
}

/// To a register: what is worth saying about a basket.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct SuggestionsMade {
    /// Which basket.
    pub transaction: TransactionId,
    /// Which version of it.
    pub version: u64,
    /// Which price of that version.
    pub priced: u64,
    /// The next things worth saying, the most worth first.
    pub prompts: Vec<Prompt>,
    /// What other ways of paying would change.
    pub offers: Vec<TenderOffer>,
}

/// To a register: its basket, as an explanation is worked out from it; none where none is open.
#[derive(Debug, Message)]
#[rtype(result = "Option<Box<ExplanationAsk>>")]
pub struct BasketQuery;

/// To the promotions: why a basket costs what it costs.
#[derive(Debug, Message)]
#[rtype(result = "Result<Explanation, RefusalCode>")]
pub struct ExplanationQuery {
    /// At which register: a newer question of one takes the place of an older.
    pub workstation: WorkstationId,
    /// The basket.
    pub ask: Box<ExplanationAsk>,
}

/// From the journal: a fact is durable.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct FactCommitted(pub Arc<CommittedFact>);

/// From the journal to the print queue: a receipt waits to be printed.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct ReceiptQueued(pub Waiting<PrintKey>);

/// To the print queue: somebody saw the paper of which nobody knew whether it came out.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "Result<(), RefusalCode>")]
pub struct SettlePrint(pub PrintKey);

/// To the print queue: print a copy of a receipt, marked as one; answers its number.
#[derive(Clone, Debug, Message)]
#[rtype(result = "Result<u32, RefusalCode>")]
pub struct PrintCopy {
    /// Of which sale.
    pub transaction: TransactionId,
    /// In which language; in the store's where nobody wished for one.
    pub language: Option<ReceiptLanguage>,
    /// At which register it comes out; at the sale's where nobody says.
    pub workstation: Option<WorkstationId>,
}

/// To the print queue: print a paper that is no sale's, such as a till's report; answers which copy
/// it is, 0 for the paper itself. The paper itself is printed once, however often it is asked for.
#[derive(Clone, Debug, Message)]
#[rtype(result = "Result<u32, RefusalCode>")]
pub struct PrintPaper(pub QueuePaper);

/// To the journal: queue a paper that is no sale's; answers what waits.
#[derive(Clone, Debug, Message)]
#[rtype(result = "Result<Waiting<PrintKey>, RefusalCode>")]
pub struct QueuePaper {
    /// Names the paper among all that is printed.
    pub paper: TransactionId,
    /// What is on it.
    pub document: Box<ReceiptDocument>,
    /// For a copy: what marks it, with `{n}` for its number.
    pub copy_label: Option<String>,
    /// At which register it comes out.
    pub workstation: WorkstationId,
}

/// Names a print job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PrintKey {
    /// Of which sale, or which other paper.
    pub transaction: TransactionId,
    /// 0 for the receipt, 1, 2, 3 … for its copies.
    pub copy: u32,
}

/// To the journal: how far a print job is.
#[derive(Clone, Debug, Message)]
#[rtype(result = "Result<(), RefusalCode>")]
pub struct MarkPrint {
    /// Which job.
    pub key: PrintKey,
    /// How far it is now.
    pub state: PrintState,
    /// The printer that it is given to, where it is given to one.
    pub printer: Option<DeviceId>,
}

/// To the journal: a print job, with what it prints.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "Result<Option<ReceiptJob>, RefusalCode>")]
pub struct PrintJobQuery(pub PrintKey);

/// To the journal: which print jobs wait, oldest first.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "Result<Vec<Waiting<PrintKey>>, RefusalCode>")]
pub struct QueuedReceiptsQuery;

/// To the journal: queue a copy of a receipt; answers what waits.
#[derive(Clone, Debug, Message)]
#[rtype(result = "Result<Waiting<PrintKey>, RefusalCode>")]
pub struct QueueCopy {
    /// Of which sale.
    pub transaction: TransactionId,
    /// In which language; in the store's where nobody wished for one.
    pub language: Option<ReceiptLanguage>,
    /// At which register it comes out; at the sale's where nobody says.
    pub workstation: Option<WorkstationId>,
}

/// A print job as it stands in the journal's table.
#[derive(Clone, Debug)]
pub struct ReceiptJob {
    /// How far it is.
    pub state: PrintState,
    /// What it prints; none where that cannot be read, such as what an older hub left.
    pub document: Option<ReceiptDocument>,
}

/// From the inventory to the safety stock: what became of stock and levels, in order. What could
/// not be passed on is in the next one.
#[derive(Clone, Debug, Message)]
#[rtype(result = "()")]
pub struct StockLevelsChanged(pub Vec<SafetyStockInput>);

/// To any actor: how it is.
#[derive(Debug, Message)]
#[rtype(result = "ActorStatus")]
pub struct StatusQuery;

/// A payment terminal is asked something.
pub struct AskTerminal(pub devices::terminal::TerminalAsk);

impl Message for AskTerminal {
    type Result = store_core::card::CardAnswer;
}
