//! What a table remembers while units are decided: small numbers in one large one.

/// How many large numbers a state is.
const WORDS: usize = 3;

/// What is remembered of all promotions at once.
pub(super) type State = [u128; WORDS];

/// Nothing remembered.
pub(super) const NOTHING: State = [0; WORDS];

/// A number inside the state of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Field {
    word: usize,
    shift: u32,
    bits: u32,
}

impl Field {
    pub(super) const fn get(self, state: State) -> u32 {
        ((state[self.word] >> self.shift) & ((1 << self.bits) - 1)) as u32
    }

    pub(super) const fn set(self, mut state: State, value: u32) -> State {
        let mask: u128 = ((1 << self.bits) - 1) << self.shift;
        state[self.word] = (state[self.word] & !mask) | ((value as u128) << self.shift);
        state
    }
}

/// Where fields find room.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Room {
    word: usize,
    used: u32,
}

impl Room {
    /// A field for numbers up to the largest; none where the state is full.
    pub(super) fn field(&mut self, largest: u32) -> Option<Field> {
        let bits = (u32::BITS - largest.leading_zeros()).max(1);
        if self.used + bits > u128::BITS {
            *self = Self { word: self.word + 1, used: 0 };
        }
        let field = Field { word: self.word, shift: self.used, bits };
        self.used += bits;
        (self.word < WORDS).then_some(field)
    }
}

/// Something of which only so much may be used up.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    pub(super) most: u32,
    pub(super) field: Field,
}
