//! A value of which each process has its own: a forked child waits for no lock of its parent's.
//!
//! A lock that another thread holds while the process is forked stays locked in the child for ever: that
//! thread is not there. What a child may use without `init` therefore has a lock for each process. They
//! stand in a chain that only grows, by one for each generation of forked processes that uses it.

use once_cell::race::OnceBox;

/// The values of this process and of those it was forked from.
pub(crate) struct PerProcess<T> {
    eldest: OnceBox<Own<T>>,
}

struct Own<T> {
    process: u32,
    value: T,
    younger: OnceBox<Self>,
}

impl<T> PerProcess<T> {
    pub(crate) const fn new() -> Self {
        Self { eldest: OnceBox::new() }
    }

    /// Returns the value of this process; `make` makes it from that of the process it was forked from.
    pub(crate) fn own(&self, make: impl Fn(Option<&T>) -> T) -> &T {
        self.of(std::process::id(), make)
    }

    /// Without a lock, which would be one more to be left locked.
    fn of(&self, process: u32, make: impl Fn(Option<&T>) -> T) -> &T {
        let mut place = &self.eldest;
        let mut parents = None;
        loop {
            let made = || Box::new(Own { process, value: make(parents), younger: OnceBox::new() });
            let own = place.get_or_init(made);
            // An elder one of the same number is of a process that has ended.
            if own.process == process && own.younger.get().is_none() {
                return &own.value;
            }
            parents = Some(&own.value);
            place = &own.younger;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    fn next(parents: Option<&Mutex<u32>>) -> Mutex<u32> {
        let generation = parents.map_or(0, |parents| parents.try_lock().map_or(99, |held| *held));
        Mutex::new(generation + 1)
    }

    #[test]
    fn a_child_has_a_lock_that_its_parent_cannot_hold() {
        let all = PerProcess::new();
        let parents = all.of(10, next).lock().unwrap();
        assert_eq!(*parents, 1);
        assert_eq!(*all.of(11, next).try_lock().unwrap(), 100, "that of its parent is held");
        drop(parents);
        assert_eq!(*all.of(12, next).try_lock().unwrap(), 101);
        assert_eq!(*all.of(12, next).try_lock().unwrap(), 101, "each has one");
    }

    #[test]
    fn a_number_that_is_given_to_a_second_process_is_another_process() {
        let all = PerProcess::new();
        let first = std::ptr::from_ref(all.of(10, next));
        all.of(11, next);
        assert!(!std::ptr::eq(all.of(10, next), first));
        assert_eq!(*all.of(10, next).lock().unwrap(), 3);
    }

    #[test]
    fn threads_that_come_at_the_same_time_get_the_same_one() {
        let all = PerProcess::new();
        let places: Vec<_> = std::thread::scope(|scope| {
            let of = || std::ptr::from_ref(all.of(10, next)).addr();
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(of)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(places.windows(2).all(|pair| pair[0] == pair[1]), "{places:?}");
    }
}
