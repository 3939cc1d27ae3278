//! What boards call their spans and values, in the tables of this process.
//!
//! A table never forgets, so what is taken into it is bounded: boards of one firmware share their call
//! sites. A name that finds no room travels as text with its span.

use super::record::DeviceSite;
use exo_trace_core::{CALLSITES_MAX, Callsite, CallsiteFacts, CallsiteId, SpanKind};
use exo_trace_std::PerProcess;
use std::collections::HashMap;
use std::sync::Mutex;

/// How many call sites of boards there can be: the program's own need room as well.
const SITES_MAX: usize = CALLSITES_MAX / 2;
/// How long a name may be that is kept for good.
const NAME_BYTES_MAX: usize = 256;

static KNOWN: PerProcess<Mutex<Known>> = PerProcess::new();

#[derive(Default)]
struct Known {
    sites: HashMap<(Box<str>, SpanKind), CallsiteId>,
}

/// Returns the number of a board's call site; `None` where the table is full.
pub(super) fn number_of(site: &DeviceSite) -> Option<CallsiteId> {
    let mut known = KNOWN.lock();
    let key = (site.name.clone(), site.kind);
    if let Some(&number) = known.sites.get(&key) {
        return Some(number);
    }
    if known.sites.len() >= SITES_MAX || site.name.len() > NAME_BYTES_MAX {
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
    let number = callsite.id()?;
    known.sites.insert(key, number);
    Some(number)
}
