//! The back office: deliveries, counts and levels of alert, written without a register.

use store_core::fact::Fact;
use store_core::inventory::{MovementKind, StockMovement};
use store_core::safety_stock::SafetyStockLevel;
use store_core::{CommandId, OperatorId, Quantity, Unit};

use super::events::{Ask, Attempt, Event, Reply};
use super::shop::{COUNTED, REGISTERS, item, reason};
use super::world::World;

/// The client after the registers' terminals.
pub const OFFICE: usize = REGISTERS;

#[derive(Debug, Default)]
pub struct Office {
    pub attempt: u64,
    under_way: Option<(CommandId, Fact)>,
}

impl Office {
    pub fn what_waits(&self) -> Option<String> {
        self.under_way.as_ref().map(|(_, fact)| format!("the office waits for {}", fact.kind()))
    }
}

impl World {
    /// The manager looks up.
    pub fn on_manager(&mut self) {
        if self.is_healing {
            return;
        }
        if self.office.under_way.is_none() {
            let id = CommandId::new(self.random.uuid());
            self.office.under_way = Some((id, self.stock_fact()));
            self.send_from_office();
        }
        let pause = self.random.between(60, 240);
        self.queue.after(pause, Event::Cashier(OFFICE));
    }

    /// Levels close to what is there, so that sales and returns go back and forth across them.
    fn stock_fact(&mut self) -> Fact {
        let (id, unit) = *self.random.pick(COUNTED);
        let (item, here) = (item(id), self.history.stock.on_hand.get(&item(id)).copied());
        let scale = if unit == Unit::Piece { 1000 } else { 1 };
        let quantity =
            |thousandths: i64| Quantity::from_thousandths(thousandths, unit).expect("a quantity");
        let some = self.random.between(1, 12) as i64 * scale;
        if self.random.chance(350) {
            let here = here.map_or(0, Quantity::thousandths).max(0);
            let safety_stock = quantity((here - some).max(0));
            let above = self.random.between(1, 6) as i64 * scale;
            let clear_at = quantity((here - some).max(0) + above);
            return Fact::SafetyStockSet(vec![SafetyStockLevel { item, safety_stock, clear_at }]);
        }
        let (kind, quantity) = match self.random.below(4) {
            0 => (MovementKind::Received, quantity(some)),
            1 => (MovementKind::WrittenOff, quantity(some)),
            2 => (MovementKind::Adjusted, quantity(-some)),
            _ => (MovementKind::Counted, quantity(some * 2)),
        };
        let operator = OperatorId::from_static("manager");
        let reason = reason("stock");
        Fact::StockMoved(StockMovement { item, kind, quantity, reason, operator })
    }

    pub fn send_from_office(&mut self) {
        let Some((id, fact)) = self.office.under_way.clone() else { return };
        self.office.attempt += 1;
        let attempt = Attempt { client: OFFICE, number: self.office.attempt };
        self.ask(attempt, Ask::Append(id, Box::new(fact)));
    }

    pub fn on_office_reply(&mut self, reply: Reply) {
        self.office.attempt += 1;
        let Some((id, _)) = self.office.under_way.take() else { return };
        if let Reply::Appended(Ok(())) = reply {
            self.history.acknowledged.push(id);
        }
    }
}
