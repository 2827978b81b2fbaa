//! Who may do what: roles, permissions, and the table that joins them. All of it is data: what a
//! store or headquarters does not say is what stands here.

mod table;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use table::Permissions;

/// What somebody is in the store. Whoever is more may do at least what those before may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sells.
    Cashier,
    /// Sells, allows what a cashier may not, keeps the stock.
    Supervisor,
    /// All of it, and the people.
    Manager,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 3] = [Self::Cashier, Self::Supervisor, Self::Manager];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cashier => "cashier",
            Self::Supervisor => "supervisor",
            Self::Manager => "manager",
        }
    }

    /// The role with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

macro_rules! permissions {
    ($($name:ident => $code:literal, $least:ident, $says:literal;)*) => {
        /// One thing that somebody may do, or may not.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum Permission {
            $(#[doc = $says] $name,)*
        }

        impl Permission {
            /// Every permission there is; each has a name in every language of the page.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// The least role that has it where nobody says otherwise.
            #[must_use]
            pub const fn least_role(self) -> Role {
                match self {
                    $(Self::$name => Role::$least,)*
                }
            }

            /// What it is for, in a few words.
            #[must_use]
            pub const fn says(self) -> &'static str {
                match self {
                    $(Self::$name => $says,)*
                }
            }
        }
    };
}

permissions! {
    Sell => "sell", Cashier, "Enter goods, change quantities, take payment, end a sale.";
    ReturnGoods => "return_goods", Cashier, "Take goods back at their price.";
    LowerPrice => "lower_price", Supervisor, "Take something off a price or a whole basket.";
    OverridePrice => "override_price", Supervisor,
        "Say another price than the catalogue does, also of what comes back.";
    TypeWeight => "type_weight", Supervisor, "Type a weight where a scale could say it.";
    VoidLine => "void_line", Cashier, "Take a line out of a basket.";
    Abandon => "abandon", Cashier, "Give a basket up.";
    VoidTender => "void_tender", Cashier, "Hand back what was taken as payment.";
    Suspend => "suspend", Cashier, "Put a basket aside.";
    Retrieve => "retrieve", Cashier, "Go on with a basket that was put aside.";
    MemberTerms => "member_terms", Supervisor, "Say a member's tier or points that nobody checks.";
    EmployeePurchase => "employee_purchase", Supervisor, "Sell on the terms of the chain's people.";
    AgeCheck => "age_check", Cashier, "Confirm that a customer is old enough.";
    PostVoid => "post_void", Supervisor, "Take back a sale that is over.";
    Reprint => "reprint", Cashier, "Print a copy of a receipt.";
    ReadJournal => "read_journal", Cashier, "Look for a receipt of the store.";
    Training => "training", Supervisor, "Turn training on and off.";
    NoSale => "no_sale", Supervisor, "Open the drawer without a sale.";
    OpenTill => "open_till", Cashier, "Open a till with its float.";
    Loan => "loan", Supervisor, "Bring money to a till.";
    Pickup => "pickup", Cashier, "Take money from a till to the safe.";
    PaidIn => "paid_in", Supervisor, "Put money into a till for a reason.";
    PaidOut => "paid_out", Supervisor, "Pay something out of a till for a reason.";
    CountTill => "count_till", Cashier, "Count a till.";
    CloseTill => "close_till", Cashier, "Close a till.";
    SeeExpected => "see_expected", Supervisor, "See what a till should hold before it is counted.";
    CloseDay => "close_day", Supervisor, "Close the business day.";
    ForceClose => "force_close", Manager, "Close the day while tills are open.";
    ResolveCard => "resolve_card", Supervisor,
        "Say what became of a card payment; take over a basket that is half paid.";
    SetTime => "set_time", Manager, "Set the store's time by hand.";
    KeepStock => "keep_stock", Supervisor, "Book stock, and set its levels.";
    SetUpDevices => "set_up_devices", Manager, "Say which peripherals there are, and try them.";
    ManagePeople => "manage_people", Manager, "Name people and workstations, read the whole store.";
}

impl Permission {
    /// The permission with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|permission| permission.code() == code)
    }
}

impl std::fmt::Display for Permission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}
