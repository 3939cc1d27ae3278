//! The identity of a span, said as its attributes: numbers become texts where a span is whole.
//!
//! The texts join as facts like any other, so every way out has them without a case of its own. What
//! the span says itself under one of the keys stands. Words are made once an identity and batch; the
//! next batch asks the process's table again, which learns by it which identities spans are seen of.

use crate::SpanData;
use crate::batch::Batch;
use crate::statistics::Tally;
use exo_trace_core::{Facts, IdentityId, InternedKey, Record, SpanRecord};
use exo_trace_std::{Identity, Value, semconv};
use rustc_hash::FxHashMap;

/// How many identities are kept at hand.
const KNOWN_MAX: usize = 1_024;
/// Where the id of its span stands in the words of a fact.
const SPAN_ID_WORD: usize = 1;

/// The page's names, under which a span may say it too.
static PAGE: [(&str, InternedKey); 2] = [
    ("session.id", InternedKey::new(semconv::EXO_SESSION_ID)),
    ("user.id", InternedKey::new(semconv::EXO_USER_ID)),
];

/// The identities that spans of this batch had.
#[derive(Debug, Default)]
pub(crate) struct Identities {
    known: FxHashMap<IdentityId, Option<Box<[Stamp]>>>,
}

/// One attribute of an identity.
#[derive(Debug)]
struct Stamp {
    key: &'static InternedKey,
    page: Option<&'static InternedKey>,
    /// The words of a fact; the id of the span is that of the last that it was said of.
    words: Vec<u64>,
    is_cut: bool,
}

impl Identities {
    /// Forgets the identities of the batch before.
    pub(crate) fn forget(&mut self) {
        self.known.clear();
    }

    /// Lets the last span of a batch, whose record has these words, say for whom it worked; one that no
    /// destination gets need not.
    #[inline(always)]
    pub(crate) fn stamp(
        &mut self,
        identity: Option<IdentityId>,
        words: &[u64],
        batch: &mut Batch,
        tally: &mut Tally,
    ) {
        if let Some(id) = identity {
            self.stamp_with(id, words, batch, tally);
        }
    }

    #[inline(never)]
    fn stamp_with(&mut self, id: IdentityId, words: &[u64], batch: &mut Batch, tally: &mut Tally) {
        if self.known.len() >= KNOWN_MAX {
            self.forget();
        }
        let Some(place) = batch.len().checked_sub(1) else { return };
        let Some(span) = &Record::span_again(words).filter(|span| span.flags.is_sampled()) else {
            return;
        };
        let Some(stamps) = self.known.entry(id).or_insert_with(|| stamps_of(id, span)) else {
            tally.identities_gone += 1;
            return;
        };
        for stamp in stamps {
            let is_said = |key| SpanData::borrowed(batch, place).said(span, key).is_some();
            if is_said(stamp.key) || stamp.page.is_some_and(is_said) {
                continue;
            }
            if let Some(word) = stamp.words.get_mut(SPAN_ID_WORD) {
                *word = span.span_id.to_word();
            }
            batch.add_fact(place, &stamp.words);
            if stamp.is_cut {
                batch.truncated.add(place, stamp.key.key().as_str());
            }
        }
    }
}

/// Returns what an identity says, in words; `None` where it was forgotten.
fn stamps_of(id: IdentityId, span: &SpanRecord<'_>) -> Option<Box<[Stamp]>> {
    let identity = Identity::of(id)?;
    let stamps = identity.attributes().map(|(key, text, is_cut)| {
        let words = Facts::words_of(span.span_id, key.id(), Value::Text(text)).collect();
        let page = PAGE.iter().find(|(known, _)| *known == key.key().as_str()).map(|(_, key)| key);
        Stamp { key, page, words, is_cut }
    });
    Some(stamps.collect())
}
