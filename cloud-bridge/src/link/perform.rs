//! What the pump wants done.

use hq_wire::link::v1::{Branch, FactsBatch, LinkState, PAYLOAD_MAX, Status, Topic};
use hq_wire::row::v1::hex;
use uuid::Uuid;

use super::driver::Driver;
use super::session::Message;
use crate::pump::{AckSeen, Base, Divergence, Effect, Input, Outgoing};
use crate::{Cursor, OutboxError, Pending, StreamHead};

impl Driver {
    pub(super) fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Connect { after_ms } => {
                self.leave();
                self.connects_at_ms = Some(self.now_ms() + after_ms);
                if after_ms == 0 {
                    self.connect();
                }
            }
            Effect::PublishBirth(head) => self.publish_birth(head),
            Effect::Load { stream, branch } => self.load(stream, branch),
            Effect::ReadRows { wire, stream, after, limit } => {
                let rows = self.outbox.rows(stream, after, limit).unwrap_or_else(|error| {
                    tracing::error!(%error, "reading rows for headquarters");
                    Vec::new()
                });
                self.inputs.push_back(Input::Read { wire, after, rows });
            }
            Effect::Publish(batch) => self.publish_batch(batch),
            Effect::Compare { turn, stream, ack } => self.compare(turn, stream, ack),
            Effect::SaveCursor(cursor) => self.save(cursor),
            Effect::Diverge { stream, reason } => self.diverge(stream, reason),
            Effect::Report(pending) => self.report(&pending),
        }
    }

    fn publish_birth(&mut self, head: StreamHead) {
        let description = &self.options.description;
        let birth = Status::Birth {
            online: true,
            boot: self.boot.clone(),
            version: description.software.clone(),
            stream: head.stream.to_string(),
            head: head.sequence,
            name: description.name.clone(),
            currency: description.currency.clone(),
            time_zone: description.time_zone.clone(),
        };
        let text = serde_json::to_vec(&birth).unwrap_or_default();
        self.send(Message::retained(Topic::Status, text));
    }

    fn load(&mut self, stream: Uuid, branch: Option<Uuid>) {
        let saved = |wire: Uuid| {
            self.outbox.cursor(wire).unwrap_or_else(|error| {
                tracing::error!(%error, "reading how far headquarters is");
                None
            })
        };
        // A cursor that does not fit the journal says nothing: everything is offered again.
        let fits = |cursor: &Cursor| {
            let here = self.outbox.row_digest(stream, cursor.through);
            cursor.through == 0 || here.is_ok_and(|here| here == Some(cursor.digest))
        };
        let cursor = saved(stream).filter(fits);
        let branch = branch.and_then(saved);
        self.inputs.push_back(Input::Loaded { stream, cursor, branch });
    }

    fn publish_batch(&mut self, batch: Outgoing) {
        let Outgoing { token, wire, base, rows } = batch;
        let branch = base.map(|Base { stream, after, digest }| Branch {
            stream: stream.to_string(),
            after,
            digest: hex(&digest),
        });
        let wire = wire.to_string();
        let batch = FactsBatch::new(self.options.account.place(), &wire, branch, rows);
        let payload = match batch.write() {
            Ok(payload) => payload,
            Err(error) => return tracing::error!(%error, "writing rows for headquarters"),
        };
        if payload.len() > PAYLOAD_MAX {
            tracing::error!(id = batch.id, bytes = payload.len(), "a row is too large to send");
        }
        let message = Message::passing(Topic::Facts(wire), payload);
        if !self.send(Message { token: Some(token), ..message }) {
            self.on_disconnected("there is no room for a message".to_owned());
        }
    }

    fn compare(&mut self, turn: u64, stream: Uuid, ack: AckSeen) {
        match self.outbox.row_digest(stream, ack.through) {
            Ok(here) => self.inputs.push_back(Input::Compared { turn, ack, here }),
            // What could not be read is no mismatch; headquarters says it again.
            Err(error) => tracing::error!(%error, "comparing an acknowledgement"),
        }
    }

    fn save(&mut self, cursor: Cursor) {
        if let Err(error) = self.outbox.save_cursor(cursor) {
            tracing::warn!(%error, "saving how far headquarters is");
        }
    }

    fn diverge(&mut self, stream: Uuid, reason: Divergence) {
        tracing::error!(
            reason = reason.code(),
            "headquarters has another life of this journal: it goes on in a new stream"
        );
        match self.ended(stream) {
            Ok(heads) => {
                self.status.diverged = Some(reason.code().to_owned());
                (self.peers.diverged)(reason);
                self.inputs.push_back(Input::Written(heads));
            }
            Err(error) => {
                tracing::error!(%error, "beginning a new stream of the journal");
                self.inputs.push_back(Input::DivergeFailed);
            }
        }
    }

    /// Ends a stream, unless that was done before and only the new one could not be read then.
    fn ended(&mut self, stream: Uuid) -> Result<Vec<StreamHead>, OutboxError> {
        let heads = self.outbox.streams()?;
        if heads.last().is_some_and(|head| head.stream != stream) {
            return Ok(heads);
        }
        self.outbox.diverge()?;
        self.outbox.streams()
    }

    fn report(&mut self, pending: &[Pending]) {
        match self.outbox.waiting(pending) {
            Ok(waiting) => self.status.waiting = waiting,
            Err(error) => return tracing::error!(%error, "counting what waits"),
        }
        let Some(head) = self.pump.current() else { return };
        let state = LinkState {
            stream: head.stream.to_string(),
            head: head.sequence,
            waiting: self.status.waiting,
            diverged: self.status.diverged.clone(),
        };
        self.states().set("link", serde_json::to_value(state).unwrap_or_default());
    }
}
