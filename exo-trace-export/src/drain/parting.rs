//! What a consumer lost that was taken out is counted once at every moment, however often anybody looks.

use super::*;
use crate::SpanData;
use crate::config::Limits;
use crate::consumer::SpanConsumer;
use crate::pipeline::alone;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

const ROUNDS: u64 = 300;
const LOST: u64 = 7;

struct Nobody;

impl SpanConsumer for Nobody {
    fn consume(&self, _: &SpanData<'_>) {}
}

/// Returns a drain without a thread, and what it shows.
fn idle() -> (Drain, Arc<Shared>) {
    HostClock::start();
    let limits = Limits { attribute_count_max: 9, event_count_max: 9, link_count_max: 9 };
    let assembler = Assembler::new(limits, Arc::default(), Arc::default());
    let (reading, measures) = (running::begin_reading().unwrap(), Measures::from(Vec::new()));
    let shared = Arc::<Shared>::default();
    (Drain::new(Arc::clone(&shared), reading, assembler, measures, Vec::new()), shared)
}

/// A consumer that lost some spans, was taken out, and has finished.
fn gone() -> Destination {
    let gone = Destination::start_consumer(Arc::new(Nobody), 0, &Served::ByThreads).unwrap();
    gone.counts().failed(LOST);
    gone.leave();
    while !gone.has_finished() {
        std::thread::yield_now();
    }
    gone
}

#[test]
fn what_a_consumer_lost_is_counted_once_while_it_leaves() {
    let _alone = alone();
    let (mut drain, shared) = idle();
    let is_over = AtomicBool::new(false);
    let wrong = std::thread::scope(|scope| {
        let looking = scope.spawn(|| {
            let (mut wrong, mut most) = (0, 0);
            while !is_over.load(Relaxed) {
                let (tally, counts) = shared.tally_and_counts();
                let here: u64 = counts.iter().map(|counts| counts.account().failed).sum();
                let lost = tally.gone_failed + here;
                most = lost.max(most);
                wrong += u64::from(lost < most);
            }
            wrong
        });
        for _ in 0..ROUNDS {
            drain.leaving.push(gone());
            drain.show_counts();
            drain.part();
        }
        is_over.store(true, Relaxed);
        looking.join().unwrap()
    });
    assert_eq!(wrong, 0, "for a while it was counted twice, or not at all");
    assert_eq!(shared.tally_and_counts().0.gone_failed, ROUNDS * LOST);
}
