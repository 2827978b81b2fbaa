use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;
use service_kit::exit::{self, ExitCode, Failure};
use store_core::promotion::evaluate::{NODES_MAX, evaluate};
use store_core::promotion::explain::explain;
use store_core::promotion::goods::Goods;
use store_core::promotion::offers::tender_offers;
use store_core::promotion::prompts::{PromptIndex, Shelf, prompts};
use store_core::promotion::{Member, PricingContext};
use store_core::transaction::TenderTypeId;
use store_core::{BootId, MemberId, Now, StoreId};
use uuid::Uuid;

use super::answer::Answer;
use super::file::BasketFile;
use super::lines::Shelves;
use crate::catalogue::{self, CatalogueError};
use crate::cli::PriceArgs;
use crate::promotions::{Offered, PromotionFileError, offered};
use crate::replay::file::written_time;
use crate::settings::Settings;

/// Prices a basket as the command line says.
///
/// # Errors
/// [`Failure`]: what does not hold. A line that cannot be priced is no failure.
pub fn price(args: &PriceArgs, settings: &Settings) -> Result<(), Failure> {
    let answer = price_files(args, settings)?;
    if !args.json {
        return exit::say(&answer.to_string());
    }
    let text = serde_json::to_string_pretty(&answer);
    exit::say(
        &text
            .map_err(|error| Failure::because(ExitCode::Software, "writing the answer", &error))?,
    )
}

/// Prices a basket out of files.
///
/// # Errors
/// As [`price`].
pub fn price_files(args: &PriceArgs, settings: &Settings) -> Result<Answer, Failure> {
    let basket = read_basket(&args.basket)?;
    let context = context(&basket, args.at.as_deref(), settings)?;
    let catalogue = catalogue::read(&args.catalogue, basket.currency);
    let catalogue = Arc::new(catalogue.map_err(|error| bad_catalogue(&error))?);
    let store = args.store.as_deref().map(StoreId::new).transpose();
    let store = store.map_err(|error| Failure::because(ExitCode::Usage, "--store", &error))?;
    let offered = match &args.promotions {
        Some(file) => offered(file, basket.currency).map_err(|error| bad_promotions(&error))?,
        None => Offered::default(),
    };
    let set = match &store {
        Some(store) => offered.set.for_store(store, &settings.promotions.regions),
        None => offered.set,
    };
    let shelves = Shelves {
        catalogue: &catalogue,
        prices: &offered.prices,
        store: store.as_ref(),
        day: context.day_in_force,
        layouts: &settings.layouts,
        taxes: &settings.tax,
    };
    let (taken, refused) = shelves.take(&basket.lines);
    let lines = taken.iter().map(|line| line.goods.clone()).collect();
    let goods = Goods { currency: basket.currency, lines };
    let too_large = |error| {
        let doing = format!("pricing {}", args.basket.display());
        Failure::because(ExitCode::BadInput, &doing, &error)
            .hint("an amount is out of any reason: look at the quantities and prices")
    };
    let outcome = evaluate(&set, &goods, &context, NODES_MAX).map_err(too_large)?;
    let mut answer = Answer::of(&outcome, &set, &taken, basket.currency).map_err(too_large)?;
    answer.refused = refused;
    let index = PromptIndex::new(catalogue.clone(), &set, context.day_in_force);
    // A file says nothing of stock: what is in the catalogue is on hand.
    let shelf = Shelf { index: &index, taxes: &settings.tax, is_on_hand: &|_| true };
    let declined = BTreeSet::new();
    answer.prompts = prompts(&set, &shelf, &goods, &context, &outcome, &declined, NODES_MAX);
    let accepted: Vec<TenderTypeId> = settings.tenders.iter().map(|rule| rule.id.clone()).collect();
    answer.offers = tender_offers(&set, &goods, &context, &outcome, &accepted, NODES_MAX);
    if args.explain {
        let explanation = explain(&set, &goods, &context, &outcome, NODES_MAX);
        answer.explanation = Some(explanation.map_err(too_large)?);
    }
    Ok(answer)
}

fn read_basket(path: &Path) -> Result<BasketFile, Failure> {
    let doing = format!("reading {}", path.display());
    let text = std::fs::read(path).map_err(|error| {
        Failure::because(exit::code_of(&error, ExitCode::NoInput), &doing, &error)
    })?;
    serde_json::from_slice(&text).map_err(|error| {
        Failure::because(ExitCode::BadInput, &doing, &error)
            .hint("`hub promo schema --basket` prints what a basket file may say")
    })
}

fn context(
    basket: &BasketFile,
    at: Option<&str>,
    settings: &Settings,
) -> Result<PricingContext, Failure> {
    let bad = |what: String| {
        Failure::new(ExitCode::BadInput, what).hint("such as 2026-11-01T15:00:00+08:00")
    };
    let zone = TimeZone::get(&settings.store.time_zone)
        .map_err(|error| Failure::because(ExitCode::Settings, "the time zone", &error))?;
    let at = at.unwrap_or(&basket.at);
    let time = written_time(at, &zone).ok_or_else(|| bad(format!("`{at}` is not a time")))?;
    let now = Now {
        wall: time.instant,
        utc_offset_s: time.utc_offset_s,
        monotonic_ms: 0,
        boot: BootId::new(Uuid::nil()),
        clock_trusted: true,
    };
    let refuse = |key: &str, error: &dyn std::error::Error| {
        Failure::because(ExitCode::BadInput, &format!("the basket's {key}"), error)
    };
    let member = match &basket.member {
        Some(id) => Some(Member {
            id: MemberId::new(&id.0).map_err(|error| refuse("member", &error))?,
            tier: basket.tier.as_deref().map(Arc::from),
            points: basket.points,
        }),
        None if basket.tier.is_some() || basket.points > 0 => {
            let text = "the basket has a tier or points and no member";
            return Err(Failure::new(ExitCode::BadInput, text).hint("name the member"));
        }
        None => None,
    };
    let tender = basket.tender.as_deref().map(TenderTypeId::new).transpose();
    Ok(PricingContext {
        tender_intended: tender.map_err(|error| refuse("tender", &error))?,
        member,
        is_employee: basket.employee,
        channel: basket.channel.as_deref().map(Arc::from),
        coupons: basket.coupons.iter().map(|code| Arc::from(code.as_str())).collect(),
        ..PricingContext::anonymous(now, now.date())
    })
}

/// The failure of a catalogue that is none.
pub(crate) fn bad_catalogue(error: &CatalogueError) -> Failure {
    let code = match error {
        CatalogueError::Io(_, source) => exit::code_of(source, ExitCode::NoInput),
        CatalogueError::Decided | CatalogueError::Import { .. } => ExitCode::BadInput,
    };
    Failure::because(code, "reading the catalogue", error)
}

/// The failure of promotions that do not hold.
pub(crate) fn bad_promotions(error: &PromotionFileError) -> Failure {
    match error {
        PromotionFileError::Io(_, source) => Failure::because(
            exit::code_of(source, ExitCode::NoInput),
            "reading the promotions",
            error,
        ),
        PromotionFileError::Faulty { .. } => {
            Failure::because(ExitCode::BadInput, "reading the promotions", error)
                .hint("`hub promo check` names everything that is wrong with a file")
        }
    }
}
