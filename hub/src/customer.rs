//! What the customer sees at a register, and how a screen learns whose it is.
//!
//! Nothing personal is on it: no member, no operator's name, no card.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use store_core::promotion::rule::Text;
use store_core::register::{BasketView, Phase, RegisterView};
use store_core::transaction::LineKind;
use store_core::{BootId, LineNumber, Money, Quantity, TransactionNumber, WorkstationId};
use utoipa::ToSchema;

use crate::http::openapi;

/// How long a pairing code is good for: a walk round the counter.
const CODE_MS: u64 = 5 * 60 * 1000;
/// Digits of a pairing code.
const CODE_DIGITS: usize = 6;
const MILLION: u32 = 1_000_000;

/// What a customer's screen shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Showing {
    /// Nobody works at this register.
    Closed,
    /// It waits for the next customer.
    Welcome,
    /// Goods are being scanned.
    Basket,
    /// The customer pays.
    Paying,
    /// The sale is done.
    Thanks,
}

/// The whole of a customer's screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CustomerScreen {
    /// The run of the hub that `revision` belongs to.
    #[schema(value_type = openapi::Id)]
    pub boot: BootId,
    /// Rises with every change.
    pub revision: u64,
    /// Which register.
    #[schema(value_type = openapi::TextId)]
    pub workstation: WorkstationId,
    /// What it shows.
    pub showing: Showing,
    /// The lines that count, in order of entry.
    pub lines: Vec<CustomerLine>,
    /// What was taken off all together; nothing outside a basket.
    #[schema(value_type = Option<openapi::Money>)]
    pub saved: Option<Money>,
    /// What is to pay; nothing where there is no sale.
    #[schema(value_type = Option<openapi::Money>)]
    pub total: Option<Money>,
    /// What is still to pay.
    #[schema(value_type = Option<openapi::Money>)]
    pub due: Option<Money>,
    /// What is given back.
    #[schema(value_type = Option<openapi::Money>)]
    pub change: Option<Money>,
    /// The number of the sale that is done.
    #[schema(value_type = Option<u64>)]
    pub number: Option<TransactionNumber>,
    /// What is worth knowing.
    #[schema(value_type = Vec<openapi::Text>)]
    pub prompts: Vec<Text>,
    /// Whether the register is in training: nothing is sold.
    pub is_training: bool,
}

/// A line as the customer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CustomerLine {
    /// Its number.
    #[schema(value_type = openapi::LineNumber)]
    pub line: LineNumber,
    /// Its name.
    #[schema(value_type = String)]
    pub description: Arc<str>,
    /// How much.
    #[schema(value_type = openapi::Quantity)]
    pub quantity: Quantity,
    /// Before anything was taken off.
    #[schema(value_type = openapi::Money)]
    pub shelf_amount: Money,
    /// What it costs.
    #[schema(value_type = openapi::Money)]
    pub net: Money,
    /// Whether it comes back.
    pub is_return: bool,
}

impl CustomerScreen {
    /// What the customer sees of a register. `is_done` says that the sale before was completed
    /// while this screen looked, so that nobody is thanked for another's sale.
    #[must_use]
    pub fn of(view: &RegisterView, is_done: bool) -> Self {
        let mut screen = Self {
            boot: view.boot,
            revision: view.revision,
            workstation: view.workstation.clone(),
            showing: Showing::Closed,
            lines: Vec::new(),
            saved: None,
            total: None,
            due: None,
            change: None,
            number: None,
            prompts: Vec::new(),
            is_training: view.is_training,
        };
        match (&view.basket, &view.last_sale) {
            _ if view.phase == Phase::SignedOff => {}
            (Some(basket), _) => screen.fill(basket),
            (None, Some(last)) if is_done => {
                screen.showing = Showing::Thanks;
                screen.total = Some(last.total);
                screen.change = Some(last.change);
                screen.number = Some(last.number);
            }
            (None, _) => screen.showing = Showing::Welcome,
        }
        screen
    }

    fn fill(&mut self, basket: &BasketView) {
        let is_paying = basket.tenders.iter().any(|tender| !tender.voided);
        self.showing = if is_paying { Showing::Paying } else { Showing::Basket };
        let live = basket.lines.iter().filter(|line| !line.voided);
        self.lines = live
            .map(|line| CustomerLine {
                line: line.line,
                description: line.description.clone(),
                quantity: line.quantity,
                shelf_amount: line.shelf_amount,
                net: line.net,
                is_return: line.kind == LineKind::Return,
            })
            .collect();
        self.saved = Some(basket.totals.discount);
        self.total = Some(basket.totals.total);
        self.due = Some(basket.totals.due);
        self.change = Some(basket.totals.change);
        self.prompts = basket.prompts.iter().map(|prompt| prompt.text.clone()).collect();
    }
}

/// Wrong codes after which none is good any more: whoever guesses has many addresses.
const WRONG_MAX: u32 = 20;

/// The codes that registers show, each for one screen and five minutes, and which screen of each
/// register is the one that counts.
#[derive(Debug, Default)]
pub struct Pairing {
    codes: Mutex<Codes>,
    generations: Mutex<BTreeMap<WorkstationId, u64>>,
}

#[derive(Debug, Default)]
struct Codes {
    by_code: BTreeMap<String, (WorkstationId, u64)>,
    wrong: u32,
}

/// The setting that keeps the generation of a register's screens.
#[must_use]
pub fn generation_key(workstation: &WorkstationId) -> String {
    format!("customer_screen.{workstation}")
}

impl Pairing {
    /// With the generations that were kept, as [`generation_key`] has them.
    ///
    /// # Errors
    /// Where one cannot be read.
    pub fn read<E>(
        workstations: &[WorkstationId],
        setting: impl Fn(&str) -> Result<Option<String>, E>,
    ) -> Result<Self, E> {
        let mut generations = BTreeMap::new();
        for workstation in workstations {
            let kept = setting(&generation_key(workstation))?;
            let kept = kept.and_then(|kept| kept.parse().ok());
            generations.insert(workstation.clone(), kept.unwrap_or(0));
        }
        Ok(Self { generations: Mutex::new(generations), ..Self::default() })
    }

    /// The generation of a register's screens: another one's are not paired any more.
    #[must_use]
    pub fn generation(&self, workstation: &WorkstationId) -> u64 {
        let generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        generations.get(workstation).copied().unwrap_or(0)
    }

    /// From now on screens of this generation count; never an older one.
    pub fn set_generation(&self, workstation: &WorkstationId, generation: u64) {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = generations.entry(workstation.clone()).or_default();
        *kept = generation.max(*kept);
    }

    fn codes(&self) -> std::sync::MutexGuard<'_, Codes> {
        self.codes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A code for a register's screen, in place of the one before. `random` is any number that
    /// nobody can guess; `now_ms` runs steadily.
    pub fn begin(&self, workstation: &WorkstationId, random: u32, now_ms: u64) -> String {
        let mut codes = self.codes();
        let codes = &mut codes.by_code;
        codes.retain(|_, (whose, until_ms)| whose != workstation && *until_ms > now_ms);
        let mut number = random % MILLION;
        let mut code = format!("{number:0CODE_DIGITS$}");
        // Registers are few: the next number is free sooner or later.
        while codes.contains_key(&code) {
            number = (number + 1) % MILLION;
            code = format!("{number:0CODE_DIGITS$}");
        }
        codes.insert(code.clone(), (workstation.clone(), now_ms + CODE_MS));
        code
    }

    /// The register of a code, once. After many wrong ones, from wherever, no code is good.
    pub fn take(&self, code: &str, now_ms: u64) -> Option<WorkstationId> {
        let mut codes = self.codes();
        let Some((workstation, until_ms)) = codes.by_code.remove(code) else {
            codes.wrong += 1;
            if codes.wrong >= WRONG_MAX {
                *codes = Codes::default();
            }
            return None;
        };
        codes.wrong = 0;
        (until_ms > now_ms).then_some(workstation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(workstation: &str) -> WorkstationId {
        WorkstationId::new(workstation).unwrap()
    }

    #[test]
    fn a_code_is_good_once_for_five_minutes_and_only_the_newest() {
        let pairing = Pairing::default();
        let code = pairing.begin(&at("1"), 7, 0);
        assert_eq!(code, "000007");
        assert_eq!(pairing.take("000008", 1), None);
        assert_eq!(pairing.take(&code, 1), Some(at("1")));
        assert_eq!(pairing.take(&code, 2), None, "once");
        let first = pairing.begin(&at("1"), 7, 0);
        let second = pairing.begin(&at("1"), 8, 0);
        assert_eq!(pairing.take(&first, 1), None, "only the newest");
        assert_eq!(pairing.take(&second, CODE_MS), None, "five minutes");
    }

    #[test]
    fn whoever_guesses_ends_every_code_from_however_many_addresses() {
        let pairing = Pairing::default();
        let (one, two) = (pairing.begin(&at("1"), 7, 0), pairing.begin(&at("2"), 8, 0));
        for wrong in 100..100 + WRONG_MAX - 1 {
            assert_eq!(pairing.take(&format!("{wrong:06}"), 1), None);
        }
        assert_eq!(pairing.take(&one, 1), Some(at("1")), "mistyped, and then right");
        for wrong in 100..100 + WRONG_MAX {
            assert_eq!(pairing.take(&format!("{wrong:06}"), 1), None);
        }
        assert_eq!(pairing.take(&two, 1), None);
        let again = pairing.begin(&at("2"), 9, 1);
        assert_eq!(
            pairing.take(&again, 2),
            Some(at("2")),
            "a new one is asked for at the register"
        );
    }

    #[test]
    fn the_generation_of_a_registers_screens_is_kept_and_only_rises() {
        let kept = |key: &str| -> Result<_, ()> {
            Ok((key == "customer_screen.1").then(|| "3".to_owned()))
        };
        let pairing = Pairing::read(&[at("1"), at("2")], kept).unwrap();
        assert_eq!((pairing.generation(&at("1")), pairing.generation(&at("2"))), (3, 0));
        pairing.set_generation(&at("1"), 4);
        pairing.set_generation(&at("1"), 2);
        assert_eq!(pairing.generation(&at("1")), 4);
    }

    #[test]
    fn two_registers_never_share_a_code() {
        let pairing = Pairing::default();
        let one = pairing.begin(&at("1"), 999_999, 0);
        let two = pairing.begin(&at("2"), 999_999, 0);
        assert_eq!((one.as_str(), two.as_str()), ("999999", "000000"));
        assert_eq!(pairing.take(&one, 1), Some(at("1")));
        assert_eq!(pairing.take(&two, 1), Some(at("2")));
    }
}
