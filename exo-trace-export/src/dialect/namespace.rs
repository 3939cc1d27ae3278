//! A program's own word in the place of `exo` at the beginning of attribute names.
//!
//! A key is renamed once and its new name kept as long as the vocabulary, because attributes are
//! handed out borrowed. Names are kept in short chains that only grow, without a lock; there are no
//! more of them than keys in the program.

use rustc_hash::FxHasher;
use std::hash::Hasher;
use std::sync::OnceLock;

const CHAINS: usize = 64;
/// What begins the names that are this library's and the page's.
const OWN: &str = "exo.";

/// New names for keys that begin with `exo.`.
#[derive(Debug)]
pub(super) struct Namespace {
    /// With its dot.
    prefix: String,
    chains: Vec<OnceLock<Box<Renamed>>>,
}

#[derive(Debug)]
struct Renamed {
    from: &'static str,
    to: String,
    next: OnceLock<Box<Renamed>>,
}

impl Namespace {
    /// Returns `None` where names stay as they are.
    pub(super) fn new(name: &str) -> Option<Self> {
        let prefix = format!("{name}.");
        let chains = (0..CHAINS).map(|_| OnceLock::new()).collect();
        (!name.is_empty() && prefix != OWN).then_some(Self { prefix, chains })
    }

    /// Tells whether a name begins with `exo.` or with what stands for it: two such names may become
    /// one.
    #[cfg(feature = "otlp")]
    pub(super) fn has(&self, name: &str) -> bool {
        name.starts_with(OWN) || name.starts_with(&self.prefix)
    }

    /// Returns the new name of a key, which is the old one unless it begins with `exo.`.
    pub(super) fn of(&self, key: &'static str) -> &str {
        let Some(rest) = key.strip_prefix(OWN) else { return key };
        let mut hasher = FxHasher::default();
        hasher.write(key.as_bytes());
        let Some(mut place) = self.chains.get(hasher.finish() as usize % CHAINS) else {
            return key;
        };
        loop {
            let renamed = place.get_or_init(|| {
                let to = format!("{}{rest}", self.prefix);
                Box::new(Renamed { from: key, to, next: OnceLock::new() })
            });
            // Somebody else's name may stand here, also one that came first by a hair.
            if renamed.from == key {
                return &renamed.to;
            }
            place = &renamed.next;
        }
    }

    /// Returns the name that this one stands for; `None` where it does not begin so.
    pub(super) fn original(&self, name: &str) -> Option<String> {
        Some(format!("{OWN}{}", name.strip_prefix(&self.prefix)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_one_new_name_however_many_there_are() {
        let namespace = Namespace::new("acme").unwrap();
        let keys: Vec<&'static str> =
            (0..1_000).map(|n| &*Box::leak(format!("exo.key.{n}").into_boxed_str())).collect();
        for _ in 0..2 {
            for (n, key) in keys.iter().enumerate() {
                assert_eq!(namespace.of(key), format!("acme.key.{n}"));
            }
        }
        assert_eq!(namespace.of("gen_ai.request.model"), "gen_ai.request.model");
        assert_eq!(namespace.of("exotic"), "exotic");
    }

    #[test]
    fn the_default_renames_nothing() {
        assert!(Namespace::new("exo").is_none() && Namespace::new("").is_none());
    }
}
