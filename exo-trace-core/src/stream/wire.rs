//! The numbers that both ends of the device stream agree on; `STREAM.md` says what they mean.

/// The version of the format, as boot frames say it.
pub const VERSION: u8 = 1;

/// How many bytes a payload may have: with its sum it stays below the 254 bytes at which stuffing
/// would cost a second byte.
pub const PAYLOAD_BYTES_MAX: usize = 249;

/// How many bytes vouch for a payload.
pub const SUM_BYTES: usize = 4;

/// How many bytes a frame may have on the wire: two delimiters, the stuffing's byte, payload, sum.
pub const FRAME_BYTES_MAX: usize = 2 + 1 + PAYLOAD_BYTES_MAX + SUM_BYTES;

/// How many bits of a frame's number it carries itself.
pub const SEQUENCE_BITS: u32 = 12;

/// How many bits of a tick count a record carries.
pub const TICKS_BITS: u32 = 40;

/// How many rings one stream reads.
pub const RINGS_MAX: usize = 16;

const _: () = assert!(1 + PAYLOAD_BYTES_MAX + SUM_BYTES <= 254);

/// What a frame carries: the upper four bits of its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Which boot this is, how fast its clock runs, what the board says of itself.
    Boot,
    /// The name, kind and keys of one call site.
    Site,
    /// The span of another process that a trace of this board continues.
    Context,
    /// What the clock says.
    Anchor,
    /// What one ring recorded, refused and gave.
    Loss,
    /// A whole span.
    Span,
    /// Something that happened inside a span.
    Event,
    /// Numbers that belong to a span.
    Attributes,
    /// A text that belongs to a span.
    Text,
    /// A span that another span points to.
    Link,
}

impl Kind {
    /// Every kind, in the order of their numbers.
    pub const ALL: [Self; 10] = [
        Self::Boot,
        Self::Site,
        Self::Context,
        Self::Anchor,
        Self::Loss,
        Self::Span,
        Self::Event,
        Self::Attributes,
        Self::Text,
        Self::Link,
    ];

    /// Returns the kind with this number; `None` for those of a later version.
    pub fn of_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// Returns its number.
    pub const fn number(self) -> u8 {
        self as u8
    }
}

/// In the flags of a span: the low two bits are its outcome, the next three count its values.
pub const COUNT_AT: u32 = 2;
/// In the flags of what has values: their tags stand before them, else all are whole numbers.
pub const HAS_TAGS: u8 = 1 << 5;
/// In the flags of a span: laps and dropped values follow.
pub const SPAN_HAS_MORE: u8 = 1 << 6;
/// In the flags of a span: its trace continues one of another process, which a context frame says.
pub const SPAN_IS_REMOTE: u8 = 1 << 7;
/// In the flags of a link: a whole context follows, else a distance.
pub const WHOLE_CONTEXT: u8 = 1;
/// In the flags of a text: there was more of it.
pub const IS_CUT: u8 = 1;
