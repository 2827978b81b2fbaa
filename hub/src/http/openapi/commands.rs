//! What a terminal asks of its register, and what it is answered, as they stand in JSON.

use serde::Serialize;
use utoipa::ToSchema;

use super::values::{Id, LineNumber, Money, Quantity, TextId};

/// A command with what makes it safe to send twice: the same id with the same body gets the first
/// outcome again, also after a restart of the hub.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "command_id": "01939f2e-7b1c-7c8a-9d53-0a4f6c1d2e40",
    "transaction_id": "01939f2e-7b1c-7c8a-9d53-0a4f6c1d2e3f",
    "version": 0,
    "command": { "type": "scan_item", "code": "4711111111119" }
}))]
pub struct CommandEnvelope {
    /// Made by the terminal.
    pub command_id: Id,
    /// The basket, named by the terminal that opens it.
    pub transaction_id: Id,
    /// The basket version that the cashier saw; 0 opens it.
    pub version: u64,
    /// What is to be done.
    pub command: Command,
}

/// A reading of a scale that goods are sold by.
#[derive(Serialize, ToSchema)]
pub struct ScaleClaim {
    /// Which, as the live event `scale` named it.
    pub reading: u64,
}

/// What a cashier wants done with a basket.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Command {
    /// A code was read by a scanner. A coupon is shown with it and a member named, as by the
    /// commands of their own; a carrier and a donation code are refused as what they are, to be
    /// said by `name_buyer`, and a receipt's code is to be looked up.
    ScanItem {
        /// As read.
        code: String,
        /// Adds to this line of the same item instead of making a new one.
        onto: Option<LineNumber>,
        /// Which of the items that have this code, where the cashier had to choose.
        item: Option<TextId>,
    },
    /// A code was typed or picked.
    KeyItem {
        /// A barcode, a PLU or an item's id.
        code: String,
        /// How much; one if nothing is said.
        quantity: Option<Quantity>,
        /// The shelf amount of the whole line, where the cashier states it.
        amount: Option<Money>,
        /// Which of the items that have this code, where the cashier had to choose.
        item: Option<TextId>,
    },
    /// An item was put on the scale.
    WeighItem {
        /// A barcode, a PLU or an item's id.
        code: String,
        /// What is sold: what the scale said, less the item's tare.
        weight: Quantity,
        /// The reading of a scale at the hub that says so; where a person typed the weight, none:
        /// where the register's scale works that needs `type_weight`.
        scale: Option<ScaleClaim>,
    },
    /// An item comes back.
    ReturnItem {
        /// A barcode, a PLU or an item's id.
        code: String,
        /// How much comes back, as a positive quantity.
        quantity: Quantity,
        /// What is paid back for all of it; the shelf price if not said.
        amount: Option<Money>,
        /// Why it comes back.
        reason: TextId,
    },
    /// Goods of a department that have no code are sold.
    KeyDepartment {
        /// The key's department.
        department: String,
        /// The price of one piece.
        amount: Money,
        /// How many; one if nothing is said.
        quantity: Option<Quantity>,
        /// Why they come back, where they do.
        reason: Option<TextId>,
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
    /// The last change is taken back; where payment has begun, the last tender. One that went
    /// through a terminal is refused: it is voided by its number.
    Undo,
    /// The price of a line, or of the whole basket, is lowered.
    ModifyPrice {
        /// Which line; the whole basket if none.
        line: Option<LineNumber>,
        /// How it is lowered.
        modifier: ModifierRequest,
        /// Why.
        reason: TextId,
    },
    /// The customer shows a coupon; it counts where that makes the basket cheaper.
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
        member: TextId,
        /// The tier of membership, as a code.
        tier: Option<String>,
        /// The points to spend.
        points: Option<u64>,
    },
    /// The customer is nobody in particular after all.
    ForgetMember,
    /// Whether one of the chain's own people buys.
    EmployeePurchase {
        /// Whether that is so.
        is: bool,
    },
    /// How the customer means to pay: prices may depend on it. A first tender of another way of
    /// paying that would change the total is refused.
    IntendTender {
        /// The way of paying; none leaves it open.
        tender_type: Option<TextId>,
    },
    /// The cashier has seen that the customer is at least so old.
    ConfirmAge {
        /// In whole years: not less than the goods in the basket ask for.
        age: u8,
    },
    /// The customer does not want what a prompt says: it is not made again in this basket.
    DeclinePrompt {
        /// Which.
        prompt: String,
    },
    /// The customer wants what a prompt says: the item is added.
    TakePrompt {
        /// Which.
        prompt: String,
    },
    /// Something is handed over as payment.
    Tender {
        /// The way of paying.
        tender_type: TextId,
        /// How much; negative where money is paid out.
        amount: Money,
        /// What the cashier saw as due; another due than this is refused.
        total: Money,
        /// What was shown: a coupon's code, a slip's number. Never a card number.
        reference: Option<String>,
        /// The line it is given for.
        line: Option<LineNumber>,
    },
    /// What the buyer says about the invoice: all of it, so that what is left out is taken back.
    NameBuyer {
        /// The number of the company that buys: eight digits whose sum fits.
        ban: Option<String>,
        /// Where the invoice goes: a mobile barcode, or a citizen's certificate. Not a certificate
        /// together with a company's number.
        carrier: Option<String>,
        /// The cause that the invoice is given to: three to seven digits. Not together with a
        /// company's number.
        donation: Option<String>,
    },
    /// A tender is handed back.
    VoidTender {
        /// Its number in the basket.
        number: u32,
    },
    /// The terminal is asked what became of a request whose outcome nobody knows.
    InquireCard {
        /// Which request.
        request: Id,
    },
    /// Somebody who looked says what became of a request whose outcome nobody knows.
    ResolveCard {
        /// Which request.
        request: Id,
        /// Whether it was carried out.
        is_approved: bool,
        /// Why they think so.
        reason: TextId,
    },
    /// The sale is done.
    Complete,
    /// There will be no sale.
    Abandon {
        /// Why.
        reason: TextId,
    },
    /// The basket is put aside, for this register or another.
    Suspend,
    /// A basket that lies aside goes on here. The envelope names it and its version.
    Retrieve,
    /// A sale of this business day is undone as a whole. The envelope names it, with version 0.
    PostVoid {
        /// Why: one of the reasons for giving a basket up.
        reason: TextId,
    },
}

/// One of the items that a code may mean.
#[derive(Serialize, ToSchema)]
pub struct Choice {
    /// Which.
    pub item: TextId,
    /// Its name.
    pub description: String,
    /// Its price of one unit today, where it has one.
    pub price: Option<Money>,
}

/// How a price is to be lowered.
#[derive(Serialize, ToSchema)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum ModifierRequest {
    /// By this much, for the whole line or basket.
    AmountOff {
        /// A positive amount.
        amount: Money,
    },
    /// By this percentage.
    PercentOff {
        /// Above 0 and at most 100, as a decimal text.
        percent: String,
    },
    /// To this unit price.
    NewUnitPrice {
        /// Not above the price that holds.
        price: Money,
    },
}
