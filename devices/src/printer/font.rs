#![expect(clippy::float_arithmetic, reason = "outlines are drawn in fractions of a dot; no money")]

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ab_glyph::{Font as _, FontVec, Glyph, PxScale, ScaleFont as _, point};

use super::bitmap::Bitmap;

/// Fonts that may be installed, with their place in the file; the first with a glyph draws it. On
/// Debian, `fonts-noto-cjk` has every character of Taiwan, finer than the one that is built in.
const FONT_FILES: [(&str, u32); 8] = [
    // The monospaced face for Traditional Chinese: Latin is exactly half as wide as Chinese.
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 8),
    ("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", 8),
    ("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", 8),
    ("/usr/share/fonts/opentype/unifont/unifont.otf", 0),
    ("/usr/share/fonts/truetype/unifont/unifont.ttf", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 1),
    ("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", 0),
    ("/usr/share/fonts/truetype/liberation/LiberationMono-Regular.ttf", 0),
];

/// How far below a cell's top the writing stands, as a part of the cell's height: what Chinese
/// fonts are drawn for.
const BASELINE: f32 = 0.88;
/// The part of a dot that has to be covered for it to be black. Less than a half, because thin
/// strokes break on a thermal head sooner than they run together.
const COVERAGE: f32 = 0.42;
/// Rows of every letter that is built in.
const BUILT_IN_ROWS: usize = 16;

/// Cells that are remembered as they were drawn: three times the characters of a Chinese
/// newspaper. A cell takes 100 bytes.
const CELLS_MAX: usize = 8_192;

/// Fonts to draw receipts with. The last of them is built in (GNU Unifont), so that there is always
/// one.
pub struct FontStack {
    fonts: Vec<FontVec>,
    /// What was drawn: a receipt is nearly the same as the one before, and outlines take time.
    cells: Mutex<HashMap<CellKey, Arc<Bitmap>>>,
}

/// A character, as wide and high as it was drawn, and whether it was bold.
type CellKey = (char, u16, u16, bool);

impl FontStack {
    /// The fonts that this machine has. Reads files of some 20 MB: once per process is enough.
    #[must_use]
    pub fn system() -> Self {
        Self::load(FONT_FILES.iter().map(|(path, index)| (Path::new(*path), *index)))
    }

    /// The font that is built in, alone.
    #[must_use]
    pub fn built_in() -> Self {
        Self::load([])
    }

    /// Fonts of these files, in this order; what cannot be read is left out.
    #[must_use]
    pub fn load<'a>(files: impl IntoIterator<Item = (&'a Path, u32)>) -> Self {
        let fonts: Vec<FontVec> = files
            .into_iter()
            .filter_map(|(path, index)| {
                FontVec::try_from_vec_and_index(std::fs::read(path).ok()?, index).ok()
            })
            .collect();
        Self { fonts, cells: Mutex::default() }
    }

    /// Whether one of the machine's fonts was found.
    #[must_use]
    pub const fn has_system_font(&self) -> bool {
        !self.fonts.is_empty()
    }

    /// Whether one of the fonts has the character.
    #[must_use]
    pub fn covers(&self, character: char) -> bool {
        self.font(character).is_some() || unifont::get_glyph(character).is_some()
    }

    fn font(&self, character: char) -> Option<&FontVec> {
        self.fonts.iter().find(|font| font.glyph_id(character).0 != 0)
    }

    /// Draws a character into the cell whose top left corner is given, squeezed where it is wider
    /// than the cell. False where no font has it.
    pub(super) fn draw(&self, character: char, paper: &mut Bitmap, cell: Cell) -> bool {
        let key = (character, cell.width, cell.height, cell.is_bold);
        let known = self.cells().get(&key).cloned();
        let drawn = known.or_else(|| {
            let drawn = Arc::new(self.drawn(character, cell)?);
            let mut cells = self.cells();
            if cells.len() >= CELLS_MAX {
                cells.clear();
            }
            cells.insert(key, Arc::clone(&drawn));
            Some(drawn)
        });
        if let Some(drawn) = &drawn {
            paper.overlay(drawn, cell.x, cell.y);
        }
        drawn.is_some()
    }

    fn cells(&self) -> MutexGuard<'_, HashMap<CellKey, Arc<Bitmap>>> {
        self.cells.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The cell alone, with room for the dot that bold letters are wider, and for what hangs below
    /// it.
    fn drawn(&self, character: char, cell: Cell) -> Option<Bitmap> {
        let at_corner = Cell { x: 0, y: 0, ..cell };
        let height = usize::from(cell.height);
        let mut dots = Bitmap::new(usize::from(cell.width) + 1, height + height / 4);
        match self.font(character) {
            Some(font) => outlined(font, character, &mut dots, at_corner)?,
            None => built_in(unifont::get_glyph(character)?, &mut dots, at_corner),
        }
        Some(dots)
    }
}

fn outlined(font: &FontVec, character: char, paper: &mut Bitmap, cell: Cell) -> Option<()> {
    let units_per_em = font.units_per_em()?;
    // ab_glyph scales by ascent and descent; a cell is an em high.
    let per_em = f32::from(cell.height) / units_per_em;
    let mut scale = PxScale::from(per_em * font.height_unscaled());
    let glyph_id = font.glyph_id(character);
    let advance = font.as_scaled(scale).h_advance(glyph_id);
    let width = f32::from(cell.width);
    if advance > width {
        scale.x *= width / advance;
    }
    let left = ((width - advance) / 2.0).max(0.0);
    let baseline = (f32::from(cell.height) * BASELINE).round();
    let glyph = Glyph { id: glyph_id, scale, position: point(left, baseline) };
    let Some(outline) = font.outline_glyph(glyph) else { return Some(()) };
    let corner = outline.px_bounds().min;
    outline.draw(|x, y, coverage| {
        if coverage >= COVERAGE {
            let x = dot(corner.x + x as f32, cell.x);
            let y = dot(corner.y + y as f32, cell.y);
            if let (Some(x), Some(y)) = (x, y) {
                blacken(paper, x, y, cell.is_bold);
            }
        }
    });
    Some(())
}

/// A letter of 16 rows, each dot of it as large as the cell has room for.
fn built_in(glyph: &unifont::Glyph, paper: &mut Bitmap, cell: Cell) {
    let (width, height) = (usize::from(cell.width), usize::from(cell.height));
    let across = glyph.get_width();
    for y in 0..height {
        for x in 0..width {
            if glyph.get_pixel(x * across / width, y * BUILT_IN_ROWS / height) {
                blacken(paper, cell.x + x, cell.y + y, cell.is_bold);
            }
        }
    }
}

fn blacken(paper: &mut Bitmap, x: usize, y: usize, is_bold: bool) {
    paper.blacken(x, y);
    if is_bold {
        paper.blacken(x + 1, y);
    }
}

/// A place on the paper for one character, in dots.
#[derive(Clone, Copy)]
pub(super) struct Cell {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) is_bold: bool,
}

#[expect(clippy::cast_possible_truncation, reason = "a place on the paper, far below 2³¹ dots")]
fn dot(offset: f32, start: usize) -> Option<usize> {
    start.checked_add_signed(offset as isize)
}
