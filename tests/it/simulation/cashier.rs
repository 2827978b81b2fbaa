//! What a cashier does next, from what the screen shows.

use store_core::register::{BasketView, Command, LineView, ModifierRequest, RegisterView};
use store_core::transaction::{LineKind, PriceSource};
use store_core::{MemberId, OperatorId, Quantity, Unit};

use super::shop::{KEYED, MEMBERS, SCANNED, WEIGHED, reason, tender_type, twd};
use crate::random::Random;

/// Something that is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    Command(Command),
    SignOn,
    SignOff,
}

#[derive(Debug)]
pub struct Cashier {
    /// What is still to be entered for this customer.
    lines_left: u64,
    gives_up: bool,
}

impl Cashier {
    pub fn new(random: &mut Random) -> Self {
        let lines_left =
            if random.chance(100) { random.between(6, 14) } else { random.between(1, 4) };
        Self { lines_left, gives_up: random.chance(60) }
    }

    /// The next thing to do, or nothing for now. Nothing is begun when the store is closing.
    pub fn wish(
        &mut self,
        view: &RegisterView,
        waiting: usize,
        me: &OperatorId,
        random: &mut Random,
        is_closing: bool,
    ) -> Option<Wish> {
        let is_mine = view.operator.as_ref().is_some_and(|operator| operator.id == *me);
        let Some(basket) = &view.basket else {
            return match (waiting, is_mine) {
                (0, _) if is_closing => None,
                (0, false) => Some(Wish::SignOn),
                (0, true) if random.chance(60) => Some(Wish::SignOff),
                (0, true) => {
                    self.lines_left = self.lines_left.max(1) - 1;
                    Some(Wish::Command(scan(random)))
                }
                _ => None,
            };
        };
        if !is_mine {
            return (waiting == 0).then_some(Wish::SignOn);
        }
        let is_tendering = basket.tenders.iter().any(|tender| !tender.voided);
        if waiting > 0 {
            // The scanner does not wait for the screen.
            let goes_on = !is_tendering && self.lines_left > 1 && waiting < 3;
            self.lines_left -= u64::from(goes_on);
            return goes_on.then(|| Wish::Command(scan(random)));
        }
        let command = if is_tendering || self.lines_left == 0 {
            self.finish(basket, is_tendering, random)
        } else {
            self.lines_left -= 1;
            change(basket, random)
        };
        Some(Wish::Command(command))
    }

    fn finish(&mut self, basket: &BasketView, is_tendering: bool, random: &mut Random) -> Command {
        let due = basket.totals.due;
        if is_tendering {
            let last = basket.tenders.iter().rfind(|tender| !tender.voided);
            return match last {
                Some(last) if random.chance(40) => Command::VoidTender { number: last.number },
                _ if due.is_zero() => Command::Complete,
                _ => tender(basket, "cash", due.minor()),
            };
        }
        if std::mem::take(&mut self.gives_up) {
            return Command::Abandon { reason: reason("changed_mind") };
        }
        if live(basket).next().is_none() {
            return scan(random);
        }
        let (kind, amount) = match due.minor() {
            // What a way of paying makes nothing the register refuses without it.
            0 if basket.context.tender.is_some() && random.chance(300) => {
                return Command::IntendTender { tender_type: None };
            }
            0 => return Command::Complete,
            minor if minor > 1 && random.chance(80) => ("coupon", minor / 2),
            minor if minor > 0 && random.chance(300) => ("card", minor),
            minor if minor > 0 => ("cash", (minor / 100 + 1) * 100),
            minor => ("cash", minor),
        };
        // Mostly the way of paying is said first; where it is not, the register may refuse.
        let is_said = basket.context.tender == Some(tender_type(kind));
        if !is_said && random.chance(800) {
            return Command::IntendTender { tender_type: Some(tender_type(kind)) };
        }
        tender(basket, kind, amount)
    }
}

fn tender(basket: &BasketView, kind: &str, minor: i64) -> Command {
    Command::Tender {
        tender_type: tender_type(kind),
        amount: twd(minor),
        total: basket.totals.due,
        reference: (kind == "coupon").then(|| "C-1".to_owned()),
        line: None,
    }
}

fn live(basket: &BasketView) -> impl Iterator<Item = &LineView> {
    basket.lines.iter().filter(|line| !line.voided)
}

/// A scan; onto the last line where it is the same item, as the page does.
fn scan(random: &mut Random) -> Command {
    Command::ScanItem { code: (*random.pick(SCANNED)).to_owned(), onto: None, item: None }
}

fn change(basket: &BasketView, random: &mut Random) -> Command {
    let lines: Vec<&LineView> = live(basket).collect();
    let any_line = if lines.is_empty() { None } else { Some((*random.pick(&lines)).clone()) };
    let Some(line) = any_line else { return scan(random) };
    match random.below(25) {
        20 => Command::ShowCoupon { code: format!("U-{}", random.below(60)) },
        // Between goods it is scanned like them.
        21 => {
            let code = format!("U-{}", random.below(60));
            Command::ScanItem { code, onto: None, item: None }
        }
        22 | 23 => Command::NameMember {
            member: MemberId::from_static(random.pick::<&str>(MEMBERS)),
            tier: None,
            points: None,
        },
        24 => match basket.context.coupons.first() {
            Some(code) => Command::WithdrawCoupon { code: code.to_string() },
            None => Command::ForgetMember,
        },
        0 => Command::KeyItem {
            code: (*random.pick(KEYED)).to_owned(),
            quantity: Quantity::pieces(random.between(1, 6) as i64).ok(),
            amount: random.chance(300).then(|| twd(99)),
            item: None,
        },
        1 | 2 => Command::WeighItem {
            code: WEIGHED.to_owned(),
            weight: Quantity::from_thousandths(random.between(80, 1500) as i64, Unit::Kilogram)
                .expect("a weight"),
            scale: None,
        },
        3 | 4 => Command::ReturnItem {
            code: (*random.pick(KEYED)).to_owned(),
            quantity: Quantity::pieces(random.between(1, 9) as i64).expect("pieces"),
            amount: None,
            reason: reason("refund"),
        },
        5 => Command::SetQuantity {
            line: line.line,
            quantity: Quantity::pieces(random.between(1, 9) as i64).expect("pieces"),
        },
        6 => Command::VoidLine { line: line.line },
        7 => Command::Undo,
        8 => Command::ModifyPrice {
            line: random.chance(700).then_some(line.line),
            modifier: ModifierRequest::PercentOff { percent: 10.into() },
            reason: reason("damaged"),
        },
        9 => Command::ModifyPrice {
            line: random.chance(700).then_some(line.line),
            modifier: ModifierRequest::AmountOff { amount: twd(random.between(1, 12) as i64) },
            reason: reason("damaged"),
        },
        _ => scan(random),
    }
}

/// The line that a code is added to, as on the page: the last one, if it is plainly the same.
pub fn joined(basket: Option<&BasketView>, command: Command) -> Command {
    let Command::ScanItem { code, .. } = &command else { return command };
    let last = basket.and_then(|basket| live(basket).last());
    let onto = last.filter(|line| {
        *line.code == **code
            && line.kind == LineKind::Sale
            && line.modifiers.is_empty()
            && line.price_source != PriceSource::Keyed
    });
    Command::ScanItem { code: code.clone(), onto: onto.map(|line| line.line), item: None }
}
