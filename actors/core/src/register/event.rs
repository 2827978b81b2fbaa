use serde::{Deserialize, Serialize};

use super::view::RegisterView;
use crate::buyer::Ban;
use crate::promotion::prompts::PromptId;
use crate::transaction::TenderTypeId;
use crate::{CardRequestId, CommandId, LineNumber, MemberId, Money, TransactionNumber};

/// What a command did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum BasketEvent {
    /// A line was added.
    ItemAdded {
        /// Its number.
        line: LineNumber,
    },
    /// A line is another.
    LineChanged {
        /// Its number.
        line: LineNumber,
    },
    /// The number of the piece on a line is named.
    SerialNamed {
        /// The line.
        line: LineNumber,
    },
    /// A line was taken out.
    LineVoided {
        /// Its number.
        line: LineNumber,
    },
    /// The last change was taken back.
    Undone,
    /// A price was lowered.
    PriceModified {
        /// The line; none for the whole basket.
        line: Option<LineNumber>,
    },
    /// A coupon was shown.
    CouponShown {
        /// Its code.
        code: String,
    },
    /// A coupon was taken back.
    CouponWithdrawn {
        /// Its code.
        code: String,
    },
    /// The customer is a member.
    MemberNamed {
        /// Who.
        member: MemberId,
    },
    /// The customer is no member.
    MemberForgotten,
    /// It was said whether one of the chain's own people buys.
    EmployeePurchaseSet {
        /// Whether that is so.
        is: bool,
    },
    /// It was said how the customer means to pay.
    TenderIntended {
        /// The way of paying; none where it is left open.
        tender_type: Option<TenderTypeId>,
    },
    /// The customer is at least so old.
    AgeConfirmed {
        /// In years.
        age: u8,
    },
    /// The customer does not want what a prompt said.
    PromptDeclined {
        /// Which.
        prompt: PromptId,
    },
    /// It was said whose the invoice is. Nothing here is about a person.
    BuyerNamed {
        /// The number of the company that buys.
        ban: Option<Ban>,
        /// Whether the invoice goes to a carrier.
        has_carrier: bool,
        /// Whether it is given away.
        has_donation: bool,
    },
    /// A tender was taken.
    TenderTaken {
        /// Its number.
        number: u32,
        /// What is given back of it.
        change: Money,
        /// What is left to pay.
        due: Money,
    },
    /// A tender was handed back.
    TenderVoided {
        /// Its number.
        number: u32,
        /// What is left to pay.
        due: Money,
    },
    /// A terminal is asked; what becomes of it is seen in the basket.
    CardRequested {
        /// Which request.
        request: CardRequestId,
    },
    /// A terminal is asked what became of a request.
    CardInquired {
        /// Which request.
        request: CardRequestId,
    },
    /// A request was not carried out.
    CardDeclined {
        /// Which request.
        request: CardRequestId,
        /// Why.
        code: String,
    },
    /// The sale is final.
    SaleCompleted {
        /// The printed number.
        number: TransactionNumber,
        /// What was paid for.
        total: Money,
        /// What was given back.
        change: Money,
    },
    /// The basket is gone.
    SaleAbandoned,
    /// The basket lies aside.
    BasketSuspended,
    /// The basket goes on here.
    BasketRetrieved,
    /// The sale is undone.
    SalePostVoided {
        /// The printed number that it had.
        number: TransactionNumber,
        /// What it had come to: this much goes back to the customer.
        total: Money,
    },
}

/// What a command did, and the basket's version after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The basket's version after the command.
    pub version: u64,
    /// What happened.
    pub event: BasketEvent,
}

/// The answer to an accepted command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CommandAnswer {
    /// The command.
    pub command_id: CommandId,
    /// Whether it had been carried out before and nothing was done now.
    pub repeated: bool,
    /// What it did, then or now.
    pub outcome: Outcome,
    /// The register as it is now.
    pub view: RegisterView,
}
