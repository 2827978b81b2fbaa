//! A second person at the same screen allows what its cashier may not do.

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use store_core::OperatorId;
use store_core::permission::Permission;
use utoipa::ToSchema;

use super::session::{caller, proof};
use crate::access::authority::{self, Lacking};
use crate::access::{APPROVAL_S, OperatorView, Session};
use crate::http::openapi;
use crate::http::problem::Problem;
use crate::store::Store;
use crate::wiring::training;

/// Who approves, and what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApproval {
    /// Who approves, with their PIN.
    #[serde(default)]
    #[schema(value_type = Option<openapi::TextId>)]
    operator: Option<OperatorId>,
    /// Their PIN.
    #[serde(default)]
    #[schema(value_type = Option<openapi::Pin>)]
    pin: Option<String>,
    /// Their badge as it was read, instead of both; at a workstation.
    #[serde(default)]
    badge: Option<String>,
    /// What the one who is signed in lacks.
    #[schema(value_type = openapi::Permission)]
    permission: Permission,
}

#[derive(Serialize, ToSchema)]
struct ApprovalGiven {
    /// What the header `Approval` of the command has to hold.
    token: String,
    /// Who approved it.
    #[schema(value_type = openapi::Person)]
    approved_by: OperatorView,
    /// What is approved.
    #[schema(value_type = openapi::Permission)]
    permission: Permission,
    /// For how many seconds it may be used.
    seconds: u64,
}

/// Approves one command of whoever is signed in at this browser, who stays signed in.
///
/// The command is sent again, with another `command_id` and the token in the header `Approval`. A
/// token is good for a minute, for this session, this permission and one command; the same command
/// may be sent again with it.
///
/// # Errors
/// `bad_credentials`, `locked_out`; `permission_needed` where who approves may not do it either.
#[utoipa::path(
    tag = "session",
    request_body = NewApproval,
    responses((status = 201, description = "It may be done once", body = ApprovalGiven)),
    extensions(("x-problem-codes" = json!([
        "bad_credentials", "locked_out", "not_a_badge", "badge_elsewhere", "permission_needed",
        "disk_full", "journal_failed",
        "stopping",
    ]))),
)]
#[post("/approvals")]
pub async fn approve(
    store: web::Data<Store>,
    request: HttpRequest,
    session: Session,
    body: web::Json<NewApproval>,
) -> Result<HttpResponse, Problem> {
    let NewApproval { operator, pin, badge, permission } = body.into_inner();
    let proof = proof(&request, operator, pin, badge)?;
    let person = store.access.prove(proof, &caller(&request)).await;
    let person = person.map_err(|denied| Problem::denied(&request, &denied))?;
    let operator = person.id.clone();
    let here = training::here(&store, &session);
    if !store.access.permissions().allows(person.role, permission) {
        let workstation = session.workstation.clone();
        let lacking = Lacking { workstation, operator, permission, transaction: None };
        return Err(authority::refuse(&here, &request, lacking).await);
    }
    let token = store.access.approve(&session, (permission, here.is_training), operator);
    let approved_by = OperatorView::of(&person);
    let given = ApprovalGiven { token, approved_by, permission, seconds: APPROVAL_S };
    Ok(HttpResponse::Created().json(given))
}
