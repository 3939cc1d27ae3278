//! Chosen values of the baggage are attributes of the spans that begin where they are carried.

use exo_trace::propagation::{clear_baggage, set_baggage};
use exo_trace::{TraceBackend, TraceConfig, attributes, chat, span_sync};
use std::time::Duration;

#[test]
fn spans_say_the_chosen_values_that_are_carried_when_they_begin() {
    let config = TraceConfig::new("test").backend(TraceBackend::Memory);
    let trace = exo_trace::init(config.baggage_attributes(["user_id", "session_id"])).unwrap();
    drop(span_sync!("before", step = 1));
    set_baggage("user_id", "u-123");
    set_baggage("session_id", "s-456");
    set_baggage("token", "secret");
    {
        let _run = span_sync!("run", step = 2, note = "text");
        set_baggage("user_id", "u-124");
        let _own = exo_trace::span_sync("own", attributes! { user_id = "mine" });
        drop(span_sync!("literal", user_id = 7));
        drop(span_sync!("number", user_id = "four".len()));
        let mut call = chat("openai", "gpt-4o").start();
        call.finish("stop");
        call.end();
    }
    clear_baggage();
    drop(span_sync!("after"));
    let losses = trace.shutdown(Duration::from_secs(60)).lost;
    assert!(losses.is_none(), "{losses}");
    let memory = trace.memory().unwrap();
    let tree = memory.tree();
    let lines: Vec<_> = tree.lines().collect();
    assert_eq!(lines[0], "before step=1");
    assert_eq!(lines[1], r#"run step=2 note="text" user_id="u-123" session_id="s-456""#);
    assert_eq!(lines[2], r#"  own user_id="mine" session_id="s-456""#);
    assert_eq!(lines[3], r#"    literal user_id=7 session_id="s-456""#);
    assert_eq!(lines[4], r#"    number user_id=4 session_id="s-456""#);
    assert!(lines[5].contains(r#" user_id="u-124" session_id="s-456""#), "{}", lines[5]);
    assert_eq!(lines[6..], ["after"]);
}
