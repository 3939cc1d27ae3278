//! A call site whose facts lie in read-only memory; all it has in RAM is a number of two bytes.
//!
//! Names and keys stay on the chip: a record says the number, and the device tells the host once in a
//! while what the numbers stand for. They are given at boot from lists that the program writes down,
//! because a number given at first use would need a compare-and-swap, which a Cortex-M0 has not.

use super::VALUES_MAX;
use super::head::{COUNT_AT, Kind, TAGS_AT};
use crate::SpanKind;
use crate::sync::Relaxed;
use core::fmt;
use portable_atomic::AtomicU16;

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
pub struct Site {
    number: &'static SiteNumber,
    /// Its name and its keys, with a zero between them.
    text: &'static str,
    /// The lower half of the first word of its spans: their kind, and as many values as it has keys, of
    /// which nothing is said.
    head: u16,
    kind: SpanKind,
}

/// The number that stands for a call site in records; zero until [`Sites::new`] gives it one.
#[derive(Debug, Default)]
pub struct SiteNumber(AtomicU16);

impl SiteNumber {
    /// Returns the number of a site that is not listed.
    pub const fn new() -> Self {
        Self(AtomicU16::new(0))
    }
}

impl Site {
    /// Returns the site that `site!` makes of its name and keys, with a zero between them.
    ///
    /// # Panics
    ///
    /// Panics where there are more than four keys, a zero in one, or more than 243 bytes in all, which is
    /// what a frame of the device stream holds: in a `static`, when the program is built.
    pub const fn new(
        number: &'static SiteNumber,
        kind: SpanKind,
        text: &'static str,
        keys: usize,
    ) -> Self {
        assert!(keys <= VALUES_MAX, "keys of a site: four at most");
        assert!(text.len() <= TEXT_BYTES_MAX, "name and keys of a site: 243 bytes at most");
        assert!(keys == count(text.as_bytes(), SEPARATOR), "names and keys: without a zero");
        let tags = 0xff >> (2 * (VALUES_MAX - keys));
        let head = Kind::Span as u32 | (keys as u32) << COUNT_AT | tags << TAGS_AT;
        Self { number, text, head: head as u16, kind }
    }

    /// Returns its number; zero for one that is not listed.
    pub fn number(&self) -> u16 {
        // Relaxed: given once at boot, and nothing else is published with it.
        self.number.0.load(Relaxed)
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
        self.text
    }

    /// Returns what its spans are.
    pub fn kind(&self) -> SpanKind {
        self.kind
    }

    fn parts(&self) -> core::str::Split<'static, char> {
        self.text.split(char::from(SEPARATOR))
    }

    /// Returns how many keys it has, four at most.
    pub(super) fn key_count(&self) -> usize {
        super::head::count(self.head.into())
    }

    /// Returns the first word of its spans, of which nothing is said yet, turned by a half: its number is in
    /// the lower one.
    #[inline(always)]
    pub(super) fn turned_head(&self) -> u32 {
        u32::from(self.head) << 16 | u32::from(self.number())
    }
}

const fn count(bytes: &[u8], wanted: u8) -> usize {
    let (mut found, mut place) = (0, 0);
    while place < bytes.len() {
        found += (bytes[place] == wanted) as usize;
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
        static NUMBER: $crate::compact::SiteNumber = $crate::compact::SiteNumber::new();
        const KEYS: &[&str] = &[$($key),*];
        let text = concat!($name $(, "\0", $key)*);
        $crate::compact::Site::new(&NUMBER, $crate::SpanKind::$kind, text, KEYS.len())
    }};
}

/// The call sites of a program: its own and those of its libraries, each a list in read-only memory.
///
/// One site more than 65,535 is not listed, like one that nobody wrote down: its spans say zero.
///
/// ```
/// use exo_trace_core::compact::{Site, Sites, site};
///
/// mod driver {
///     use exo_trace_core::compact::{Site, site};
///     static TURN: Site = site!("motor.turn", Internal, ["degrees"]);
///     pub static SITES: &[&Site] = &[&TURN];
/// }
///
/// static READ: Site = site!("sensor.read");
///
/// static SITES: &[&[&Site]] = &[&[&READ], driver::SITES];
///
/// let sites = Sites::new(SITES);
/// assert_eq!(READ.number(), 1);
/// assert_eq!(sites.get(2).map(|site| site.name()), Some("motor.turn"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Sites {
    lists: &'static [&'static [&'static Site]],
}

impl Sites {
    /// Gives each site its number, from one, in the order of the lists: at boot, before anything is
    /// recorded. A program does so once; numbers given later replace these.
    pub fn new(lists: &'static [&'static [&'static Site]]) -> Self {
        let sites = Self { lists };
        for (number, site) in sites.iter() {
            // Relaxed: what is recorded before is recorded as not listed.
            site.number.0.store(number, Relaxed);
        }
        sites
    }

    /// Returns each site with the number that these lists give it.
    pub fn iter(&self) -> impl Iterator<Item = (u16, &'static Site)> {
        (1..=u16::MAX).zip(self.lists.iter().flat_map(|list| list.iter().copied()))
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
