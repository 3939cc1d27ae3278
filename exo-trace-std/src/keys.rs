//! The keys this crate writes itself, and keys that callers make at run time.

use crate::semconv;
use exo_trace_core::{InternedKey, KEYS_MAX, Key};
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

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

/// Keys given as values, by name. Leaked on first use, because a key lives as long as the process;
/// their number and length are bounded.
static AT_RUN_TIME: OnceLock<Mutex<HashMap<&'static str, &'static InternedKey>>> = OnceLock::new();

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
    let mut keys =
        AT_RUN_TIME.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(&key) = keys.get(name.as_ref()) {
        return Some(key);
    }
    if keys.len() >= KEYS_MAX {
        return None;
    }
    let name: &'static str = match name {
        Cow::Borrowed(name) => name,
        Cow::Owned(name) => name.leak(),
    };
    let key: &'static InternedKey = Box::leak(Box::new(InternedKey::new(Key::new(name))));
    keys.insert(name, key);
    Some(key)
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
        let keys = AT_RUN_TIME.get_or_init(Mutex::default).lock();
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
