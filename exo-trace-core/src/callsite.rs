//! The place in the source where a span is made, and everything about it that never changes.
//!
//! A call site is a `static` beside each span. Its facts (name, kind, function, file, line, constant
//! attributes) sit in read-only memory and cost nothing per span; only the number that stands for
//! them in a record is written, once.

use crate::number::Number;
use crate::{Key, Value};
use core::num::NonZeroU16;

/// How many call sites one process can hold.
#[cfg(target_pointer_width = "64")]
pub const CALLSITES_MAX: usize = 8_192;
/// How many call sites one process can hold.
#[cfg(not(target_pointer_width = "64"))]
pub const CALLSITES_MAX: usize = 128;

/// Which side of which kind of conversation a span is.
///
/// Source: OpenTelemetry specification, "SpanKind".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SpanKind {
    /// Work inside this process.
    #[default]
    Internal,
    /// The answering side of a request.
    Server,
    /// The asking side of a request.
    Client,
    /// Puts a message somewhere for later.
    Producer,
    /// Takes a message that was put there earlier.
    Consumer,
}

impl SpanKind {
    /// Returns the kind's name in lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Server => "server",
            Self::Client => "client",
            Self::Producer => "producer",
            Self::Consumer => "consumer",
        }
    }
}

/// What is constant about a call site.
#[derive(Clone, Copy, Debug)]
pub struct CallsiteFacts {
    /// The span's name; `{key}` in it is filled in on the other side of the ring.
    pub name: &'static str,
    /// The span's kind.
    pub kind: SpanKind,
    /// `code.function.name`: module path and identifier; empty for a span begun inside a function.
    pub function: &'static str,
    /// The module path.
    pub module: &'static str,
    /// `code.file.path`, as the compiler was given it.
    pub file: &'static str,
    /// `code.line.number`.
    pub line: u32,
    /// The instrumentation scope's name: the crate that holds the call site.
    pub scope_name: &'static str,
    /// The instrumentation scope's version.
    pub scope_version: &'static str,
    /// Attributes every span of this call site carries.
    pub attributes: &'static [(Key, Value<'static>)],
}

/// The number of an interned call site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CallsiteId(pub(crate) NonZeroU16);

impl CallsiteId {
    /// Returns the number, at most [`CALLSITES_MAX`] where [`Callsite::id`] gave it.
    #[inline(always)]
    pub const fn to_number(self) -> u16 {
        self.0.get()
    }
}

/// A call site that remembers its number: the `static` beside a span.
///
/// ```
/// use exo_trace_core::{Callsite, CallsiteFacts, Key, SpanKind, Value};
///
/// static FETCH: Callsite = Callsite::new(&CallsiteFacts {
///     name: "fetch_data",
///     kind: SpanKind::Client,
///     function: concat!(module_path!(), "::fetch_data"),
///     module: module_path!(),
///     file: file!(),
///     line: line!(),
///     scope_name: "docs",
///     scope_version: "1.0",
///     attributes: &[(Key::new("source"), Value::Text("api"))],
/// });
/// assert_eq!(FETCH.facts().name, "fetch_data");
/// ```
#[derive(Debug)]
pub struct Callsite {
    facts: &'static CallsiteFacts,
    #[cfg_attr(
        not(any(target_has_atomic = "ptr", feature = "critical-section")),
        expect(dead_code, reason = "without compare-and-swap nothing is given a number")
    )]
    number: Number,
}

impl Callsite {
    /// Returns a call site that has no number yet.
    pub const fn new(facts: &'static CallsiteFacts) -> Self {
        Self { facts, number: Number::new() }
    }

    /// Returns what is constant about it.
    #[inline]
    pub const fn facts(&self) -> &'static CallsiteFacts {
        self.facts
    }
}

#[cfg(any(target_has_atomic = "ptr", feature = "critical-section"))]
mod interned {
    use super::{CALLSITES_MAX, Callsite, CallsiteId};
    use crate::intern::{Intern, Table};

    static CALLSITES: Table<Callsite, CALLSITES_MAX> = Table::new();

    impl Intern for Callsite {
        fn home(&self) -> usize {
            // Statics of one kind lie a fixed stride apart: the multiplication spreads them.
            let address = core::ptr::from_ref(self.facts) as usize as u32;
            (address.wrapping_mul(0x9e37_79b1) >> 12) as usize
        }

        fn is_same(&self, other: &Self) -> bool {
            core::ptr::eq(self.facts, other.facts)
        }
    }

    impl Callsite {
        /// Returns the call site's number: one load, and a look-up the first time.
        ///
        /// `None` when the table is full, which [`Callsite::refused`] counts.
        #[inline(always)]
        pub fn id(&'static self) -> Option<CallsiteId> {
            self.known_id().or_else(|| self.intern())
        }

        /// Returns the number if it was given already.
        #[inline(always)]
        pub fn known_id(&self) -> Option<CallsiteId> {
            self.number.known().map(CallsiteId)
        }

        #[cold]
        #[inline(never)]
        fn intern(&'static self) -> Option<CallsiteId> {
            let number = CALLSITES.intern(self)?;
            self.number.remember(number);
            Some(CallsiteId(number))
        }

        /// Returns how often a call site found no room in the table.
        pub fn refused() -> u32 {
            CALLSITES.refused()
        }
    }

    impl CallsiteId {
        /// Returns the call site with this number.
        pub fn callsite(self) -> Option<&'static Callsite> {
            CALLSITES.get(self.0)
        }
    }
}
