//! The names that the chosen dialects write, worked out once for a whole run.
//!
//! What stands under a key of ours is written under the chosen dialects' names for it. What somebody
//! wrote under another dialect's name stays as he wrote it, and the chosen names are added unless
//! they were said as well. A key that none of them has a name for is written as it is.

use super::namespace::Namespace;
use super::said::{Attributes, Said};
use super::{CameOut, Dialect, Dialects, code, gen_ai_141, open_inference, page};
use crate::config::CodeAttributes;
use exo_trace_core::CallsiteFacts;
use exo_trace_std::Value;
use rustc_hash::FxHashMap;

/// A set of facts, one bit each: names of the same fact have the same bit.
pub(crate) type FactBits = u64;

/// The names that the chosen dialects write.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    pub(super) dialects: Dialects,
    pub(super) namespace: Option<Namespace>,
    code_attributes: CodeAttributes,
    pub(super) words: FxHashMap<&'static str, Word>,
}

/// A name that a dialect has, or that something is made of.
#[derive(Debug)]
pub(super) struct Word {
    /// The key that call sites use for the same.
    pub(super) key: &'static str,
    pub(super) bit: FactBits,
    /// Other dialects' names for it.
    pub(super) aliases: Box<[&'static str]>,
    /// The chosen dialects' names; where there are none, the key stays.
    pub(super) spellings: Box<[Spelling]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spelling {
    pub(super) name: &'static str,
    pub(super) is_double: bool,
}

impl Vocabulary {
    pub(crate) fn new(dialects: Dialects, namespace: &str) -> Self {
        let mut words = FxHashMap::default();
        let keys = keys();
        debug_assert!(keys.len() < 63, "each has a bit beside that of namespaces");
        for (number, &key) in keys.iter().enumerate() {
            let bit = 1 << number;
            let spellings = spellings(dialects, key);
            let aliases: Box<[_]> = aliases(key).filter(|name| !keys.contains(name)).collect();
            for &name in &aliases {
                let (aliases, spellings) = (aliases.clone(), spellings.clone());
                words.insert(name, Word { key, bit, aliases, spellings });
            }
            words.insert(key, Word { key, bit, aliases, spellings });
        }
        let (code_attributes, namespace) = (CodeAttributes::default(), Namespace::new(namespace));
        Self { dialects, namespace, code_attributes, words }
    }

    /// Returns the same with another choice of who says where it is made.
    pub(crate) fn with_code_of(self, code_attributes: CodeAttributes) -> Self {
        Self { code_attributes, ..self }
    }

    pub(super) fn word(&self, name: &str) -> Option<&Word> {
        self.words.get(name)
    }

    /// Returns attributes in a form that this vocabulary can read.
    pub(crate) fn said<'s, 'a>(
        &'s self,
        attributes: &'s Attributes<'a>,
        came_out: CameOut<'a>,
    ) -> Said<'s, 'a> {
        Said { attributes, came_out, vocabulary: self }
    }

    /// Returns a name with the namespace in the place of `exo`.
    pub(crate) fn in_namespace(&self, name: &'static str) -> &str {
        self.namespace.as_ref().map_or(name, |namespace| namespace.of(name))
    }

    /// Tells whether JSON is made of what was asked of a model.
    pub(crate) fn wants_parameters(&self) -> bool {
        self.dialects.contains(Dialect::OpenInference)
    }

    /// Tells whether each message of an answer says why it ended.
    pub(crate) fn wants_finish_reasons(&self) -> bool {
        self.dialects.contains(Dialect::GenAi141)
    }

    /// Returns where the code of a call site is, as far as it is to be said.
    pub(crate) fn of_callsite(
        &self,
        callsite: &'static CallsiteFacts,
    ) -> impl Iterator<Item = (&'static str, Value<'static>)> {
        let has = |dialect| self.dialects.contains(dialect);
        let is_alone = has(Dialect::Page) && !has(Dialect::GenAi) && !has(Dialect::GenAi141);
        let page = is_alone.then(|| code::of_page(callsite)).into_iter().flatten();
        let says_it = self.code_attributes.are_of(callsite);
        says_it.then(|| code::stable(callsite).chain(page)).into_iter().flatten()
    }
}

impl Spelling {
    /// Returns a value as this name has it.
    pub(super) fn form(self, value: Value<'_>) -> Value<'_> {
        match value {
            Value::I64(number) if self.is_double => Value::F64(number as f64),
            value => value,
        }
    }
}

impl Default for Vocabulary {
    fn default() -> Self {
        Self::new(Dialects::default(), "")
    }
}

/// Returns the keys that some dialect names, or makes something of, each once.
fn keys() -> Vec<&'static str> {
    let named = Dialect::ALL.into_iter().flat_map(|dialect| dialect.table()).map(|(key, _)| *key);
    let mut keys = Vec::new();
    for key in named.chain(open_inference::READS.iter().copied()) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

/// Returns the names that mean the same as `key`.
fn aliases(key: &'static str) -> impl Iterator<Item = &'static str> {
    let table = Dialect::ALL.into_iter().flat_map(Dialect::table);
    let named = table.filter(move |(known, _)| *known == key).map(|(_, name)| *name);
    let not_read_back = [open_inference::NOT_READ_BACK, page::NOT_READ_BACK];
    named.filter(move |name| !not_read_back.iter().any(|names| names.contains(name)))
}

/// Returns what the chosen dialects write for `key`; empty where none has a name for it.
fn spellings(dialects: Dialects, key: &'static str) -> Box<[Spelling]> {
    let mut spellings: Vec<Spelling> = Vec::new();
    for dialect in dialects.iter() {
        let is_double = dialect == Dialect::GenAi141 && gen_ai_141::DOUBLES.contains(&key);
        for name in dialect.names_of(key) {
            // Where two dialects share a name, the first says how its value looks.
            if spellings.iter().all(|known| known.name != name) {
                spellings.push(Spelling { name, is_double });
            }
        }
    }
    spellings.into()
}
