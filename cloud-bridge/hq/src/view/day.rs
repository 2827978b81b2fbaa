//! What a business day of a store came to, as it stands in JSON: the form of
//! [`store_core::day::DaySummary`], which is what is answered.

use serde::Serialize;
use utoipa::ToSchema;

/// What a business day, or one till, came to. Every list is sorted by its key.
#[derive(Serialize, ToSchema)]
pub struct DaySummary {
    /// What the sales came to.
    pub total: Money,
    /// What was taken off.
    pub discount: Money,
    /// What cash was rounded by.
    pub rounding: Money,
    /// By way of paying; they come to the total and the rounding together.
    pub tenders: Vec<TenderLine>,
    /// By tax class and rate.
    pub taxes: Vec<TaxSum>,
    /// By department, without tax that is added.
    pub departments: Vec<DepartmentSum>,
    /// By who sold.
    pub operators: Vec<OperatorSum>,
    /// By the local hour in which the sale began.
    pub hours: Vec<HourSum>,
    /// How often things happened.
    pub counts: DayCounts,
    /// Money that went in or out otherwise than by sales.
    pub cash: CashSums,
    /// The tills, by register and number.
    pub tills: Vec<TillSum>,
    /// Whether the day is closed.
    pub is_closed: bool,
}

/// A way of paying.
#[derive(Serialize, ToSchema)]
pub struct TenderLine {
    /// Which.
    pub tender_type: String,
    /// How often.
    pub count: u64,
    /// What was handed over.
    pub taken: Money,
    /// What was given back of it.
    pub change: Money,
    /// What is left: taken less change.
    pub amount: Money,
}

/// The tax of one class and rate.
#[derive(Serialize, ToSchema)]
pub struct TaxSum {
    /// The class.
    pub class: String,
    /// In percent.
    pub percent: String,
    /// `inclusive` where the price contains it, `exclusive` where it is added.
    pub method: String,
    /// What it is taken of.
    pub base: Money,
    /// The tax.
    pub tax: Money,
}

/// A department.
#[derive(Serialize, ToSchema)]
pub struct DepartmentSum {
    /// Which.
    pub department: String,
    /// Its lines.
    pub lines: u64,
    /// What they came to.
    pub net: Money,
}

/// Somebody who sold.
#[derive(Serialize, ToSchema)]
pub struct OperatorSum {
    /// Who.
    pub operator: String,
    /// Their sales.
    pub sales: u64,
    /// What these came to.
    pub total: Money,
}

/// An hour.
#[derive(Serialize, ToSchema)]
pub struct HourSum {
    /// 0 to 23.
    pub hour: u8,
    /// Its sales.
    pub sales: u64,
    /// What these came to.
    pub total: Money,
}

/// How often things happened.
#[derive(Serialize, ToSchema)]
pub struct DayCounts {
    /// Sales that were rung up, those that were undone later too.
    pub sales: u64,
    /// Sales that were undone.
    pub post_voids: u64,
    /// Lines that count.
    pub lines: u64,
    /// Lines that were taken out, in sales and in baskets that were given up.
    pub voided_lines: u64,
    /// Sales in which something came back.
    pub refunds: u64,
    /// Baskets that were given up.
    pub abandoned: u64,
    /// Times the drawer was opened without a sale.
    pub no_sales: u64,
    /// Times somebody asked for what they may not do.
    pub permissions_refused: u64,
}

/// Money that went in or out otherwise than by sales.
#[derive(Serialize, ToSchema)]
pub struct CashSums {
    /// What tills were opened with.
    pub floats: Money,
    /// From the safe.
    pub loans: Money,
    /// To the safe.
    pub pickups: Money,
    /// In for a reason.
    pub paid_in: Money,
    /// Out for a reason.
    pub paid_out: Money,
}

/// A till.
#[derive(Serialize, ToSchema)]
pub struct TillSum {
    /// At which register.
    pub workstation: String,
    /// Its number there.
    pub number: u64,
    /// Who opened it.
    pub operator: String,
    /// What was expected and what was there; nothing while it is open.
    pub closing: Option<Vec<ClosingLine>>,
    /// Whether it was closed from elsewhere, uncounted.
    pub is_forced: bool,
}

/// One way of paying at a close.
#[derive(Serialize, ToSchema)]
pub struct ClosingLine {
    /// Which.
    pub tender_type: String,
    /// What should be there.
    pub expected: Money,
    /// What was there; nothing where nobody counted it.
    pub counted: Option<Money>,
}

/// An amount.
#[derive(Serialize, ToSchema)]
pub struct Money {
    /// In the major unit, as a plain decimal with exactly the currency's decimals.
    pub amount: String,
    /// ISO 4217.
    pub currency: String,
}
