//! A server's sessions come and go for ever: the process remembers a bounded number, and says what it
//! forgot.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod laws;

use exo_trace::{Context, Identity, TraceBackend, TraceConfig, Value, init, span_sync};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);
const SESSIONS: usize = 1_000_000;
/// Each so many sessions leave a span to look at.
const EVERY: usize = 1_000;

fn session(number: usize) -> Identity {
    Identity::new().session(format!("s-{number}"))
}

#[test]
fn a_million_sessions_stay_bounded_and_none_is_taken_for_another() {
    let trace = init(TraceConfig::new("server").backend(TraceBackend::Memory)).expect("it starts");
    let forgotten = {
        let _attached = Identity::new().session("long gone").attach();
        Context::current()
    };
    let _kept = Identity::new().task("the server's own").attach();
    for number in 0..SESSIONS {
        let _attached = session(number).attach();
        if number % EVERY == 0 {
            drop(span_sync!("request", number));
            // Long before the table is full again: nothing but time could make it forget these.
            let _ = (number % (20 * EVERY) == 0).then(|| trace.flush(DEADLINE));
        }
    }
    {
        let _attached = forgotten.attach();
        drop(span_sync!("too late"));
    }
    drop(span_sync!("after all"));
    let delivery = trace.flush(DEADLINE);
    laws::accounts_for((SESSIONS / EVERY + 2) as u64, &delivery);
    let memory = trace.memory().expect("the memory backend was asked for");
    let requests = memory.named("request");
    assert_eq!(requests.len(), SESSIONS / EVERY);
    for span in &requests {
        let Some(Value::I64(number)) = span.attribute("number") else { panic!("{span}") };
        let expected = format!("s-{number}");
        assert_eq!(span.attribute("session.id"), Some(Value::Text(&expected)), "{span}");
        assert_eq!(span.attribute("exo.task.id"), Some(Value::Text("the server's own")));
    }
    assert_eq!(memory.named("too late")[0].attribute("session.id"), None);
    assert_eq!((delivery.lost.identities_gone, delivery.lost.identities_full), (1, 0));
    assert!(memory.named("after all")[0].attribute("exo.task.id").is_some(), "still attached");
    let _ = trace.shutdown(DEADLINE);
}
