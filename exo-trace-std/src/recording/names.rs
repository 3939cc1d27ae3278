//! Names given as values: how the functions `span_sync` and `Span::start` find their call site.
//!
//! A literal name and the place it is used at make a call site, found through a small direct-mapped
//! cache of the thread, keyed by the two addresses; a miss asks one locked table of the process, a
//! first use leaks the call site into it. Names made at run time never enter a table: they travel as
//! text in a record of their own, and only their place becomes a call site.

use super::begun::Begun;
use super::facts::Facts;
use crate::AttributeSource;
use crate::per_process::PerProcess;
use crate::settings;
use exo_trace_core::{
    CALLSITES_MAX, Callsite, CallsiteFacts, CallsiteId, Current, SpanId, SpanKind,
};
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;
use std::panic::Location;
use std::sync::Mutex;

/// How many call sites a thread remembers; a power of two.
const CACHE_ENTRIES: usize = 64;

/// A name's address and length, and the address of the place that uses it.
type PlaceKey = (usize, usize, usize);

thread_local! {
    static CACHE: [Cell<(PlaceKey, Option<CallsiteId>)>; CACHE_ENTRIES] =
        const { [const { Cell::new(((0, 0, 0), None)) }; CACHE_ENTRIES] };
}

static CALLSITES: PerProcess<Mutex<HashMap<PlaceKey, &'static Callsite>>> = PerProcess::new();

/// Begins a child of the current span under a name that is a value.
#[inline(always)]
pub(crate) fn begin_named(
    name: Cow<'static, str>,
    attributes: impl AttributeSource,
    place: &'static Location<'static>,
) -> Begun {
    let mut begun = if settings::is_on() {
        begin_now(None, name, place)
    } else {
        settings::count_off();
        Begun::none()
    };
    put_all(&mut begun, attributes);
    begun
}

/// As [`begin_named`], for a span that is recorded even where its trace is not sampled.
#[inline(always)]
pub(crate) fn begin_measured(
    name: Cow<'static, str>,
    attributes: impl AttributeSource,
    place: &'static Location<'static>,
) -> Begun {
    let mut begun = if settings::is_on() {
        let literal = literal_of(&name);
        renamed(Begun::measured(literal, || callsite_id(literal, place)), name)
    } else {
        settings::count_off();
        Begun::none()
    };
    put_all(&mut begun, attributes);
    begun
}

/// Begins a child of `parent` under a name that is a value.
pub(super) fn begin_below(
    parent: Option<Current>,
    name: Cow<'static, str>,
    attributes: impl AttributeSource,
    place: &'static Location<'static>,
) -> Begun {
    if !settings::is_on() {
        settings::count_off();
        return Begun::none();
    }
    let begun = begin_now(parent, name, place);
    let mut begun = match parent {
        Some(parent) => begun.or_passing_on(parent),
        None => begun,
    };
    put_all(&mut begun, attributes);
    begun
}

/// Begins a span below `parent`, or below the current one.
#[inline(always)]
fn begin_now(
    parent: Option<Current>,
    name: Cow<'static, str>,
    place: &'static Location<'static>,
) -> Begun {
    let literal = literal_of(&name);
    renamed(Begun::below(parent, literal, || callsite_id(literal, place)), name)
}

/// Returns the name of the call site.
#[expect(clippy::ptr_arg, reason = "a `&str` would not live as long as a literal")]
#[inline(always)]
fn literal_of(name: &Cow<'static, str>) -> &'static str {
    match name {
        Cow::Borrowed(name) => name,
        Cow::Owned(_) => "span",
    }
}

/// Gives a span the name that was made for it.
#[inline(always)]
fn renamed(begun: Begun, name: Cow<'static, str>) -> Begun {
    if let Cow::Owned(name) = name {
        rename(begun.span_id(), name);
    }
    begun
}

#[cold]
#[inline(never)]
fn rename(span_id: Option<SpanId>, name: String) {
    Facts::of_span(span_id).rename(&name);
}

#[inline(always)]
fn put_all(begun: &mut Begun, attributes: impl AttributeSource) {
    if begun.is_recording() {
        attributes.attributes().for_each(|attribute| begun.put(attribute.key, attribute.field));
    }
}

#[inline(always)]
fn callsite_id(name: &'static str, place: &'static Location<'static>) -> Option<CallsiteId> {
    let key = (name.as_ptr().addr(), name.len(), std::ptr::from_ref(place).addr());
    // The places of neighbouring lines lie 24 bytes apart, so the low three bits say nothing.
    let home = ((key.0 ^ key.2 >> 3) ^ key.2 >> 9) & (CACHE_ENTRIES - 1);
    let cached = CACHE.try_with(|cache| cache.get(home).map(Cell::get)).ok().flatten();
    match cached {
        Some((cached, Some(id))) if cached == key => Some(id),
        _ => look_up(key, home, name, place),
    }
}

#[cold]
#[inline(never)]
fn look_up(
    key: PlaceKey,
    home: usize,
    name: &'static str,
    place: &'static Location<'static>,
) -> Option<CallsiteId> {
    let callsite = {
        let mut table = CALLSITES.lock();
        match table.get(&key) {
            Some(callsite) => *callsite,
            None if table.len() >= CALLSITES_MAX => return None,
            None => *table.entry(key).or_insert_with(|| leak(name, place)),
        }
    };
    let id = callsite.id()?;
    let _ = CACHE.try_with(|cache| cache.get(home).map(|entry| entry.set((key, Some(id)))));
    Some(id)
}

fn leak(name: &'static str, place: &'static Location<'static>) -> &'static Callsite {
    let facts = CallsiteFacts {
        name,
        kind: SpanKind::Internal,
        function: "",
        module: "",
        file: place.file(),
        line: place.line(),
        scope_name: "",
        scope_version: "",
        attributes: &[],
    };
    Box::leak(Box::new(Callsite::new(Box::leak(Box::new(facts)))))
}
