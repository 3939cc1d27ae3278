//! Which spans are simple enough for a mould, found out while they are written.
//!
//! Simple is a span that ended well, lost nothing, and says each fact once in words that need no
//! other form: nearly all are. The first thing that is not so leaves the span to
//! [`Source`](super::span::Source), and what was written of it is written over.

use super::mould::{self, Cast, Mould};
use super::own::Own;
use super::span::flags_word;
use super::template::{Keys, Template};
use crate::batch::{Batch, Over};
use exo_trace_core::{Dropped, Encoded, Outcome, SpanRecord};

/// Where a span stands, and what is constant about it.
#[derive(Clone, Copy)]
pub(super) struct Simple<'a, 't> {
    pub(super) batch: &'a Batch,
    pub(super) place: usize,
    pub(super) template: &'t Template,
    pub(super) mould: &'t Mould,
}

impl<'a> Simple<'a, '_> {
    /// Writes the span, whose record this is, and returns how long it is; `None` where it is not simple.
    #[inline(always)]
    pub(super) fn put(
        self,
        span: SpanRecord<'a>,
        cast: &mut Cast,
        keys: &mut Keys,
        own: &mut Own<'a>,
    ) -> Option<usize> {
        let Self { batch, place, mould, .. } = self;
        // The place of a span that was just read.
        let whole = &batch.spans[place];
        let has_lost = span.dropped != Dropped::default() || whole.over != Over::default();
        let says_more = batch.derived.has(place) || !batch.truncated.of(place).is_empty();
        let is_made_more_of = keys.by_list.has_all_of(whole.operation);
        if span.outcome != Outcome::Ended || has_lost || says_more || is_made_more_of {
            return None;
        }
        let at = mould.begin(cast, &span)?;
        let at = match whole.facts.is_empty() {
            true => self.put_attributes(cast, at, || span.attributes.encoded(), keys)?,
            false => self.put_gathered(cast, at, keys, own)?,
        };
        mould::end(cast, at, flags_word(span.flags, span.is_parent_remote))
    }

    /// Writes attributes that stand in several records; reads the first once more, because what goes to
    /// a function that is not inlined would have to live in memory for all spans.
    #[inline(never)]
    fn put_gathered(
        self,
        cast: &mut Cast,
        at: usize,
        keys: &mut Keys,
        own: &mut Own<'a>,
    ) -> Option<usize> {
        own.gather(self.batch, self.place, &self.batch.record(self.place));
        let is_simple = own.keyless == 0 && own.facts.is_empty();
        let attributes = || own.attributes().copied();
        is_simple.then(|| self.put_attributes(cast, at, attributes, keys)).flatten()
    }

    /// Writes attributes that are in order, each key and each fact once, none of them the call site's.
    #[inline(always)]
    fn put_attributes<A: Iterator<Item = Encoded<'a>>>(
        self,
        cast: &mut Cast,
        mut at: usize,
        attributes: impl Fn() -> A,
        keys: &mut Keys,
    ) -> Option<usize> {
        let (mut met, mut facts, mut order) = (0_u64, self.template.facts, 0);
        for (place, attribute) in attributes().enumerate() {
            let key = keys.of(attribute.key())?;
            // Most keys have a bit of their own, and need no second look.
            let bit = 1 << (attribute.key().to_number() & 63);
            let mut before = attributes().take(place);
            let is_twice = met & bit != 0 && before.any(|other| other.key() == attribute.key());
            let is_said = is_twice || facts & key.facts != 0 || self.template.has(key);
            if is_said || attribute.order() < order {
                return None;
            }
            at = key.mould.as_ref()?.put(cast, at, attribute.value()?)?;
            (met, facts, order) = (met | bit, facts | key.facts, attribute.order());
        }
        (facts == 0 || !keys.by_list.has(facts, false)).then_some(at)
    }
}
