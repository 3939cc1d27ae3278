//! A full ring refuses the newest and says so, and when the drain is back it goes on.

mod laws;

use exo_trace::{TraceBackend, TraceConfig, init, span_sync};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);
/// The smallest ring there is.
const RING_BYTES: usize = 4 << 10;

#[test]
fn a_full_ring_drops_and_says_so() {
    let config = TraceConfig::new("tiny").backend(TraceBackend::Memory).ring_bytes(RING_BYTES);
    let trace = init(config).expect("nothing records yet");
    drop(span_sync!("claims the ring"));
    laws::accounts_for(1, &trace.flush(DEADLINE));
    let mut begun = 1;
    while trace.losses().spans_refused == 0 || trace.losses().facts_refused == 0 {
        for n in 0..1_000 {
            let span = span_sync!("burst", n);
            span.set_attribute("late", "text");
        }
        begun += 1_000;
    }
    let delivery = trace.flush(DEADLINE);
    laws::accounts_for(begun, &delivery);
    let memory = trace.memory().expect("the memory backend");
    let kept = memory.named("burst").len() as u64;
    assert_eq!(kept, begun - 1 - delivery.lost.spans_refused, "{delivery}");

    drop(span_sync!("after"));
    laws::accounts_for(begun + 1, &trace.shutdown(DEADLINE));
    assert_eq!(memory.named("after").len(), 1);
}
