//! Texts of the program as one word: found by their address in a small cache of the thread.
//!
//! A provider's or a model's name is written in a program's source and said a million times. Its first
//! use on a thread looks its content up in the table of keys; from then on it costs a comparison. One
//! that finds no room there goes out as a text, and nothing is lost.

use crate::keys;
use exo_trace_core::KeyId;
use std::cell::Cell;

/// How many texts a thread remembers; a power of two. Only the pages that are used take memory.
const ENTRIES: usize = 512;

/// A text's address and length, and the number it has; none for one that is too long, or that found
/// no room in a table which never empties.
type Remembered = (usize, usize, KeyId);

thread_local! {
    static CACHE: [Cell<Remembered>; ENTRIES] =
        const { [const { Cell::new((0, 0, KeyId::NONE)) }; ENTRIES] };
}

/// Returns the number of a text; `None` where it finds no room in the table.
#[inline(always)]
pub(super) fn interned(text: &'static str) -> Option<KeyId> {
    let (address, length) = (text.as_ptr().addr(), text.len());
    let remembered = CACHE.try_with(|cache| cache.get(home_of(address)).map(Cell::get));
    let id = match remembered {
        Ok(Some((known, known_length, id))) if known == address && known_length == length => id,
        _ => look_up(text),
    };
    (!id.is_none()).then_some(id)
}

/// Texts lie close together in a program, a few bytes apart.
#[inline(always)]
fn home_of(address: usize) -> usize {
    (address ^ address >> 9) & (ENTRIES - 1)
}

#[cold]
#[inline(never)]
fn look_up(text: &'static str) -> KeyId {
    let id = keys::value_id(text);
    let (address, length) = (text.as_ptr().addr(), text.len());
    let remembered = (address, length, id);
    let _ = CACHE.try_with(|cache| cache.get(home_of(address)).map(|entry| entry.set(remembered)));
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remembered(text: &'static str) -> Option<KeyId> {
        let address = text.as_ptr().addr();
        let (known, length, id) = CACHE.with(|cache| cache[home_of(address)].get());
        ((known, length) == (address, text.len())).then_some(id)
    }

    #[test]
    fn a_text_is_looked_up_once_whether_it_is_refused_or_not() {
        static SHORT: &str = "a literal of this test";
        static LONG: &str = include_str!("literals.rs");
        assert_eq!((remembered(SHORT), remembered(LONG)), (None, None));
        let id = interned(SHORT);
        assert!(id.is_some());
        assert_eq!((remembered(SHORT), interned(SHORT)), (id, id));
        assert_eq!((interned(LONG), remembered(LONG)), (None, Some(KeyId::NONE)));
        assert_eq!(interned(LONG), None);
    }
}
