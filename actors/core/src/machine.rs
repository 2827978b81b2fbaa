use crate::Now;

/// A decision: a function of its state, one input and the present moment, answered with effects.
///
/// A machine reads no clock, no random number and no file. A shell performs the effects and feeds
/// what comes of them back as further inputs. Every input may come twice, late or never.
pub trait Machine {
    /// What may happen to the machine.
    type Input;
    /// What the machine wants done in the world.
    type Effect;

    /// Takes one input and pushes what is to be done, in the order in which it is to be done.
    fn step(&mut self, now: Now, input: Self::Input, effects: &mut Vec<Self::Effect>);
}
