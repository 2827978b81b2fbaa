#![expect(clippy::float_arithmetic, reason = "outlines are drawn in fractions of a dot; no money")]

use std::path::Path;

use ab_glyph::{Font as _, FontVec, Glyph, PxScale, ScaleFont as _, point};

use super::bitmap::Bitmap;

/// Fonts that may be installed, with their place in the file; the first with a glyph draws it. No
/// font comes with the hub: on Debian, `fonts-noto-cjk` has every character of Taiwan.
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

/// Fonts to draw receipts with.
pub struct FontStack {
    fonts: Vec<FontVec>,
}

impl FontStack {
    /// The fonts that this machine has, or nothing where it has none of those known here. Reads
    /// files of some 20 MB: once per process is enough.
    #[must_use]
    pub fn system() -> Option<Self> {
        Self::load(FONT_FILES.iter().map(|(path, index)| (Path::new(*path), *index)))
    }

    /// Fonts of these files, in this order; what cannot be read is left out.
    pub fn load<'a>(files: impl IntoIterator<Item = (&'a Path, u32)>) -> Option<Self> {
        let fonts: Vec<FontVec> = files
            .into_iter()
            .filter_map(|(path, index)| {
                FontVec::try_from_vec_and_index(std::fs::read(path).ok()?, index).ok()
            })
            .collect();
        (!fonts.is_empty()).then_some(Self { fonts })
    }

    /// Whether one of the fonts has the character.
    #[must_use]
    pub fn covers(&self, character: char) -> bool {
        self.font(character).is_some()
    }

    fn font(&self, character: char) -> Option<&FontVec> {
        self.fonts.iter().find(|font| font.glyph_id(character).0 != 0)
    }

    /// Draws a character into the cell whose top left corner is given, squeezed where it is wider
    /// than the cell. False where no font has it.
    pub(super) fn draw(&self, character: char, paper: &mut Bitmap, cell: Cell) -> bool {
        let Some(font) = self.font(character) else {
            return false;
        };
        let Some(units_per_em) = font.units_per_em() else {
            return false;
        };
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
        let Some(outline) = font.outline_glyph(glyph) else {
            return true;
        };
        let corner = outline.px_bounds().min;
        outline.draw(|x, y, coverage| {
            if coverage >= COVERAGE {
                let x = dot(corner.x + x as f32, cell.x);
                let y = dot(corner.y + y as f32, cell.y);
                if let (Some(x), Some(y)) = (x, y) {
                    paper.blacken(x, y);
                    if cell.is_bold {
                        paper.blacken(x + 1, y);
                    }
                }
            }
        });
        true
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
