//! Chosen values of the baggage, said by every span that begins where they are carried.
//!
//! Which keys those are, `init` decides; what they stand for is worked out when baggage changes, so
//! that a span only writes texts. With no key chosen a span pays one load.

use super::{carried, facts};
use crate::counters::Counter;
use crate::keys;
use crate::per_process::PerProcess;
use crate::propagation::Baggage;
use crate::settings;
use exo_trace_core::{BEFORE_CALL_SITE, CallsiteId, Field, InternedKey, OpenSpan, SpanId, Value};
use std::borrow::Cow;
use std::sync::{PoisonError, RwLock};

static CHOSEN: PerProcess<RwLock<Vec<&'static InternedKey>>> = PerProcess::new();

/// What spans say of a baggage.
pub(super) type Stamps = Vec<(&'static InternedKey, String)>;

/// Lets spans say the values of these keys of the baggage, as attributes of the same names.
///
/// Baggage that is carried already keeps what was chosen when it was set. A key that finds no room in
/// the table is counted, and said by none.
pub fn stamp_baggage(chosen: &[String]) {
    let found = chosen.iter().filter_map(|key| keys::interned(Cow::Owned(key.clone())));
    let found = found.collect::<Vec<_>>();
    Counter::KeysFull.add((chosen.len() - found.len()) as u64);
    settings::stamp_baggage(!found.is_empty());
    *own_choice().write().unwrap_or_else(PoisonError::into_inner) = found;
}

/// Returns what is chosen in this process. A forked child has its parent's choice, and none where that
/// was just being made.
fn own_choice() -> &'static RwLock<Vec<&'static InternedKey>> {
    CHOSEN.own(|parents| {
        let chosen = parents.and_then(|parents| parents.try_read().ok());
        RwLock::new(chosen.map(|chosen| chosen.clone()).unwrap_or_default())
    })
}

/// Returns what spans say of `baggage`.
pub(super) fn stamps_of(baggage: &Baggage) -> Stamps {
    if !settings::stamps_baggage() {
        return Stamps::new();
    }
    let chosen = own_choice().read().unwrap_or_else(PoisonError::into_inner);
    let said =
        chosen.iter().filter_map(|key| Some((*key, baggage.get(key.key().as_str())?.to_owned())));
    said.collect()
}

/// Lets a span that begins say them, where any are chosen, before its own attributes.
#[inline(always)]
pub(super) fn stamp<const WORDS: usize>(open: &mut OpenSpan<WORDS>) {
    if settings::stamps_baggage() {
        let span_id = open.span_id().filter(|_| open.is_recording());
        open.drop_attributes(write(span_id, open.callsite()));
    }
}

/// Writes them and returns how many were lost; what the span says itself under one of the keys stands.
/// By value: see [`super::begun`].
#[cold]
#[inline(never)]
fn write(span_id: Option<SpanId>, callsite: Option<CallsiteId>) -> u16 {
    let Some(span_id) = span_id else { return 0 };
    let constants = callsite.and_then(CallsiteId::callsite).map(|site| site.facts().attributes);
    let is_constant = |key: &InternedKey| {
        constants.is_some_and(|constants| constants.iter().any(|(known, _)| *known == key.key()))
    };
    let carrying = carried::current();
    let stamps = carrying.iter().flat_map(|carried| &carried.stamps);
    let said = stamps.filter(|(key, _)| !is_constant(key)).map(|(key, text)| {
        let field = Field::Value(Value::Text(text));
        facts::put_apart(span_id, BEFORE_CALL_SITE, key.id(), field)
    });
    u16::try_from(said.filter(|is_written| !is_written).count()).unwrap_or(u16::MAX)
}
