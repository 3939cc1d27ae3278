//! What was said is on no span unless somebody asks for it; then all of it is, as far as the rule lets it.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

use exo_trace::testing::capture;
use exo_trace::{
    Content, Dialect, Message, Messages, Piece, Redaction, SpanData, Trace, TraceBackend,
    TraceConfig, TraceGuard, Usage, Value, agent, chat, init, mcp_call, tool, traced,
};
use serde_json::json;
use std::borrow::Cow;
use std::cell::Cell;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);
const SECRET: &str = "the combination is 1953";
const CONTENTS: [&str; 5] = [
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.system_instructions",
    "gen_ai.tool.call.arguments",
    "gen_ai.tool.call.result",
];

static ALONE: Mutex<()> = Mutex::new(());

/// The pipeline is the process's: one story at a time.
fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn config() -> TraceConfig {
    TraceConfig::new("content").backend(TraceBackend::Memory).dialects(Dialect::GenAi)
}

fn start(config: TraceConfig) -> TraceGuard {
    init(config).expect("nothing records yet")
}

/// An agent that asks a model, looks something up and asks again.
fn run() {
    let mut run = agent("researcher").start();
    run.input_messages(&Message::user("What opens the safe?"));
    run.in_scope(|| {
        let mut ask = chat("openai", "gpt-4o").start();
        ask.system_instructions("You answer briefly.");
        ask.input_messages(&[Message::user("What opens the safe?")]);
        ask.usage(Usage::new(20, 5)).finish("tool_calls");
        let called = Message::assistant("").with_tool_call("look_up", r#"{"topic": "safe"}"#);
        ask.output_messages(&called);
        drop(ask);

        let mut look_up = tool("look_up").call_id("call_1").start();
        look_up.arguments(r#"{"topic": "safe"}"#).result(SECRET);
        look_up.end();

        let mut remote = mcp_call("tools/call").tool("lock").start();
        remote.arguments(&json!({"state": "open"})).result(&json!([{"done": true}]));
        remote.end();

        let mut again = chat("openai", "gpt-4o").start();
        again.input_messages(&json!([
            {"role": "user", "content": "What opens the safe?"},
            {"role": "assistant", "content": null, "tool_calls": [
                {"id": "call_1", "function": {"name": "look_up", "arguments": "{\"topic\": \"safe\"}"}},
            ]},
            {"role": "tool", "tool_call_id": "call_1", "content": SECRET},
        ]));
        again.output_messages(&Message::assistant(SECRET)).finish("stop");
    });
    run.output_messages(&Message::assistant(SECRET));
    run.end();
}

fn told(config: TraceConfig, run: impl FnOnce()) -> Trace {
    let guard = start(config);
    let trace = capture(run);
    let delivery = guard.shutdown(DEADLINE);
    assert!(delivery.is_complete() && delivery.lost.is_none(), "{delivery}");
    trace
}

fn text(span: &SpanData<'_>, key: &str) -> String {
    match span.attribute(key) {
        Some(Value::Text(text)) => text.to_owned(),
        value => panic!("{key} is {value:?}"),
    }
}

#[test]
fn a_run_with_its_contents_is_its_golden_trace() {
    let _alone = alone();
    let trace = told(config().capture_content(true), run);
    assert_eq!(trace.to_text(), include_str!("traces/content.txt"));
}

#[test]
fn each_dialect_has_the_contents_under_its_own_names() {
    let _alone = alone();
    for (dialect, [input, output, arguments, result]) in [
        // The page has no names for them.
        (Dialect::Page, [CONTENTS[0], CONTENTS[1], CONTENTS[3], CONTENTS[4]]),
        (Dialect::GenAi, [CONTENTS[0], CONTENTS[1], CONTENTS[3], CONTENTS[4]]),
        (Dialect::GenAi141, [CONTENTS[0], CONTENTS[1], CONTENTS[3], CONTENTS[4]]),
        (Dialect::OpenInference, ["input.value", "output.value", "input.value", "output.value"]),
    ] {
        let trace = told(config().capture_content(true).dialects(dialect), run);
        let written = |span: &SpanData<'_>, key: &str| {
            let json: serde_json::Value = serde_json::from_str(&span.to_string()).expect("JSON");
            let written = json["attributes"][key].as_str().expect(key).to_owned();
            serde_json::from_str::<serde_json::Value>(&written).expect("a content is JSON")
        };
        let (ask, look_up) =
            (trace.named("chat gpt-4o")[0], trace.named("execute_tool look_up")[0]);
        assert_eq!(written(ask, input)[0]["parts"][0]["content"], "What opens the safe?");
        let answer = written(ask, output);
        assert_eq!(answer[0]["parts"][0]["arguments"], json!({"topic": "safe"}));
        let wants_reasons = dialect == Dialect::GenAi141;
        assert_eq!(answer[0]["finish_reason"] == "tool_calls", wants_reasons, "{dialect}");
        assert_eq!(written(look_up, arguments), json!({"topic": "safe"}));
        assert_eq!(written(look_up, result), SECRET);
        if dialect == Dialect::OpenInference {
            assert_eq!(text(look_up, "input.mime_type"), "application/json");
        }
    }
}

#[test]
fn nothing_that_was_said_is_anywhere_unless_asked_for() {
    let _alone = alone();
    let trace = told(config(), run);
    assert!(!trace.to_text().contains("1953") && trace.spans().len() == 5);
    for span in trace.spans() {
        assert!(CONTENTS.iter().all(|key| span.attribute(key).is_none()));
    }
}

thread_local! {
    static LOOKED_AT: Cell<usize> = const { Cell::new(0) };
}

/// Counts how often somebody looks at it.
struct Watched;

impl Messages for Watched {
    fn message_count(&self) -> usize {
        LOOKED_AT.set(LOOKED_AT.get() + 1);
        1
    }

    fn for_each_piece(&self, take: &mut dyn FnMut(&str, Piece<'_>)) {
        LOOKED_AT.set(LOOKED_AT.get() + 1);
        take("user", Piece::Text(SECRET));
    }
}

impl Content for Watched {
    fn write_json(&self, json: &mut String) {
        LOOKED_AT.set(LOOKED_AT.get() + 1);
        json.push_str(SECRET);
    }
}

fn watched_call() {
    let mut call = chat("openai", "gpt-4o").start();
    call.input_messages(&Watched).output_messages(&Watched).system_instructions(SECRET);
    call.finish("stop");
    drop(call);
    let mut look_up = tool("look_up").start();
    look_up.arguments(&Watched).result(&Watched);
    look_up.end();
}

#[test]
fn switched_off_and_unsampled_contents_are_not_even_looked_at() {
    let _alone = alone();
    for (config, looks) in [
        (config(), 0),
        (config().capture_content(true).sample_rate(0.0), 0),
        (config().capture_content(true).enabled(false), 0),
        (config().capture_content(true), 4),
    ] {
        let guard = start(config);
        watched_call();
        LOOKED_AT.set(0);
        watched_call();
        assert_eq!(LOOKED_AT.take(), looks);
        assert!(guard.shutdown(DEADLINE).is_complete());
    }
}

#[test]
fn the_rule_sees_every_content_and_every_extracted_argument() {
    #[traced(extract_args)]
    fn open(combination: u32, name: &str, tries: u8) -> u32 {
        combination + name.len() as u32 + u32::from(tries)
    }
    fn rule<'t>(place: &Redaction<'_>, text: &'t str) -> Cow<'t, str> {
        match place.key() {
            "arg.name" => Cow::Borrowed("somebody"),
            _ => text.replace("1953", "****").into(),
        }
    }
    let _alone = alone();
    let trace = told(config().capture_content(true).redact(rule), || {
        run();
        open(1953, "ann", 3);
    });
    let told = trace.to_text();
    assert!(!told.contains("1953") && told.contains("the combination is ****"), "{told}");
    let open = trace.named("open")[0];
    assert_eq!(open.attribute("arg.combination"), Some("****".into()));
    assert_eq!(open.attribute("arg.name"), Some("somebody".into()));
    assert_eq!(open.attribute("arg.tries"), Some(3.into()), "what stays is what it was");
}

#[test]
fn arguments_are_extracted_where_a_function_asks_and_contents_where_the_program_does() {
    #[traced(extract_args)]
    fn asks(name: &str) -> usize {
        name.len()
    }
    #[traced]
    fn does_not_ask(name: &str) -> usize {
        name.len()
    }
    let _alone = alone();
    for captures in [false, true] {
        let trace = told(config().capture_content(captures), || {
            asks("ann");
            does_not_ask("ann");
            tool("look_up").start().arguments("ann");
        });
        assert_eq!(trace.named("asks")[0].attribute("arg.name"), Some("ann".into()));
        assert_eq!(trace.named("does_not_ask")[0].attribute("arg.name"), None);
        let look_up = trace.named("execute_tool look_up")[0];
        assert_eq!(look_up.attribute(CONTENTS[3]).is_some(), captures);
    }
}

#[test]
fn a_rule_that_panics_costs_what_it_was_shown_and_nothing_else() {
    #[traced(extract_args)]
    fn look(at: &str) -> usize {
        at.len()
    }
    let _alone = alone();
    let rule =
        |_: &Redaction<'_>, text: &str| assert!(!text.contains("1953"), "a rule's own panic");
    let config = config().capture_content(true).redact(move |place, text| {
        rule(place, text);
        text.into()
    });
    let guard = start(config);
    let trace = capture(|| {
        run();
        look(SECRET);
        look("elsewhere");
    });
    let delivery = guard.shutdown(DEADLINE);
    assert_eq!(delivery.lost.redactions_panicked, 5, "{delivery}");
    let note = "(panicked while it was redacted)";
    assert_eq!(trace.named("look")[0].attribute("arg.at"), Some(note.into()));
    assert_eq!(trace.named("look")[1].attribute("arg.at"), Some("elsewhere".into()));
    let look_up = trace.named("execute_tool look_up")[0];
    assert_eq!(text(look_up, "gen_ai.tool.call.result"), format!("{note:?}"));
    assert_eq!(text(look_up, "gen_ai.tool.call.arguments"), r#"{"topic":"safe"}"#);
    assert_eq!(trace.spans().len(), 7);
}

#[test]
fn a_long_content_is_cut_and_still_json() {
    let _alone = alone();
    let trace = told(config().capture_content(true).content_bytes_max(1_000), || {
        let mut ask = chat("openai", "gpt-4o").start();
        let long = "rule \"one\"\n".repeat(10_000);
        ask.input_messages(&[Message::system(long), Message::user("why?")]).finish("stop");
    });
    let ask = trace.named("chat gpt-4o")[0];
    let input = text(ask, CONTENTS[0]);
    let read: serde_json::Value = serde_json::from_str(&input).expect("it is still JSON");
    assert_eq!(read[1]["parts"][0]["content"], "why?");
    assert!(input.len() <= 1_000);
    assert_eq!(
        ask.attribute("exo.truncated").map(|cut| format!("{cut:?}").contains("input")),
        Some(true)
    );
}

#[test]
fn contents_find_their_span_on_whatever_thread_it_ends() {
    let _alone = alone();
    let trace = told(config().capture_content(true), || {
        let run = agent("researcher").start();
        let calls: Vec<_> =
            run.in_scope(|| (0..64).map(|n| (n, tool("echo").step(n).start())).collect());
        thread::scope(|scope| {
            for (n, mut call) in calls {
                scope.spawn(move || {
                    call.arguments(&json!(n));
                    call.result(&json!({"said": n}));
                    call.end();
                });
            }
        });
        run.end();
    });
    let calls = trace.named("execute_tool echo");
    assert_eq!(calls.len(), 64);
    for call in calls {
        let Some(Value::I64(step)) = call.attribute("exo.agent.step") else { panic!("no step") };
        assert_eq!(text(call, "gen_ai.tool.call.arguments"), step.to_string());
        assert_eq!(text(call, "gen_ai.tool.call.result"), json!({"said": step}).to_string());
    }
}

#[test]
fn what_finds_no_room_is_refused_and_counted() {
    let _alone = alone();
    let guard = start(config().capture_content(true).content_queue_bytes_max(4_096));
    let mut look_up = tool("look_up").start();
    look_up.arguments(&"a".repeat(10_000)).result("short");
    look_up.end();
    let delivery = guard.shutdown(DEADLINE);
    assert_eq!((delivery.delivered, delivery.lost.contents_refused), (1, 1), "{delivery}");
    assert_eq!(delivery.lost.total(), 1);
    let spans = guard.memory().expect("the memory backend").spans();
    assert_eq!(text(&spans[0], "gen_ai.tool.call.result"), "\"short\"");
    assert!(spans[0].attribute("gen_ai.tool.call.arguments").is_none());
}

#[test]
fn contents_of_a_span_that_stays_open_make_room_for_others_without_any_record() {
    let _alone = alone();
    let guard = start(config().capture_content(true).content_queue_bytes_max(8_192));
    let mut look_up = tool("look_up").start();
    for times in 0..10 {
        look_up.arguments(&json!([times, "a".repeat(5_000)]));
        assert!(guard.flush(DEADLINE).is_complete());
    }
    look_up.end();
    let delivery = guard.shutdown(DEADLINE);
    assert!(delivery.lost.is_none(), "{delivery}");
    let spans = guard.memory().expect("the memory backend").spans();
    assert!(text(&spans[0], CONTENTS[3]).starts_with("[9,"), "what is said last counts");
}

#[test]
fn messages_that_panic_break_nobody() {
    struct Broken;
    impl Content for Broken {
        fn write_json(&self, _: &mut String) {
            panic!("a content's own panic");
        }
    }
    let _alone = alone();
    let trace = told(config().capture_content(true), || {
        let mut look_up = tool("look_up").start();
        look_up.arguments(&Broken).result(&"found");
        look_up.end();
    });
    let look_up = trace.named("execute_tool look_up")[0];
    let note = r#""(panicked while it was written down)""#;
    assert_eq!(text(look_up, "gen_ai.tool.call.arguments"), note);
}
