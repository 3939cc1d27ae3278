//! What the prompt logger says of a call, on a line, on a span and in its list, and what it never says.
#![cfg(feature = "enabled")]

use exo_trace::prompt_logger::{
    CountMethod, Execution, PromptLogger, compute_token_breakdown, compute_token_breakdown_for,
    count_tokens,
};
use exo_trace::testing::capture;
use exo_trace::{TraceBackend, TraceConfig, init, span_sync};
use log::{Log, Metadata, Record};
use serde_json::{Value, json};
use std::sync::{Mutex, Once};

const SECRET: &str = "the combination is 1953";

/// Keeps what is logged, as its target and its text.
struct Lines(Mutex<Vec<(String, String)>>);

static LINES: Lines = Lines(Mutex::new(Vec::new()));

impl Log for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let line = (record.target().to_owned(), record.args().to_string());
        self.0.lock().expect("no test panics with the lines in its hand").push(line);
    }

    fn flush(&self) {}
}

/// Returns the lines that are about a model; tests run side by side.
fn lines_about(model: &str) -> Vec<(String, String)> {
    let lines = LINES.0.lock().expect("no test panics with the lines in its hand");
    lines.iter().filter(|(_, text)| text.contains(model)).cloned().collect()
}

/// Contents are captured in this process: the logger tells none all the same.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let config = TraceConfig::new("listening").backend(TraceBackend::Memory);
        std::mem::forget(init(config.capture_content(true)).expect("nothing records yet"));
        log::set_logger(&LINES).expect("nobody else logs in this process");
        log::set_max_level(log::LevelFilter::Trace);
    });
}

fn messages() -> Value {
    json!([
        {"role": "system", "content": "You are a research assistant."},
        {"role": "user", "content": SECRET},
        {"role": "assistant", "content": null, "tool_calls": [
            {"function": {"name": "search", "arguments": {"query": SECRET}}},
        ]},
        {"role": "tool", "content": SECRET},
    ])
}

#[test]
fn a_call_is_one_line_with_its_counts() {
    listen();
    let messages = messages();
    let logger = PromptLogger::new();
    logger.log(&messages, SECRET, "model-of-one-line", compute_token_breakdown(&messages));
    let line = "model-of-one-line: 4 messages, 27 tokens (estimate): \
        system=7 user=5 assistant=10 tool=5 other=0, response=5";
    assert_eq!(lines_about("model-of-one-line"), [("exo.trace.prompt".into(), line.into())]);
}

#[test]
fn a_call_is_an_event_of_the_current_span() {
    listen();
    let messages = messages();
    let trace = capture(|| {
        let _chat = span_sync!("chat");
        let breakdown = compute_token_breakdown(&messages);
        PromptLogger::new().log(&messages, "1953", "model-of-a-span", breakdown);
    });
    let expected = "chat\n  · exo.prompt gen_ai.request.model=\"model-of-a-span\" \
        exo.prompt.messages=4 exo.prompt.system_tokens=7 exo.prompt.user_tokens=5 \
        exo.prompt.assistant_tokens=10 exo.prompt.tool_tokens=5 exo.prompt.other_tokens=0 \
        exo.prompt.total_tokens=27 exo.prompt.response_tokens=1 exo.prompt.method=\"estimate\" \
        exo.prompt.response_method=\"estimate\"\n";
    assert_eq!(trace.to_text(), expected);
}

#[test]
fn an_execution_is_one_line_too_and_its_summary_is_the_packages() {
    listen();
    let execution = Execution {
        agent_name: "researcher",
        model_name: "model-of-a-summary",
        tool_names: &["search"],
        duration_s: 0.5,
        ..Default::default()
    };
    let entry = PromptLogger::new().log_execution(&messages(), execution);
    let line = "model-of-a-summary: 4 messages, 27 tokens (estimate): system=7 user=5 assistant=10 \
        tool=5 other=0, 0.500 s, agent researcher, tools search";
    assert_eq!(lines_about("model-of-a-summary"), [("exo.trace.prompt".into(), line.into())]);
    let summary = "Agent: researcher  Model: model-of-a-summary\nMessages: 4  Duration: 0.500s\n\
        Tokens: 27 (system=7 user=5 assistant=10 tool=5)\nTools: search";
    assert_eq!(entry.format_summary(), summary);
}

#[test]
fn a_name_forges_no_line() {
    listen();
    let execution = Execution {
        agent_name: "researcher\nLLM Execution",
        model_name: "model-of-a-forger\r\nTokens: 0",
        tool_names: &["search", "x\nTools: none\u{1b}[2K"],
        ..Default::default()
    };
    let entry = PromptLogger::new().log_execution(&messages(), execution);
    assert_eq!(entry.agent_name, "researcher\nLLM Execution", "kept as it is");
    let [(_, line)] = &lines_about("model-of-a-forger")[..] else { panic!("it is one line") };
    assert!(!line.contains(char::is_control), "{line:?}");
    let end = "agent researcher\\nLLM Execution, tools search, x\\nTools: none\\u{1b}[2K";
    assert!(line.ends_with(end), "{line}");
}

#[test]
fn whoever_asks_for_exact_counts_is_told_what_came() {
    // Whether the vocabularies are there is for a feature to say; the names are there always.
    for model in ["gpt-4o", "my-own-model"] {
        let breakdown = compute_token_breakdown_for(model, &messages());
        let is_estimate = breakdown.method() == CountMethod::Estimate;
        assert_eq!(count_tokens(model, SECRET).is_none(), is_estimate, "{model}");
        assert_eq!(breakdown == compute_token_breakdown(&messages()), is_estimate, "{model}");
    }
    assert_eq!(count_tokens("my-own-model", SECRET), None);
}

#[test]
fn content_is_never_told() {
    listen();
    let logger = PromptLogger::new().with_context_window(128_000);
    let messages = messages();
    let trace = capture(|| {
        let _chat = span_sync!("chat");
        let breakdown = compute_token_breakdown(&messages);
        logger.log(&messages, SECRET, "model-of-secrets", breakdown);
        let execution = Execution { model_name: "model-of-secrets", ..Default::default() };
        logger.log_execution(&messages, execution);
    });
    assert!(!trace.to_text().contains(SECRET));
    let entries = logger.entries();
    assert_eq!(entries.len(), 2);
    assert!(!format!("{entries:?}").contains(SECRET));
    assert_eq!(lines_about("model-of-secrets").len(), 2);
    assert!(lines_about(SECRET).is_empty());
}
