//! From a record of the 32-bit profile to its words.

use super::head::{
    COUNT_AT, CUT, FLAGS_AT, Kind, OUTCOME_AT, REMOTE, SITE_AT, TAGS_AT, TEXT_BYTES_MAX,
    TEXT_LENGTH_AT, WHOLE_CONTEXT,
};
use super::{Record, Target, Values};
use crate::SpanContext;

impl Record<'_> {
    /// Writes the record to the beginning of `room` and returns its words.
    ///
    /// Returns `None` where it is longer than `room`, or its text than 4,095 bytes.
    pub fn encode<'w>(&self, room: &'w mut [u32]) -> Option<&'w [u32]> {
        let mut words = Words { room, filled: 0 };
        self.put(&mut words)?;
        let Words { room, filled } = words;
        room.get(..filled)
    }

    fn put(&self, words: &mut Words<'_>) -> Option<()> {
        match *self {
            Self::Span { site, id, parent, root, start, end, laps, outcome, dropped, values } => {
                let last = u32::from(laps) | u32::from(dropped) << 8;
                let kind = if last == 0 { Kind::Span } else { Kind::LongSpan };
                words.put(with_values(kind, site, &values) | (outcome as u32) << OUTCOME_AT)?;
                let parent = parent.map_or(0, |parent| parent.to_word());
                words.put_all(&[start, end, id.to_word(), parent, root.to_word()])?;
                words.put_all(values.as_words())?;
                if last == 0 { Some(()) } else { words.put(last) }
            }
            Self::Event { site, span, ticks, values } => {
                words.put_all(&[with_values(Kind::Event, site, &values), span.to_word(), ticks])?;
                words.put_all(values.as_words())
            }
            Self::Attributes { site, span, values } => {
                words.put_all(&[with_values(Kind::Attributes, site, &values), span.to_word()])?;
                words.put_all(values.as_words())
            }
            Self::Text { site, span, is_cut, text } => {
                words.put_all(&[text_head(site, is_cut, text)?, span.to_word()])?;
                packed(text).try_for_each(|word| words.put(word))
            }
            Self::Link { span, to: Target::Local(to) } => {
                words.put_all(&[Kind::Link as u32, span.to_word(), to.to_word()])
            }
            Self::Link { span, to: Target::Remote(context) } => {
                let head = Kind::Link as u32 | WHOLE_CONTEXT | context_bits(&context);
                words.put_all(&[head, span.to_word()])?;
                words.put_all(&context_words(&context))
            }
            Self::Context { root, remote } => {
                words.put_all(&[Kind::Context as u32 | context_bits(&remote), root.to_word()])?;
                words.put_all(&context_words(&remote))
            }
        }
    }
}

/// Words as far as there is room for them.
struct Words<'w> {
    room: &'w mut [u32],
    filled: usize,
}

impl Words<'_> {
    fn put(&mut self, word: u32) -> Option<()> {
        self.put_all(&[word])
    }

    fn put_all(&mut self, words: &[u32]) -> Option<()> {
        let end = self.filled + words.len();
        self.room.get_mut(self.filled..end)?.copy_from_slice(words);
        self.filled = end;
        Some(())
    }
}

/// The head of a record that has values.
fn with_values(kind: Kind, site: u16, values: &Values) -> u32 {
    let values = (values.len() as u32) << COUNT_AT | u32::from(values.tags()) << TAGS_AT;
    kind as u32 | values | u32::from(site) << SITE_AT
}

/// The head of a text that is not too long.
fn text_head(site: u16, is_cut: bool, text: &str) -> Option<u32> {
    let cut = if is_cut { CUT } else { 0 };
    let length = (text.len() as u32) << TEXT_LENGTH_AT;
    let head = Kind::Text as u32 | cut | length | u32::from(site) << SITE_AT;
    (text.len() <= TEXT_BYTES_MAX).then_some(head)
}

/// The bytes of a text as words in the chip's own order, the last one padded with zeros.
fn packed(text: &str) -> impl Iterator<Item = u32> + '_ {
    text.as_bytes().chunks(4).map(|bytes| {
        let mut word = [0; 4];
        word.iter_mut().zip(bytes).for_each(|(to, byte)| *to = *byte);
        u32::from_ne_bytes(word)
    })
}

/// What the head says of a context.
pub(super) fn context_bits(context: &SpanContext) -> u32 {
    let remote = if context.is_remote { REMOTE } else { 0 };
    remote | u32::from(context.flags.to_byte()) << FLAGS_AT
}

/// The trace id and the span id, the high words first.
pub(super) fn context_words(context: &SpanContext) -> [u32; 6] {
    let [high, low] = context.trace_id.to_words();
    let span = context.span_id.to_word();
    let halves = |word: u64| [(word >> 32) as u32, word as u32];
    let ([a, b], [c, d], [e, f]) = (halves(high), halves(low), halves(span));
    [a, b, c, d, e, f]
}
