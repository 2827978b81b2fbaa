use std::collections::BTreeMap;
use std::sync::Arc;

use actix::prelude::*;
use store_core::device::Devices;
use store_core::print_queue::Waiting;
use store_core::{DeviceId, RefusalCode};
use store_journal::PrintState;
use tokio::sync::oneshot;

use super::printer::{Printer, PrinterHandle};
use super::{MAILBOX_MAX, PrintQueueActor};
use crate::messages::{
    PrintCopy, PrintKey, PrintPaper, QueueCopy, Quiesce, ReceiptQueued, SettlePrint, StatusQuery,
};
use crate::status::ActorStatus;

impl Actor for PrintQueueActor {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(MAILBOX_MAX);
        ctx.run_interval(self.pauses.look, |actor, ctx| actor.look(ctx));
        self.advance(ctx);
    }
}

impl Handler<ReceiptQueued> for PrintQueueActor {
    type Result = ();

    fn handle(&mut self, ReceiptQueued(paper): ReceiptQueued, ctx: &mut Self::Context) {
        self.inputs += 1;
        self.take_in(paper);
        self.advance(ctx);
    }
}

/// To the print queue: these are the printers now, and which registers use them. What a printer
/// has under way goes on where it is.
#[derive(Message)]
#[rtype(result = "()")]
pub struct SetPrinters {
    /// The devices of the store.
    pub devices: Arc<Devices>,
    /// The printers among them.
    pub printers: BTreeMap<DeviceId, PrinterHandle>,
}

impl Handler<SetPrinters> for PrintQueueActor {
    type Result = ();

    fn handle(&mut self, set: SetPrinters, ctx: &mut Self::Context) {
        self.devices = set.devices;
        for follower in std::mem::take(&mut self.followers).into_values() {
            ctx.cancel_future(follower);
        }
        let mut before = std::mem::take(&mut self.printers);
        for (id, handle) in set.printers {
            self.follow(id.clone(), handle.condition.clone(), ctx);
            let mut printer = Printer::new(handle, &self.pauses);
            // The outcome of what the one before was given still comes.
            printer.under_way = before.remove(&id).and_then(|before| before.under_way);
            self.printers.insert(id, printer);
        }
        // One that was taken away keeps its paper until it says what became of it.
        self.printers.extend(before.into_iter().filter(|(_, it)| it.under_way.is_some()));
        self.advance(ctx);
    }
}

impl Handler<PrintCopy> for PrintQueueActor {
    type Result = ResponseActFuture<Self, Result<u32, RefusalCode>>;

    fn handle(&mut self, message: PrintCopy, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        let PrintCopy { transaction, language, workstation } = message;
        let queue = QueueCopy { transaction, language, workstation };
        let queued = self.ports.copies.send(queue).into_actor(self);
        Box::pin(queued.map(move |queued, actor, ctx| {
            let paper = queued.unwrap_or(Err(RefusalCode::JournalFailed))?;
            Ok(actor.copy_queued(paper, ctx))
        }))
    }
}

impl Handler<SettlePrint> for PrintQueueActor {
    type Result = ResponseActFuture<Self, Result<(), RefusalCode>>;

    fn handle(&mut self, SettlePrint(key): SettlePrint, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        if !self.unknown.contains_key(&key) {
            return Box::pin(fut::ready(Err(RefusalCode::NoBasket)));
        }
        self.settle(key, PrintState::CameOut)
    }
}

impl Handler<PrintPaper> for PrintQueueActor {
    type Result = ResponseActFuture<Self, Result<u32, RefusalCode>>;

    fn handle(&mut self, PrintPaper(queue): PrintPaper, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        let queued = self.ports.papers.send(queue).into_actor(self);
        Box::pin(queued.map(|queued, actor, ctx| {
            let paper = queued.unwrap_or(Err(RefusalCode::JournalFailed))?;
            Ok(actor.copy_queued(paper, ctx))
        }))
    }
}

impl PrintQueueActor {
    /// Takes a paper in that somebody asked for; answers which copy it is.
    fn copy_queued(&mut self, paper: Waiting<PrintKey>, ctx: &mut Context<Self>) -> u32 {
        let key = paper.key;
        if key.copy > 0 {
            self.replaced(key, ctx);
        }
        self.take_in(paper);
        self.advance(ctx);
        key.copy
    }
}

/// Begins no other receipt; answers when those under way are out and marked, so that a stop
/// leaves none unknown. What waits is printed after the next start.
impl Handler<Quiesce> for PrintQueueActor {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, _: Quiesce, _: &mut Self::Context) -> Self::Result {
        self.is_stopping = true;
        if self.printers.values().all(|printer| printer.under_way.is_none()) {
            return Box::pin(async {});
        }
        let (done, quiesced) = oneshot::channel();
        self.quiesced.push(done);
        Box::pin(async {
            // An actor that is gone has nothing under way.
            let _ = quiesced.await;
        })
    }
}

impl Handler<StatusQuery> for PrintQueueActor {
    type Result = MessageResult<StatusQuery>;

    fn handle(&mut self, _: StatusQuery, _: &mut Self::Context) -> Self::Result {
        let printers = self.printers.iter();
        let printers: BTreeMap<&str, &str> =
            printers.map(|(id, printer)| (id.as_str(), printer.condition().code())).collect();
        let under_way = self.printers.values().filter(|printer| printer.under_way.is_some());
        MessageResult(ActorStatus {
            actor: "print_queue".to_owned(),
            inputs: self.inputs,
            announcements_lost: 0,
            state: serde_json::json!({
                "waiting": self.waiting.len(),
                "under_way": under_way.count(),
                "unknown": self.unknown.len(),
                "printed": self.printed,
                "printers": printers,
            }),
        })
    }
}
