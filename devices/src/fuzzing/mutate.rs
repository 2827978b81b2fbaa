use super::{INPUT_BYTES_MAX, Target};

/// Inputs that are kept to be changed further.
const KEPT_MAX: usize = 256;

/// Makes inputs out of inputs: the same ones for the same number.
pub struct Mutator {
    state: u64,
    kept: Vec<Vec<u8>>,
}

impl Mutator {
    /// Begins with a target's own inputs.
    #[must_use]
    pub fn new(target: &Target, number: u64) -> Self {
        let mut kept = (target.seeds)();
        kept.push(Vec::new());
        // A generator of this kind never leaves nought.
        Self { state: number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, kept }
    }

    /// Xorshift: fast, and good enough to choose with.
    fn next(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state
    }

    /// A number below another.
    fn below(&mut self, most: usize) -> usize {
        let most = u64::try_from(most.max(1)).unwrap_or(1);
        usize::try_from(self.next() % most).unwrap_or_default()
    }

    fn byte(&mut self) -> u8 {
        // Bytes that frame something come more often than others.
        const FRAMING: [u8; 16] =
            [0, 1, 2, 3, 4, 5, 6, 0x0a, 0x0d, 0x10, 0x15, 0x1b, 0x1d, 0x30, 0x7f, 0xff];
        let chosen = self.next();
        if chosen & 1 == 0 {
            return FRAMING.get(self.below(16)).copied().unwrap_or_default();
        }
        chosen.to_le_bytes()[3]
    }

    /// The next input.
    pub fn next_input(&mut self) -> Vec<u8> {
        let chosen = self.below(self.kept.len());
        let mut input = self.kept.get(chosen).cloned().unwrap_or_default();
        for _ in 0..=self.below(6) {
            self.change(&mut input);
        }
        input.truncate(INPUT_BYTES_MAX);
        if self.next() & 0x3f == 0 {
            let place = self.below(KEPT_MAX);
            match self.kept.get_mut(place) {
                Some(kept) => kept.clone_from(&input),
                None => self.kept.push(input.clone()),
            }
        }
        input
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len());
        let end = (at + 1 + self.below(16)).min(input.len());
        match self.below(7) {
            0 => {
                let bit = 1 << self.below(8);
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= bit;
                }
            }
            1 => {
                let new = self.byte();
                if let Some(byte) = input.get_mut(at) {
                    *byte = new;
                }
            }
            2 | 3 => {
                let new = self.byte();
                input.insert(at.min(input.len()), new);
            }
            4 if at < end => drop(input.drain(at..end)),
            5 if at < end => {
                let again = input.get(at..end).unwrap_or_default().to_vec();
                input.splice(at..at, again);
            }
            _ => {
                // A part of another input in the place of a part of this one.
                let other = self.below(self.kept.len());
                let other = self.kept.get(other).cloned().unwrap_or_default();
                let from = self.below(other.len());
                let part = other.get(from..).unwrap_or_default();
                input.splice(at.min(end)..end, part.iter().copied());
            }
        }
    }
}
