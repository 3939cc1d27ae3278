//! Chosen values of the baggage, said by every span that begins where they are carried.
//!
//! Which keys those are, `init` decides; what they stand for is worked out when baggage changes, so
//! that a span only writes texts. With no key chosen a span pays one load.

use super::facts;
use super::pen;
use crate::keys;
use crate::propagation::Baggage;
use crate::settings;
use exo_trace_core::{Field, InternedKey, OpenSpan, SpanId, Value};
use std::borrow::Cow;
use std::sync::{PoisonError, RwLock};

static CHOSEN: RwLock<Vec<&'static InternedKey>> = RwLock::new(Vec::new());

/// What spans say of a baggage.
pub(super) type Stamps = Vec<(&'static InternedKey, String)>;

/// Lets spans say the values of these keys of the baggage, as attributes of the same names.
///
/// Baggage that is carried already keeps what was chosen when it was set.
pub fn stamp_baggage(chosen: &[String]) {
    let found = chosen.iter().filter_map(|key| keys::interned(Cow::Owned(key.clone())));
    let found = found.collect::<Vec<_>>();
    settings::stamp_baggage(!found.is_empty());
    *CHOSEN.write().unwrap_or_else(PoisonError::into_inner) = found;
}

/// Returns what spans say of `baggage`.
pub(super) fn stamps_of(baggage: &Baggage) -> Stamps {
    if !settings::stamps_baggage() {
        return Stamps::new();
    }
    let chosen = CHOSEN.read().unwrap_or_else(PoisonError::into_inner);
    let said =
        chosen.iter().filter_map(|key| Some((*key, baggage.get(key.key().as_str())?.to_owned())));
    said.collect()
}

/// Lets a span that begins say them, where any are chosen.
#[inline(always)]
pub(super) fn stamp<const WORDS: usize>(open: &mut OpenSpan<WORDS>) {
    if settings::stamps_baggage() && open.is_recording() {
        let order = open.next_order();
        let lost = open.span_id().map_or(0, |span_id| write(span_id, order));
        (0..lost).for_each(|_| open.drop_attribute());
    }
}

/// Writes them, all in the place of one, and returns how many were lost. By value: see
/// [`super::begun`].
#[cold]
#[inline(never)]
fn write(span_id: SpanId, order: u8) -> usize {
    pen::with(|pen| {
        let carrying = pen.hold().current();
        let stamps = carrying.iter().flat_map(|carried| &carried.stamps);
        let texts = stamps.map(|(key, text)| (key.id(), Field::Value(Value::Text(text))));
        texts.filter(|(key, text)| !facts::put_apart(span_id, order, *key, *text)).count()
    })
    .unwrap_or_default()
}
