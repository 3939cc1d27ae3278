//! A call site whose facts lie in read-only memory; all it has in RAM is a word, with which its records begin.
//!
//! Names and keys stay on the chip: a record says a number, and the device tells the host once in a
//! while what the numbers stand for. They are given at boot from lists that the program writes down,
//! because a number given at first use would need a compare-and-swap, which a Cortex-M0 has not. How many
//! keys a site has is worked out then as well, so that a span reads one word of its site, and no code but
//! the lists needs to know where the texts are.

use super::VALUES_MAX;
use super::head::{COUNT_AT, Kind, TAGS_AT, count};
use crate::SpanKind;
use crate::sync::{Relaxed, StaticAtomicU32};
use core::fmt;

/// What ends a name, and each key but the last.
const SEPARATOR: u8 = 0;

/// How many bytes a name and its keys may have: a frame is never without the end of a key.
const TEXT_BYTES_MAX: usize = 243;

/// A place in a program that says something: a span, an event, or attributes.
///
/// Made by `site!`, numbered by [`Sites`].
///
/// ```
/// use exo_trace_core::compact::{Site, site};
///
/// static READ: Site = site!("sensor.read", Internal, ["exo.agent.step", "celsius"]);
///
/// assert_eq!(READ.name(), "sensor.read");
/// assert!(READ.keys().eq(["exo.agent.step", "celsius"]));
/// ```
#[derive(Clone, Copy)]
pub struct Site {
    pub(super) head: &'static SiteHead,
    /// Its kind in one byte, then its name and its keys, with a zero between them.
    frame: &'static str,
}

/// What records of a call site begin with; that of a site which is not listed until [`Sites::new`] does.
///
/// It is kept as what differs from such a site's, so that it is memory of zeros, which takes no flash.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct SiteHead(StaticAtomicU32);

/// The first word of a span of no site, turned by a half: its number, which is zero, is in the lower one.
/// It has room for any values that are said.
const NOT_LISTED: u32 = turned(0, VALUES_MAX);

/// Returns the first word of a span of which nothing is said yet, turned by a half.
const fn turned(number: u16, keys: usize) -> u32 {
    let tags = 0xff >> (2 * (VALUES_MAX - keys)) << TAGS_AT;
    (Kind::Span as u32 | (keys as u32) << COUNT_AT | tags) << 16 | number as u32
}

impl SiteHead {
    /// Returns the head of a site that is not listed.
    pub const fn new() -> Self {
        Self(StaticAtomicU32::new(0))
    }

    fn set(&self, number: u16, keys: usize) {
        // Relaxed: given once at boot, and nothing else is published with it.
        self.0.store(turned(number, keys) ^ NOT_LISTED, Relaxed);
    }

    /// Returns the first word of its spans, of which nothing is said yet, turned by a half: its number is in
    /// the lower one.
    #[inline(always)]
    pub(super) fn turned(&self) -> u32 {
        self.0.load(Relaxed) ^ NOT_LISTED
    }

    /// Returns its number where a head has it.
    #[inline(always)]
    pub(super) fn number_in_head(&self) -> u32 {
        self.turned() << 16
    }

    /// Returns how many values its records may have, four at most.
    #[inline(always)]
    pub(super) fn key_count(&self) -> usize {
        count(self.turned() >> 16)
    }
}

impl Site {
    /// Returns the site that `site!` makes of its kind in one byte, its name and its keys, with a zero between
    /// these.
    ///
    /// # Panics
    ///
    /// Panics where there is no such kind, where there are more than four keys, a zero in one, or more than
    /// 243 bytes besides the kind, which is what a frame of the device stream holds: in a `static`, when the
    /// program is built.
    #[doc(hidden)]
    pub const fn new(head: &'static SiteHead, frame: &'static str, keys: usize) -> Self {
        let Some((kind, text)) = frame.as_bytes().split_first() else {
            panic!("a site: its kind and its name");
        };
        assert!(*kind <= SpanKind::Consumer as u8, "kind of a site: 0 to 4");
        assert!(keys <= VALUES_MAX, "keys of a site: four at most");
        assert!(text.len() <= TEXT_BYTES_MAX, "name and keys of a site: 243 bytes at most");
        assert!(keys == separators(text), "names and keys: without a zero");
        Self { head, frame }
    }

    /// Returns its number; zero for one that is not listed.
    pub fn number(&self) -> u16 {
        self.head.turned() as u16
    }

    /// Returns its name.
    pub fn name(&self) -> &'static str {
        self.parts().next().unwrap_or_default()
    }

    /// Returns the keys of its values, in order.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.parts().skip(1)
    }

    /// Returns its name and its keys, with a zero between them.
    pub fn text(&self) -> &'static str {
        self.frame.get(1..).unwrap_or_default()
    }

    /// Returns what its spans are.
    pub fn kind(&self) -> SpanKind {
        match self.frame.as_bytes() {
            [1, ..] => SpanKind::Server,
            [2, ..] => SpanKind::Client,
            [3, ..] => SpanKind::Producer,
            [4, ..] => SpanKind::Consumer,
            _ => SpanKind::Internal,
        }
    }

    /// Returns what a frame says of it besides its number: kind, name and keys.
    #[cfg(feature = "stream")]
    pub(crate) fn frame(&self) -> &'static str {
        self.frame
    }

    fn key_count(&self) -> usize {
        self.frame.bytes().skip(1).filter(|byte| *byte == SEPARATOR).count()
    }

    fn parts(&self) -> core::str::Split<'static, char> {
        self.text().split(char::from(SEPARATOR))
    }
}

const fn separators(bytes: &[u8]) -> usize {
    let (mut found, mut place) = (0, 0);
    while place < bytes.len() {
        found += (bytes[place] == SEPARATOR) as usize;
        place += 1;
    }
    found
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site").field("name", &self.name()).finish_non_exhaustive()
    }
}

/// Makes a [`Site`] of a name, a kind of span (`Internal` where none is said) and up to four keys, for a
/// `static`.
///
/// ```
/// use exo_trace_core::compact::{Site, site};
///
/// static ASK: Site = site!("model.ask", Client, ["tokens"]);
/// static WAKE: Site = site!("wake");
///
/// assert_eq!((ASK.keys().count(), WAKE.keys().count()), (1, 0));
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __compact_site {
    ($name:literal) => { $crate::compact::site!($name, Internal, []) };
    ($name:literal, [$($key:literal),* $(,)?]) => {
        $crate::compact::site!($name, Internal, [$($key),*])
    };
    ($name:literal, $kind:ident) => { $crate::compact::site!($name, $kind, []) };
    ($name:literal, $kind:ident, [$($key:literal),* $(,)?]) => {{
        static HEAD: $crate::compact::SiteHead = $crate::compact::SiteHead::new();
        const KEYS: &[&str] = &[$($key),*];
        let frame = concat!($crate::__compact_kind!($kind), $name $(, "\0", $key)*);
        $crate::compact::Site::new(&HEAD, frame, KEYS.len())
    }};
}

/// The byte of a kind of span, as a frame of the device stream has it.
#[doc(hidden)]
#[macro_export]
macro_rules! __compact_kind {
    (Internal) => {
        "\0"
    };
    (Server) => {
        "\u{1}"
    };
    (Client) => {
        "\u{2}"
    };
    (Producer) => {
        "\u{3}"
    };
    (Consumer) => {
        "\u{4}"
    };
}

/// The call sites of a program: its own and those of its libraries, each a list in read-only memory.
///
/// One site more than 65,535 is not listed, like one that nobody wrote down: its records say zero, and its spans
/// have room for four values, whatever its keys, so that what is said is not lost with its name.
///
/// A list holds the sites themselves. Their statics are not in the program then, unless it asks one for its name:
/// a call site needs no more of it than its head.
///
/// ```
/// use exo_trace_core::compact::{Site, Sites, site};
///
/// mod driver {
///     use exo_trace_core::compact::{Site, site};
///     static TURN: Site = site!("motor.turn", Internal, ["degrees"]);
///     pub static SITES: &[Site] = &[TURN];
/// }
///
/// static READ: Site = site!("sensor.read");
///
/// static SITES: &[&[Site]] = &[&[READ], driver::SITES];
///
/// let sites = Sites::new(SITES);
/// assert_eq!(READ.number(), 1);
/// assert_eq!(sites.get(2).map(|site| site.name()), Some("motor.turn"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Sites {
    lists: &'static [&'static [Site]],
}

impl Sites {
    /// Gives each site its number, from one, in the order of the lists: at boot, before anything is
    /// recorded. A program does so once; numbers given later replace these.
    pub fn new(lists: &'static [&'static [Site]]) -> Self {
        let mut number = 0;
        for site in lists.iter().copied().flatten() {
            if number == u16::MAX {
                break;
            }
            number += 1;
            // What is recorded before is recorded as not listed.
            site.head.set(number, site.key_count());
        }
        Self { lists }
    }

    /// Returns each site with the number that these lists give it.
    pub fn iter(&self) -> impl Iterator<Item = (u16, &'static Site)> {
        (1..=u16::MAX).zip(self.lists.iter().flat_map(|list| list.iter()))
    }

    /// Returns the site with this number.
    pub fn get(&self, number: u16) -> Option<&'static Site> {
        let mut place = usize::from(number).checked_sub(1)?;
        for list in self.lists {
            match list.get(place) {
                Some(site) => return Some(site),
                None => place -= list.len(),
            }
        }
        None
    }

    /// Returns how many sites are listed.
    pub fn len(&self) -> usize {
        self.lists.iter().map(|list| list.len()).sum()
    }

    /// Tells whether no site is listed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
