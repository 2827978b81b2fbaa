//! What a table remembers while units are decided: small numbers in one large one.

/// A number inside the state of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Field {
    pub(super) shift: u32,
    bits: u32,
}

/// What is remembered of all promotions at once.
pub(super) type State = u128;

impl Field {
    pub(super) const fn get(self, state: State) -> u32 {
        ((state >> self.shift) & ((1 << self.bits) - 1)) as u32
    }

    pub(super) const fn set(self, state: State, value: u32) -> State {
        let mask: State = ((1 << self.bits) - 1) << self.shift;
        (state & !mask) | ((value as State) << self.shift)
    }
}

/// Where fields find room.
#[derive(Default)]
pub(super) struct Room {
    pub(super) used: u32,
}

impl Room {
    /// A field for numbers up to the largest; none where the state is full.
    pub(super) fn field(&mut self, largest: u32) -> Option<Field> {
        let bits = (u32::BITS - largest.leading_zeros()).max(1);
        let field = Field { shift: self.used, bits };
        self.used += bits;
        (self.used <= State::BITS).then_some(field)
    }
}

/// Something of which only so much may be used up.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    pub(super) most: u32,
    pub(super) field: Field,
}
