//! One call site, hit a hundred million times: no two spans have the same id, and the sums match.
//!
//! So many take a minute and a half of an optimized build and 800 MB, so `tests/hundred-million.sh`
//! says how many; unsaid it is a few rings full.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod deadlines;
mod laws;

use deadlines::Watch;
use exo_trace::{ExportError, SpanData, SpanExporter, TraceConfig, init, span_sync};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use std::{env, mem};

const DEADLINE: Duration = Duration::from_secs(300);
const SPANS: u64 = 200_000;
/// So many that they fit the ring between two flushes.
const BURST: u64 = 40_000;
const RING_BYTES: usize = 4 << 20;

/// What the exporter has seen.
#[derive(Default)]
struct Seen {
    ids: Vec<u64>,
    sum: u64,
}

/// Keeps the id of every span, and adds up what they say.
struct Ids(Arc<Mutex<Seen>>);

impl SpanExporter for Ids {
    fn export(&mut self, spans: &[SpanData<'_>]) -> Result<(), ExportError> {
        let mut seen = self.0.lock().map_err(ExportError::new)?;
        for span in spans {
            seen.ids.push(u64::from_be_bytes(span.span_id().to_bytes()));
            let said = span.attributes().find(|(key, _)| *key == "n").map(|(_, value)| value);
            let Some(exo_trace::Value::I64(n)) = said else {
                return Err(ExportError::new("no number"));
            };
            seen.sum = seen.sum.wrapping_add(n as u64);
        }
        Ok(())
    }
}

fn spans() -> u64 {
    let said = env::var("EXO_TRACE_SPANS").ok();
    said.map_or(SPANS, |said| said.parse().expect("a number of spans"))
}

fn main() -> ExitCode {
    let (spans, seen) = (spans(), Arc::<Mutex<Seen>>::default());
    let watch = Watch::start("one call site hit again and again");
    let exporter = watch.of(Ids(Arc::clone(&seen)));
    let config = TraceConfig::new("hit").exporter(exporter).ring_bytes(RING_BYTES);
    let trace = init(config).expect("nothing records yet");
    let began = Instant::now();
    let mut begun = 0;
    while begun < spans {
        let until = (begun + BURST).min(spans);
        (begun..until).for_each(|n| drop(span_sync!("hit", n)));
        begun = until;
        let _ = trace.flush(DEADLINE);
    }
    let took = began.elapsed();
    let delivery = watch.shutdown(&trace, DEADLINE);
    laws::accounts_for(spans, &delivery);
    assert!(delivery.is_complete(), "{delivery}");
    let Seen { mut ids, sum } = mem::take(&mut *seen.lock().expect("nobody panicked"));
    assert_eq!(ids.len() as u64, spans);
    assert_eq!(sum, (0..spans).fold(0, u64::wrapping_add), "each said its own number");
    ids.sort_unstable();
    let again = ids.windows(2).filter(|pair| pair[0] == pair[1]).count();
    assert_eq!(again, 0, "ids that came again");
    assert_ne!(ids.first(), Some(&0));
    println!("{spans} spans in {took:.1?}");
    println!("test a_call_site_hit_again_and_again_repeats_no_id_and_loses_nothing ... ok");
    ExitCode::SUCCESS
}
