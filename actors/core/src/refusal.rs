use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{ItemId, Money};

macro_rules! refusal_codes {
    ($($(#[$doc:meta])* $name:ident => $code:literal,)*) => {
        /// Why a command was not carried out: stable and free of language.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum RefusalCode {
            $($(#[$doc])* $name,)*
        }

        impl RefusalCode {
            /// Every code there is; each has a text in every language.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as it stands on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }
        }
    };
}

refusal_codes! {
    /// No item has this code.
    UnknownBarcode => "unknown_barcode",
    /// The code's check digit does not fit.
    BadCheckDigit => "bad_check_digit",
    /// Where the customer's invoice goes was scanned, and no goods.
    ScannedCarrier => "scanned_carrier",
    /// Whom the customer's invoice is given to was scanned, and no goods.
    ScannedDonation => "scanned_donation",
    /// What a receipt says of itself was scanned, and no goods.
    ScannedReceipt => "scanned_receipt",
    /// The proof of an invoice was scanned, and no goods.
    ScannedInvoice => "scanned_invoice",
    /// Somebody's badge was scanned where nobody was asked for one.
    BadgeNotWanted => "badge_not_wanted",
    /// The piece says of itself that it must not be sold any more.
    GoodsExpired => "goods_expired",
    /// Several items have this code: one of them has to be chosen.
    AmbiguousCode => "ambiguous_code",
    /// The item has no price today.
    NoPrice => "no_price",
    /// The item is sold by weight and no weight was given.
    WeightNeeded => "weight_needed",
    /// The quantity does not fit the item or the limits.
    BadQuantity => "bad_quantity",
    /// The amount does not fit.
    BadAmount => "bad_amount",
    /// There is no such line, or it is voided.
    NoSuchLine => "no_such_line",
    /// There is no such tender, or it is voided.
    NoSuchTender => "no_such_tender",
    /// There is nothing to take back.
    NothingToUndo => "nothing_to_undo",
    /// The basket has as many lines as it may.
    BasketFull => "basket_full",
    /// There is no basket.
    NoBasket => "no_basket",
    /// The basket has no lines.
    BasketEmpty => "basket_empty",
    /// Another basket is open at this register.
    OtherBasketOpen => "other_basket_open",
    /// The basket lies suspended: it has to be retrieved first.
    BasketSuspended => "basket_suspended",
    /// No such basket lies suspended any more: it was retrieved, here or elsewhere.
    NotSuspended => "not_suspended",
    /// The basket is open at another register.
    OpenElsewhere => "open_elsewhere",
    /// There is no such sale.
    UnknownSale => "unknown_sale",
    /// The sale is of another business day, so that it cannot be undone as a whole any more.
    PostVoidTooLate => "post_void_too_late",
    /// The sale was undone before.
    AlreadyPostVoided => "already_post_voided",
    /// The basket moved on since this command was made.
    BasketChanged => "basket_changed",
    /// The transaction is over.
    TransactionEnded => "transaction_ended",
    /// The command's id was used for another command.
    CommandIdReused => "command_id_reused",
    /// The total is not what the cashier saw.
    TotalChanged => "total_changed",
    /// Payment has begun: the price stands.
    TenderBegun => "tender_begun",
    /// The way of paying is not one of this store's.
    UnknownTender => "unknown_tender",
    /// More was offered than is due, and this way of paying gives no change.
    TenderExceedsDue => "tender_exceeds_due",
    /// A terminal was asked and has not answered.
    CardPending => "card_pending",
    /// Nobody knows what became of a request to a terminal: that comes first.
    CardUnknown => "card_unknown",
    /// No such request to a terminal is open.
    NoSuchCardRequest => "no_such_card_request",
    /// A terminal took money for the sale: it cannot be undone as a whole.
    CardPaid => "card_paid",
    /// Cash comes in whole coins, and this amount does not.
    NotInCoins => "not_in_coins",
    /// More would come back than this way of paying gives back.
    ChangeTooLarge => "change_too_large",
    /// The number of a company does not hold.
    BadBan => "bad_ban",
    /// The carrier is neither a mobile barcode nor a citizen's certificate.
    BadCarrier => "bad_carrier",
    /// The donation code is not three to seven digits.
    BadDonation => "bad_donation",
    /// The invoice of a company cannot be given away.
    DonationWithBan => "donation_with_ban",
    /// A citizen's certificate is a person's and not a company's.
    CertificateWithBan => "certificate_with_ban",
    /// Whoever buys some of the goods has to be of an age that nobody has seen yet.
    AgeCheckNeeded => "age_check_needed",
    /// A piece in the basket bears a number that nobody has named yet.
    SerialNeeded => "serial_needed",
    /// Another piece in the basket bears this number.
    SerialTwice => "serial_twice",
    /// The scale does not say that any more, or says another weight.
    ScaleReadingStale => "scale_reading_stale",
    /// What the scale says was sold already, and it has not left the scale since.
    ScaleReadingSold => "scale_reading_sold",
    /// Not a number that goods bear, or goods that bear none.
    BadSerial => "bad_serial",
    /// Goods that bear a number each are entered one by one.
    OneByOne => "one_by_one",
    /// A deposit is changed with the goods that it is for.
    DepositFollows => "deposit_follows",
    /// There is no key of this department.
    UnknownDepartment => "unknown_department",
    /// The price is none that this key takes.
    AmountOutOfRange => "amount_out_of_range",
    /// The last thing that was done is a payment through a terminal: it goes back that way.
    UndoAtTerminal => "undo_at_terminal",
    /// There is something left to pay.
    NotPaid => "not_paid",
    /// There is nothing to pay.
    NothingDue => "nothing_due",
    /// Something was taken that has to be handed back first.
    TenderTaken => "tender_taken",
    /// The reason is not one of this store's.
    UnknownReason => "unknown_reason",
    /// No promotion in force takes this coupon.
    CouponUnknown => "coupon_unknown",
    /// The coupon was used before, or is held for another basket, or stands in this one.
    CouponUsed => "coupon_used",
    /// There is no member to forget.
    NoMember => "no_member",
    /// Whoever asks may not: somebody who may has to approve it.
    PermissionNeeded => "permission_needed",
    /// The prompt is not made any more.
    PromptGone => "prompt_gone",
    /// The prompt asks for goods of some value: the customer chooses them.
    PromptNeedsGoods => "prompt_needs_goods",
    /// With this way of paying the basket costs something else: it has to be chosen first.
    TenderChangesTotal => "tender_changes_total",
    /// The discount is larger than the amount.
    DiscountExceedsAmount => "discount_exceeds_amount",
    /// The price would fall below the item's floor.
    BelowFloorPrice => "below_floor_price",
    /// Nobody is signed on at this register.
    NotSignedOn => "not_signed_on",
    /// Somebody else is signed on at this register.
    OtherOperatorSignedOn => "other_operator_signed_on",
    /// Somebody else has begun to take payment, and has to end or undo it.
    PaymentOfAnother => "payment_of_another",
    /// The register's till has to be opened first.
    TillNotOpen => "till_not_open",
    /// The register's till is open already.
    TillOpen => "till_open",
    /// The store's settings say that it has no tills.
    TillsNotUsed => "tills_not_used",
    /// The till is somebody else's: only who opened it sells from it.
    TillOfOther => "till_of_other",
    /// The till has to be counted first, or once more.
    CountNeeded => "count_needed",
    /// There is no such note or coin, or it was named twice.
    UnknownDenomination => "unknown_denomination",
    /// The business day is being closed.
    DayClosing => "day_closing",
    /// There is no business day to close.
    DayNotOpen => "day_not_open",
    /// Tills are open: the day cannot be closed yet.
    TillsOpen => "tills_open",
    /// A basket is open.
    BasketOpen => "basket_open",
    /// The register has too many commands waiting.
    RegisterBusy => "register_busy",
    /// The disk is full.
    DiskFull => "disk_full",
    /// The journal could not write.
    JournalFailed => "journal_failed",
    /// The hub is closing.
    Stopping => "stopping",
}

/// A command that was not carried out, and why: a value that a cashier reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Why.
    pub code: RefusalCode,
    /// What the text names: an item's code, a limit, an amount.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, String>,
    /// What has to be chosen among, where that is so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
}

/// One of the items that a code may mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Which.
    pub item: ItemId,
    /// Its name.
    pub description: Arc<str>,
    /// Its price of one unit, where it has one.
    pub price: Option<Money>,
}

impl Refusal {
    /// A refusal that names nothing further.
    #[must_use]
    pub const fn new(code: RefusalCode) -> Self {
        Self { code, details: BTreeMap::new(), choices: Vec::new() }
    }

    /// The same refusal, naming one thing more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.details.insert(name.to_owned(), value.to_string());
        self
    }
}

impl From<RefusalCode> for Refusal {
    fn from(code: RefusalCode) -> Self {
        Self::new(code)
    }
}
