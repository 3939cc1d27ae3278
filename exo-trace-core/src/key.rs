//! The names of attributes, and the small numbers that stand for them in a record.
//!
//! A key is a text known at compile time. Its number is given on first use and kept beside the call
//! site, so that a record names a key with 16 bits and without a look-up.

use crate::number::Number;
use core::fmt;

/// How many different keys (and interned texts) one process can hold.
#[cfg(target_pointer_width = "64")]
pub const KEYS_MAX: usize = 8_192;
/// How many different keys (and interned texts) one process can hold.
#[cfg(not(target_pointer_width = "64"))]
pub const KEYS_MAX: usize = 256;

/// The name of an attribute, an event or an interned text.
///
/// ```
/// use exo_trace_core::Key;
///
/// const MODEL: Key = Key::new("gen_ai.request.model");
/// assert_eq!(MODEL.as_str(), "gen_ai.request.model");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(&'static str);

impl Key {
    /// Returns the key with this name.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// Returns the name.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}

impl From<&'static str> for Key {
    fn from(name: &'static str) -> Self {
        Self(name)
    }
}

impl AsRef<str> for Key {
    fn as_ref(&self) -> &str {
        self.0
    }
}

#[cfg(feature = "alloc")]
impl From<Key> for alloc::borrow::Cow<'static, str> {
    fn from(key: Key) -> Self {
        Self::Borrowed(key.0)
    }
}

impl PartialEq<str> for Key {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

/// The number of an interned key.
///
/// [`KeyId::NONE`] stands for a key that found no room in the table: it is written like any other,
/// which keeps the hot path free of a case, and counted as a dropped attribute on the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyId(pub(crate) u16);

impl KeyId {
    /// No key.
    pub const NONE: Self = Self(0);

    /// Returns the number, at most [`KEYS_MAX`] where [`InternedKey::id`] gave it; zero for no key.
    #[inline(always)]
    pub const fn to_number(self) -> u16 {
        self.0
    }

    /// Tells whether it stands for a key that found no room.
    #[inline(always)]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }
}

/// A key that remembers its number: the `static` beside a call site.
///
/// ```
/// use exo_trace_core::{InternedKey, Key};
///
/// static STEP: InternedKey = InternedKey::new(Key::new("exo.agent.step"));
/// assert_eq!(STEP.key().as_str(), "exo.agent.step");
/// ```
#[derive(Debug)]
pub struct InternedKey {
    key: Key,
    #[cfg_attr(
        not(any(target_has_atomic = "ptr", feature = "critical-section")),
        expect(dead_code, reason = "without compare-and-swap nothing is given a number")
    )]
    number: Number,
}

impl InternedKey {
    /// Returns a key that has no number yet.
    pub const fn new(key: Key) -> Self {
        Self { key, number: Number::new() }
    }

    /// Returns the key itself.
    pub const fn key(&self) -> Key {
        self.key
    }
}

#[cfg(any(target_has_atomic = "ptr", feature = "critical-section"))]
mod interned {
    use super::{InternedKey, KEYS_MAX, Key, KeyId};
    use crate::intern::{Intern, Table};
    use core::num::NonZeroU16;

    static KEYS: Table<InternedKey, KEYS_MAX> = Table::new();

    /// FNV-1a, 32 bits: short texts, no state, no multiplication wider than a small chip's.
    fn home_of(name: &str) -> usize {
        let hash = name
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        hash as usize
    }

    impl Intern for InternedKey {
        fn home(&self) -> usize {
            home_of(self.key.as_str())
        }

        fn is_same(&self, other: &Self) -> bool {
            self.key == other.key
        }
    }

    impl InternedKey {
        /// Returns the key's number: one load, and a look-up the first time.
        ///
        /// [`KeyId::NONE`] when the table is full, which [`Key::refused`] counts.
        #[inline(always)]
        pub fn id(&'static self) -> KeyId {
            let known = self.known_id();
            if known.is_none() { self.intern() } else { known }
        }

        /// Returns the number if it was given already.
        #[inline(always)]
        fn known_id(&self) -> KeyId {
            self.number.known().map_or(KeyId::NONE, |number| KeyId(number.get()))
        }

        #[cold]
        #[inline(never)]
        fn intern(&'static self) -> KeyId {
            self.remember(KEYS.intern(self))
        }

        /// Returns the number of a text that is a value: as [`id`](Self::id), but counts no refusal,
        /// because a value without a number goes out as a text, and nothing is lost; nor is it where
        /// somebody only looks for a key.
        #[inline]
        pub fn value_id(&'static self) -> KeyId {
            let known = self.known_id();
            if known.is_none() { self.place() } else { known }
        }

        #[cold]
        #[inline(never)]
        fn place(&'static self) -> KeyId {
            self.remember(KEYS.place(self))
        }

        fn remember(&self, number: Option<NonZeroU16>) -> KeyId {
            let Some(number) = number else { return KeyId::NONE };
            self.number.remember(number);
            KeyId(number.get())
        }
    }

    impl Key {
        /// Returns the number of a key that was interned before, by this name.
        pub fn find(name: &str) -> Option<KeyId> {
            KEYS.find(home_of(name), |standing| standing.key.as_str() == name)
                .map(|number| KeyId(number.get()))
        }

        /// Returns how often a key found no room in the table.
        pub fn refused() -> u32 {
            KEYS.refused()
        }
    }

    impl KeyId {
        /// Returns the key with this number.
        pub fn key(self) -> Option<Key> {
            KEYS.get(NonZeroU16::new(self.0)?).map(InternedKey::key)
        }
    }
}
