//! What an attribute says, in one word: a whole number, a float or a truth.
//!
//! Text is a record of its own, because it is longer than a word.

/// How many values one record has at the most.
pub const VALUES_MAX: usize = 4;

/// A value of one 32-bit word.
///
/// ```
/// use exo_trace_core::compact::Value32;
///
/// assert_eq!(Value32::from(-7_i16), Value32::Int(-7));
/// assert_eq!(Value32::from(21.5), Value32::Float(21.5));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value32 {
    /// A whole number.
    Int(i32),
    /// A whole number that is never negative.
    Unsigned(u32),
    /// A number with a fraction.
    Float(f32),
    /// A truth.
    Bool(bool),
}

/// The two bits that say what a word is.
pub(super) mod tag {
    pub(crate) const INT: u32 = 0;
    pub(crate) const UNSIGNED: u32 = 1;
    pub(crate) const FLOAT: u32 = 2;
    pub(crate) const BOOL: u32 = 3;
}

/// What stands, with the tag of a truth, where nothing was said of a key.
pub(super) const ABSENT: u32 = 2;

impl Value32 {
    /// Returns its tag and its word.
    #[inline(always)]
    pub(super) const fn to_parts(self) -> (u32, u32) {
        match self {
            Self::Int(number) => (tag::INT, number as u32),
            Self::Unsigned(number) => (tag::UNSIGNED, number),
            Self::Float(number) => (tag::FLOAT, number.to_bits()),
            Self::Bool(truth) => (tag::BOOL, truth as u32),
        }
    }

    /// Returns what a tag and a word say, or `None` for the truth that is none.
    const fn from_parts(tag: u32, word: u32) -> Option<Self> {
        Some(match (tag, word) {
            (tag::INT, _) => Self::Int(word as i32),
            (tag::UNSIGNED, _) => Self::Unsigned(word),
            (tag::FLOAT, _) => Self::Float(f32::from_bits(word)),
            (_, 0) => Self::Bool(false),
            (_, 1) => Self::Bool(true),
            _ => return None,
        })
    }
}

/// The values of a record, each at the place of its key among the keys of its call site.
///
/// A place may be empty. Two are equal when their words are, so that a float that is no number equals
/// itself.
///
/// ```
/// use exo_trace_core::compact::{Value32, Values};
///
/// let values = Values::NONE.with(2, Value32::Bool(true)).with(0, Value32::Int(6));
/// let said: Vec<_> = values.iter().collect();
/// assert_eq!(said, [(0, Value32::Int(6)), (2, Value32::Bool(true))]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Values {
    len: u8,
    tags: u8,
    words: [u32; VALUES_MAX],
}

impl Values {
    /// Nothing said.
    pub const NONE: Self = Self { len: 0, tags: 0, words: [0; VALUES_MAX] };

    /// Returns the first four of `values`, at the first places.
    pub fn of(values: &[Value32]) -> Self {
        values.iter().enumerate().fold(Self::NONE, |all, (place, value)| all.with(place, *value))
    }

    /// Returns them with `value` at a place below four, instead of what was there; without it at any other.
    #[must_use]
    pub fn with(mut self, place: usize, value: Value32) -> Self {
        if place >= VALUES_MAX {
            return self;
        }
        while self.len() <= place {
            self.put(self.len(), tag::BOOL, ABSENT);
            self.len += 1;
        }
        let (tag, word) = value.to_parts();
        self.put(place, tag, word);
        self
    }

    fn put(&mut self, place: usize, tag: u32, word: u32) {
        if let Some(slot) = self.words.get_mut(place) {
            *slot = word;
            self.tags = self.tags & !(3 << (2 * place)) | (tag as u8) << (2 * place);
        }
    }

    /// Returns what a record says of its values and holds of them, or `None` where it cannot be.
    pub(super) fn from_words(tags: u8, words: &[u32]) -> Option<Self> {
        let mut all = Self { len: words.len() as u8, tags, words: [0; VALUES_MAX] };
        all.words.get_mut(..words.len())?.copy_from_slice(words);
        let is_known = |place: usize, word: &u32| all.tag(place) != tag::BOOL || *word <= ABSENT;
        let has_more_tags = u32::from(tags) >> (2 * words.len()) != 0;
        let is_good = words.iter().enumerate().all(|(place, word)| is_known(place, word));
        (is_good && !has_more_tags).then_some(all)
    }

    /// Returns how many places there are up to the last that says something.
    pub const fn len(&self) -> usize {
        self.len as usize
    }

    /// Tells whether nothing is said.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns what is said, each with the place of its key.
    pub fn iter(&self) -> impl Iterator<Item = (usize, Value32)> + '_ {
        (0..self.len()).filter_map(|place| Some((place, self.get(place)?)))
    }

    /// Returns what is said at a place.
    pub fn get(&self, place: usize) -> Option<Value32> {
        let word = *self.as_words().get(place)?;
        Value32::from_parts(self.tag(place), word)
    }

    fn tag(&self, place: usize) -> u32 {
        u32::from(self.tags) >> (2 * place) & 3
    }

    /// Returns their tags, two bits each, the first the lowest.
    pub(super) const fn tags(&self) -> u8 {
        self.tags
    }

    /// Returns their words.
    pub(super) fn as_words(&self) -> &[u32] {
        self.words.get(..self.len()).unwrap_or_default()
    }
}

impl From<i32> for Value32 {
    #[inline(always)]
    fn from(number: i32) -> Self {
        Self::Int(number)
    }
}

impl From<i16> for Value32 {
    #[inline(always)]
    fn from(number: i16) -> Self {
        Self::Int(number.into())
    }
}

impl From<i8> for Value32 {
    #[inline(always)]
    fn from(number: i8) -> Self {
        Self::Int(number.into())
    }
}

impl From<u32> for Value32 {
    #[inline(always)]
    fn from(number: u32) -> Self {
        Self::Unsigned(number)
    }
}

impl From<u16> for Value32 {
    #[inline(always)]
    fn from(number: u16) -> Self {
        Self::Unsigned(number.into())
    }
}

impl From<u8> for Value32 {
    #[inline(always)]
    fn from(number: u8) -> Self {
        Self::Unsigned(number.into())
    }
}

impl From<f32> for Value32 {
    #[inline(always)]
    fn from(number: f32) -> Self {
        Self::Float(number)
    }
}

impl From<bool> for Value32 {
    #[inline(always)]
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}
