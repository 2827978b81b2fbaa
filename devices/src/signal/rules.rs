use serde::{Deserialize, Serialize};

use super::Pattern;

/// What can be switched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lamp {
    /// The red lamp.
    Red,
    /// The amber one.
    Amber,
    /// The green one.
    Green,
    /// The buzzer.
    Buzzer,
}

impl Lamp {
    /// Every one, in the order in which they are counted.
    pub const ALL: [Self; 4] = [Self::Red, Self::Amber, Self::Green, Self::Buzzer];
}

/// How the store is, as far as it is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "four answers that exclude none of the others")]
pub struct SignalState {
    /// It sells.
    pub sells: bool,
    /// The link to headquarters or a device wants a hand.
    pub needs_care: bool,
    /// It cannot print, or cannot sell.
    pub broken: bool,
    /// The stock of an item is below what is to be kept.
    pub stock_alert: bool,
}

/// What each lamp does in one case; nothing said leaves it to what matters less.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Signs {
    /// The red lamp.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub red: Option<Pattern>,
    /// The amber one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amber: Option<Pattern>,
    /// The green one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub green: Option<Pattern>,
    /// The buzzer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buzzer: Option<Pattern>,
}

impl Signs {
    const fn of(&self, lamp: Lamp) -> Option<&Pattern> {
        match lamp {
            Lamp::Red => self.red.as_ref(),
            Lamp::Amber => self.amber.as_ref(),
            Lamp::Green => self.green.as_ref(),
            Lamp::Buzzer => self.buzzer.as_ref(),
        }
    }
}

/// What is shown when. Where several cases hold, each lamp follows the first of them that says
/// something of it, in this order: broken, needs care, stock alert, sells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// While it cannot print or sell.
    pub broken: Signs,
    /// While something wants a hand.
    pub needs_care: Signs,
    /// While stock is short.
    pub stock_alert: Signs,
    /// While it sells.
    pub sells: Signs,
}

impl Default for Rules {
    /// Red, with three short calls; amber; amber in pairs of flashes; green.
    fn default() -> Self {
        let flashes = Pattern::Blink { ms: vec![150, 150, 150, 1_550], repeat: None };
        let calls = Pattern::Blink { ms: vec![300, 200], repeat: Some(3) };
        let nothing = Signs::default();
        Self {
            broken: Signs { red: Some(Pattern::On), buzzer: Some(calls), ..nothing.clone() },
            needs_care: Signs { amber: Some(Pattern::On), ..nothing.clone() },
            stock_alert: Signs { amber: Some(flashes), ..nothing.clone() },
            sells: Signs { green: Some(Pattern::On), ..nothing },
        }
    }
}

impl Rules {
    /// What each lamp does, in the order of [`Lamp::ALL`].
    #[must_use]
    pub fn patterns(&self, state: SignalState) -> [Pattern; 4] {
        let cases = [
            (state.broken, &self.broken),
            (state.needs_care, &self.needs_care),
            (state.stock_alert, &self.stock_alert),
            (state.sells, &self.sells),
        ];
        Lamp::ALL.map(|lamp| {
            let mut said = cases.iter().filter(|(holds, _)| *holds);
            said.find_map(|(_, signs)| signs.of(lamp)).cloned().unwrap_or(Pattern::Off)
        })
    }
}
