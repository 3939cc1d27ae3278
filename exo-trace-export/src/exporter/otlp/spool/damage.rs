//! What a torn, cut or flipped file costs: the frames that were hit, all counted, no others.

use super::Form;
use super::laws::{HEADER_BYTES, drained, files, put, reopened, waiting};
use super::segment::Waiting;
use proptest::prelude::*;
use std::fs;
use std::ops::Range;
use std::path::Path;
use tempfile::tempdir;

const ROOMY: u64 = 1 << 20;

/// Where the mark of a frame stands, which is not summed up.
const MARK: Range<usize> = 36..40;

fn three() -> [Waiting; 3] {
    [waiting(4, 30), waiting(1, 0), waiting(2, 50)]
}

/// Returns where the frames of these requests begin, and where the last ends.
fn boundaries(all: &[Waiting]) -> Vec<usize> {
    let length = |waiting: &Waiting| HEADER_BYTES as usize + waiting.request.len();
    let ends = all.iter().scan(0, |end, waiting| {
        *end += length(waiting);
        Some(*end)
    });
    [0].into_iter().chain(ends).collect()
}

/// Returns the file that a process leaves which has put these requests.
fn left_by_one_that_put(all: &[Waiting]) -> Vec<u8> {
    let directory = tempdir().expect("a temporary directory");
    let mut spool = reopened(directory.path(), ROOMY);
    all.iter().for_each(|waiting| put(&mut spool, waiting).expect("room"));
    let segments = files(directory.path(), ".spans");
    assert_eq!(segments.len(), 1);
    fs::read(&segments[0]).expect("a file that can be read")
}

fn leave(directory: &Path, file: &[u8]) {
    let name = "spool-0000000000000001-0000000000000002-00000000.spans";
    fs::write(directory.join(name), file).expect("a file that can be written");
}

/// Adopts such a file; returns what could be read, and how many spans could not.
fn adopted(file: &[u8]) -> (Vec<Waiting>, u64) {
    let directory = tempdir().expect("a temporary directory");
    leave(directory.path(), file);
    let mut spool = reopened(directory.path(), ROOMY);
    let read = drained(&mut spool);
    let damaged = spool.take_damaged();
    let spans: u64 = read.iter().map(|waiting| waiting.spans).sum();
    assert_eq!(spool.adopted(), spans + damaged, "adopted = removed + damaged");
    assert_eq!(spool.take_damaged(), 0, "counted once");
    drop(spool);
    assert!(files(directory.path(), "").is_empty(), "nothing is left on the disk");
    (read, damaged)
}

#[test]
fn a_file_cut_anywhere_loses_the_torn_frame_alone_and_counts_it() {
    let all = three();
    let (file, boundaries) = (left_by_one_that_put(&all), boundaries(&all));
    assert_eq!(boundaries.last(), Some(&file.len()));
    for cut in 0..=file.len() {
        let whole = boundaries.iter().filter(|end| **end <= cut).count() - 1;
        let torn = cut - boundaries[whole];
        let damaged = match torn {
            0 => 0,
            // Its header does not say how many.
            1..40 => 1,
            _ => all[whole].spans,
        };
        assert_eq!(adopted(&file[..cut]), (all[..whole].to_vec(), damaged), "cut at {cut}");
    }
}

#[test]
fn a_flipped_bit_anywhere_costs_its_frame_alone_and_is_counted() {
    let all = three();
    let (file, boundaries) = (left_by_one_that_put(&all), boundaries(&all));
    for bit in 0..8 * file.len() {
        let mut flipped = file.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let hit = boundaries.iter().filter(|begin| **begin <= bit / 8).count() - 1;
        let at = bit / 8 - boundaries[hit];
        let mut left = all.to_vec();
        let mut damaged = 0;
        if !MARK.contains(&at) {
            let is_last_header = hit == 2 && at < MARK.start;
            damaged = if is_last_header { 1 } else { all[hit].spans };
            left.remove(hit);
        }
        assert_eq!(adopted(&flipped), (left, damaged), "bit {bit}");
    }
}

#[test]
fn a_file_of_zeros_or_of_something_else_is_one_span_that_could_not_be_read() {
    assert_eq!(adopted(&[0; 200_000]), (vec![], 1));
    assert_eq!(adopted(b"EXO1"), (vec![], 1));
    assert_eq!(adopted(b""), (vec![], 0));
}

#[test]
fn bits_that_flip_while_it_is_open_are_counted_too() {
    let directory = tempdir().expect("a temporary directory");
    let mut spool = reopened(directory.path(), ROOMY);
    let all = three();
    all.iter().for_each(|waiting| put(&mut spool, waiting).expect("room"));
    let segment = files(directory.path(), ".spans").remove(0);
    let mut file = fs::read(&segment).expect("a file that can be read");
    let (body_of_the_first, header_of_the_last) = (50, file.len() - 60);
    file[body_of_the_first] ^= 1;
    file[header_of_the_last] ^= 1;
    fs::write(&segment, file).expect("a file that can be written");
    assert_eq!(spool.spans(), 5 + 2 + 3);
    assert_eq!((spool.oldest(), spool.take_damaged()), (Some(all[1].clone()), 5));
    assert_eq!((spool.spans(), spool.take_damaged()), (2 + 3, 0));
    assert_eq!(drained(&mut spool), [all[1].clone()]);
    assert_eq!(spool.take_damaged(), 3, "this process knows what it put");
}

#[test]
fn a_file_that_is_cut_while_it_is_open_is_counted_and_replaced() {
    let directory = tempdir().expect("a temporary directory");
    let mut spool = reopened(directory.path(), ROOMY);
    let all = three();
    all.iter().for_each(|waiting| put(&mut spool, waiting).expect("room"));
    let segment = files(directory.path(), ".spans").remove(0);
    fs::write(&segment, b"").expect("a file that can be written");
    assert_eq!((spool.oldest(), spool.is_empty(), spool.take_damaged()), (None, true, 10));
    put(&mut spool, &all[0]).expect("room");
    assert_eq!(drained(&mut spool), [all[0].clone()]);
}

#[test]
fn frames_that_stand_inside_a_request_are_never_sent() {
    let inside = left_by_one_that_put(&[waiting(9, 10)]);
    let around = Waiting { request: inside.into(), spans: 6, form: Form::Protobuf };
    let mut file = left_by_one_that_put(&[around, waiting(2, 10)]);
    file[0] ^= 1;
    assert_eq!(adopted(&file), (vec![waiting(2, 10)], 6));
}

#[test]
fn the_frame_after_a_long_damaged_one_is_found_wherever_it_begins() {
    // What is searched at a time ends within the second header, for most of these.
    for length in (64 << 10) - 100..(64 << 10) - 20 {
        let mut file = left_by_one_that_put(&[waiting(5, length), waiting(2, 10)]);
        file[0] ^= 1;
        assert_eq!(adopted(&file), (vec![waiting(2, 10)], 6), "after {length} bytes");
    }
}

#[test]
fn what_has_left_before_a_crash_stays_away_whatever_happens_to_its_bytes() {
    let directory = tempdir().expect("a temporary directory");
    let mut spool = reopened(directory.path(), ROOMY);
    let all = three();
    all.iter().for_each(|waiting| put(&mut spool, waiting).expect("room"));
    spool.remove_oldest();
    spool.remove_oldest();
    let segment = files(directory.path(), ".spans").remove(0);
    let mut file = fs::read(segment).expect("a file that can be read");
    assert_eq!(adopted(&file), (vec![all[2].clone()], 0));
    file[0] ^= 1;
    file[50] ^= 1;
    assert_eq!(adopted(&file), (vec![all[2].clone()], 0));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_to_a_file_what_is_read_was_put_in_that_order(
        lengths in prop::collection::vec(0_usize..300, 1..8),
        hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let all: Vec<_> = (0..).zip(lengths).map(|(number, length)| waiting(number, length)).collect();
        let mut file = left_by_one_that_put(&all);
        for (place, byte) in hits {
            let at = place.index(file.len());
            file[at] = byte;
        }
        if let Some(cut) = cut {
            file.truncate(cut.index(file.len()));
        }
        // `adopted` checks that each span was read or counted.
        let (read, _) = adopted(&file);
        let mut rest = all.iter();
        prop_assert!(read.iter().all(|waiting| rest.any(|put| put == waiting)));
    }
}
