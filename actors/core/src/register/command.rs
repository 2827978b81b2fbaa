use serde::{Deserialize, Serialize};

use super::modify::ModifierRequest;
use crate::buyer::Personal;
use crate::promotion::prompts::PromptId;
use crate::transaction::TenderTypeId;
use crate::{
    CardRequestId, CommandId, ItemId, LineNumber, MemberId, Money, Quantity, ReasonCode,
    TransactionId,
};

/// A reading of a scale that goods are sold by. What the scale said comes beside the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScaleClaim {
    /// Which, as the scale's screen named it.
    pub reading: u64,
}

/// What a cashier wants done with a basket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// A code was read by a scanner.
    ScanItem {
        /// As read.
        code: String,
        /// Adds to this line of the same item instead of making a new one.
        #[serde(default)]
        onto: Option<LineNumber>,
        /// Which of the items that have this code, where the cashier had to choose.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<ItemId>,
    },
    /// A code was typed or picked.
    KeyItem {
        /// A barcode, a PLU or an item's id.
        code: String,
        /// How much; one if nothing is said.
        #[serde(default)]
        quantity: Option<Quantity>,
        /// The shelf amount of the whole line, where the cashier states it.
        #[serde(default)]
        amount: Option<Money>,
        /// Which of the items that have this code, where the cashier had to choose.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<ItemId>,
    },
    /// An item was put on the scale.
    WeighItem {
        /// A barcode, a PLU or an item's id.
        code: String,
        /// What is sold: what the scale said, less the item's tare.
        weight: Quantity,
        /// The reading of a scale at the hub that says so; where a person typed the weight, none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scale: Option<ScaleClaim>,
    },
    /// An item comes back.
    ReturnItem {
        /// A barcode, a PLU or an item's id.
        code: String,
        /// How much comes back, as a positive quantity.
        quantity: Quantity,
        /// What is paid back for all of it, as a positive amount; the shelf price if not said.
        #[serde(default)]
        amount: Option<Money>,
        /// Why it comes back.
        reason: ReasonCode,
    },
    /// Goods of a department that have no code are sold.
    KeyDepartment {
        /// The key's department.
        department: String,
        /// The price of one piece.
        amount: Money,
        /// How many; one if nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quantity: Option<Quantity>,
        /// Why they come back, where they do.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<ReasonCode>,
    },
    /// The number that the piece on a line bears.
    NameSerial {
        /// Which line.
        line: LineNumber,
        /// As read or typed.
        serial: String,
    },
    /// A line's quantity is another.
    SetQuantity {
        /// Which line.
        line: LineNumber,
        /// How much it is.
        quantity: Quantity,
    },
    /// A line is taken out.
    VoidLine {
        /// Which line.
        line: LineNumber,
    },
    /// The last change is taken back, or the last tender.
    Undo,
    /// The price of a line, or of the whole basket, is lowered.
    ModifyPrice {
        /// Which line; the whole basket if none.
        #[serde(default)]
        line: Option<LineNumber>,
        /// How it is lowered.
        modifier: ModifierRequest,
        /// Why.
        reason: ReasonCode,
    },
    /// The customer shows a coupon.
    ShowCoupon {
        /// Its code.
        code: String,
    },
    /// The customer keeps a coupon after all.
    WithdrawCoupon {
        /// Its code.
        code: String,
    },
    /// The customer says who they are.
    NameMember {
        /// The member.
        member: MemberId,
        /// The tier of membership, as a code.
        #[serde(default)]
        tier: Option<String>,
        /// The points to spend.
        #[serde(default)]
        points: Option<u64>,
    },
    /// The customer is nobody in particular after all.
    ForgetMember,
    /// Whether one of the chain's own people buys.
    EmployeePurchase {
        /// Whether that is so.
        is: bool,
    },
    /// How the customer means to pay: prices may depend on it.
    IntendTender {
        /// The way of paying; none leaves it open.
        tender_type: Option<TenderTypeId>,
    },
    /// The cashier has seen that the customer is at least so old.
    ConfirmAge {
        /// In whole years: not less than the goods in the basket ask for.
        age: u8,
    },
    /// The customer does not want what a prompt says.
    DeclinePrompt {
        /// Which.
        prompt: PromptId,
    },
    /// The customer wants what a prompt says.
    TakePrompt {
        /// Which.
        prompt: PromptId,
    },
    /// Something is handed over as payment.
    Tender {
        /// The way of paying.
        tender_type: TenderTypeId,
        /// How much; negative where money is paid out.
        amount: Money,
        /// What the cashier saw as due.
        total: Money,
        /// What was shown: a coupon's code, a slip's number.
        #[serde(default)]
        reference: Option<String>,
        /// The line it is given for.
        #[serde(default)]
        line: Option<LineNumber>,
    },
    /// What the buyer says about the invoice: all of it, so that what is left out is taken back.
    NameBuyer {
        /// The number of the company that buys.
        #[serde(default)]
        ban: Option<String>,
        /// Where the invoice goes: a mobile barcode, or a citizen's certificate.
        #[serde(default)]
        carrier: Option<Personal>,
        /// The cause that the invoice is given to, by its code.
        #[serde(default)]
        donation: Option<Personal>,
    },
    /// A tender is handed back.
    VoidTender {
        /// Its number in the basket.
        number: u32,
    },
    /// The terminal is asked what became of a request whose outcome nobody knows.
    InquireCard {
        /// Which request.
        request: CardRequestId,
    },
    /// Somebody who looked says what became of a request whose outcome nobody knows.
    ResolveCard {
        /// Which request.
        request: CardRequestId,
        /// Whether it was carried out.
        is_approved: bool,
        /// Why they think so.
        reason: ReasonCode,
    },
    /// The sale is done.
    Complete,
    /// There will be no sale.
    Abandon {
        /// Why.
        reason: ReasonCode,
    },
    /// The basket is put aside, for this register or another.
    Suspend,
    /// A basket that was put aside goes on here. The envelope names it and its version.
    Retrieve,
    /// A sale of this business day is undone as a whole. The envelope names it, with version 0.
    PostVoid {
        /// Why.
        reason: ReasonCode,
    },
}

impl Command {
    /// Whether it is promised in the journal if it is taken in, and brings what becomes of the
    /// draft along; another one changes the basket and is remembered by its draft.
    pub(super) const fn is_promise(&self) -> bool {
        match self {
            Self::Tender { .. }
            | Self::VoidTender { .. }
            | Self::ResolveCard { .. }
            | Self::Complete
            | Self::Abandon { .. }
            | Self::Suspend
            | Self::Retrieve
            | Self::PostVoid { .. } => true,
            Self::ScanItem { .. }
            | Self::KeyItem { .. }
            | Self::WeighItem { .. }
            | Self::ReturnItem { .. }
            | Self::KeyDepartment { .. }
            | Self::NameSerial { .. }
            | Self::SetQuantity { .. }
            | Self::VoidLine { .. }
            | Self::Undo
            | Self::ModifyPrice { .. }
            | Self::ShowCoupon { .. }
            | Self::WithdrawCoupon { .. }
            | Self::NameMember { .. }
            | Self::ForgetMember
            | Self::EmployeePurchase { .. }
            | Self::IntendTender { .. }
            | Self::ConfirmAge { .. }
            | Self::NameBuyer { .. }
            | Self::DeclinePrompt { .. }
            | Self::InquireCard { .. }
            | Self::TakePrompt { .. } => false,
        }
    }
}

/// A command with what makes it safe to send twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandEnvelope {
    /// Made by the terminal; the same id with the same body gets the same outcome.
    pub command_id: CommandId,
    /// The basket, named by the terminal that opens it.
    pub transaction_id: TransactionId,
    /// The basket version that the cashier saw; 0 opens it.
    pub version: u64,
    /// What is to be done.
    pub command: Command,
}
