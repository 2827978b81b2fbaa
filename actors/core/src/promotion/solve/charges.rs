//! What is charged for slots and limits, so that what every cell wants for itself is near to what
//! all of them can have together.

use super::cells::{Cell, Count, GAIN_MAX};
use super::dims::{Dims, PARTS};

/// How often a price is halved in upon.
const HALVINGS: u32 = 24;
/// How often all prices are looked at again.
const ROUNDS: u32 = 3;
/// How many steps are made to better prices.
const STEPS: u32 = 400;

/// Gives slots and limits prices: so that as many units want to be in one slot as in another, for
/// within a group any amount may be moved from one to the other; and so that no more uses are
/// wanted than there are, for what is charged for them is given back as a whole.
pub(super) fn balance(cells: &mut [Cell], dims: &mut Dims) -> Option<()> {
    let slots = dims.slots();
    let limits = dims.limits();
    for _ in 0..ROUNDS {
        let mut is_moved = false;
        for (deal, counts) in &slots {
            for slot in 1..counts.len() {
                let over = |ways: &[Count]| over(ways, *deal, (slot, counts[slot]), counts[0]);
                is_moved |= charge(cells, &over, (-GAIN_MAX, 0))? != 0;
            }
        }
        for (dim, most) in &limits {
            let before = dims.price(*dim);
            let uses = |ways: &[Count]| dims.uses(*dim, ways);
            let more = charge(cells, &uses, (-before, PARTS * most))?;
            is_moved |= more != 0;
            dims.set_price(*dim, before + more);
        }
        if !is_moved {
            break;
        }
    }
    Some(())
}

/// How many more units are in a slot than fit the first one.
fn over(counts: &[Count], deal: u16, (slot, of_slot): (usize, i16), of_first: i16) -> i64 {
    let own = counts.iter().filter(|(other, ..)| *other == deal);
    let over = own.map(|(_, place, count)| match usize::from(*place) {
        0 => -i64::from(*count) * i64::from(of_slot),
        place if place == slot => i64::from(*count) * i64::from(of_first),
        _ => 0,
    });
    over.sum()
}

/// Charges for something, so that no more of it is wanted than there is, and no less than so much;
/// what for each. None where that leaves what is computed with.
fn charge(
    cells: &mut [Cell],
    of: &dyn Fn(&[Count]) -> i64,
    (least, most): (i64, i64),
) -> Option<i64> {
    let wants: Vec<Vec<(i64, i64)>> = cells
        .iter()
        .map(|cell| cell.ways.iter().map(|way| (way.gain, of(&way.counts))).collect())
        .filter(|ways: &Vec<(i64, i64)>| ways.iter().any(|(_, count)| *count != 0))
        .collect();
    let wanted = |price: i64| -> i64 {
        let best = |ways: &Vec<(i64, i64)>| {
            let left =
                |(gain, count): &(i64, i64)| gain.saturating_sub(price.saturating_mul(*count));
            let best = ways.iter().map(|way| (left(way), way.1)).max();
            best.map_or(0, |(_, count)| count)
        };
        wants.iter().map(best).sum::<i64>() - most
    };
    let now = wanted(0);
    if now == 0 {
        return Some(0);
    }
    let span = wants.iter().flatten().map(|(gain, _)| gain.abs()).max().unwrap_or(0) + 1;
    let (mut low, mut high) = if now > 0 { (0, span) } else { ((-span).max(least), 0) };
    let mut price = 0;
    for _ in 0..HALVINGS {
        if high - low < 2 {
            break;
        }
        price = low + (high - low) / 2;
        match wanted(price).signum() {
            1 => low = price,
            -1 => high = price,
            _ => break,
        }
    }
    for way in cells.iter_mut().flat_map(|cell| &mut cell.ways) {
        let gain = price.checked_mul(of(&way.counts)).and_then(|off| way.gain.checked_sub(off));
        way.gain = gain.filter(|gain| gain.abs() < GAIN_MAX)?;
    }
    Some(price)
}

/// What can be charged for: how much of it a way wants, and how much there is.
struct Charged {
    /// By cell and way.
    wanted: Vec<Vec<i64>>,
    most: i64,
    /// Of a limit, its dimension; its price is never less than nothing.
    limit: Option<usize>,
    price: i64,
}

/// Betters all prices together, by steps against what is wanted too often, so that what all cells
/// want at most comes as near to what they can have as a number of steps finds.
pub(super) fn polish(cells: &mut [Cell], dims: &mut Dims) -> Option<()> {
    let mut charged = Vec::new();
    let wanted = |of: &dyn Fn(&[Count]) -> i64| -> Vec<Vec<i64>> {
        cells.iter().map(|cell| cell.ways.iter().map(|way| of(&way.counts)).collect()).collect()
    };
    for (deal, counts) in dims.slots() {
        for slot in 1..counts.len() {
            let of = |ways: &[Count]| over(ways, deal, (slot, counts[slot]), counts[0]);
            charged.push(Charged { wanted: wanted(&of), most: 0, limit: None, price: 0 });
        }
    }
    for (dim, most) in dims.limits() {
        let of = |ways: &[Count]| dims.uses(dim, ways);
        let most = PARTS * most;
        charged.push(Charged { wanted: wanted(&of), most, limit: Some(dim), price: 0 });
    }
    let before: Vec<i64> =
        charged.iter().map(|it| it.limit.map_or(0, |dim| dims.price(dim))).collect();
    let mut steps = Steps::of(cells, charged, before);
    let prices = steps.found()?;
    for (charged, price) in steps.charged.iter().zip(&prices) {
        for (cell, wanted) in cells.iter_mut().zip(&charged.wanted) {
            for (way, wanted) in cell.ways.iter_mut().zip(wanted) {
                let off = price.checked_mul(*wanted)?;
                way.gain = way.gain.checked_sub(off).filter(|gain| gain.abs() < GAIN_MAX)?;
            }
        }
        if let Some(dim) = charged.limit {
            dims.set_price(dim, dims.price(dim) + price);
        }
    }
    Some(())
}

/// What a way gains, and how much it wants of what is charged for.
type Want = (i64, Vec<(usize, i64)>);

/// The steps to better prices.
struct Steps {
    charged: Vec<Charged>,
    /// What is charged for already.
    before: Vec<i64>,
    /// By cell and way.
    ways: Vec<Vec<Want>>,
}

impl Steps {
    fn of(cells: &[Cell], charged: Vec<Charged>, before: Vec<i64>) -> Self {
        let wants = |cell: usize, way: usize| -> Vec<(usize, i64)> {
            let all = charged.iter().map(|it| it.wanted[cell][way]).enumerate();
            all.filter(|(_, wanted)| *wanted != 0).collect()
        };
        let of_cell = |(number, cell): (usize, &Cell)| {
            let ways = cell.ways.iter().enumerate();
            ways.map(|(way, it)| (it.gain, wants(number, way))).collect()
        };
        let ways = cells.iter().enumerate().map(of_cell).collect();
        Self { charged, before, ways }
    }

    /// What all cells want at most by the prices, and how much of each thing.
    fn wanted(&self) -> Option<(i64, Vec<i64>)> {
        let mut all = 0_i64;
        let mut wanted: Vec<i64> = self.charged.iter().map(|it| -it.most).collect();
        for it in &self.charged {
            all = all.checked_add(it.price.checked_mul(it.most)?)?;
        }
        for ways in &self.ways {
            let mut best: Option<(i64, &Vec<(usize, i64)>)> = None;
            for (gain, wants) in ways {
                let mut gain = *gain;
                for (it, count) in wants {
                    gain = gain.checked_sub(self.charged[*it].price.checked_mul(*count)?)?;
                }
                if best.is_none_or(|(most, _)| gain > most) {
                    best = Some((gain, wants));
                }
            }
            let (gain, wants) = best?;
            all = all.checked_add(gain)?;
            for (it, count) in wants {
                wanted[*it] += count;
            }
        }
        Some((all, wanted))
    }

    /// The best prices of all steps.
    fn found(&mut self) -> Option<Vec<i64>> {
        let (mut least, mut wanted) = self.wanted()?;
        let mut best: Vec<i64> = self.charged.iter().map(|it| it.price).collect();
        let count = i64::try_from(self.ways.len().max(1)).ok()?;
        let mut length = (least / count / 4).max(1);
        for _ in 0..STEPS {
            for ((it, before), over) in self.charged.iter_mut().zip(&self.before).zip(&wanted) {
                let unit = if it.limit.is_some() { PARTS } else { 1 };
                let step = (length / unit).max(1) * over.signum();
                let floor = if it.limit.is_some() { -before } else { -GAIN_MAX };
                it.price = (it.price + step).clamp(floor, GAIN_MAX);
            }
            length = (length / 64 * 63).max(1);
            let all;
            (all, wanted) = self.wanted()?;
            if all < least {
                least = all;
                best = self.charged.iter().map(|it| it.price).collect();
            }
        }
        Some(best)
    }
}
