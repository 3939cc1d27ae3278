//! What boards call their spans and values, in the tables of this process.
//!
//! A table never forgets, so what is taken into it is bounded: boards of one firmware share their call
//! sites. A name that finds no room travels as text with its span;
//! what is said under a key that finds none is left out.

use super::record::DeviceSite;
use exo_trace_core::{
    CALLSITES_MAX, Callsite, CallsiteFacts, CallsiteId, KEYS_MAX, KeyId, SpanKind,
};
use exo_trace_std::{Counter, PerProcess, key_at_run_time};
use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

/// How many call sites of boards there can be: the program's own need room as well.
const SITES_MAX: usize = CALLSITES_MAX / 2;
/// How many keys of boards there can be.
const KEYS_HERE_MAX: usize = KEYS_MAX / 2;
/// How long a name may be that is kept for good.
const NAME_BYTES_MAX: usize = 256;

static KNOWN: PerProcess<Mutex<Known>> = PerProcess::new();

#[derive(Default)]
struct Known {
    sites: HashMap<(Box<str>, SpanKind), CallsiteId>,
    keys: HashSet<Box<str>>,
    /// Whether the program itself has filled the table.
    is_full: bool,
}

/// Returns the number of a board's call site; `None` where the table is full.
pub(super) fn number_of(site: &DeviceSite) -> Option<CallsiteId> {
    let mut known = KNOWN.lock();
    let key = (site.name.clone(), site.kind);
    if let Some(&number) = known.sites.get(&key) {
        return Some(number);
    }
    if known.is_full || known.sites.len() >= SITES_MAX || site.name.len() > NAME_BYTES_MAX {
        return None;
    }
    let facts = CallsiteFacts {
        // Braces of a name stand for themselves.
        name: site.name.replace('{', "{{").replace('}', "}}").leak(),
        kind: site.kind,
        function: "",
        module: "",
        file: "",
        line: 0,
        scope_name: "exo-trace-device",
        scope_version: env!("CARGO_PKG_VERSION"),
        attributes: &[],
    };
    let callsite: &'static Callsite =
        Box::leak(Box::new(Callsite::new(Box::leak(Box::new(facts)))));
    let Some(number) = callsite.id() else {
        // What was made for it is never given back, so nothing is made for the next.
        known.is_full = true;
        return None;
    };
    known.sites.insert(key, number);
    Some(number)
}

/// Returns the number of a board's key; none, which is counted, where there is no room for it.
pub(super) fn key_of(name: &str) -> KeyId {
    let mut known = KNOWN.lock();
    if !known.keys.contains(name) {
        if known.keys.len() >= KEYS_HERE_MAX {
            Counter::KeysFull.add(1);
            return KeyId::NONE;
        }
        known.keys.insert(name.into());
    }
    key_at_run_time(name)
}
