//! `hub promo check`: what is wrong with promotions, and what they would do that is hardly meant.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;
use service_kit::exit::{ExitCode, Failure};
use store_actors::Clock as _;
use store_core::Currency;
use store_core::catalogue::Catalogue;
use store_core::policy::{Place, Step};
use store_core::promotion::evaluate::NODES_MAX;
use store_core::promotion::guard::{
    self, ExampleBasket, Finding, GuardReport, GuardRequest, Severity,
};
use store_core::promotion::rule::Selector;
use store_core::promotion::rule::Text;

use super::command::{Source, say, source, together};
use super::{FileFault, PromotionFileError};
use crate::catalogue;
use crate::clock::SystemClock;
use crate::price::{bad_catalogue, bad_promotions};
use crate::settings::Settings;

/// What is checked.
pub(super) struct Asked<'a> {
    pub catalogue: &'a Path,
    pub currency: Currency,
    pub at: Option<&'a str>,
    pub files: &'a [PathBuf],
}

/// Something wrong in a file, by its place.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Written {
    /// Which file.
    file: String,
    /// The line, from 1, where the file's format tells it.
    line: Option<u64>,
    /// Where in it.
    place: String,
    /// A stable code.
    code: &'static str,
    /// How grave.
    severity: Severity,
    /// A sentence.
    reason: String,
}

/// All that a check has to say.
#[derive(Debug, Serialize)]
pub(super) struct Checked {
    /// What is wrong with the files themselves, and names that the catalogue does not know.
    pub written: Vec<Written>,
    /// What the promotions would do; nothing where a file does not hold.
    pub report: Option<GuardReport>,
    /// Checks that did not run.
    pub not_checked: Vec<Text>,
}

/// Says all that is wrong.
pub(super) fn check(asked: &Asked, json: bool, settings: &Settings) -> Result<(), Failure> {
    let checked = checked(asked, settings)?;
    say(&checked, json)?;
    let of_files = checked.written.iter().map(|written| written.severity);
    let findings = checked.report.iter().flat_map(|report| &report.findings);
    let all = of_files.chain(findings.map(|finding| finding.severity));
    let errors = all.filter(|severity| *severity == Severity::Error).count();
    if errors == 0 {
        return Ok(());
    }
    let text = format!("findings that have to be mended: {errors}");
    Err(Failure::new(ExitCode::BadInput, text).hint("each of them is named above"))
}

/// Reads the files and looks at all of them together.
pub(super) fn checked(asked: &Asked, settings: &Settings) -> Result<Checked, Failure> {
    let day = day(asked.at, settings)?;
    let catalogue = catalogue::read(asked.catalogue, asked.currency);
    let catalogue = catalogue.map_err(|error| bad_catalogue(&error))?;
    let mut checked = Checked { written: Vec::new(), report: None, not_checked: Vec::new() };
    let mut sources = Vec::new();
    for path in asked.files {
        match source(path, asked.currency) {
            Ok(source) => sources.push(source),
            Err(PromotionFileError::Faulty { file, faults }) => {
                let faults = faults.into_iter();
                checked.written.extend(faults.map(|fault| Written::fault(&file, fault)));
            }
            Err(error) => return Err(bad_promotions(&error)),
        }
    }
    let names = Names::of(&catalogue);
    for source in &sources {
        names.unknown(source, &catalogue, &mut checked.written);
    }
    if sources.len() < asked.files.len() {
        return Ok(checked);
    }
    let set = together(&sources)?;
    let request = GuardRequest {
        set: &set,
        catalogue: &catalogue,
        taxes: &settings.tax,
        day,
        nodes: NODES_MAX,
    };
    let report = guard::check(request).map_err(|error| {
        Failure::because(ExitCode::BadInput, "pricing what the promotions would sell", &error)
    })?;
    checked.not_checked = report.not_checked();
    checked.report = Some(report);
    Ok(checked)
}

fn day(at: Option<&str>, settings: &Settings) -> Result<Date, Failure> {
    let Some(text) = at else {
        let clock = SystemClock::start(&settings.store.time_zone, None)
            .map_err(|error| Failure::because(ExitCode::Settings, "starting the clock", &error))?;
        return Ok(clock.now(None).date());
    };
    let day = text.get(..10).and_then(|day| day.parse().ok());
    day.ok_or_else(|| {
        Failure::new(ExitCode::Usage, format!("`{text}` is not a day")).hint("such as 2026-11-01")
    })
}

impl Written {
    fn fault(file: &Path, fault: FileFault) -> Self {
        let FileFault { line, fault } = fault;
        Self {
            file: file.display().to_string(),
            line,
            place: fault.place.to_string(),
            code: fault.code,
            severity: Severity::Error,
            reason: fault.reason,
        }
    }
}

/// What the catalogue calls its goods.
struct Names<'a> {
    brands: BTreeSet<&'a str>,
    tags: BTreeSet<&'a str>,
    categories: BTreeSet<&'a str>,
}

impl<'a> Names<'a> {
    fn of(catalogue: &'a Catalogue) -> Self {
        let mut names =
            Self { brands: BTreeSet::new(), tags: BTreeSet::new(), categories: BTreeSet::new() };
        for item in catalogue.items() {
            names.brands.insert(&item.brand);
            names.categories.insert(&item.department);
            names.tags.extend(item.tags().iter().map(|tag| &**tag));
            let path: &str = &item.category;
            let parents = path.match_indices('/').filter_map(|(end, _)| path.get(..end));
            names.categories.extend(parents.chain([path]));
        }
        names
    }

    /// Names in selectors that no item has: an item that is not sold is wrong, a brand or a tag may
    /// come with the next catalogue.
    fn unknown(&self, source: &Source, catalogue: &Catalogue, written: &mut Vec<Written>) {
        let mut note = |path: Vec<Step>, code, severity, reason| {
            written.push(Written {
                file: source.path.display().to_string(),
                line: source.written.line(&path),
                place: Place::Path(path).to_string(),
                code,
                severity,
                reason,
            });
        };
        for fault in source.written.promotions.check_items(catalogue) {
            if let Place::Path(path) = fault.place {
                note(path, fault.code, Severity::Error, fault.reason);
            }
        }
        for (path, selector) in source.written.promotions.selectors() {
            for list in self.lists(selector) {
                let unknown = list.names.iter().enumerate();
                for (index, name) in unknown.filter(|(_, name)| !list.known.contains(&***name)) {
                    let mut path = path.clone();
                    path.extend(list.keys.iter().map(|key| Step::Key((*key).into())));
                    path.push(Step::Index(index));
                    let reason = format!("no item of the catalogue has the {} {name}", list.what);
                    note(path, list.code, Severity::Warning, reason);
                }
            }
        }
    }

    /// The lists of names in a selector, each with the names that there are.
    fn lists<'s>(&'s self, selector: &'s Selector) -> Vec<List<'s>> {
        let except = &selector.except;
        let list = |keys, what, code, names, known| List { keys, what, code, names, known };
        let (brand, category, tag) = ("unknown_brand", "unknown_category", "unknown_tag");
        vec![
            list(&["brands"], "brand", brand, &selector.brands, &self.brands),
            list(&["categories"], "category", category, &selector.categories, &self.categories),
            list(&["tags"], "tag", tag, &selector.tags, &self.tags),
            list(&["except", "brands"], "brand", brand, &except.brands, &self.brands),
            list(
                &["except", "categories"],
                "category",
                category,
                &except.categories,
                &self.categories,
            ),
            list(&["except", "tags"], "tag", tag, &except.tags, &self.tags),
        ]
    }
}

/// A list of names in a selector.
struct List<'s> {
    keys: &'static [&'static str],
    what: &'static str,
    code: &'static str,
    names: &'s [Arc<str>],
    known: &'s BTreeSet<&'s str>,
}

const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for written in &self.written {
            write!(f, "{} {}: {}", word(written.severity), written.code, written.file)?;
            if let Some(line) = written.line {
                write!(f, ", line {line}")?;
            }
            writeln!(f, ", {}: {}", written.place, written.reason)?;
        }
        let Some(report) = &self.report else {
            return f.write_str("the promotions were not looked at: a file does not hold");
        };
        for finding in &report.findings {
            show(f, finding)?;
        }
        for text in &self.not_checked {
            writeln!(f, "not checked: {} / {}", text.zh, text.en)?;
        }
        let (promotions, findings) = (report.promotions, report.findings.len());
        let found = findings + self.written.len();
        write!(f, "{promotions} promotions, {} items, {found} findings", report.items)
    }
}

fn show(f: &mut fmt::Formatter<'_>, finding: &Finding) -> fmt::Result {
    let code = serde_json::to_value(finding.code).unwrap_or_default();
    let code = code.as_str().unwrap_or_default();
    let ids: Vec<&str> = finding.promotions.iter().map(|id| id.as_str()).collect();
    writeln!(f, "{} {code}: {}", word(finding.severity), ids.join(", "))?;
    writeln!(f, "  {} / {}", finding.text.zh, finding.text.en)?;
    finding.basket.as_ref().map_or(Ok(()), |basket| show_basket(f, basket))
}

fn show_basket(f: &mut fmt::Formatter<'_>, basket: &ExampleBasket) -> fmt::Result {
    write!(f, "  basket at {}", basket.at)?;
    for (what, said) in [("tier", &basket.tier), ("tender", &basket.tender)] {
        if let Some(said) = said {
            write!(f, ", {what} {said}")?;
        }
    }
    if !basket.coupons.is_empty() {
        write!(f, ", coupons {}", basket.coupons.join(", "))?;
    }
    for line in &basket.lines {
        write!(
            f,
            "; {} x {} ({}) at {}",
            line.count, line.description, line.item, line.unit_price
        )?;
        write!(f, " for {}", line.net)?;
    }
    write!(f, "; net {}", basket.net)?;
    match basket.cost {
        Some(cost) => writeln!(f, ", cost {cost}"),
        None => writeln!(f),
    }
}
