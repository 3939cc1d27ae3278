//! Baggage as the text of its header, both ways.
//!
//! Reading takes one pass and keeps no more than the limits allow, whatever arrives. What is broken or
//! too much is left out whole and counted; the rest stands.
//!
//! Source: W3C Baggage, §3.3 and §3.5.

use super::grammar::{
    ENCODED, ENCODED_WITH_CARE, is_octets, is_token, parted, properties, trimmed,
};
use super::set::{BAGGAGE_BYTES_MAX, BAGGAGE_MEMBER_BYTES_MAX, BAGGAGE_MEMBERS_MAX, Baggage};
use crate::propagation::HEADER_BYTES_READ_MAX;
use percent_encoding::{AsciiSet, percent_decode_str, utf8_percent_encode};
use std::borrow::Cow;

/// How a sender wrote the values of baggage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Decoding {
    /// As the recommendation says: a space is `%20`, and `+` is a plus sign.
    #[default]
    Percent,
    /// As forms of HTML do, and the Python package: `+` is a space, and keys are encoded too.
    Form,
}

impl Baggage {
    /// Reads the headers of one request, which together are one list, and counts what was left out.
    ///
    /// A member is left out whole: because it is broken, because it is longer than
    /// [`BAGGAGE_MEMBER_BYTES_MAX`], or because [`BAGGAGE_MEMBERS_MAX`] or [`BAGGAGE_BYTES_MAX`] would
    /// be passed. All that lies behind [`HEADER_BYTES_READ_MAX`] counts as one member. Of a key given twice the last value counts. Bytes that are no UTF-8 become U+FFFD.
    ///
    /// ```
    /// use exo_trace_std::propagation::{Baggage, Decoding};
    ///
    /// let headers = ["userId=Am%C3%A9lie, serverNode=DF%2028", "no equals sign, isProduction=false"];
    /// let (baggage, dropped) = Baggage::from_headers(headers, Decoding::Percent);
    /// assert_eq!(baggage.get("serverNode"), Some("DF 28"));
    /// assert_eq!((baggage.len(), dropped), (3, 1));
    /// ```
    pub fn from_headers<'h>(
        headers: impl IntoIterator<Item = &'h str>,
        decoding: Decoding,
    ) -> (Self, usize) {
        let (mut baggage, mut dropped, mut whole) = (Self::new(), 0, 0);
        let mut left = HEADER_BYTES_READ_MAX + 1;
        for text in headers.into_iter().flat_map(|header| header.split(',')) {
            let Some(behind) = left.checked_sub(text.len() + 1) else {
                return (baggage, dropped + 1);
            };
            left = behind;
            let text = trimmed(text);
            if text.is_empty() {
                continue;
            }
            let read = if whole < BAGGAGE_MEMBERS_MAX { Read::of(text, decoding) } else { None };
            whole += usize::from(read.is_some());
            let put = read.map(|read| baggage.put(&read.key, &read.value, read.properties));
            dropped += usize::from(!matches!(put, Some(Ok(()))));
        }
        (baggage, dropped)
    }

    /// Returns the members as the text of one header, or `None` when there are none.
    ///
    /// What is no baggage-octet is percent-encoded. So are `+` and `=`, which some readers misread,
    /// unless the text would then be longer than [`BAGGAGE_BYTES_MAX`], or a member longer than
    /// [`BAGGAGE_MEMBER_BYTES_MAX`].
    pub fn to_header(&self) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        let careful = self.encoded(ENCODED_WITH_CARE);
        // No comma is within a member: none of its parts has one unencoded.
        let has_long = careful.split(',').any(|member| member.len() > BAGGAGE_MEMBER_BYTES_MAX);
        let is_short = careful.len() <= BAGGAGE_BYTES_MAX && !has_long;
        Some(if is_short { careful } else { self.encoded(ENCODED) })
    }

    fn encoded(&self, encoded: &'static AsciiSet) -> String {
        let mut text = String::new();
        for member in self.members() {
            let comma = if text.is_empty() { "" } else { "," };
            text.extend([comma, &member.key, "="]);
            text.extend(utf8_percent_encode(&member.value, encoded));
            let semicolon = if member.properties.is_empty() { "" } else { ";" };
            text.extend([semicolon, &member.properties]);
        }
        text
    }
}

/// A member as it was read.
struct Read<'h> {
    key: Cow<'h, str>,
    value: Cow<'h, str>,
    properties: String,
}

impl<'h> Read<'h> {
    /// Reads one member, or returns `None` for one that is broken or too long.
    fn of(text: &'h str, decoding: Decoding) -> Option<Self> {
        if text.len() > BAGGAGE_MEMBER_BYTES_MAX {
            return None;
        }
        let (pair, said) = match text.split_once(';') {
            Some((pair, said)) => (pair, Some(said)),
            None => (text, None),
        };
        let (key, value) = parted(pair);
        let value = value.filter(|value| is_token(key) && is_octets(value))?;
        let properties = said.map_or(Some(String::new()), properties)?;
        let (key, value) = match decoding {
            Decoding::Percent => (Cow::Borrowed(key), decoded(value)),
            Decoding::Form => (form_decoded(key), form_decoded(value)),
        };
        is_token(&key).then_some(Self { key, value, properties })
    }
}

fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

fn form_decoded(text: &str) -> Cow<'_, str> {
    match text.contains('+') {
        true => decoded(&text.replace('+', " ")).into_owned().into(),
        false => decoded(text),
    }
}
