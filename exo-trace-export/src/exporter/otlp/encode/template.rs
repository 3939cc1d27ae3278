//! What is constant, as bytes that are made once: of each call site, and of each key.
//!
//! Both are found by their number, in tables that grow to the number of call sites and keys a process
//! can hold, and no further.

use super::any_value::{key_bytes, put_attribute};
use super::protobuf::{put_text, varint};
use super::request::Sheets;
use super::span::{ATTRIBUTES, KIND, NAME};
use crate::span_data::Scope;
use crate::span_data::attributes::of_callsite;
use exo_trace_core::{CALLSITES_MAX, Callsite, CallsiteFacts, CallsiteId, KEYS_MAX, KeyId};
use exo_trace_std::{SpanKind, Value};

/// What every span of a call site begins with.
#[derive(Debug)]
pub(super) struct Template {
    /// The place of its instrumentation scope among [`Sheets`].
    pub(super) sheet: usize,
    pub(super) name: Name,
    /// The field `kind`.
    pub(super) kind: [u8; 2],
    /// The constant attributes.
    pub(super) attributes: Box<[u8]>,
    /// The same once more, and the marks of all their keys.
    constants: Box<[(&'static str, Value<'static>)]>,
    marks: u64,
}

/// The name of a call site's spans.
#[derive(Debug)]
pub(super) enum Name {
    /// The field `name`.
    Whole(Box<[u8]>),
    /// A name whose placeholders wait for values.
    WithPlaceholders(&'static str),
}

impl Template {
    fn of_callsite(facts: &'static CallsiteFacts, sheets: &mut Sheets) -> Self {
        let scope = Scope { name: facts.scope_name, version: facts.scope_version };
        let mut list = Vec::new();
        of_callsite(facts, &mut list);
        let mut attributes = Vec::new();
        for &(key, value) in &list {
            put_attribute(&mut attributes, ATTRIBUTES, key, value);
        }
        let name = if facts.name.contains(['{', '}']) {
            Name::WithPlaceholders(facts.name)
        } else {
            Name::Whole(name_bytes(facts.name))
        };
        Self {
            sheet: sheets.of(scope),
            name,
            kind: [varint(KIND), kind_number(facts.kind)],
            attributes: attributes.into(),
            marks: list.iter().fold(0, |marks, (key, _)| marks | mark_of(key)),
            constants: list.into(),
        }
    }

    /// Tells whether a constant attribute has this key.
    #[inline]
    pub(super) fn has(&self, key: &KnownKey) -> bool {
        self.marks & key.mark == key.mark && self.value_of(key.name).is_some()
    }

    /// Returns the value of a constant attribute.
    pub(super) fn value_of(&self, key: &str) -> Option<Value<'static>> {
        self.constants.iter().find_map(|(known, value)| (*known == key).then_some(*value))
    }

    /// Returns the template of spans whose call site found no room in the table.
    fn of_none(sheets: &mut Sheets) -> Self {
        Self {
            sheet: sheets.of(Scope::default()),
            name: Name::Whole(name_bytes("span")),
            kind: [varint(KIND), kind_number(SpanKind::Internal)],
            attributes: Box::default(),
            constants: Box::default(),
            marks: 0,
        }
    }
}

fn name_bytes(name: &str) -> Box<[u8]> {
    let mut bytes = Vec::new();
    put_text(&mut bytes, NAME, name);
    bytes.into()
}

fn kind_number(kind: SpanKind) -> u8 {
    match kind {
        SpanKind::Internal => 1,
        SpanKind::Server => 2,
        SpanKind::Client => 3,
        SpanKind::Producer => 4,
        SpanKind::Consumer => 5,
    }
}

/// Returns two of 64 bits for a key: where one of them is missing, the key is too.
fn mark_of(key: &str) -> u64 {
    let hash = key.bytes().fold(0_u32, |hash, byte| hash.wrapping_mul(31) + u32::from(byte));
    let spread = hash.wrapping_mul(0x9e37_79b1);
    1 << (spread >> 26) | 1 << (spread >> 20 & 63)
}

/// The templates of all call sites met so far.
#[derive(Debug)]
pub(super) struct Templates {
    none: Template,
    callsites: Vec<Option<Box<Template>>>,
}

impl Templates {
    pub(super) fn new(sheets: &mut Sheets) -> Self {
        Self { none: Template::of_none(sheets), callsites: Vec::new() }
    }

    /// Returns the template of a call site.
    #[inline]
    pub(super) fn of(&mut self, callsite: Option<CallsiteId>, sheets: &mut Sheets) -> &Template {
        let Some(id) = callsite else { return &self.none };
        let place = usize::from(id.to_number());
        if !matches!(self.callsites.get(place), Some(Some(_))) {
            self.learn(id, place, sheets);
        }
        self.callsites.get(place).and_then(Option::as_deref).unwrap_or(&self.none)
    }

    #[cold]
    #[inline(never)]
    fn learn(&mut self, id: CallsiteId, place: usize, sheets: &mut Sheets) {
        let facts = id.callsite().map(Callsite::facts);
        // A number that was never given has no call site, and needs no place either.
        if let Some(facts) = facts.filter(|_| place <= CALLSITES_MAX) {
            let len = self.callsites.len().max(place + 1);
            self.callsites.resize_with(len, || None);
            self.callsites[place] = Some(Box::new(Template::of_callsite(facts, sheets)));
        }
    }
}

/// A key as it stands in an attribute.
#[derive(Debug)]
pub(super) struct KnownKey {
    pub(super) name: &'static str,
    pub(super) bytes: Box<[u8]>,
    pub(super) mark: u64,
}

/// The keys met so far.
#[derive(Debug, Default)]
pub(super) struct Keys {
    known: Vec<Option<KnownKey>>,
}

impl Keys {
    /// Returns a key, as it was when it was last learnt.
    #[inline]
    pub(super) fn get(&self, id: KeyId) -> Option<&KnownKey> {
        self.known.get(usize::from(id.to_number()))?.as_ref()
    }

    /// Returns a key; `None` where the number stands for none.
    #[inline]
    pub(super) fn of(&mut self, id: KeyId) -> Option<&KnownKey> {
        let place = usize::from(id.to_number());
        if !matches!(self.known.get(place), Some(Some(_))) {
            self.learn(id, place);
        }
        self.get(id)
    }

    #[cold]
    #[inline(never)]
    fn learn(&mut self, id: KeyId, place: usize) {
        if let Some(key) = id.key().filter(|_| place <= KEYS_MAX) {
            let len = self.known.len().max(place + 1);
            self.known.resize_with(len, || None);
            let name = key.as_str();
            let known = KnownKey { name, bytes: key_bytes(name), mark: mark_of(name) };
            self.known[place] = Some(known);
        }
    }
}
