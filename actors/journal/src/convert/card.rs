use std::sync::Arc;

use hq_wire::facts::v1;
use store_core::card::{CardApproval, CardDecision, CardSlip};

use super::ConvertError;
use super::value::id;

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
            v1::CardDecision::Person { operator: operator.to_string(), reason: reason.to_string() }
        }
    }
}

pub fn decision_from_wire(wire: &v1::CardDecision) -> Result<CardDecision, ConvertError> {
    Ok(match wire {
        v1::CardDecision::Terminal => CardDecision::Terminal,
        v1::CardDecision::Inquiry => CardDecision::Inquiry,
        v1::CardDecision::Person { operator, reason } => CardDecision::Person {
            operator: id("operator", operator)?,
            reason: id("reason", reason)?,
        },
    })
}
