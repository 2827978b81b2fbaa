//! Sales as a register makes them: its own machine, without the shells around it.

use std::collections::VecDeque;
use std::sync::Arc;

use hub::settings::{self, Flags};
use jiff::Timestamp;
use store_actors::{ReceiptMaker, SalePaper, translate};
use store_core::catalogue::Catalogue;
use store_core::fact::Fact;
use store_core::promotion::uses::{NothingSold, PromotionUses};
use store_core::receipt::ReceiptHeader;
use store_core::register::{
    Attached, Command, CommandEnvelope, DraftChange, Known, RegisterEffect, RegisterInput,
    RegisterMachine, RegisterRules, RegisterState, Request, Ticket,
};
use store_core::till::{Till, TillPolicy, TillRules};
use store_core::transaction::{RetailTransaction, TenderTypeId};
use store_core::{
    BootId, CommandId, Machine as _, Now, OperatorId, TransactionId, TransactionNumber,
    WorkstationId,
};
use store_journal::{Append, Write};
use uuid::Uuid;

use super::goods;
use super::lengths::basket_lines;
use crate::random::Random;

/// What every seller of a store shares.
pub struct Shop {
    /// What it sells.
    pub catalogue: Arc<Catalogue>,
    settings: settings::Settings,
    receipt: ReceiptMaker,
}

impl Shop {
    /// The store that says nothing in its settings, with a generated catalogue.
    pub fn new(items: usize) -> Arc<Self> {
        let settings = settings::load(&Flags::default()).unwrap();
        let csv = goods::catalogue(items);
        let catalogue = store_core::catalogue::import(csv.as_bytes(), settings.store.currency);
        let texts = hub::receipts::ReceiptTexts::read(&settings.store.language).unwrap();
        let secret = tempfile::tempdir().unwrap();
        let keys = hub::receipts::ReceiptKeys::open(&secret.path().join("receipts.key")).unwrap();
        let header = ReceiptHeader {
            store_name: settings.store.name.clone(),
            address: settings.store.address.clone(),
            footer: Vec::new(),
        };
        Arc::new(Self {
            catalogue: Arc::new(catalogue.unwrap()),
            receipt: hub::receipts::Receipts {
                frame: hub::receipts::ReceiptFrame::new(header, settings.tenders.clone()),
                keys: Arc::new(keys),
                texts: Arc::new(texts),
                is_training: false,
            }
            .maker(),
            settings,
        })
    }
}

/// One register of it.
pub struct Seller {
    shop: Arc<Shop>,
    machine: RegisterMachine,
    operator: OperatorId,
    random: Random,
    now: Now,
    /// Between two sales, in milliseconds.
    pause_ms: i64,
    tickets: u64,
}

impl Seller {
    /// The register with this number, from a moment on.
    pub fn new(shop: &Arc<Shop>, number: usize, begins: Timestamp, pause_ms: i64) -> Self {
        let workstation = WorkstationId::new(&number.to_string()).unwrap();
        let state = RegisterState {
            signed_on: None,
            draft: None,
            last_number: TransactionNumber(0),
            till: Till::default(),
        };
        // What is measured is the journal: nobody opens a till first.
        let till = TillRules { policy: TillPolicy::None, is_blind: false };
        let rules = Arc::new(RegisterRules { till, ..shop.settings.register_rules() });
        let machine = RegisterMachine::restore(workstation, rules, shop.catalogue.clone(), state);
        let now = Now {
            wall: begins,
            utc_offset_s: 8 * 3600,
            monotonic_ms: 0,
            boot: BootId::new(Uuid::nil()),
            clock_trusted: true,
        };
        Self {
            shop: shop.clone(),
            machine: machine.unwrap(),
            operator: OperatorId::new(&format!("c{number}")).unwrap(),
            random: Random::new(1000 + number as u64),
            now,
            pause_ms,
            tickets: 0,
        }
    }

    /// What is promised when the cashier begins.
    pub fn sign_on(&mut self) -> Vec<Append> {
        let (operator, name) = (self.operator.clone(), Arc::from("Cashier"));
        self.ask(Request::SignOn { id: self.command_id(), operator, name, instead_of: None })
    }

    /// What is promised by the next sale: the cash, then the sale itself.
    pub fn sell(&mut self) -> Vec<Append> {
        self.now.wall += jiff::SignedDuration::from_millis(self.pause_ms);
        let transaction = TransactionId::new(Uuid::now_v7());
        let lines = basket_lines(&mut self.random);
        let mut promised = Vec::new();
        for version in 0..lines {
            let code = goods::barcode(self.random.place(self.shop.catalogue.len()));
            promised.extend(self.command(
                transaction,
                version,
                Command::ScanItem { code, onto: None, item: None },
            ));
        }
        let due = self.machine.basket().unwrap().transaction.totals.due;
        let tender = Command::Tender {
            tender_type: TenderTypeId::new("cash").unwrap(),
            amount: due,
            total: due,
            reference: None,
            line: None,
        };
        promised.extend(self.command(transaction, lines, tender));
        promised.extend(self.command(transaction, lines + 1, Command::Complete));
        promised
    }

    fn command_id(&self) -> CommandId {
        CommandId::new(Uuid::now_v7())
    }

    fn command(
        &mut self,
        transaction_id: TransactionId,
        version: usize,
        command: Command,
    ) -> Vec<Append> {
        let command_id = self.command_id();
        let version = version as u64;
        let envelope = CommandEnvelope { command_id, transaction_id, version, command };
        self.ask(Request::Command {
            operator: self.operator.clone(),
            attached: Attached::default(),
            envelope,
        })
    }

    /// Plays the shells: every reply comes at once and is good.
    fn ask(&mut self, request: Request) -> Vec<Append> {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        let mut inputs = VecDeque::from([RegisterInput::Request { ticket, request }]);
        let mut promised = Vec::new();
        while let Some(input) = inputs.pop_front() {
            let mut effects = Vec::new();
            self.machine.step(self.now, input, &mut effects);
            for effect in effects {
                inputs.extend(self.perform(effect, &mut promised));
            }
        }
        promised
    }

    fn perform(&self, effect: RegisterEffect, promised: &mut Vec<Append>) -> Option<RegisterInput> {
        match effect {
            RegisterEffect::Answer { answer, .. } => {
                assert!(answer.is_ok(), "{answer:?}");
                None
            }
            RegisterEffect::SaveDraft { attempt, .. } => {
                Some(RegisterInput::DraftSaved { attempt })
            }
            RegisterEffect::LookUp { ticket, .. } => {
                Some(RegisterInput::LookedUp { ticket, known: Ok(Known::Nothing) })
            }
            RegisterEffect::Price { ticket, ask } => {
                let quote = PromotionUses::default().quote(*ask, &NothingSold);
                Some(RegisterInput::Priced { ticket, quote: Box::new(quote) })
            }
            RegisterEffect::LookUpEntry { ticket, .. } => {
                Some(RegisterInput::EntryLookedUp { ticket, entry: Ok(None) })
            }
            RegisterEffect::OpenDay { ticket } => {
                Some(RegisterInput::DayOpen { ticket, day: Ok(self.now.business_day()) })
            }
            RegisterEffect::Suggest { .. }
            | RegisterEffect::Release { .. }
            | RegisterEffect::AskTerminal { .. }
            | RegisterEffect::Tell(_) => None,
            RegisterEffect::Append { ticket, id, now, fact, draft } => {
                promised.push(self.append(id, now, *fact, draft));
                Some(RegisterInput::Committed { ticket, repeated: false })
            }
        }
    }

    /// As the journal's shell hands it to the writer.
    fn append(&self, id: CommandId, now: Now, fact: Fact, draft: DraftChange) -> Append {
        let receipt = |sale: &RetailTransaction| (self.shop.receipt)(sale, SalePaper::Receipt);
        match translate::append(id, now, fact, draft, receipt) {
            Ok(Write::Append(append)) => *append,
            other => panic!("a promise is written as one: {other:?}"),
        }
    }
}
