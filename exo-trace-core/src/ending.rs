//! The end of a span: its record, complete, in one go; what was refused of it is counted there.

use crate::record::{Dropped, Outcome, SPAN_WORDS, SpanBits};
use crate::{Clock, Full, Gathered, OpenSpan, Recorder, Slot};

impl<S: AsRef<[Slot]>, C: Clock, W: Fn()> Recorder<'_, S, C, W> {
    /// Writes the span, complete, with the present tick as its end.
    ///
    /// # Errors
    ///
    /// Returns [`Full`] when the ring refused it, or there is none.
    #[inline(always)]
    pub fn end(&self, span: &OpenSpan, outcome: Outcome) -> Result<(), Full> {
        self.end_at(span, outcome, self.ticks_of(span))
    }

    /// Writes the span, complete, with its end at `end_ticks`.
    ///
    /// # Errors
    ///
    /// Returns [`Full`] when the ring refused it, or there is none.
    #[inline(always)]
    pub fn end_at(&self, span: &OpenSpan, outcome: Outcome, end_ticks: u64) -> Result<(), Full> {
        let attributes = (span.words.len() / 2, span.words.as_slice());
        self.end_words(span, outcome, end_ticks, u64::from(span.dropped), attributes)
    }

    /// Writes the span, complete, with what was gathered of it and the present tick as its end.
    ///
    /// # Errors
    ///
    /// Returns [`Full`] when the ring refused it, or there is none.
    #[inline(always)]
    pub fn end_gathered<const WORDS: usize>(
        &self,
        span: &OpenSpan<0>,
        outcome: Outcome,
        gathered: &Gathered<WORDS>,
    ) -> Result<(), Full> {
        let (end_ticks, attributes) = (self.ticks(), (gathered.len(), gathered.words()));
        self.end_words(span, outcome, end_ticks, u64::from(span.dropped), attributes)
    }

    /// Writes the span; `dropped` is the word that counts what it lost, zero for nothing.
    #[inline(always)]
    pub(crate) fn end_words<const WORDS: usize>(
        &self,
        span: &OpenSpan<WORDS>,
        outcome: Outcome,
        end_ticks: u64,
        dropped: u64,
        attributes: (usize, &[u64]),
    ) -> Result<(), Full> {
        // Two copies of the code, so that without an identity the length stays a constant.
        match span.own.identity() {
            None => self.end_for(span, outcome, (end_ticks, dropped), attributes, []),
            Some(identity) => self.end_for(
                span,
                outcome,
                (end_ticks, dropped),
                attributes,
                [identity.to_number()],
            ),
        }
    }

    #[inline(always)]
    fn end_for<const WORDS: usize, const IDENTITIES: usize>(
        &self,
        span: &OpenSpan<WORDS>,
        outcome: Outcome,
        (end_ticks, dropped_word): (u64, u64),
        (attributes, attribute_words): (usize, &[u64]),
        identity: [u64; IDENTITIES],
    ) -> Result<(), Full> {
        let writer = self.writer.get().ok_or(Full)?;
        let has_dropped = dropped_word > 0;
        let words = SPAN_WORDS + usize::from(has_dropped) + IDENTITIES + attribute_words.len();
        writer.reserve(words, |grant| {
            let foreign = if span.own.is_foreign() { SpanBits::FOREIGN } else { 0 };
            let dropped = if has_dropped { SpanBits::DROPPED } else { 0 };
            let identified = if IDENTITIES > 0 { SpanBits::IDENTIFIED } else { 0 };
            let more = foreign | dropped | identified | SpanBits::outcome(outcome);
            let [high, low] = span.own.trace_id;
            grant.put_all(&[
                span.head.to_word(attributes, words) | more,
                span.start_ticks,
                end_ticks,
                span.own.span_id,
                span.parent_id,
                high,
                low,
            ]);
            if has_dropped {
                grant.put(dropped_word);
            }
            grant.put_all(&identity);
            grant.put_attributes(attribute_words);
        })
    }

    /// As [`Recorder::end`], for a span that lost facts besides those that its call site could not write.
    ///
    /// # Errors
    ///
    /// Returns [`Full`] when the ring refused it, or there is none.
    #[cold]
    #[inline(never)]
    pub fn end_short_of<const WORDS: usize>(
        &self,
        span: &OpenSpan<WORDS>,
        outcome: Outcome,
        lost: Dropped,
    ) -> Result<(), Full> {
        let attributes = (span.words.len() / 2, span.words.as_slice());
        self.end_words(span, outcome, self.ticks_of(span), span.dropped_with(lost), attributes)
    }

    /// As [`Recorder::end_gathered`], for a span that lost facts besides those that its call site could not
    /// write.
    ///
    /// # Errors
    ///
    /// Returns [`Full`] when the ring refused it, or there is none.
    #[inline(always)]
    pub fn end_gathered_short_of<const WORDS: usize>(
        &self,
        span: &OpenSpan<0>,
        outcome: Outcome,
        gathered: &Gathered<WORDS>,
        lost: Dropped,
    ) -> Result<(), Full> {
        // A copy: handed a reference, the caller would keep every span in memory for the few.
        self.end_copy(span.resized(), outcome, (gathered.len(), gathered.words()), lost)
    }

    #[cold]
    #[inline(never)]
    fn end_copy(
        &self,
        span: OpenSpan<0>,
        outcome: Outcome,
        attributes: (usize, &[u64]),
        lost: Dropped,
    ) -> Result<(), Full> {
        self.end_words(&span, outcome, self.ticks(), span.dropped_with(lost), attributes)
    }
}

impl<const WORDS: usize> OpenSpan<WORDS> {
    fn dropped_with(&self, lost: Dropped) -> u64 {
        Dropped { attributes: lost.attributes.saturating_add(self.dropped), ..lost }.to_word()
    }
}
