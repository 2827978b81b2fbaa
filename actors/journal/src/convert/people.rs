//! Who is at a register, what they were refused, and the time that they set.

use hq_wire::facts::v1;
use jiff::Timestamp;
use store_core::fact::Fact;
use store_core::permission::Permission;
use store_core::{OperatorId, TransactionId, WorkstationId};

use super::ConvertError;
use super::value::{self, id, optional_id};

pub fn signed(workstation: &WorkstationId, operator: &OperatorId) -> v1::OperatorSigned {
    v1::OperatorSigned { workstation: workstation.to_string(), operator: operator.to_string() }
}

pub fn changed(
    (workstation, operator): (&WorkstationId, &OperatorId),
    before: &OperatorId,
    transaction: Option<TransactionId>,
) -> v1::Fact {
    v1::Fact::OperatorChanged(v1::OperatorChanged {
        workstation: workstation.to_string(),
        operator: operator.to_string(),
        before: before.to_string(),
        transaction: transaction.map(|id| id.to_string()),
    })
}

pub fn time_set(
    (workstation, operator): (Option<&WorkstationId>, &OperatorId),
    approved_by: Option<&OperatorId>,
    (before, after): (Timestamp, Timestamp),
) -> v1::Fact {
    v1::Fact::TimeSet(v1::TimeSet {
        workstation: workstation.map(ToString::to_string),
        operator: operator.to_string(),
        approved_by: approved_by.map(ToString::to_string),
        before_ms: before.as_millisecond(),
        after_ms: after.as_millisecond(),
    })
}

pub fn refused(
    (workstation, operator): (Option<&WorkstationId>, &OperatorId),
    permission: Permission,
    transaction: Option<TransactionId>,
) -> v1::Fact {
    v1::Fact::PermissionRefused(v1::PermissionRefused {
        workstation: workstation.map(ToString::to_string),
        operator: operator.to_string(),
        permission: permission.to_string(),
        transaction: transaction.map(|id| id.to_string()),
    })
}

pub fn signed_on(body: &v1::OperatorSigned) -> Result<Fact, ConvertError> {
    let (workstation, operator) = at(body)?;
    Ok(Fact::OperatorSignedOn { workstation, operator })
}

pub fn signed_off(body: &v1::OperatorSigned) -> Result<Fact, ConvertError> {
    let (workstation, operator) = at(body)?;
    Ok(Fact::OperatorSignedOff { workstation, operator })
}

fn at(body: &v1::OperatorSigned) -> Result<(WorkstationId, OperatorId), ConvertError> {
    Ok((id("workstation", &body.workstation)?, id("operator", &body.operator)?))
}

pub fn changed_from_wire(body: &v1::OperatorChanged) -> Result<Fact, ConvertError> {
    Ok(Fact::OperatorChanged {
        workstation: id("workstation", &body.workstation)?,
        operator: id("operator", &body.operator)?,
        before: id("before", &body.before)?,
        transaction: optional_id("transaction", body.transaction.as_deref())?,
    })
}

pub fn time_set_from_wire(body: &v1::TimeSet) -> Result<Fact, ConvertError> {
    Ok(Fact::TimeSet {
        workstation: optional_id("workstation", body.workstation.as_deref())?,
        operator: id("operator", &body.operator)?,
        approved_by: optional_id("approved_by", body.approved_by.as_deref())?,
        before: value::wall("before_ms", body.before_ms)?,
        after: value::wall("after_ms", body.after_ms)?,
    })
}

pub fn refused_from_wire(body: &v1::PermissionRefused) -> Result<Fact, ConvertError> {
    Ok(Fact::PermissionRefused {
        workstation: optional_id("workstation", body.workstation.as_deref())?,
        operator: id("operator", &body.operator)?,
        permission: value::permission(&body.permission)?,
        transaction: optional_id("transaction", body.transaction.as_deref())?,
    })
}
