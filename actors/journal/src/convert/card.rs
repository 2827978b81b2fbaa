use std::sync::Arc;

use hq_wire::facts::v1;
use store_core::card::{CardApproval, CardDecision, CardRequest, CardRequestKind, CardSlip};
use store_core::transaction::TenderTypeId;
use store_core::{OperatorId, TransactionId, WorkstationId};

use super::value::{id, money, money_to_wire};
use super::{ConvertError, bad};

pub fn slip_to_wire(slip: &CardSlip) -> v1::CardSlip {
    let text = |text: &Option<Arc<str>>| text.as_deref().map(str::to_owned);
    v1::CardSlip {
        request: slip.request.to_string(),
        terminal: slip.terminal.to_string(),
        scheme: text(&slip.approval.scheme),
        last_four: text(&slip.approval.last_four),
        approval: text(&slip.approval.approval),
        receipt: text(&slip.approval.receipt),
        decision: decision_to_wire(&slip.decision),
    }
}

pub fn slip_from_wire(wire: &v1::CardSlip) -> Result<CardSlip, ConvertError> {
    let text = |text: &Option<String>| text.as_deref().map(Arc::from);
    Ok(CardSlip {
        request: id("request", &wire.request)?,
        terminal: id("terminal", &wire.terminal)?,
        approval: CardApproval {
            scheme: text(&wire.scheme),
            last_four: text(&wire.last_four),
            approval: text(&wire.approval),
            receipt: text(&wire.receipt),
        },
        decision: decision_from_wire(&wire.decision)?,
    })
}

pub fn decision_to_wire(decision: &CardDecision) -> v1::CardDecision {
    match decision {
        CardDecision::Terminal => v1::CardDecision::Terminal,
        CardDecision::Inquiry => v1::CardDecision::Inquiry,
        CardDecision::Person { operator, reason } => {
            v1::CardDecision::Person { person: operator.to_string(), reason: reason.to_string() }
        }
    }
}

pub fn decision_from_wire(wire: &v1::CardDecision) -> Result<CardDecision, ConvertError> {
    Ok(match wire {
        v1::CardDecision::Terminal => CardDecision::Terminal,
        v1::CardDecision::Inquiry => CardDecision::Inquiry,
        v1::CardDecision::Person { person, reason } => {
            CardDecision::Person { operator: id("person", person)?, reason: id("reason", reason)? }
        }
    })
}

pub fn requested_to_wire(
    transaction: TransactionId,
    workstation: &WorkstationId,
    operator: &OperatorId,
    request: &CardRequest,
) -> v1::CardRequested {
    let text = |text: &Option<Arc<str>>| text.as_deref().map(str::to_owned);
    v1::CardRequested {
        transaction: transaction.to_string(),
        workstation: workstation.to_string(),
        operator: operator.to_string(),
        request: request.id.to_string(),
        kind: match &request.kind {
            CardRequestKind::Sale => v1::CardRequestKind::Sale,
            CardRequestKind::Reversal { tender, of, receipt, approval } => {
                v1::CardRequestKind::Reversal {
                    tender: *tender,
                    of: of.to_string(),
                    receipt: text(receipt),
                    approval: text(approval),
                }
            }
        },
        tender_type: request.tender_type.to_string(),
        amount: money_to_wire(request.amount),
        terminal: request.terminal.to_string(),
        reference: request.id.reference(),
    }
}

pub fn requested_from_wire(wire: &v1::CardRequested) -> Result<CardRequest, ConvertError> {
    let text = |text: &Option<String>| text.as_deref().map(Arc::from);
    Ok(CardRequest {
        id: id("request", &wire.request)?,
        kind: match &wire.kind {
            v1::CardRequestKind::Sale => CardRequestKind::Sale,
            v1::CardRequestKind::Reversal { tender, of, receipt, approval } => {
                CardRequestKind::Reversal {
                    tender: *tender,
                    of: id("of", of)?,
                    receipt: text(receipt),
                    approval: text(approval),
                }
            }
        },
        tender_type: TenderTypeId::new(&wire.tender_type)
            .map_err(bad("tender_type", &wire.tender_type))?,
        amount: money("amount", &wire.amount)?,
        terminal: id("terminal", &wire.terminal)?,
    })
}
