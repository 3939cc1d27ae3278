//! Threads that come to a call site at the same time give it one number, and the drain finds the call
//! site of every number that it reads.

use crate::explored::in_full;
use crate::intern::{Intern, Table};
use crate::number::Number;
use crate::rings::{claimed, read, record};
use crate::sync::Relaxed;
use loom::sync::Arc;
use loom::sync::atomic::AtomicU32;
use loom::thread;
use std::num::NonZeroU16;

const NUMBERS: usize = 4;
type Sites = Table<Site, NUMBERS>;

/// A `static` beside a span, or a key that was made at run time.
struct Site {
    name: &'static str,
    number: Number,
    /// What whoever made it wrote there first, as the words of a key on the heap.
    content: AtomicU32,
}

impl Site {
    fn made(name: &'static str) -> &'static Self {
        let site = Self { name, number: Number::new(), content: AtomicU32::new(0) };
        site.number.known();
        site.content.store(7, Relaxed);
        Box::leak(Box::new(site))
    }

    /// As `Callsite::id` goes.
    fn id(&'static self, table: &Sites) -> NonZeroU16 {
        let interned = || {
            let number = table.intern(self).expect("there is room");
            self.number.remember(number);
            number
        };
        self.number.known().unwrap_or_else(interned)
    }
}

impl Intern for Site {
    fn home(&self) -> usize {
        0
    }

    fn is_same(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// Returns a table whose every slot was looked at.
fn table() -> Arc<Sites> {
    let table = Sites::new();
    (1..=NUMBERS as u16).filter_map(NonZeroU16::new).for_each(|number| {
        table.get(number);
    });
    assert_eq!(table.refused(), 0);
    Arc::new(table)
}

/// The drain: whatever number stands in a record has its call site.
fn meet(numbers: &[u64], table: &Sites) {
    for &number in numbers {
        let number = NonZeroU16::new(number as u16).expect("never zero");
        let site = table.get(number).expect("the number's call site stands in the table");
        assert_eq!((site.name, site.content.load(Relaxed)), ("fetch", 7), "as it was made");
    }
}

/// Two threads come to the same call site; the drain reads what one of them wrote, and waits for it.
///
/// The drain is a thread that has not looked at the table before: a thread that looks again after a
/// `yield_now` sees nothing in Loom that it saw before it, where C11 would let it.
#[test]
fn loom_a_number_in_a_record_has_its_call_site() {
    in_full("two threads at one call site", || {
        let (table, lane, site) = (table(), claimed(), Site::made("fetch"));
        let (writer, seen, drained) = (lane.writer(|| {}), table.clone(), table.clone());
        let second = thread::spawn(move || {
            let id = site.id(&seen);
            record(&writer, id.get().into()).expect("an empty ring has room");
            id
        });
        let drain = thread::spawn(move || {
            let mut numbers = Vec::new();
            while !read(&mut lane.reader(), &mut numbers) {
                thread::yield_now();
            }
            meet(&numbers, &drained);
        });
        let mine = site.id(&table);
        drain.join().expect("the drain finds the call site");
        assert_eq!(mine, second.join().expect("no thread panics"), "one call site has one number");
    });
}

/// Two keys of one name, each made on its thread: whoever loses takes the winner's, and can read it.
#[test]
fn loom_equal_keys_that_race_share_a_number() {
    in_full("two keys of one name", || {
        let table = table();
        let rival = table.clone();
        let rival =
            thread::spawn(move || (Site::made("other").id(&rival), Site::made("fetch").id(&rival)));
        let mine = Site::made("fetch").id(&table);
        meet(&[mine.get().into()], &table);
        let (others, theirs) = rival.join().expect("no thread panics");
        assert_eq!(mine, theirs, "equal keys share a number");
        assert_ne!(mine, others, "and others have their own");
    });
}
