//! One command on one basket: what becomes of it, before it is priced or promised.

use super::basket::Basket;
use super::command::{Command, CommandEnvelope};
use super::event::BasketEvent;
use super::rules::RegisterRules;
use super::tender::Offer;
use super::{
    age, buyer, card, customer, department, entered, lines, modify, record, scan, serial, suspend,
    tender,
};
use crate::fact::Fact;
use crate::transaction::{TenderTypeId, Weighing};
use crate::{OperatorId, Refusal, RefusalCode, TerminalId, TransactionNumber};

/// What a command leads to.
pub(super) enum Change {
    /// The basket is another and is to be priced; a draft is enough.
    Lines(BasketEvent),
    /// Something was noted that no price depends on; a draft is enough.
    Noted(BasketEvent),
    /// A terminal is asked about a request; a draft is enough.
    Inquire(BasketEvent),
    /// Something is promised; the basket goes on.
    Promise(BasketEvent, Fact),
    /// Something is promised and the basket is over.
    End(BasketEvent, Fact),
    /// The basket lies aside.
    Suspend(BasketEvent, Fact),
}

/// Applies a command to a working copy of the basket, by the rules that it began with.
pub(super) fn apply(
    basket: &mut Basket,
    envelope: &CommandEnvelope,
    (operator, said): (&OperatorId, Option<&Weighing>),
    last_number: TransactionNumber,
) -> Result<Change, Refusal> {
    let rules = &*basket.in_force.rules.clone();
    let by = (envelope.command_id, operator);
    if let Some(pending) = basket.card.clone() {
        return card::while_pending(basket, pending, &envelope.command, operator);
    }
    if matches!(envelope.command, Command::Tender { .. } | Command::Complete) {
        age::check(basket)?;
        serial::check(basket)?;
    }
    match &envelope.command {
        Command::Tender { tender_type, amount, total, reference, line } => {
            let offer = Offer {
                tender_type,
                amount: *amount,
                total: *total,
                reference: reference.as_deref(),
                line: *line,
            };
            let offered = tender::offered(rules, basket, &offer)?;
            // The price stands: there is nothing more to say.
            basket.prompts.clear();
            basket.offers.clear();
            if let Some(terminal) = terminal(rules, basket, tender_type) {
                return Ok(card::request(basket, by, terminal, offered.tender));
            }
            let event = tender::take(basket, offered)?;
            Ok(Change::Promise(event, tender_taken(basket, operator)?))
        }
        Command::VoidTender { number } => {
            let live = basket.transaction.live_tenders().find(|one| one.number == *number);
            if let Some(tender) = live.cloned()
                && let Some(slip) = &tender.card
            {
                return card::reverse(basket, by, &tender, slip);
            }
            hand_back(basket, *number, operator)
        }
        Command::Undo if basket.is_tender_begun() => undo_tender(basket, operator),
        Command::NameBuyer { ban, carrier, donation } => {
            let said = (ban.as_deref(), carrier.as_ref(), donation.as_ref());
            // Even a basket that begins so has a price: of nothing.
            let change = if basket.version == 0 { Change::Lines } else { Change::Noted };
            buyer::name(basket, said).map(change)
        }
        Command::Complete => complete(basket, last_number),
        Command::Abandon { reason } => {
            if basket.is_tender_begun() {
                return Err(RefusalCode::TenderTaken.into());
            }
            if !rules.reasons.abandon.contains(reason) {
                return Err(Refusal::new(RefusalCode::UnknownReason).with("reason", reason));
            }
            let mut transaction = Box::new(basket.transaction.clone());
            transaction.pricing = record::sale_pricing(basket);
            let fact = Fact::SaleAbandoned { transaction, reason: reason.clone() };
            Ok(Change::End(BasketEvent::SaleAbandoned, fact))
        }
        Command::Suspend => suspend::put_aside(basket, operator),
        // The basket is here, and is no sale yet.
        Command::Retrieve => Err(RefusalCode::NotSuspended.into()),
        Command::PostVoid { .. } => Err(RefusalCode::BasketOpen.into()),
        Command::InquireCard { request } | Command::ResolveCard { request, .. } => {
            Err(card::nothing_pending(*request))
        }
        // With a catalogue that came since, goods may ask for an age that did not before.
        Command::ConfirmAge { age } if basket.is_tender_begun() => {
            age::confirm(basket, *age).map(Change::Noted)
        }
        // Goods may bear numbers since a restart: without them the sale does not end.
        Command::NameSerial { line, serial } if basket.is_tender_begun() => {
            serial::name(basket, *line, serial).map(Change::Noted)
        }
        _ if basket.is_tender_begun() => Err(RefusalCode::TenderBegun.into()),
        command => change_lines(rules, basket, command, (operator, said)).map(Change::Lines),
    }
}

/// The last tender is handed back. Money that a terminal took it takes back only where somebody
/// says so: that is no slip of the finger.
fn undo_tender(basket: &mut Basket, operator: &OperatorId) -> Result<Change, Refusal> {
    let last = basket.transaction.live_tenders().last();
    let last = last.ok_or(RefusalCode::NothingToUndo)?;
    let number = last.number;
    if last.card.is_some() {
        return Err(Refusal::new(RefusalCode::UndoAtTerminal).with("number", number));
    }
    hand_back(basket, number, operator)
}

fn hand_back(basket: &mut Basket, number: u32, operator: &OperatorId) -> Result<Change, Refusal> {
    let event = tender::void(basket, number)?;
    let fact = Fact::TenderVoided {
        transaction: basket.transaction.id,
        workstation: basket.transaction.workstation.clone(),
        operator: operator.clone(),
        number,
        card: None,
    };
    Ok(Change::Promise(event, fact))
}

/// The terminal that a tender goes through, where its kind does and the register has one.
fn terminal(
    rules: &RegisterRules,
    basket: &Basket,
    tender_type: &TenderTypeId,
) -> Option<TerminalId> {
    let rule = rules.tender(tender_type)?;
    let terminal = rules.terminals.get(&basket.transaction.workstation);
    terminal.filter(|_| rule.kind.has_terminal()).cloned()
}

fn change_lines(
    rules: &RegisterRules,
    basket: &mut Basket,
    command: &Command,
    (operator, said): (&OperatorId, Option<&Weighing>),
) -> Result<BasketEvent, Refusal> {
    match command {
        Command::ScanItem { code, onto, item } => {
            scan::take(rules, basket, (code, item.as_ref()), *onto)
        }
        Command::KeyItem { code, quantity, amount, item } => {
            lines::key(rules, basket, (code, item.as_ref()), *quantity, *amount)
        }
        Command::WeighItem { code, weight, scale } => {
            let claimed = scale.as_ref().map(|_| said);
            lines::weigh(rules, basket, code, (*weight, claimed))
        }
        Command::ReturnItem { code, quantity, amount, reason } => {
            lines::take_back(rules, basket, code, *quantity, *amount, reason)
        }
        Command::SetQuantity { line, quantity } => lines::set_quantity(basket, *line, *quantity),
        Command::KeyDepartment { department, amount, quantity, reason } => {
            department::key(rules, basket, department, (*amount, *quantity), reason.as_ref())
        }
        Command::NameSerial { line, serial } => serial::name(basket, *line, serial),
        Command::VoidLine { line } => entered::void(basket, *line, operator),
        Command::Undo => entered::undo(basket, operator),
        Command::ModifyPrice { line, modifier, reason } => {
            modify::modify(rules, basket, *line, modifier, reason, operator)
        }
        Command::ShowCoupon { code } => customer::show_coupon(basket, code),
        Command::WithdrawCoupon { code } => customer::withdraw_coupon(basket, code),
        Command::NameMember { member, tier, points } => {
            customer::name_member(basket, member, tier.as_deref(), points.unwrap_or(0))
        }
        Command::ForgetMember => customer::forget_member(basket),
        Command::EmployeePurchase { is } => Ok(customer::employee_purchase(basket, *is)),
        Command::IntendTender { tender_type } => {
            customer::intend_tender(rules, basket, tender_type.as_ref())
        }
        Command::ConfirmAge { age } => age::confirm(basket, *age),
        Command::DeclinePrompt { prompt } => customer::decline_prompt(basket, prompt),
        Command::TakePrompt { prompt } => customer::take_prompt(rules, basket, prompt),
        Command::Tender { .. }
        | Command::NameBuyer { .. }
        | Command::VoidTender { .. }
        | Command::InquireCard { .. }
        | Command::ResolveCard { .. }
        | Command::Complete
        | Command::Abandon { .. }
        | Command::Suspend
        | Command::Retrieve
        | Command::PostVoid { .. } => Err(RefusalCode::TenderBegun.into()),
    }
}

fn tender_taken(basket: &Basket, operator: &OperatorId) -> Result<Fact, Refusal> {
    let tender = basket.transaction.tenders.last().cloned();
    Ok(Fact::TenderTaken {
        transaction: basket.transaction.id,
        workstation: basket.transaction.workstation.clone(),
        operator: operator.clone(),
        tender: tender.ok_or(RefusalCode::NoSuchTender)?,
    })
}

fn complete(basket: &mut Basket, last_number: TransactionNumber) -> Result<Change, Refusal> {
    let pricing = record::sale_pricing(basket);
    let transaction = &mut basket.transaction;
    if transaction.live_lines().next().is_none() && transaction.live_tenders().next().is_none() {
        return Err(RefusalCode::BasketEmpty.into());
    }
    if !transaction.totals.due.is_zero() {
        let due = transaction.totals.due.amount();
        return Err(Refusal::new(RefusalCode::NotPaid).with("due", due));
    }
    tender::paid_as_priced(basket)?;
    let transaction = &mut basket.transaction;
    let number = last_number.next();
    transaction.number = Some(number);
    transaction.pricing = pricing;
    let event = BasketEvent::SaleCompleted {
        number,
        total: transaction.totals.total,
        change: transaction.totals.change,
    };
    Ok(Change::End(event, Fact::SaleCompleted(Box::new(transaction.clone()))))
}
