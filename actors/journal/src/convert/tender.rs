//! What happens to a basket's payment, and where a basket goes before it is paid.

use hq_wire::facts::v1;
use store_core::card::{CardDecision, CardSlip};
use store_core::fact::Fact;
use store_core::transaction::{RetailTransaction, Tender};
use store_core::{CardRequestId, Now, OperatorId, ReasonCode, TransactionId, WorkstationId};

use super::value::id;
use super::{ConvertError, card, sale};

/// Which basket, where, and who.
pub type Of<'a> = (TransactionId, &'a WorkstationId, &'a OperatorId);

pub fn taken((transaction, workstation, operator): Of<'_>, tender: &Tender) -> v1::Fact {
    v1::Fact::TenderTaken(Box::new(v1::TenderTaken {
        transaction: transaction.to_string(),
        workstation: workstation.to_string(),
        operator: operator.to_string(),
        tender: sale::tender_to_wire(tender),
    }))
}

pub fn voided(
    (transaction, workstation, operator): Of<'_>,
    number: u32,
    card: Option<&CardSlip>,
) -> v1::Fact {
    v1::Fact::TenderVoided(v1::TenderVoided {
        transaction: transaction.to_string(),
        workstation: workstation.to_string(),
        operator: operator.to_string(),
        number,
        card: card.map(card::slip_to_wire),
    })
}

pub fn declined(
    (transaction, workstation, operator): Of<'_>,
    request: &CardRequestId,
    (code, decision): (&str, &CardDecision),
) -> v1::Fact {
    v1::Fact::CardDeclined(v1::CardDeclined {
        transaction: transaction.to_string(),
        workstation: workstation.to_string(),
        operator: operator.to_string(),
        request: request.to_string(),
        code: code.to_owned(),
        decision: card::decision_to_wire(decision),
    })
}

pub fn abandoned(basket: &RetailTransaction, reason: &ReasonCode, now: &Now) -> v1::Fact {
    v1::Fact::SaleAbandoned(Box::new(v1::SaleAbandoned {
        basket: sale::to_wire(basket, now),
        reason: reason.to_string(),
    }))
}

pub fn suspended(basket: &RetailTransaction, operator: &OperatorId, now: &Now) -> v1::Fact {
    v1::Fact::BasketSuspended(Box::new(v1::BasketSuspended {
        basket: sale::to_wire(basket, now),
        operator: operator.to_string(),
    }))
}

pub fn retrieved((transaction, workstation, operator): Of<'_>) -> v1::Fact {
    v1::Fact::BasketRetrieved(v1::BasketRetrieved {
        transaction: transaction.to_string(),
        workstation: workstation.to_string(),
        operator: operator.to_string(),
    })
}

pub fn taken_from_wire(body: &v1::TenderTaken) -> Result<Fact, ConvertError> {
    Ok(Fact::TenderTaken {
        transaction: id("transaction", &body.transaction)?,
        workstation: id("workstation", &body.workstation)?,
        operator: id("operator", &body.operator)?,
        tender: sale::tender_from_wire(&body.tender)?,
    })
}

pub fn voided_from_wire(body: &v1::TenderVoided) -> Result<Fact, ConvertError> {
    Ok(Fact::TenderVoided {
        transaction: id("transaction", &body.transaction)?,
        workstation: id("workstation", &body.workstation)?,
        operator: id("operator", &body.operator)?,
        number: body.number,
        card: body.card.as_ref().map(card::slip_from_wire).transpose()?,
    })
}

pub fn requested_from_wire(body: &v1::CardRequested) -> Result<Fact, ConvertError> {
    Ok(Fact::CardRequested {
        transaction: id("transaction", &body.transaction)?,
        workstation: id("workstation", &body.workstation)?,
        operator: id("operator", &body.operator)?,
        request: card::requested_from_wire(body)?,
    })
}

pub fn declined_from_wire(body: &v1::CardDeclined) -> Result<Fact, ConvertError> {
    Ok(Fact::CardDeclined {
        transaction: id("transaction", &body.transaction)?,
        workstation: id("workstation", &body.workstation)?,
        operator: id("operator", &body.operator)?,
        request: id("request", &body.request)?,
        code: std::sync::Arc::from(body.code.as_str()),
        decision: card::decision_from_wire(&body.decision)?,
    })
}

pub fn abandoned_from_wire(body: &v1::SaleAbandoned) -> Result<Fact, ConvertError> {
    Ok(Fact::SaleAbandoned {
        transaction: Box::new(sale::from_wire(&body.basket)?),
        reason: id("reason", &body.reason)?,
    })
}

pub fn suspended_from_wire(body: &v1::BasketSuspended) -> Result<Fact, ConvertError> {
    Ok(Fact::BasketSuspended {
        transaction: Box::new(sale::from_wire(&body.basket)?),
        operator: id("operator", &body.operator)?,
    })
}

pub fn retrieved_from_wire(body: &v1::BasketRetrieved) -> Result<Fact, ConvertError> {
    Ok(Fact::BasketRetrieved {
        transaction: id("transaction", &body.transaction)?,
        workstation: id("workstation", &body.workstation)?,
        operator: id("operator", &body.operator)?,
    })
}
