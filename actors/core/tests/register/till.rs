//! A register with everything around it done at once and in memory.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use jiff::Timestamp;
use store_core::barcode::VariableMeasureLayout;
use store_core::card::{CardAnswer, CardRequest};
use store_core::catalogue::{Catalogue, import};
use store_core::fact::Fact;
use store_core::promotion::PricingRules;
use store_core::promotion::rule::Text;
use store_core::promotion::uses::{PriceAsk, PromotionUses, Quote};
use store_core::register::{
    Answer, Attached, Command, CommandAnswer, CommandEnvelope, DepartmentKey, DraftChange,
    PromptAsk, ReasonCodes, RegisterEffect, RegisterInput, RegisterMachine, RegisterRules,
    RegisterState, Request, SignedOn, Ticket, TillNews,
};
use store_core::tax::{TaxMethod, TaxRate, TaxTable};
use store_core::till::{TillPolicy, TillRules};
use store_core::transaction::TenderRule;
use store_core::{
    BootId, BusinessDay, CardRequestId, CommandId, Currency, Machine, Now, Refusal, RefusalCode,
    StoreId, TerminalId, TransactionId, TransactionNumber, WorkstationId,
};
use uuid::Uuid;

pub use crate::goods::*;
use crate::sold::Sales;
pub use crate::store::Store;

/// The register, the facts it promised, and switches for what goes wrong.
pub struct Till {
    pub machine: RegisterMachine,
    pub facts: Vec<Fact>,
    /// When each of them was decided.
    pub times: Vec<Now>,
    /// The ids under which they were promised.
    pub ids: Vec<CommandId>,
    /// The store's business day, for a till that is opened.
    pub day: Result<BusinessDay, RefusalCode>,
    /// What the store's day was told.
    pub told: Vec<TillNews>,
    pub draft: Option<String>,
    pub is_disk_full: bool,
    pub is_draft_rejected: bool,
    /// Somebody else writes between this register's look and its promise.
    pub loses_races: bool,
    pub wall_s: i64,
    pub is_clock_trusted: bool,
    /// Another tax than that of the rules.
    pub tax: Option<TaxRate>,
    pub looks_up: u32,
    /// What is limited, of the store that the register stands in.
    pub uses: PromotionUses,
    /// The newest basket about which something may be worth saying.
    pub wanted: Option<Box<PromptAsk>>,
    pub store: Rc<RefCell<Store>>,
    workstation: WorkstationId,
    /// What payment terminals were asked, and whether it was only an inquiry.
    pub asked: Vec<(CardRequest, bool)>,
    pub rules: Arc<RegisterRules>,
    pub catalogue: Arc<Catalogue>,
    next: u64,
    pub transaction: TransactionId,
    pub version: u64,
}

fn rule(id: &str, gives_change: bool) -> TenderRule {
    let taken_when_nothing_due = id == "voucher";
    TenderRule {
        gives_change,
        opens_drawer: gives_change,
        taken_when_nothing_due,
        ..TenderRule::exact(tender_type(id))
    }
}

impl Till {
    pub fn new() -> Self {
        let rules = Arc::new(RegisterRules {
            store: StoreId::new("1").unwrap(),
            currency: Currency::USD,
            tenders: vec![
                rule("cash", true),
                rule("coupon", false),
                rule("card", false),
                rule("voucher", true),
            ],
            reasons: ReasonCodes {
                price: vec![reason("damaged")],
                returns: vec![reason("refund")],
                abandon: vec![reason("changed_mind")],
                cash: vec![reason("expense")],
                card: vec![reason("slip_seen")],
            },
            terminals: BTreeMap::new(),
            departments: vec![DepartmentKey {
                id: "DELI".into(),
                label: Text { zh: "熟食".into(), en: "Deli".into() },
                tax_class: "".into(),
                amount_min: Some(1.into()),
                amount_max: Some(50.into()),
            }],
            till: TillRules { policy: TillPolicy::None, is_blind: false },
            layouts: vec![VariableMeasureLayout::default()],
            member_cards: Vec::new(),
            pricing: Arc::new(PricingRules {
                taxes: TaxTable::flat(TaxRate { percent: 0.into(), method: TaxMethod::Exclusive }),
                promotions: Arc::default(),
            }),
        });
        let catalogue = Arc::new(import(CSV.as_bytes(), Currency::USD).unwrap());
        let state = RegisterState {
            signed_on: Some(SignedOn { operator: operator("c1"), name: "Chen".into() }),
            draft: None,
            last_number: TransactionNumber(41),
            till: store_core::till::Till::default(),
        };
        let workstation = WorkstationId::new("1").unwrap();
        let machine = machine(&workstation, &rules, &catalogue, state);
        Self {
            machine,
            facts: Vec::new(),
            times: Vec::new(),
            ids: Vec::new(),
            day: Ok(BusinessDay::new(jiff::civil::date(2023, 11, 14))),
            told: Vec::new(),
            draft: None,
            is_disk_full: false,
            is_draft_rejected: false,
            loses_races: false,
            wall_s: 1_700_000_000,
            is_clock_trusted: true,
            tax: None,
            looks_up: 0,
            uses: PromotionUses::default(),
            wanted: None,
            store: Rc::default(),
            workstation,
            asked: Vec::new(),
            rules,
            catalogue,
            next: 0,
            transaction: TransactionId::new(Uuid::from_u128(1)),
            version: 0,
        }
    }

    /// The same with other ways of paying.
    pub fn with_tenders(mut self, tenders: Vec<TenderRule>) -> Self {
        self.rules = Arc::new(RegisterRules { tenders, ..RegisterRules::clone(&self.rules) });
        self.restart();
        self
    }

    /// Another register of the same store.
    pub fn beside(other: &Self, workstation: &str) -> Self {
        let mut till = Self::new();
        till.workstation = WorkstationId::new(workstation).unwrap();
        till.store = other.store.clone();
        // Its commands are not the other's.
        till.next = 500;
        till.restart();
        till
    }

    /// The same with a terminal.
    pub fn with_terminal(mut self) -> Self {
        let terminals = [(WorkstationId::new("1").unwrap(), TerminalId::new("t1").unwrap())];
        let terminals = BTreeMap::from(terminals);
        self.rules = Arc::new(RegisterRules { terminals, ..RegisterRules::clone(&self.rules) });
        self.restart();
        self
    }

    /// The terminal says what became of the last thing that it was asked.
    pub fn answer_card(&mut self, answer: CardAnswer) {
        let (request, is_inquiry) = self.asked.last().expect("the terminal was asked").clone();
        self.answer_request(request.id, answer, is_inquiry);
    }

    pub fn answer_request(&mut self, request: CardRequestId, answer: CardAnswer, is_inquiry: bool) {
        let id = self.next_id();
        let (ticket, id) = (Ticket(id), CommandId::new(Uuid::from_u128(u128::from(9000 + id))));
        self.feed(RegisterInput::CardAnswered { ticket, id, request, answer, is_inquiry });
        // The version that the screens show by now.
        self.version = self.machine.basket().map_or(0, |basket| basket.version);
    }

    pub fn now(&self) -> Now {
        Now {
            wall: Timestamp::from_second(self.wall_s).unwrap(),
            utc_offset_s: 0,
            monotonic_ms: self.next,
            boot: BootId::new(Uuid::from_u128(9)),
            clock_trusted: self.is_clock_trusted,
        }
    }

    /// The register after a restart: from the draft and what was promised.
    pub fn restart(&mut self) {
        let completed =
            self.facts.iter().filter(|fact| matches!(fact, Fact::SaleCompleted(_))).count();
        let state = RegisterState {
            signed_on: Some(SignedOn { operator: operator("c1"), name: "Chen".into() }),
            draft: self.draft.clone(),
            last_number: TransactionNumber(41 + completed as u64),
            till: self.folded(),
        };
        self.machine = machine(&self.workstation, &self.rules, &self.catalogue, state);
        self.uses = PromotionUses::restored(self.machine.hold());
    }

    /// The till as the facts make it.
    pub fn folded(&self) -> store_core::till::Till {
        let mut till = store_core::till::Till::default();
        for (now, fact) in self.times.iter().zip(&self.facts) {
            till.apply(&WorkstationId::new("1").unwrap(), *now, fact).unwrap();
        }
        till
    }

    pub fn next_id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// A command for the present version, with a new id.
    pub fn run(&mut self, command: Command) -> Result<CommandAnswer, Refusal> {
        let envelope = self.envelope(command);
        self.send(envelope)
    }

    pub fn envelope(&mut self, command: Command) -> CommandEnvelope {
        let id = self.next_id();
        CommandEnvelope {
            command_id: CommandId::new(Uuid::from_u128(u128::from(1000 + id))),
            transaction_id: self.transaction,
            version: self.version,
            command,
        }
    }

    pub fn send(&mut self, envelope: CommandEnvelope) -> Result<CommandAnswer, Refusal> {
        match self.ask(asked_by("c1", envelope))? {
            Answer::Command(answer) => {
                self.version = answer.outcome.version;
                Ok(answer)
            }
            other => panic!("a command is answered as one: {other:?}"),
        }
    }

    pub fn ask(&mut self, request: Request) -> Result<Answer, Refusal> {
        let ticket = Ticket(self.next_id());
        let mut answers = self.feed(RegisterInput::Request { ticket, request });
        let position = answers.iter().position(|(answered, _)| *answered == ticket);
        answers.remove(position.expect("every request is answered")).1
    }

    /// Feeds an input and performs every effect at once.
    pub fn feed(&mut self, input: RegisterInput) -> Vec<(Ticket, Result<Answer, Refusal>)> {
        let mut answers = Vec::new();
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            let mut effects = Vec::new();
            let now = self.now();
            self.machine.step(now, input, &mut effects);
            for effect in effects {
                match effect {
                    RegisterEffect::Answer { ticket, answer } => answers.push((ticket, *answer)),
                    RegisterEffect::Suggest { ask } => self.wanted = Some(ask),
                    RegisterEffect::AskTerminal { request, is_inquiry } => {
                        self.asked.push((*request, is_inquiry));
                    }
                    RegisterEffect::Release { transaction } => self.uses.release(transaction),
                    RegisterEffect::Tell(news) => self.told.push(news),
                    effect => inputs.push(self.perform(effect)),
                }
            }
        }
        answers
    }

    /// What a basket costs with the till's tax.
    pub fn quote(&mut self, mut ask: PriceAsk) -> Box<Result<Quote, RefusalCode>> {
        if let Some(tax) = self.tax {
            let promotions = ask.request.rules.promotions.clone();
            let taxes = TaxTable::flat(tax);
            ask.request.rules = Arc::new(PricingRules { taxes, promotions });
        }
        Box::new(self.uses.quote(ask, &Sales(&self.facts)))
    }

    fn perform(&mut self, effect: RegisterEffect) -> RegisterInput {
        let code = RefusalCode::DiskFull;
        match effect {
            RegisterEffect::LookUp { ticket, transaction, .. } => {
                self.looks_up += 1;
                let known = Ok(self.store.borrow().known(transaction, &self.workstation));
                RegisterInput::LookedUp { ticket, known }
            }
            RegisterEffect::LookUpEntry { ticket, id } => {
                let place = self.ids.iter().position(|known| *known == id);
                let entry = match place.map(|place| &self.facts[place]) {
                    None => Ok(None),
                    Some(Fact::Till(entry)) => Ok(Some(entry.clone())),
                    Some(_) => Err(RefusalCode::CommandIdReused),
                };
                RegisterInput::EntryLookedUp { ticket, entry }
            }
            RegisterEffect::OpenDay { ticket } => RegisterInput::DayOpen { ticket, day: self.day },
            RegisterEffect::Price { ticket, ask } => {
                RegisterInput::Priced { ticket, quote: self.quote(*ask) }
            }
            RegisterEffect::SaveDraft { attempt, draft } => {
                if self.is_disk_full {
                    return RegisterInput::DraftFailed { attempt, code };
                }
                if self.is_draft_rejected {
                    let code = RefusalCode::JournalFailed;
                    return RegisterInput::DraftFailed { attempt, code };
                }
                self.draft = Some(draft.body.clone());
                self.store.borrow_mut().open.insert(draft.transaction, draft);
                RegisterInput::DraftSaved { attempt }
            }
            RegisterEffect::Append { ticket, .. } if self.is_disk_full => {
                RegisterInput::AppendFailed { ticket, code }
            }
            RegisterEffect::Append { ticket, id, now, fact, draft } => {
                if self.loses_races {
                    let code = RefusalCode::NotSuspended;
                    return RegisterInput::AppendFailed { ticket, code };
                }
                if let Err(code) = self.store.borrow_mut().write(id, &fact, &draft) {
                    return RegisterInput::AppendFailed { ticket, code };
                }
                self.facts.push(*fact);
                self.times.push(now);
                self.ids.push(id);
                match draft {
                    DraftChange::Keep => {}
                    DraftChange::Save(draft) | DraftChange::Retrieve(draft) => {
                        self.draft = Some(draft.body);
                    }
                    DraftChange::End(..) | DraftChange::Suspend(_) => self.draft = None,
                }
                RegisterInput::Committed { ticket, repeated: false }
            }
            RegisterEffect::Answer { .. }
            | RegisterEffect::AskTerminal { .. }
            | RegisterEffect::Suggest { .. }
            | RegisterEffect::Tell(_)
            | RegisterEffect::Release { .. } => unreachable!("these are taken before"),
        }
    }

    pub fn scan(&mut self, code: &str) -> Result<CommandAnswer, Refusal> {
        self.run(Command::ScanItem { code: code.to_owned(), onto: None, item: None })
    }

    pub fn pay(&mut self, kind: &str, amount: &str) -> Result<CommandAnswer, Refusal> {
        let basket = self.machine.basket().expect("a basket is open");
        let total = basket.transaction.totals.due;
        self.run(Command::Tender {
            tender_type: tender_type(kind),
            amount: usd(amount),
            total,
            reference: None,
            line: None,
        })
    }
}

fn machine(
    workstation: &WorkstationId,
    rules: &Arc<RegisterRules>,
    catalogue: &Arc<Catalogue>,
    state: RegisterState,
) -> RegisterMachine {
    RegisterMachine::restore(workstation.clone(), rules.clone(), catalogue.clone(), state).unwrap()
}

/// A command as somebody asks it, with nothing besides.
pub fn asked_by(who: &str, envelope: CommandEnvelope) -> Request {
    Request::Command { operator: operator(who), attached: Attached::default(), envelope }
}
