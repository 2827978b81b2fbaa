//! What somebody has to be allowed before a command is carried out.

use super::basket::Basket;
use super::command::Command;
use super::modify::ModifierRequest;
use crate::OperatorId;
use crate::permission::Permission;
use crate::transaction::Approval;

impl Command {
    /// The permission that it needs. What is said of a customer that lowers prices and that nobody
    /// can check here is more than selling, and so is another price than the catalogue's.
    #[must_use]
    pub const fn permission(&self) -> Permission {
        match self {
            Self::KeyItem { amount: Some(_), .. }
            | Self::ReturnItem { amount: Some(_), .. }
            | Self::KeyDepartment { reason: Some(_), .. }
            | Self::ModifyPrice { modifier: ModifierRequest::NewUnitPrice { .. }, .. } => {
                Permission::OverridePrice
            }
            Self::ModifyPrice {
                modifier: ModifierRequest::AmountOff { .. } | ModifierRequest::PercentOff { .. },
                ..
            } => Permission::LowerPrice,
            Self::ReturnItem { amount: None, .. } => Permission::ReturnGoods,
            Self::VoidLine { .. } => Permission::VoidLine,
            Self::NameMember { tier: Some(_), .. } | Self::NameMember { points: Some(_), .. } => {
                Permission::MemberTerms
            }
            Self::EmployeePurchase { is: true } => Permission::EmployeePurchase,
            Self::VoidTender { .. } => Permission::VoidTender,
            Self::ResolveCard { .. } => Permission::ResolveCard,
            Self::Abandon { .. } => Permission::Abandon,
            Self::ConfirmAge { .. } => Permission::AgeCheck,
            Self::Suspend => Permission::Suspend,
            Self::Retrieve => Permission::Retrieve,
            Self::PostVoid { .. } => Permission::PostVoid,
            Self::ScanItem { .. }
            | Self::KeyItem { amount: None, .. }
            | Self::WeighItem { .. }
            | Self::KeyDepartment { reason: None, .. }
            | Self::NameSerial { .. }
            | Self::SetQuantity { .. }
            | Self::Undo
            | Self::ShowCoupon { .. }
            | Self::WithdrawCoupon { .. }
            | Self::NameMember { tier: None, points: None, .. }
            | Self::ForgetMember
            | Self::EmployeePurchase { is: false }
            | Self::IntendTender { .. }
            | Self::DeclinePrompt { .. }
            | Self::TakePrompt { .. }
            | Self::Tender { .. }
            | Self::NameBuyer { .. }
            | Self::InquireCard { .. }
            | Self::Complete => Permission::Sell,
        }
    }
}

impl Command {
    /// As [`Command::permission`], where payment may have begun: what is taken back then is the
    /// last tender.
    #[must_use]
    pub const fn permission_at(&self, is_tender_begun: bool) -> Permission {
        match self {
            Self::Undo if is_tender_begun => Permission::VoidTender,
            _ => self.permission(),
        }
    }
}

impl Basket {
    /// Notes who approved what is about to be done with the basket.
    pub(super) fn approve(&mut self, permission: Permission, approved_by: Option<OperatorId>) {
        let approval = approved_by.map(|approved_by| Approval { permission, approved_by });
        self.transaction.approvals.extend(approval);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Currency, Money, Quantity, ReasonCode};

    #[test]
    fn what_is_paid_out_for_goods_is_the_cashiers_to_say_as_little_as_what_is_taken() {
        let amount = Money::from_minor(100, Currency::USD).ok();
        let back = |amount| Command::ReturnItem {
            code: "1".to_owned(),
            quantity: Quantity::pieces(1).unwrap(),
            amount,
            reason: ReasonCode::from_static("refund"),
        };
        let (code, quantity, item) = ("1".to_owned(), None, None);
        let keyed = Command::KeyItem { code, quantity, amount, item };
        assert_eq!(back(amount).permission(), keyed.permission());
        assert_eq!(back(amount).permission(), Permission::OverridePrice);
        assert_eq!(back(None).permission(), Permission::ReturnGoods);
    }
}
