//! Keys and values that travel with a trace, in order, each key once, never more than may be sent.
//!
//! The limits are kept when something is put in, so that what is in can always be sent. They are
//! counted in the bytes that travel: a space is three of them.
//!
//! Source: W3C Baggage, §3.3.2, asks for 64 members and 8,192 bytes at least; the upper limits are
//! those of its earlier drafts and of the Python package.

use super::BaggageError;
use super::grammar::{ENCODED, is_token, parted, properties};
use percent_encoding::utf8_percent_encode;

/// How many members baggage may have.
pub const BAGGAGE_MEMBERS_MAX: usize = 180;
/// How many bytes a member may have on the wire: key, value and properties.
pub const BAGGAGE_MEMBER_BYTES_MAX: usize = 4_096;
/// How many bytes all members may have on the wire, commas included.
pub const BAGGAGE_BYTES_MAX: usize = 8_192;

/// Keys and values that travel with a trace through every process it reaches.
///
/// They are in no span, unless a program copies them there, and in every request: what is private
/// does not belong here. A member that does not fit is refused whole, never cut.
///
/// ```
/// use exo_trace_std::propagation::Baggage;
///
/// let mut baggage = Baggage::new();
/// baggage.insert("user.id", "Amélie")?;
/// assert_eq!(baggage.get("user.id"), Some("Amélie"));
/// assert_eq!(baggage.to_header().as_deref(), Some("user.id=Am%C3%A9lie"));
/// # Ok::<(), exo_trace_std::propagation::BaggageError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baggage {
    members: Vec<Member>,
    /// What the members have on the wire, without the commas between them.
    bytes: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) key: Box<str>,
    pub(super) value: Box<str>,
    /// As on the wire, without blanks.
    pub(super) properties: Box<str>,
}

impl Baggage {
    /// Returns baggage with nothing in it.
    pub const fn new() -> Self {
        Self { members: Vec::new(), bytes: 0 }
    }

    /// Returns the value of `key`.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.member(key).map(|member| &*member.value)
    }

    /// Returns keys and values, in the order in which the keys were first put in.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members.iter().map(|member| (&*member.key, &*member.value))
    }

    /// Returns the properties of `key`: what was said of its value, which means something only to
    /// those who agreed on it, so they are neither encoded nor decoded.
    pub fn properties(&self, key: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
        let text = self.member(key).map_or("", |member| &*member.properties);
        text.split(';').filter(|property| !property.is_empty()).map(parted)
    }

    /// Returns the number of members.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Tells whether there is nothing to carry.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Puts a value in, in place of the one that `key` had; properties it had are gone.
    ///
    /// # Errors
    ///
    /// Says that the key is none, or which limit would be passed. Then nothing has changed.
    pub fn insert(&mut self, key: &str, value: &str) -> Result<(), BaggageError> {
        self.put(key, value, String::new())
    }

    /// Puts a value in, with what is to be said of it: `key` or `key=value`, separated by `;`.
    ///
    /// # Errors
    ///
    /// As [`insert`](Self::insert), and that the properties are none.
    pub fn insert_with_properties(
        &mut self,
        key: &str,
        value: &str,
        text: &str,
    ) -> Result<(), BaggageError> {
        let properties = properties(text).ok_or_else(|| BaggageError::properties(text))?;
        self.put(key, value, properties)
    }

    /// Takes `key` out and tells whether it was there.
    pub fn remove(&mut self, key: &str) -> bool {
        let place = self.members.iter().position(|member| *member.key == *key);
        if let Some(place) = place {
            self.bytes -= self.members.remove(place).bytes();
        }
        place.is_some()
    }

    pub(super) fn members(&self) -> &[Member] {
        &self.members
    }

    pub(super) fn put(
        &mut self,
        key: &str,
        value: &str,
        properties: String,
    ) -> Result<(), BaggageError> {
        if !is_token(key) {
            return Err(BaggageError::key(key));
        }
        let place = self.members.iter().position(|member| *member.key == *key);
        let count = self.members.len() + usize::from(place.is_none());
        if count > BAGGAGE_MEMBERS_MAX {
            return Err(BaggageError::Members);
        }
        let member = Member { key: key.into(), value: value.into(), properties: properties.into() };
        let replaced = place.map_or(0, |place| self.members[place].bytes());
        let bytes = self.bytes - replaced + member.bytes();
        if member.bytes() > BAGGAGE_MEMBER_BYTES_MAX {
            return Err(BaggageError::MemberBytes(member.bytes()));
        }
        if bytes + count - 1 > BAGGAGE_BYTES_MAX {
            return Err(BaggageError::Bytes(bytes + count - 1));
        }
        self.bytes = bytes;
        match place {
            Some(place) => self.members[place] = member,
            None => self.members.push(member),
        }
        Ok(())
    }

    fn member(&self, key: &str) -> Option<&Member> {
        self.members.iter().find(|member| *member.key == *key)
    }
}

impl Member {
    /// Returns how many bytes the member has on the wire, when no more is encoded than must be.
    fn bytes(&self) -> usize {
        let value = utf8_percent_encode(&self.value, ENCODED).map(str::len).sum::<usize>();
        let properties = self.properties.len() + usize::from(!self.properties.is_empty());
        self.key.len() + 1 + value + properties
    }
}
