//! What is constant, as bytes that are made once: of each call site, and of each key.
//!
//! Both are found by their number, in tables that grow to the number of call sites and keys a process
//! can hold, and no further.

use super::any_value::{VALUE, key_bytes, put_attribute};
use super::mould::{KeyMould, Mould};
use super::protobuf::{put_text, varint};
use super::request::Sheets;
use super::span::{ATTRIBUTES, KIND, NAME};
use crate::dialect::{ByList, FactBits, Vocabulary};
use crate::span_data::Scope;
use crate::span_data::attributes::of_callsite;
use exo_trace_core::{CALLSITES_MAX, Callsite, CallsiteFacts, CallsiteId, KEYS_MAX, KeyId};
use exo_trace_std::{SpanKind, Value};
use std::sync::Arc;

/// What every span of a call site begins with.
#[derive(Debug)]
pub(super) struct Template {
    /// The place of its instrumentation scope among [`Sheets`].
    pub(super) sheet: usize,
    pub(super) name: Name,
    /// The field `kind`.
    pub(super) kind: [u8; 2],
    /// The constant attributes, under the names they are written under.
    pub(super) attributes: Box<[u8]>,
    /// The same under their keys, the marks of all these, and the facts they stand for.
    constants: Box<[(&'static str, Value<'static>)]>,
    marks: u64,
    pub(super) facts: FactBits,
    /// Its simple spans: those without a parent, and those with one.
    moulds: [Option<Mould>; 2],
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
    fn of_callsite(
        facts: &'static CallsiteFacts,
        sheets: &mut Sheets,
        vocabulary: &Vocabulary,
    ) -> Self {
        let scope = Scope { name: facts.scope_name, version: facts.scope_version };
        let mut list = Vec::new();
        of_callsite(facts, vocabulary, &mut list);
        let mut attributes = Vec::new();
        for (key, value) in vocabulary.spelt(&list) {
            put_attribute(&mut attributes, ATTRIBUTES, key, value);
        }
        let name = if facts.name.contains(['{', '}']) {
            Name::WithPlaceholders(facts.name)
        } else {
            Name::Whole(name_bytes(facts.name))
        };
        let kind = [varint(KIND), kind_number(facts.kind)];
        Self {
            sheet: sheets.of(scope),
            moulds: moulds(&name, kind, &attributes),
            name,
            kind,
            attributes: attributes.into(),
            marks: list.iter().fold(0, |marks, (key, _)| marks | mark_of(key)),
            facts: list.iter().fold(0, |facts, (key, _)| facts | vocabulary.bits_of(key)),
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
        let name = Name::Whole(name_bytes("span"));
        let kind = [varint(KIND), kind_number(SpanKind::Internal)];
        Self {
            sheet: sheets.of(Scope::default()),
            moulds: moulds(&name, kind, &[]),
            name,
            kind,
            attributes: Box::default(),
            constants: Box::default(),
            marks: 0,
            facts: 0,
        }
    }

    /// Returns the mould of spans with a parent, or without.
    #[inline]
    pub(super) fn mould(&self, has_parent: bool) -> Option<&Mould> {
        self.moulds[usize::from(has_parent)].as_ref()
    }
}

/// Returns moulds where the name is always the same.
fn moulds(name: &Name, kind: [u8; 2], attributes: &[u8]) -> [Option<Mould>; 2] {
    let Name::Whole(name) = name else { return [None, None] };
    let named = [name, &kind[..]].concat();
    [false, true].map(|has_parent| Mould::new(has_parent, &named, attributes))
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
    pub(super) fn of(
        &mut self,
        callsite: Option<CallsiteId>,
        sheets: &mut Sheets,
        vocabulary: &Vocabulary,
    ) -> &Template {
        let Some(id) = callsite else { return &self.none };
        let place = usize::from(id.to_number());
        if !matches!(self.callsites.get(place), Some(Some(_))) {
            self.learn(id, place, sheets, vocabulary);
        }
        self.callsites.get(place).and_then(Option::as_deref).unwrap_or(&self.none)
    }

    #[cold]
    #[inline(never)]
    fn learn(
        &mut self,
        id: CallsiteId,
        place: usize,
        sheets: &mut Sheets,
        vocabulary: &Vocabulary,
    ) {
        let facts = id.callsite().map(Callsite::facts);
        // A number that was never given has no call site, and needs no place either.
        if let Some(facts) = facts.filter(|_| place <= CALLSITES_MAX) {
            let len = self.callsites.len().max(place + 1);
            self.callsites.resize_with(len, || None);
            let template = Template::of_callsite(facts, sheets, vocabulary);
            self.callsites[place] = Some(Box::new(template));
        }
    }
}

/// A key as it stands in an attribute.
#[derive(Debug)]
pub(super) struct KnownKey {
    pub(super) name: &'static str,
    /// The name it has outside of spans, and in those that have it but once.
    pub(super) bytes: Box<[u8]>,
    /// All names under which a span says it, where there is another or more than one.
    pub(super) names: Box<[Box<[u8]>]>,
    pub(super) mark: u64,
    /// What it stands for.
    pub(super) facts: FactBits,
    /// The attribute up to its value, where it has one name and that is short.
    pub(super) mould: Option<KeyMould>,
}

impl KnownKey {
    fn new(name: &'static str, vocabulary: &Vocabulary) -> Self {
        let names = vocabulary.names_of(name);
        let names = if names == [name] { Vec::new() } else { names };
        let in_bytes = |name| key_bytes(vocabulary.in_namespace(name));
        let bytes = in_bytes(name);
        let mould = KeyMould::new(ATTRIBUTES, &bytes, VALUE).filter(|_| names.is_empty());
        Self {
            name,
            bytes,
            mould,
            names: names.into_iter().map(in_bytes).collect(),
            mark: mark_of(name),
            facts: vocabulary.bits_of(name),
        }
    }
}

/// The keys met so far.
#[derive(Debug)]
pub(super) struct Keys {
    vocabulary: Arc<Vocabulary>,
    /// Which facts need all attributes at once to be named.
    pub(super) by_list: ByList,
    known: Vec<Option<KnownKey>>,
}

impl Keys {
    pub(super) fn new(vocabulary: Arc<Vocabulary>) -> Self {
        Self { by_list: vocabulary.by_list(), vocabulary, known: Vec::new() }
    }

    /// Tells whether they are written as this vocabulary has them.
    pub(super) fn are_of(&self, vocabulary: &Arc<Vocabulary>) -> bool {
        Arc::ptr_eq(&self.vocabulary, vocabulary)
    }

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
            self.known[place] = Some(KnownKey::new(key.as_str(), &self.vocabulary));
        }
    }
}
