//! What holds for a spool as long as its files stay whole.
//!
//! A process that dies leaves what a dropped spool leaves: dropping one writes nothing.

use super::refused::Refused;
use super::segment::Waiting;
use super::{Form, REQUEST_BYTES_MAX, Spool};
use crate::config::SpoolPlace;
use proptest::prelude::*;
use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::{TempDir, tempdir};

pub(super) const HEADER_BYTES: u64 = 40;
const ROOMY: u64 = 1 << 20;

pub(super) fn opened(directory: &Path, bytes_max: u64) -> Spool {
    let place = SpoolPlace { directory: directory.to_owned(), bytes_max };
    Spool::open(&place).expect("a directory that can be written")
}

/// Opens the spool of processes that are gone.
///
/// A child that another test starts beside this one holds their locks too, until it becomes another
/// program: it is waited for.
pub(super) fn reopened(directory: &Path, bytes_max: u64) -> Spool {
    for _ in 0..10_000 {
        let spool = opened(directory, bytes_max);
        if files(directory, ".lock").len() == 1 {
            return spool;
        }
        drop(spool);
        std::thread::yield_now();
    }
    panic!("somebody holds a lock: {:?}", files(directory, ".lock"));
}

fn new_spool(bytes_max: u64) -> (TempDir, Spool) {
    let directory = tempdir().expect("a temporary directory");
    let spool = opened(directory.path(), bytes_max);
    (directory, spool)
}

/// A request that can be told from others.
pub(super) fn waiting(number: u64, length: usize) -> Waiting {
    let request: Vec<u8> = (0..length).map(|at| (at as u64 * 7 + number) as u8).collect();
    let form = if number.is_multiple_of(2) { Form::Protobuf } else { Form::Json };
    Waiting { request: request.into(), spans: number + 1, form }
}

pub(super) fn put(spool: &mut Spool, waiting: &Waiting) -> Result<(), Refused> {
    spool.put(&waiting.request, waiting.spans, waiting.form)
}

/// Takes everything out.
pub(super) fn drained(spool: &mut Spool) -> Vec<Waiting> {
    let mut all = Vec::new();
    while let Some(waiting) = spool.oldest() {
        all.push(waiting);
        spool.remove_oldest();
    }
    assert!(spool.is_empty() && spool.spans() == 0 && spool.bytes() == 0);
    all
}

pub(super) fn files(directory: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("a directory that can be listed");
    let paths = entries.map(|entry| entry.expect("an entry that can be read").path());
    let mut files: Vec<_> = paths.filter(|path| path.to_string_lossy().ends_with(ending)).collect();
    files.sort();
    files
}

fn bytes_on_disk(directory: &Path) -> u64 {
    let length = |path: PathBuf| fs::metadata(path).expect("a file that is there").len();
    files(directory, "").into_iter().map(length).sum()
}

#[test]
fn requests_leave_in_the_order_they_came_and_leave_nothing_behind() {
    let (directory, mut spool) = new_spool(ROOMY);
    let all: Vec<_> = (0..100).map(|number| waiting(number, 5_000)).collect();
    all.iter().for_each(|waiting| put(&mut spool, waiting).expect("room"));
    assert_eq!((spool.spans(), spool.adopted()), (5_050, 0));
    assert_eq!(spool.bytes(), 100 * (HEADER_BYTES + 5_000));
    assert!(files(directory.path(), ".spans").len() > 1, "several segments");
    assert_eq!(spool.oldest(), spool.oldest());
    assert_eq!(drained(&mut spool), all);
    assert_eq!(spool.take_damaged(), 0);
    drop(spool);
    assert!(files(directory.path(), "").is_empty());
}

#[test]
fn the_oldest_may_be_removed_unseen() {
    let (_directory, mut spool) = new_spool(ROOMY);
    (0..3).for_each(|number| put(&mut spool, &waiting(number, 10)).expect("room"));
    spool.remove_oldest();
    spool.remove_oldest();
    assert_eq!(spool.oldest(), Some(waiting(2, 10)));
    spool.remove_oldest();
    spool.remove_oldest();
    assert!(spool.is_empty());
}

#[test]
fn the_bound_is_exact_to_the_byte_and_refuses_the_newest() {
    let (directory, mut spool) = new_spool(3 * (HEADER_BYTES + 100));
    put(&mut spool, &waiting(0, 100)).expect("room");
    put(&mut spool, &waiting(1, 100)).expect("room");
    let refused = put(&mut spool, &waiting(2, 101)).expect_err("one byte too many");
    let text = "spool is full with 280 of 420 bytes, expected room for 141";
    assert_eq!(refused.to_string(), text);
    put(&mut spool, &waiting(3, 100)).expect("room to the last byte");
    assert_eq!((spool.bytes(), bytes_on_disk(directory.path())), (420, 420));
    assert!(matches!(put(&mut spool, &waiting(4, 0)), Err(Refused::Full { .. })));
    spool.remove_oldest();
    put(&mut spool, &waiting(5, 100)).expect("room again");
    assert_eq!(drained(&mut spool), [1, 3, 5].map(|number| waiting(number, 100)));
}

#[test]
fn a_request_past_the_maximum_is_refused_and_one_at_it_is_taken() {
    let (_directory, mut spool) = new_spool(u64::MAX);
    let longest = waiting(0, REQUEST_BYTES_MAX);
    put(&mut spool, &longest).expect("room");
    let long = waiting(1, REQUEST_BYTES_MAX + 1);
    assert!(matches!(put(&mut spool, &long), Err(Refused::TooLong(_))));
    assert!(drained(&mut spool) == [longest]);
}

#[test]
fn an_orphan_is_adopted_in_order_and_before_anything_new() {
    let directory = tempdir().expect("a temporary directory");
    let mut first = opened(directory.path(), ROOMY);
    let mut second = opened(directory.path(), ROOMY);
    for number in 0..3 {
        put(&mut first, &waiting(number, 100_000)).expect("room");
        put(&mut second, &waiting(10 + number, 100)).expect("room");
    }
    first.remove_oldest();
    drop((first, second));
    let mut third = reopened(directory.path(), ROOMY);
    assert_eq!((third.adopted(), third.spans()), (41, 41));
    put(&mut third, &waiting(20, 100)).expect("room");
    let left = [waiting(1, 100_000), waiting(2, 100_000)].into_iter();
    let left = left.chain([10, 11, 12, 20].map(|number| waiting(number, 100)));
    assert_eq!(drained(&mut third), left.collect::<Vec<_>>());
    assert_eq!((third.adopted(), third.take_damaged()), (41, 0));
    assert_eq!(files(directory.path(), ".lock").len(), 1, "the orphans' locks are gone");
}

#[test]
fn two_that_live_do_not_touch_each_other_s() {
    let directory = tempdir().expect("a temporary directory");
    let mut one = opened(directory.path(), ROOMY);
    put(&mut one, &waiting(1, 100)).expect("room");
    let mut other = opened(directory.path(), ROOMY);
    assert!(other.is_empty() && other.adopted() == 0);
    put(&mut other, &waiting(2, 100)).expect("room");
    assert_eq!(drained(&mut other), [waiting(2, 100)]);
    drop(other);
    assert_eq!(drained(&mut one), [waiting(1, 100)]);
}

#[test]
fn what_orphans_left_past_the_bound_is_taken_over_and_makes_room_as_it_leaves() {
    let directory = tempdir().expect("a temporary directory");
    let mut roomy = opened(directory.path(), ROOMY);
    put(&mut roomy, &waiting(0, 5_000)).expect("room");
    drop(roomy);
    let mut narrow = reopened(directory.path(), 1_000);
    assert!(matches!(put(&mut narrow, &waiting(1, 10)), Err(Refused::Full { .. })));
    narrow.remove_oldest();
    put(&mut narrow, &waiting(1, 10)).expect("room");
    assert_eq!(drained(&mut narrow), [waiting(1, 10)]);
}

#[cfg(unix)]
#[test]
fn what_is_created_is_its_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempdir().expect("a temporary directory");
    let directory = parent.path().join("deep").join("down");
    let mut spool = opened(&directory, ROOMY);
    put(&mut spool, &waiting(0, 10)).expect("room");
    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!((mode(&parent.path().join("deep")), mode(&directory)), (0o700, 0o700));
    let modes: Vec<_> = files(&directory, "").iter().map(|file| mode(file)).collect();
    assert_eq!(modes, [0o600, 0o600], "a lock and a segment");
}

#[test]
fn a_directory_that_cannot_be_created_is_named() {
    let parent = tempdir().expect("a temporary directory");
    let directory = parent.path().join("taken");
    fs::write(&directory, "by a file").expect("a file");
    let place = SpoolPlace { directory: directory.clone(), bytes_max: ROOMY };
    let error = Spool::open(&place).err().expect("no directory").to_string();
    assert!(error.contains(&format!("{directory:?}")), "{error}");
    assert!(error.contains("expected one that can be created"), "{error}");
}

#[test]
fn a_directory_that_vanishes_is_counted_and_no_panic() {
    let (directory, mut spool) = new_spool(ROOMY);
    for number in 0..4 {
        put(&mut spool, &waiting(number, 100_000)).expect("room");
    }
    directory.close().expect("a directory that can be removed");
    let refused = put(&mut spool, &waiting(4, 100_000)).expect_err("nowhere to write");
    assert!(matches!(refused, Refused::Io(_)), "{refused}");
    spool.sync();
    let read: u64 = drained(&mut spool).iter().map(|waiting| waiting.spans).sum();
    assert_eq!(read + spool.take_damaged(), 1 + 2 + 3 + 4);
}

#[test]
fn a_file_that_fails_again_and_again_is_set_aside_and_counted() {
    let (directory, mut spool) = new_spool(ROOMY);
    put(&mut spool, &waiting(7, 200_000)).expect("room");
    put(&mut spool, &waiting(1, 200_000)).expect("room");
    // A directory in its place is there and cannot be read.
    let oldest = files(directory.path(), ".spans").remove(0);
    fs::remove_file(&oldest).expect("a file");
    fs::create_dir(&oldest).expect("a directory");
    assert_eq!((spool.oldest(), spool.is_empty(), spool.take_damaged()), (None, false, 0));
    let tries = (0..100).find_map(|_| spool.oldest());
    assert_eq!((tries, spool.take_damaged()), (Some(waiting(1, 200_000)), 8));
    assert!(oldest.exists(), "left for somebody who can read it");
}

/// What may happen to a spool.
#[derive(Clone, Debug)]
enum Event {
    Put { length: usize },
    Look,
    Remove,
    Sync,
    ItsProcessDies,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (0_usize..400).prop_map(|length| Event::Put { length }),
        2 => Just(Event::Look),
        3 => Just(Event::Remove),
        1 => Just(Event::Sync),
        1 => Just(Event::ItsProcessDies),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_spool_is_a_bounded_queue_that_outlives_processes(
        events in prop::collection::vec(event(), 0..60),
        bytes_max in 100_u64..4_000,
    ) {
        let (directory, mut spool) = new_spool(bytes_max);
        let mut queue = VecDeque::new();
        for (number, event) in (0..).zip(events) {
            match event {
                Event::Put { length } => {
                    let waiting = waiting(number, length);
                    let fits = spool.bytes() + HEADER_BYTES + length as u64 <= bytes_max;
                    prop_assert_eq!(put(&mut spool, &waiting).is_ok(), fits);
                    queue.extend(fits.then_some(waiting));
                }
                Event::Look => prop_assert_eq!(spool.oldest(), queue.front().cloned()),
                Event::Remove => {
                    spool.remove_oldest();
                    queue.pop_front();
                }
                Event::Sync => spool.sync(),
                Event::ItsProcessDies => {
                    drop(spool);
                    spool = reopened(directory.path(), bytes_max);
                    prop_assert_eq!(spool.adopted(), spool.spans());
                }
            }
            prop_assert_eq!(spool.is_empty(), queue.is_empty());
            prop_assert_eq!(spool.spans(), queue.iter().map(|waiting| waiting.spans).sum::<u64>());
            prop_assert_eq!(spool.bytes(), bytes_on_disk(directory.path()));
            prop_assert!(spool.bytes() <= bytes_max);
        }
        prop_assert_eq!(drained(&mut spool), Vec::from(queue));
        prop_assert_eq!(spool.take_damaged(), 0);
    }
}
