//! Which promotions are in force, and what is wrong with those that are not.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Serialize;
use store_core::PromotionId;
use store_core::policy::{Part, Place};
use store_core::promotion::PricingRules;
use store_core::promotion::rule::Text;
use store_core::register::RegisterRules;
use utoipa::ToSchema;

use crate::access::MayManagePeople;
use crate::http::openapi;
use crate::http::problem::Problem;
use crate::promotions::{FileFault, PromotionFileError};
use crate::store::Store;

/// Most promotions in force that are named.
const NAMED_MAX: usize = 100;

/// The promotions in force.
#[derive(Debug, Serialize, ToSchema)]
struct PromotionsStanding {
    /// Whether they are headquarters', so that those of the store's own file change no price.
    is_decided_by_hq: bool,
    /// How many are in force.
    count: usize,
    /// Them, in order, up to a hundred.
    #[schema(value_type = Vec<openapi::Named>)]
    in_force: Vec<Named>,
    /// The store's own file, where the settings name one.
    file: Option<FileStanding>,
    /// Bundles of headquarters that this store did not take; they are tried again with the next
    /// one that is pushed.
    refused: Vec<RefusedBundle>,
}

/// A promotion by id and name.
#[derive(Debug, Serialize)]
struct Named {
    id: PromotionId,
    name: Text,
}

/// How the store's own file was found when it was last read.
#[derive(Debug, Serialize, ToSchema)]
struct FileStanding {
    /// Where it is.
    path: String,
    /// All that is wrong with it, up to a hundred; nothing where it holds.
    faults: Vec<FaultInFile>,
}

/// Something that is wrong with the file.
#[derive(Debug, Serialize, ToSchema)]
struct FaultInFile {
    /// The line, from 1, where the file's format tells it.
    line: Option<u64>,
    /// Where in the file: `promotions[2].each.award`; the whole of it where there is none.
    place: Option<String>,
    /// A stable code.
    code: &'static str,
    /// A sentence, in English.
    reason: String,
}

/// A bundle that was not taken.
#[derive(Debug, Serialize, ToSchema)]
struct RefusedBundle {
    /// Its version.
    version: u64,
    /// Why: the part, the place in it and a sentence, in English.
    reason: String,
    /// The version that stays in force; none where the store follows its own settings.
    stays: Option<u64>,
}

impl From<&FileFault> for FaultInFile {
    fn from(found: &FileFault) -> Self {
        let fault = &found.fault;
        let place = match &fault.place {
            Place::Path(steps) if !steps.is_empty() => Some(fault.place.to_string()),
            Place::Path(_) | Place::Line(_) => None,
        };
        Self { line: found.line, place, code: fault.code, reason: fault.reason.clone() }
    }
}

fn faults(error: &PromotionFileError) -> Vec<FaultInFile> {
    match error {
        PromotionFileError::Faulty { faults, .. } => faults.iter().map(Into::into).collect(),
        PromotionFileError::Io(_, error) => {
            let reason = error.to_string();
            vec![FaultInFile { line: None, place: None, code: "not_readable", reason }]
        }
    }
}

fn stand(store: &Store) -> PromotionsStanding {
    let rules = store.shelf.rules();
    let in_force = rules.pricing.promotions.promotions();
    let named = in_force.iter().map(|one| Named { id: one.id.clone(), name: one.name.clone() });
    let reading = store.promotions.reading();
    let file = store.settings.promotions.file.as_ref().map(|path| FileStanding {
        path: path.display().to_string(),
        faults: reading.error.as_ref().map(faults).unwrap_or_default(),
    });
    let bundles = store.bundles.as_ref().map(|bundles| bundles.borrow().clone());
    let bundles = bundles.unwrap_or_default();
    let refused = bundles.offered.into_iter().filter(|bundle| bundle.standing == "refused");
    PromotionsStanding {
        is_decided_by_hq: store.policy.decided().contains(&Part::Promotions),
        count: in_force.len(),
        in_force: named.take(NAMED_MAX).collect(),
        file,
        refused: refused
            .map(|bundle| RefusedBundle {
                version: bundle.version,
                reason: bundle.reason.unwrap_or_default(),
                stays: bundles.in_force,
            })
            .collect(),
    }
}

/// Which promotions are in force, and what is wrong with the store's file and with bundles of
/// headquarters that were refused.
///
/// Needs a manager.
#[utoipa::path(
    tag = "promotions",
    responses((status = 200, description = "How they stand", body = PromotionsStanding)),
    extensions(("x-problem-codes" = json!(["permission_needed"]))),
)]
#[get("/promotions")]
pub async fn standing(store: web::Data<Store>, _may: MayManagePeople) -> HttpResponse {
    HttpResponse::Ok().json(stand(&store))
}

/// Reads the store's own file again: where it holds, its promotions are in force with each
/// register's next basket; where it does not, what is in force stays.
///
/// Needs a manager.
///
/// # Errors
/// `stopping` where the hub closes.
#[utoipa::path(
    tag = "promotions",
    responses((
        status = 200,
        description = "How they stand now",
        body = PromotionsStanding,
    )),
    extensions(("x-problem-codes" = json!(["permission_needed", "in_training", "stopping"]))),
)]
#[post("/promotions/file")]
pub async fn read_again(
    store: web::Data<Store>,
    request: HttpRequest,
    _may: MayManagePeople,
) -> Result<HttpResponse, Problem> {
    // Nobody else puts anything in force meanwhile.
    let turn = store.shelf.turn().await;
    let (own, settings) = (store.promotions.clone(), store.settings.clone());
    let read = web::block(move || own.read(&settings)).await;
    read.map_err(|_| Problem::stopping(&request))?;
    if !store.policy.decided().contains(&Part::Promotions) {
        put_in_force(&store).await;
    }
    drop(turn);
    Ok(HttpResponse::Ok().json(stand(&store)))
}

/// Puts the store's own promotions in force, where they are others than those that are.
async fn put_in_force(store: &Store) {
    let (rules, settings) = (store.shelf.rules(), &store.settings);
    let own = store.promotions.reading();
    let promotions = own.set.for_store(&settings.store.id, &settings.promotions.regions);
    if *rules.pricing.promotions == promotions {
        return;
    }
    let taxes = rules.pricing.taxes.clone();
    let pricing = Arc::new(PricingRules { taxes, promotions: Arc::new(promotions) });
    let rules = RegisterRules { pricing, ..RegisterRules::clone(&rules) };
    store.put_in_force(None, Some(Arc::new(rules))).await;
}
