/// Black and white dots, eight to a byte, the leftmost in the highest bit; 1 is black.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bitmap {
    width_bytes: usize,
    dots: Vec<u8>,
}

impl Bitmap {
    /// White paper; the width is rounded up to a whole byte.
    #[must_use]
    pub fn new(width_dots: usize, height_dots: usize) -> Self {
        let width_bytes = width_dots.div_ceil(8);
        Self { width_bytes, dots: vec![0; width_bytes * height_dots] }
    }

    /// Dots as a printer gets them. A last row that is not whole is left out.
    #[must_use]
    pub fn from_bytes(width_bytes: usize, bytes: &[u8]) -> Self {
        let whole = bytes.len().checked_div(width_bytes).map_or(0, |rows| rows * width_bytes);
        Self { width_bytes, dots: bytes.iter().take(whole).copied().collect() }
    }

    /// Bytes of one row.
    #[must_use]
    pub const fn width_bytes(&self) -> usize {
        self.width_bytes
    }

    /// Dots of one row.
    #[must_use]
    pub const fn width_dots(&self) -> usize {
        self.width_bytes * 8
    }

    /// Rows.
    #[must_use]
    pub fn height_dots(&self) -> usize {
        self.dots.len().checked_div(self.width_bytes).unwrap_or(0)
    }

    /// Whether there is not a row.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.dots.is_empty()
    }

    /// The rows' bytes, from top to bottom.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.dots
    }

    /// Makes a dot black; one beside the paper is lost.
    pub fn blacken(&mut self, x: usize, y: usize) {
        if x >= self.width_dots() {
            return;
        }
        if let Some(byte) = self.dots.get_mut(y * self.width_bytes + x / 8) {
            *byte |= 0x80 >> (x % 8);
        }
    }

    /// Whether a dot is black; one beside the paper is not.
    #[must_use]
    pub fn is_black(&self, x: usize, y: usize) -> bool {
        x < self.width_dots()
            && self
                .dots
                .get(y * self.width_bytes + x / 8)
                .is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0)
    }

    /// Puts the other one's rows below, cut or filled up with white to this width.
    pub fn append(&mut self, other: &Self) {
        for row in other.dots.chunks(other.width_bytes.max(1)) {
            let start = self.dots.len();
            self.dots.extend(row.iter().take(self.width_bytes));
            self.dots.resize(start + self.width_bytes, 0);
        }
    }

    /// Puts the other one's rows below, in the middle.
    pub fn append_centred(&mut self, other: &Self) {
        let left = self.width_bytes.saturating_sub(other.width_bytes) / 2;
        for row in other.dots.chunks(other.width_bytes.max(1)) {
            let start = self.dots.len();
            self.dots.resize(start + left, 0);
            self.dots.extend(row.iter().take(self.width_bytes - left));
            self.dots.resize(start + self.width_bytes, 0);
        }
    }

    /// Blackens the dots of another one that stands with its top left corner here.
    pub(super) fn overlay(&mut self, other: &Self, x: usize, y: usize) {
        let (shift, width_bytes) = (x % 8, self.width_bytes);
        for (row, dots) in other.dots.chunks(other.width_bytes.max(1)).enumerate() {
            let start = (y + row) * width_bytes;
            let Some(line) = self.dots.get_mut(start..start + width_bytes) else { return };
            for (index, dots) in dots.iter().enumerate() {
                let [left, right] = (u16::from_be_bytes([*dots, 0]) >> shift).to_be_bytes();
                for (place, dots) in [(x / 8 + index, left), (x / 8 + index + 1, right)] {
                    if let Some(place) = line.get_mut(place) {
                        *place |= dots;
                    }
                }
            }
        }
    }

    /// The same without the dots that a printer would take for a question or an order of its own
    /// while it receives them: it looks for `DLE EOT`, `DLE ENQ` and `DLE DC4` wherever they stand,
    /// and one of the latter opens the drawer. One dot more breaks each of them.
    #[must_use]
    pub fn calmed(mut self) -> Self {
        let mut before = 0;
        for byte in &mut self.dots {
            if before == 0x10 && matches!(*byte, 0x04 | 0x05 | 0x14) {
                *byte |= 0x08;
            }
            before = *byte;
        }
        self
    }

    /// Puts white rows below.
    pub fn append_white(&mut self, height_dots: usize) {
        self.dots.resize(self.dots.len() + height_dots * self.width_bytes, 0);
    }

    /// The rows in bands of at most so many.
    pub fn bands(&self, height_dots: usize) -> impl Iterator<Item = Self> + '_ {
        let size = (self.width_bytes * height_dots).max(1);
        self.dots
            .chunks(size)
            .map(|dots| Self { width_bytes: self.width_bytes, dots: dots.to_vec() })
    }

    /// Each dot as a square of so many: as a camera sees it from near by.
    #[must_use]
    pub fn enlarged(&self, factor: usize) -> Self {
        let mut large = Self::new(self.width_dots() * factor, self.height_dots() * factor);
        for y in 0..large.height_dots() {
            for x in 0..self.width_dots() * factor {
                if self.is_black(x / factor.max(1), y / factor.max(1)) {
                    large.blacken(x, y);
                }
            }
        }
        large
    }

    /// The dots as a PNG picture of one bit per dot, with a white margin all round.
    ///
    /// # Errors
    /// Where the picture is larger than a PNG may be.
    pub fn to_png(&self, margin_bytes: usize) -> Result<Vec<u8>, png::EncodingError> {
        let margin_dots = margin_bytes * 8;
        let mut framed = Self::new(self.width_dots() + 2 * margin_dots, margin_dots);
        for row in self.dots.chunks(self.width_bytes.max(1)) {
            let start = framed.dots.len();
            framed.dots.resize(start + margin_bytes, 0);
            framed.dots.extend_from_slice(row);
            framed.dots.resize(start + framed.width_bytes, 0);
        }
        framed.append_white(margin_dots.max(1));
        let side = |dots: usize| u32::try_from(dots).unwrap_or(u32::MAX);
        let mut out = Vec::new();
        let mut encoder =
            png::Encoder::new(&mut out, side(framed.width_dots()), side(framed.height_dots()));
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        let mut writer = encoder.write_header()?;
        let white_is_one: Vec<u8> = framed.dots.iter().map(|byte| !byte).collect();
        writer.write_image_data(&white_is_one)?;
        writer.finish()?;
        Ok(out)
    }
}
