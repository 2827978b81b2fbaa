//! A recorded day through the chain: sold at its stores, and compared with what headquarters has.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use service_kit::exit::{ExitCode, Failure};

use super::office::{Office, OfficePorts};
use super::place::Place;
use crate::cli::DemoArgs;
use crate::replay::command::{Directory, sell_again, terms};
use crate::replay::run::ReplayOptions;

pub(super) fn replay(args: &DemoArgs, baskets: &Path) -> Result<(), Failure> {
    let begun = Instant::now();
    let (Some(catalogue), Some(report)) = (&args.catalogue, &args.report) else {
        let text = "--replay needs --catalogue, --report and --exit";
        return Err(Failure::new(ExitCode::Usage, text));
    };
    let options = ReplayOptions {
        catalogue: catalogue.clone(),
        baskets: baskets.to_owned(),
        report: report.clone(),
        registers: usize::from(args.registers.unwrap_or(1)),
        answered: None,
        repeat: None,
        promotions: terms(args.promotions.as_deref(), args.config.as_deref())?,
        begun,
    };
    let directory = Directory::of(args.data_dir.as_deref());
    let place = Place::open(directory.path(), args.fresh)?;
    let office =
        Arc::new(Office::start(&place, OfficePorts { page: 0, broker: 0 }, args.separate)?);
    let links = office.clone();
    let replayed = sell_again(&options, place.directory(), false, Some(links));
    office.stop();
    replayed
}
