//! A lane goes from thread to thread and no record stays behind.
//!
//! The drain looks at the mark, empties the ring, and frees the lane if the mark was there. A free
//! lane is therefore an empty one: nobody looks into it again until a thread claims it.

use crate::explored::in_full;
use crate::rings::{PROCESS, claimed, record, record_last, visit};
use loom::thread;

#[test]
fn loom_the_last_record_of_a_dying_thread_is_read() {
    in_full("a thread dies", || {
        let lane = claimed();
        let writer = lane.writer(|| {});
        let dying = thread::spawn(move || {
            record(&writer, 1).expect("an empty ring has room");
            record_last(&writer, 2);
            lane.retire();
        });
        let mut numbers = Vec::new();
        while !lane.claim(PROCESS) {
            visit(lane, &mut numbers);
            thread::yield_now();
        }
        assert_eq!(numbers, [1, 2], "what the drain read before it freed the lane");
        dying.join().expect("the thread does not panic");
    });
}

/// A second thread takes the lane, if it finds it free, while the drain passes over the first one's.
#[test]
fn loom_the_next_thread_gets_an_empty_lane_and_writes_on() {
    in_full("a lane is lent again", || {
        let lane = claimed();
        let writer = lane.writer(|| {});
        let first = thread::spawn(move || {
            record_last(&writer, 1);
            lane.retire();
        });
        let second = thread::spawn(move || {
            let is_lent = lane.claim(PROCESS);
            if is_lent {
                assert_eq!(lane.ring().taken(), lane.ring().recorded(), "a free lane is empty");
                record_last(&lane.writer(|| {}), 2);
                lane.retire();
            }
            is_lent
        });
        let mut numbers = Vec::new();
        visit(lane, &mut numbers);
        visit(lane, &mut numbers);
        first.join().expect("the first thread does not panic");
        let is_lent = second.join().expect("the second thread does not panic");
        visit(lane, &mut numbers);
        let written: &[u64] = if is_lent { &[1, 2] } else { &[1] };
        assert_eq!(numbers, written, "each record once, in order");
        assert!(lane.claim(PROCESS), "what was retired is free after the next visit");
    });
}

#[test]
fn loom_two_threads_never_claim_one_lane() {
    in_full("two threads claim", || {
        let lane = claimed();
        lane.retire();
        lane.free();
        let rivals = [(); 2].map(|()| thread::spawn(move || lane.claim(PROCESS)));
        let claims = rivals.map(|rival| rival.join().expect("claiming does not panic"));
        assert_eq!(claims.iter().filter(|&&is_mine| is_mine).count(), 1);
    });
}

#[test]
fn loom_a_lane_that_is_retired_and_not_drained_is_nobodys() {
    in_full("a lane waits for the drain", || {
        let lane = claimed();
        let claimant = thread::spawn(move || lane.claim(PROCESS));
        record_last(&lane.writer(|| {}), 1);
        lane.retire();
        assert!(!claimant.join().expect("claiming does not panic"), "it was never free");
        let mut numbers = Vec::new();
        visit(lane, &mut numbers);
        assert_eq!(numbers, [1]);
        assert!(lane.claim(PROCESS), "it is free now");
    });
}
