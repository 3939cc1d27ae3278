//! What is constant about a span or event of `tracing`: made once for its metadata, and leaked.
//!
//! Metadata live as long as the program, so their address stands for them: a small direct-mapped cache
//! of each thread answers without a lock, and a miss asks one locked table of the process.

use super::meaning::Meaning;
use crate::counters::Counter;
use crate::keys;
use crate::per_process::PerProcess;
use exo_trace_core::{
    CALLSITES_MAX, Callsite, CallsiteFacts, Key, KeyId, SpanKind, Value, Written,
};
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};
use tracing_core::field::Field;
use tracing_core::{Level, Metadata};

/// How many sites a thread remembers; a power of two. Only the pages that are used take memory.
const CACHE_ENTRIES: usize = 256;

/// How many sites of events there can be; those of spans are bounded by [`CALLSITES_MAX`].
const EVENT_SITES_MAX: usize = CALLSITES_MAX;

/// What `tracing-log` calls the target of all that comes from the `log` crate.
const LOG_TARGET: &str = "log";

/// A metadata's address, and its site; none for one that found no room, which it never will.
type Remembered = (usize, Option<&'static Site>);

thread_local! {
    static CACHE: [Cell<Remembered>; CACHE_ENTRIES] =
        const { [const { Cell::new((0, None)) }; CACHE_ENTRIES] };
}

static SITES: PerProcess<Mutex<Known>> = PerProcess::new();

#[derive(Default)]
struct Known {
    sites: HashMap<usize, &'static Site>,
    /// How many of them are of events.
    events: usize,
}

pub(super) struct Site {
    callsite: Callsite,
    /// The same place, for each kind that it turned out to be.
    kinds: [OnceLock<Callsite>; 4],
    plans: Box<[Plan]>,
    /// What each event from here says, whatever else it says.
    constants: Vec<Written<'static>>,
}

/// What becomes of a field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    name: &'static str,
    key: KeyId,
    meaning: Meaning,
}

impl Site {
    /// Returns the site of a span's or event's metadata; `None` where the table is full.
    #[inline]
    pub(super) fn of(metadata: &'static Metadata<'static>) -> Option<&'static Self> {
        let address = std::ptr::from_ref(metadata).addr();
        // Metadata lie a little more than a hundred bytes apart.
        let home = (address >> 4 ^ address >> 10) & (CACHE_ENTRIES - 1);
        let remembered = CACHE.try_with(|cache| cache.get(home).map(Cell::get)).ok().flatten();
        match remembered {
            Some((known, site)) if known == address => site,
            _ => look_up(address, home, metadata),
        }
    }

    /// Returns the call site of a span that is of the usual kind.
    pub(super) fn callsite(&'static self) -> &'static Callsite {
        &self.callsite
    }

    /// Returns the call site of a span of this kind.
    pub(super) fn callsite_of(&'static self, kind: SpanKind) -> &'static Callsite {
        let place = match kind {
            SpanKind::Internal => None,
            SpanKind::Server => self.kinds.first(),
            SpanKind::Client => self.kinds.get(1),
            SpanKind::Producer => self.kinds.get(2),
            SpanKind::Consumer => self.kinds.get(3),
        };
        place.map_or(&self.callsite, |place| {
            place.get_or_init(|| {
                let facts = CallsiteFacts { kind, ..*self.callsite.facts() };
                Callsite::new(Box::leak(Box::new(facts)))
            })
        })
    }

    fn plan(&self, field: &Field) -> Option<&Plan> {
        // Values can be recorded for fields of other metadata; then the place says nothing.
        let name = field.name();
        self.plans.get(field.index()).filter(|plan| std::ptr::eq(plan.name, name))
    }

    pub(super) fn constants(&self) -> &[Written<'static>] {
        &self.constants
    }

    fn new(metadata: &'static Metadata<'static>) -> Self {
        let plans = metadata.fields().iter().map(|field| Plan::new(field.name(), metadata));
        Self {
            callsite: Callsite::new(Box::leak(Box::new(facts(metadata)))),
            kinds: [const { OnceLock::new() }; 4],
            plans: plans.collect(),
            constants: if metadata.is_event() { constants(metadata) } else { Vec::new() },
        }
    }
}

impl Plan {
    /// Returns the number of a field's key, and what it says.
    #[inline(always)]
    pub(super) fn of(
        field: &Field,
        site: Option<&'static Site>,
        metadata: &'static Metadata<'static>,
    ) -> (KeyId, Meaning) {
        match site.and_then(|site| site.plan(field)) {
            Some(plan) => (plan.key, plan.meaning),
            None => Self::unknown(field.name(), metadata),
        }
    }

    #[cold]
    #[inline(never)]
    fn unknown(name: &'static str, metadata: &'static Metadata<'static>) -> (KeyId, Meaning) {
        let plan = Self::new(name, metadata);
        (plan.key, plan.meaning)
    }

    fn new(name: &'static str, metadata: &Metadata<'_>) -> Self {
        let meaning =
            if metadata.is_event() { Meaning::in_event(name) } else { Meaning::in_span(name) };
        let key = match name {
            "log.target" if is_log(metadata) => "target",
            "log.module_path" if is_log(metadata) => "code.module.name",
            "log.file" if is_log(metadata) => "code.file.path",
            "log.line" if is_log(metadata) => "code.line.number",
            name => name,
        };
        Self { name, key: key_id(key), meaning }
    }
}

/// Tells whether it stands for all records of the `log` crate, which say themselves where they are.
fn is_log(metadata: &Metadata<'_>) -> bool {
    metadata.is_event() && metadata.target() == LOG_TARGET
}

/// Returns the number of a key, none where it finds no room; the table counts that.
pub(super) fn key_id(name: impl Into<Cow<'static, str>>) -> KeyId {
    keys::interned(name.into()).map_or_else(
        || {
            Counter::KeysFull.add(1);
            KeyId::NONE
        },
        |key| key.id(),
    )
}

#[cold]
#[inline(never)]
fn look_up(
    address: usize,
    home: usize,
    metadata: &'static Metadata<'static>,
) -> Option<&'static Site> {
    let site = SITES.lock().site(address, metadata);
    let _ = CACHE.try_with(|cache| cache.get(home).map(|entry| entry.set((address, site))));
    site
}

impl Known {
    fn site(
        &mut self,
        address: usize,
        metadata: &'static Metadata<'static>,
    ) -> Option<&'static Site> {
        if let Some(site) = self.sites.get(&address) {
            return Some(site);
        }
        let has_room = if metadata.is_event() {
            self.events < EVENT_SITES_MAX
        } else {
            self.sites.len() - self.events < CALLSITES_MAX
        };
        if !has_room {
            return None;
        }
        self.events += usize::from(metadata.is_event());
        let site: &'static Site = Box::leak(Box::new(Site::new(metadata)));
        self.sites.insert(address, site);
        Some(site)
    }
}

fn facts(metadata: &'static Metadata<'static>) -> CallsiteFacts {
    let module = metadata.module_path().unwrap_or_default();
    let attributes = [("level", level(metadata)), ("target", metadata.target())];
    let attributes = attributes.map(|(key, value)| (Key::new(key), Value::Text(value)));
    CallsiteFacts {
        name: without_placeholders(metadata.name()),
        kind: SpanKind::Internal,
        // A span's name may be that of its function, or any other.
        function: "",
        module,
        file: metadata.file().unwrap_or_default(),
        line: metadata.line().unwrap_or_default(),
        scope_name: module.split("::").next().unwrap_or_default(),
        scope_version: "",
        attributes: Box::leak(Box::new(attributes)),
    }
}

/// Doubles the braces of a name, which stand for themselves.
fn without_placeholders(name: &'static str) -> &'static str {
    if name.contains(['{', '}']) { name.replace('{', "{{").replace('}', "}}").leak() } else { name }
}

fn level(metadata: &Metadata<'_>) -> &'static str {
    match *metadata.level() {
        Level::ERROR => "ERROR",
        Level::WARN => "WARN",
        Level::INFO => "INFO",
        Level::DEBUG => "DEBUG",
        Level::TRACE => "TRACE",
    }
}

/// One word each: their texts are as numbered as keys, unless there are too many.
fn constants(metadata: &'static Metadata<'static>) -> Vec<Written<'static>> {
    let text = |text: &'static str| {
        let id = keys::value_id(text);
        if id.is_none() { Value::Text(text) } else { Value::Interned(id) }
    };
    let target = Some(metadata.target()).filter(|_| !is_log(metadata));
    let constants = [
        ("level", Some(text(level(metadata)))),
        ("target", target.map(text)),
        ("code.file.path", metadata.file().map(text)),
        ("code.line.number", metadata.line().map(|line| Value::I64(line.into()))),
    ];
    let said = constants.into_iter().filter_map(|(key, value)| {
        Some(Written { key: key_id(key), order: 0, is_cut: false, value: value? })
    });
    said.collect()
}
