//! The keys this crate writes itself, and keys that callers make at run time.

use crate::counters::Counter;
use crate::per_process::PerProcess;
use crate::semconv;
use exo_trace_core::{InternedKey, KEYS_MAX, Key, KeyId};
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

pub(crate) static STREAM_ITEMS: InternedKey = InternedKey::new(semconv::EXO_STREAM_ITEMS);
pub(crate) static STREAM_TIME_TO_FIRST_ITEM: InternedKey =
    InternedKey::new(semconv::EXO_STREAM_TIME_TO_FIRST_ITEM);
pub(crate) static STREAM_TIME_PER_ITEM: InternedKey =
    InternedKey::new(semconv::EXO_STREAM_TIME_PER_ITEM);
pub(crate) static RESPONSE_TIME_TO_FIRST_CHUNK: InternedKey =
    InternedKey::new(semconv::GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK);
pub(crate) static ERROR_TYPE: InternedKey = InternedKey::new(semconv::ERROR_TYPE);
pub(crate) static CODE_FILE_PATH: InternedKey = InternedKey::new(semconv::CODE_FILE_PATH);
pub(crate) static CODE_LINE_NUMBER: InternedKey = InternedKey::new(semconv::CODE_LINE_NUMBER);

/// How many bytes a key made at run time may have.
const KEY_BYTES_MAX: usize = 256;

/// How many values may have numbers of keys: what programs repeat is few, and ids made without end,
/// where somebody leaks them, must leave room for keys.
const VALUES_MAX: usize = KEYS_MAX / 8;

static AT_RUN_TIME: PerProcess<Mutex<Known>> = PerProcess::new();

/// What was interned at run time, by name. Leaked on first use, because a key lives as long as the
/// process; their number and length are bounded.
#[derive(Default)]
struct Known {
    keys: HashMap<&'static str, &'static InternedKey>,
    /// How many of them came as values.
    values: usize,
}

/// How many literal names a thread remembers; a power of two.
const CACHE_ENTRIES: usize = 64;

/// A literal's address and length, and its key; none for one that was refused, which it is for ever:
/// the table never empties.
type Remembered = (usize, usize, Option<&'static InternedKey>);

thread_local! {
    static CACHE: [Cell<Remembered>; CACHE_ENTRIES] =
        const { [const { Cell::new((0, 0, None)) }; CACHE_ENTRIES] };
}

/// Returns the interned key of a name; `None` when the table is full or the name is too long.
///
/// A literal is found in a small cache of the thread; only its first use on a thread, and a name
/// made at run time, take the lock.
pub(crate) fn interned(name: Cow<'static, str>) -> Option<&'static InternedKey> {
    let Cow::Borrowed(literal) = name else { return look_up(name) };
    let (address, length) = (literal.as_ptr().addr(), literal.len());
    let home = (address ^ address >> 6) & (CACHE_ENTRIES - 1);
    let remembered = CACHE.try_with(|cache| cache.get(home).map(Cell::get)).ok().flatten();
    match remembered {
        Some((known, known_length, key)) if (known, known_length) == (address, length) => key,
        _ => {
            let key = look_up(name);
            let entry = (address, length, key);
            let _ = CACHE.try_with(|cache| cache.get(home).map(|place| place.set(entry)));
            key
        }
    }
}

fn look_up(name: Cow<'static, str>) -> Option<&'static InternedKey> {
    if name.len() > KEY_BYTES_MAX || name.is_empty() {
        return None;
    }
    let mut known = lock();
    known.find(&name).or_else(|| known.add(name))
}

/// Returns the number of a key that is made at run time; none where it finds no room, which is counted.
/// Not for callers: the tracer's own.
pub fn key_at_run_time(name: &str) -> KeyId {
    let key = interned(Cow::Owned(name.to_owned()));
    if key.is_none() {
        Counter::KeysFull.add(1);
    }
    key.map_or(KeyId::NONE, InternedKey::id)
}

/// Returns the number of a text that is a value; none where it is too long, or finds no room among the
/// keys or in what [`VALUES_MAX`] leaves to values. It takes the lock.
pub(crate) fn value_id(text: &'static str) -> KeyId {
    if text.len() > KEY_BYTES_MAX || text.is_empty() {
        return KeyId::NONE;
    }
    let mut known = lock();
    let value = known.find(text).or_else(|| known.add_value(text));
    value.map_or(KeyId::NONE, InternedKey::value_id)
}

fn lock() -> MutexGuard<'static, Known> {
    AT_RUN_TIME.lock()
}

impl Known {
    fn find(&self, name: &str) -> Option<&'static InternedKey> {
        self.keys.get(name).copied()
    }

    fn add(&mut self, name: Cow<'static, str>) -> Option<&'static InternedKey> {
        if self.keys.len() >= KEYS_MAX {
            return None;
        }
        let name: &'static str = match name {
            Cow::Borrowed(name) => name,
            Cow::Owned(name) => name.leak(),
        };
        let key: &'static InternedKey = Box::leak(Box::new(InternedKey::new(Key::new(name))));
        self.keys.insert(name, key);
        Some(key)
    }

    fn add_value(&mut self, text: &'static str) -> Option<&'static InternedKey> {
        if self.values >= VALUES_MAX {
            return None;
        }
        let value = self.add(Cow::Borrowed(text))?;
        self.values += 1;
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Duration;

    /// Looks a name up on another thread while this one holds the lock.
    fn found_without_the_lock(name: impl Into<Cow<'static, str>>) -> bool {
        let name = name.into();
        let (tell, told) = mpsc::channel();
        let keys = lock();
        let asked = std::thread::spawn(move || tell.send(interned(name).is_some()));
        let answer = told.recv_timeout(Duration::from_secs(10));
        drop(keys);
        assert!(asked.join().is_ok());
        answer.expect("it answers while another thread holds the lock")
    }

    #[test]
    fn a_name_too_long_takes_no_lock() {
        static LONG: &str = include_str!("keys.rs");
        assert!(!found_without_the_lock("x".repeat(KEY_BYTES_MAX + 1)));
        assert!(!found_without_the_lock(LONG));
        assert!(!found_without_the_lock(""));
    }
}
