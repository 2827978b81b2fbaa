//! What somebody has to be allowed before a command is carried out.

use super::basket::Basket;
use super::command::Command;
use super::modify::ModifierRequest;
use crate::Unit;
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

/// How a register is when a command reaches it, as far as it matters for who may give it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// Whether payment has begun.
    pub is_tender_begun: bool,
    /// Whether it has a scale that can say a weight now.
    pub can_weigh: bool,
}

impl Command {
    /// As [`Command::permission`], as things are at the register: what is taken back once payment
    /// has begun is the last tender, and a weight that a scale could say is not the cashier's to
    /// say. Where the scale is down nobody has to be asked: goods are sold all the same.
    #[must_use]
    pub fn permission_at(&self, at: Circumstances) -> Permission {
        match (self, self.permission()) {
            (Self::Undo, _) if at.is_tender_begun => Permission::VoidTender,
            (_, Permission::Sell) if at.can_weigh && self.types_weight() => Permission::TypeWeight,
            (_, permission) => permission,
        }
    }

    /// Whether somebody says a weight that no scale at the hub has said.
    fn types_weight(&self) -> bool {
        match self {
            Self::WeighItem { scale, .. } => scale.is_none(),
            Self::KeyItem { quantity: Some(quantity), .. } | Self::SetQuantity { quantity, .. } => {
                quantity.unit() == Unit::Kilogram
            }
            _ => false,
        }
    }
}

impl Basket {
    /// Notes who approved what is about to be done with the basket.
    pub(super) fn approve(&mut self, approval: Option<Approval>) {
        self.transaction.approvals.extend(approval);
    }
}

#[cfg(test)]
mod tests {
    use super::super::command::ScaleClaim;
    use super::*;
    use crate::{Currency, LineNumber, Money, Quantity, ReasonCode};

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

    #[test]
    fn a_weight_is_the_cashiers_to_type_only_where_no_scale_can_say_it() {
        let kilo = Quantity::from_thousandths(1000, Unit::Kilogram).unwrap();
        let code = || "4011".to_owned();
        let typed = Command::WeighItem { code: code(), weight: kilo, scale: None };
        let keyed =
            Command::KeyItem { code: code(), quantity: Some(kilo), amount: None, item: None };
        let changed = Command::SetQuantity { line: LineNumber(1), quantity: kilo };
        let scale = Some(ScaleClaim { reading: 7 });
        let claimed = Command::WeighItem { code: code(), weight: kilo, scale };
        let pieces = Quantity::pieces(3).unwrap();
        let counted = Command::SetQuantity { line: LineNumber(1), quantity: pieces };
        let weighs = Circumstances { can_weigh: true, ..Circumstances::default() };
        for command in [&typed, &keyed, &changed] {
            assert_eq!(command.permission_at(weighs), Permission::TypeWeight, "{command:?}");
            assert_eq!(command.permission_at(Circumstances::default()), Permission::Sell);
        }
        for command in [&claimed, &counted] {
            assert_eq!(command.permission_at(weighs), Permission::Sell, "{command:?}");
        }
    }
}
