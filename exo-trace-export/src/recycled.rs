//! Lists that are used again: a batch's memory comes from batches before it, not from the system.
//!
//! A batch is filled on one thread and dropped on another, many times a second under load; given
//! back to the system and asked for again, its pages would cost more than its spans. A list has room for
//! as much as the one before it held, in one of few sizes: one that grew to that would leave a hole behind
//! for each size it had, and the allocator would hold on to them.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

/// How many lists are kept: one that is filled, and those of two requests, one that waits for its
/// last batch and one that is sent. Under load a request has some ten.
const LISTS_MAX: usize = 24;
/// How many bytes they have together; what is beyond that is given back to the system.
const SHELF_BYTES_MAX: usize = 4 << 20;
/// How far the smallest sizes lie apart.
const SIZE_STEP_MIN: usize = 64;

/// Where lists wait to be used again.
#[derive(Debug)]
pub(crate) struct Shelf<T> {
    lists: Mutex<Vec<Vec<T>>>,
}

/// A list that goes back to its shelf when it is dropped.
#[derive(Debug)]
pub(crate) struct Recycled<T> {
    list: Vec<T>,
    shelf: Option<Arc<Shelf<T>>>,
}

impl<T> Shelf<T> {
    /// Takes an empty list with room for `wanted` at least.
    pub(crate) fn take(self: &Arc<Self>, wanted: usize) -> Recycled<T> {
        let list = self.lists.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut list = list.unwrap_or_default();
        list.reserve_exact(room_for(wanted));
        Recycled { list, shelf: Some(Arc::clone(self)) }
    }

    fn put(&self, mut list: Vec<T>) {
        list.clear();
        let bytes = |list: &Vec<T>| list.capacity() * size_of::<T>();
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let kept: usize = lists.iter().map(bytes).sum();
        let has_room = lists.len() < LISTS_MAX && kept + bytes(&list) <= SHELF_BYTES_MAX;
        if bytes(&list) > 0 && has_room {
            lists.push(list);
        }
    }
}

/// Rounds up to one of four sizes between two powers of two.
fn room_for(wanted: usize) -> usize {
    wanted.next_multiple_of((wanted.next_power_of_two() / 8).max(SIZE_STEP_MIN))
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { lists: Mutex::default() }
    }
}

/// A list without a shelf.
impl<T> From<Vec<T>> for Recycled<T> {
    fn from(list: Vec<T>) -> Self {
        Self { list, shelf: None }
    }
}

impl<T> Default for Recycled<T> {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl<T> Deref for Recycled<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.list
    }
}

impl<T> DerefMut for Recycled<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.list
    }
}

impl<T> Drop for Recycled<T> {
    fn drop(&mut self) {
        if let Some(shelf) = self.shelf.take() {
            shelf.put(std::mem::take(&mut self.list));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_comes_back_empty_with_its_room() {
        let shelf = Arc::<Shelf<u64>>::default();
        let mut list = shelf.take(0);
        list.extend(0..1_000);
        drop(list);
        let again = shelf.take(0);
        assert!(again.is_empty() && again.capacity() >= 1_000);
        assert_eq!(shelf.take(0).capacity(), 0, "there was one");
    }

    #[test]
    fn no_more_is_kept_than_the_shelf_holds() {
        let shelf = Arc::<Shelf<u64>>::default();
        let lists: Vec<_> = (0..2 * LISTS_MAX).map(|_| shelf.take(0)).collect();
        for mut list in lists {
            list.push(1);
        }
        shelf.take(0).reserve(SHELF_BYTES_MAX);
        assert_eq!(shelf.lists.lock().unwrap().len(), LISTS_MAX - 1, "one was too long");
    }

    #[test]
    fn lists_come_in_few_sizes_and_none_is_a_quarter_too_large() {
        let mut sizes: Vec<usize> = (1..100_000).map(room_for).collect();
        assert!(
            (256..100_000).all(|wanted| (wanted..wanted * 5 / 4 + 1).contains(&room_for(wanted)))
        );
        sizes.dedup();
        assert_eq!(sizes.len(), 39);
        let shelf = Arc::<Shelf<u64>>::default();
        drop(shelf.take(100));
        assert_eq!(shelf.take(1_000).capacity(), 1_024, "a short one is made longer at once");
    }
}
