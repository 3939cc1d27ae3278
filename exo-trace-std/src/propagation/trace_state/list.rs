//! A `tracestate` as one owned text in canonical form: `key=value`, commas, nothing else.
//!
//! Nearly every trace state is read once and sent on as it came, so it stays text; what is asked of it
//! is found by looking through at most 32 members. Copies share the text.
//!
//! Source: W3C Trace Context level 2, §3.3 and §3.5.

use super::grammar::{ParseTraceStateError, checked, member};
use crate::propagation::HEADER_BYTES_READ_MAX;
use heapless::Vec;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// How many members a list may have.
pub const TRACE_STATE_MEMBERS_MAX: usize = 32;
/// How many bytes of a list are carried: as many members as it may have, each no longer than the
/// recommendation finds reasonable, and the commas between them. It asks for 512.
pub const TRACE_STATE_BYTES_MAX: usize = TRACE_STATE_MEMBERS_MAX * (MEMBER_BYTES_LONG + 1) - 1;

/// Members longer than this are the first to go.
const MEMBER_BYTES_LONG: usize = 128;

type Members<'t> = Vec<(&'t str, &'t str), TRACE_STATE_MEMBERS_MAX>;

/// What other tracing systems want carried along with a trace: an ordered list of keys and values.
///
/// The one who wrote last stands first. A list has up to [`TRACE_STATE_MEMBERS_MAX`] members; of a
/// list longer than [`TRACE_STATE_BYTES_MAX`] the members above 128 bytes are left out, from the end.
/// Of a key given twice the first counts, because it is the later one. Cloning copies a pointer.
///
/// ```
/// use exo_trace_std::propagation::TraceState;
///
/// let received = TraceState::from_headers(["rojo=00f067aa0ba902b7, congo=t61rcWkgMzE"])?;
/// assert_eq!(received.get("congo"), Some("t61rcWkgMzE"));
/// let sent = received.with("congo", "ucfJifl5GOE")?;
/// assert_eq!(sent.as_str(), "congo=ucfJifl5GOE,rojo=00f067aa0ba902b7");
/// # Ok::<(), exo_trace_std::propagation::ParseTraceStateError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TraceState {
    text: Arc<str>,
}

impl TraceState {
    /// Reads the headers of one request, which together are one list.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the first member that is broken, or that there are too many, or that they
    /// are longer than [`HEADER_BYTES_READ_MAX`]. Then
    /// nothing of the list can be trusted; a `traceparent` beside it is not affected.
    pub fn from_headers<'h>(
        headers: impl IntoIterator<Item = &'h str>,
    ) -> Result<Self, ParseTraceStateError> {
        let mut members = Members::new();
        let (mut listed, mut left) = (0, HEADER_BYTES_READ_MAX + 1);
        for text in headers.into_iter().flat_map(|header| header.split(',')) {
            left = left.checked_sub(text.len() + 1).ok_or(ParseTraceStateError::Bytes)?;
            let text = text.trim_matches([' ', '\t']);
            if text.is_empty() {
                continue;
            }
            let (key, value) = member(text)?;
            listed += 1;
            if listed > TRACE_STATE_MEMBERS_MAX {
                return Err(ParseTraceStateError::Members);
            }
            if members.iter().all(|(earlier, _)| *earlier != key) {
                // There is room: no more were listed than fit.
                let _ = members.push((key, value));
            }
        }
        Ok(Self::of(members))
    }

    /// Returns the list as it goes into the header.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the value of `key`.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.iter().find(|(found, _)| *found == key).map(|(_, value)| value)
    }

    /// Returns the members in order, keys first.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.text.split(',').filter_map(|member| member.split_once('='))
    }

    /// Returns the number of members.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Tells whether there is nothing to carry.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Returns the list with `key` at its front, however often it was there before.
    ///
    /// In a full list the last member gives way.
    ///
    /// # Errors
    ///
    /// Says whether the key or the value is none.
    pub fn with(&self, key: &str, value: &str) -> Result<Self, ParseTraceStateError> {
        let front = checked(key, value)?;
        let others = self.iter().filter(|(other, _)| *other != key);
        let members = std::iter::once(front).chain(others).take(TRACE_STATE_MEMBERS_MAX);
        Ok(Self::of(members.collect()))
    }

    /// Returns the list without `key`; the others keep their order.
    #[must_use]
    pub fn without(&self, key: &str) -> Self {
        Self::of(self.iter().filter(|(other, _)| *other != key).collect())
    }

    fn of(mut members: Members<'_>) -> Self {
        // Members that are not long fit, however many: this ends before it runs out of long ones.
        while bytes(&members) > TRACE_STATE_BYTES_MAX
            && let Some(last) = members.iter().rposition(|m| member_bytes(m) > MEMBER_BYTES_LONG)
        {
            members.remove(last);
        }
        let mut text = String::with_capacity(bytes(&members));
        for (key, value) in &members {
            let comma = if text.is_empty() { "" } else { "," };
            text.extend([comma, key, "=", value]);
        }
        Self { text: text.into() }
    }
}

fn member_bytes((key, value): &(&str, &str)) -> usize {
    key.len() + 1 + value.len()
}

fn bytes(members: &Members<'_>) -> usize {
    let each = members.iter().map(member_bytes).sum::<usize>();
    each + members.len().saturating_sub(1)
}

impl FromStr for TraceState {
    type Err = ParseTraceStateError;

    fn from_str(text: &str) -> Result<Self, ParseTraceStateError> {
        Self::from_headers([text])
    }
}

impl fmt::Display for TraceState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
