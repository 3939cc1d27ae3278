//! A table that gives a `static` a small number and finds it again: append-only and lock-free.
//!
//! Open addressing over write-once slots. A number is a place in the table plus one, so reading it
//! back is one load. Nothing is ever removed: what is interned lives as long as the process. A full
//! neighbourhood answers `None`, and the caller counts it.

use crate::sync::{OnceRef, Relaxed, StaticAtomicU32};
use core::num::NonZeroU16;

/// How far from its home an entry may stand; bounds every look-up.
const PROBES_MAX: usize = 64;

/// What can be interned: something with a home and an idea of sameness.
pub(crate) trait Intern: 'static {
    /// Where the search begins; equal entries have equal homes.
    fn home(&self) -> usize;
    /// Whether two entries share one number.
    fn is_same(&self, other: &Self) -> bool;
}

/// `N` slots, a power of two, at most 65,535 of them used.
pub(crate) struct Table<T: 'static, const N: usize> {
    slots: [OnceRef<'static, T>; N],
    refused: StaticAtomicU32,
}

impl<T: Intern, const N: usize> Table<T, N> {
    const IS_POWER_OF_TWO: () = assert!(N.is_power_of_two() && N <= 1 << 15);

    pub(crate) const fn new() -> Self {
        let () = Self::IS_POWER_OF_TWO;
        Self { slots: [const { OnceRef::new() }; N], refused: StaticAtomicU32::new(0) }
    }

    /// Returns the number of `entry`, or of the entry that is the same; `None` when there is no room,
    /// which is counted.
    pub(crate) fn intern(&self, entry: &'static T) -> Option<NonZeroU16> {
        let number = self.place(entry);
        if number.is_none() {
            // Relaxed: a count; nothing is ordered by it.
            self.refused.fetch_add(1, Relaxed);
        }
        number
    }

    /// As [`Table::intern`], and counts nothing.
    pub(crate) fn place(&self, entry: &'static T) -> Option<NonZeroU16> {
        self.probe(entry.home(), |slot| match slot.get() {
            Some(standing) => Some(standing.is_same(entry)),
            // Losing the race for a slot to the same entry is as good as winning it.
            None => {
                Some(slot.set(entry).is_ok() || slot.get().is_some_and(|won| won.is_same(entry)))
            }
        })
    }

    /// Returns the number of the entry at `home` that `is_it` recognises.
    pub(crate) fn find(&self, home: usize, is_it: impl Fn(&T) -> bool) -> Option<NonZeroU16> {
        self.probe(home, |slot| slot.get().map(&is_it))
    }

    /// Returns the entry with this number.
    pub(crate) fn get(&self, number: NonZeroU16) -> Option<&'static T> {
        self.slots.get(usize::from(number.get()) - 1)?.get()
    }

    /// How often there was no room.
    pub(crate) fn refused(&self) -> u32 {
        self.refused.load(Relaxed)
    }

    /// Walks from `home` until `visit` says `true` (here it is) or `None` (it is nowhere).
    fn probe(
        &self,
        home: usize,
        mut visit: impl FnMut(&OnceRef<'static, T>) -> Option<bool>,
    ) -> Option<NonZeroU16> {
        for step in 0..PROBES_MAX.min(N) {
            let place = home.wrapping_add(step) & (N - 1);
            if visit(self.slots.get(place)?)? {
                // `place` is below N, and N is at most 2^15.
                return NonZeroU16::new(place as u16 + 1);
            }
        }
        None
    }
}

#[cfg(test)]
#[cfg(not(exo_loom))]
mod tests {
    use super::*;
    use std::boxed::Box;
    use std::vec::Vec;

    struct Number(usize);

    impl Intern for Number {
        fn home(&self) -> usize {
            self.0 / 10
        }

        fn is_same(&self, other: &Self) -> bool {
            self.0 == other.0
        }
    }

    fn number(n: usize) -> &'static Number {
        Box::leak(Box::new(Number(n)))
    }

    #[test]
    fn equal_entries_share_a_number_and_neighbours_do_not() {
        static TABLE: Table<Number, 64> = Table::new();
        let (first, again, neighbour) =
            (TABLE.intern(number(70)), TABLE.intern(number(70)), TABLE.intern(number(71)));
        assert_eq!(first, again);
        assert_ne!(first, neighbour);
        assert_eq!(TABLE.find(7, |n| n.0 == 71), neighbour);
        assert_eq!(TABLE.find(7, |n| n.0 == 72), None);
        assert_eq!(TABLE.get(neighbour.unwrap()).unwrap().0, 71);
    }

    #[test]
    fn a_full_table_refuses_and_counts() {
        static TABLE: Table<Number, 8> = Table::new();
        let accepted = (0..20).filter(|&n| TABLE.intern(number(n)).is_some()).count();
        assert_eq!((accepted, TABLE.refused()), (8, 12));
        assert_eq!((TABLE.place(number(20)), TABLE.refused()), (None, 12), "who asks otherwise");
    }

    #[test]
    fn threads_that_race_for_one_name_agree_on_its_number() {
        static TABLE: Table<Number, 256> = Table::new();
        let threads: Vec<_> = (0..8)
            .map(|_| {
                std::thread::spawn(|| (0..100).map(|n| TABLE.intern(number(n))).collect::<Vec<_>>())
            })
            .collect();
        let answers: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    }
}
