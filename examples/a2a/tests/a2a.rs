//! The example as its users run it: real processes, checked by the spans that a collector gets from them.

#![expect(clippy::unwrap_used, reason = "what a test leans on panics as the test does")]

use exo_trace_a2a::Collector;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::sync::LazyLock;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use tokio::time::timeout;

/// The most that anything here waits for; only what has failed takes that long.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where the example is. Cargo builds it for all tests of its package, but not for one of them alone.
static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
    let test = std::env::current_exe().unwrap();
    // This test is `<target>/<profile>/deps/a2a-<hash>`.
    let profile = test.ancestors().nth(2).unwrap();
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let mut build = std::process::Command::new(cargo);
    build.args(["build", "--quiet", "--workspace", "--example", "a2a", "--target-dir"]);
    build.arg(profile.parent().unwrap()).current_dir(env!("CARGO_MANIFEST_DIR"));
    if profile.ends_with("release") {
        build.arg("--release");
    }
    assert!(build.status().unwrap().success(), "the example does not build");
    profile.join("examples").join(format!("a2a{}", std::env::consts::EXE_SUFFIX))
});

fn program() -> Command {
    let mut command = Command::new(PROGRAM.as_path());
    let inherited = std::env::vars_os().map(|(name, _)| name);
    inherited.filter(|name| name.to_string_lossy().starts_with("OTEL_")).for_each(|name| {
        command.env_remove(name);
    });
    command.env_remove("COLUMNS").stdin(Stdio::null()).kill_on_drop(true);
    command
}

async fn ended(mut command: Command) -> Output {
    timeout(PATIENCE, command.output()).await.unwrap().unwrap()
}

/// A span and the process that it comes from.
struct Received {
    span: Span,
    process: String,
}

impl Received {
    fn text(&self, key: &str) -> Option<&str> {
        let attribute = self.span.attributes.iter().find(|attribute| attribute.key == key)?;
        match attribute.value.as_ref()?.value.as_ref()? {
            Value::StringValue(text) => Some(text),
            _ => None,
        }
    }
}

fn received(collector: &Collector) -> Vec<Received> {
    let mut spans = Vec::new();
    for resource_spans in collector.requests().into_iter().flat_map(|said| said.resource_spans) {
        let resource = resource_spans.resource.unwrap();
        let name = resource.attributes.iter().find(|said| said.key == "service.name").unwrap();
        let Some(Value::StringValue(process)) = name.value.clone().unwrap().value else { panic!() };
        let of_scopes = resource_spans.scope_spans.into_iter().flat_map(|scope| scope.spans);
        spans.extend(of_scopes.map(|span| Received { span, process: process.clone() }));
    }
    spans
}

/// Returns what hangs below a parent, a line for each span; siblings stand in the order of their texts.
fn below(parent: &[u8], spans: &HashMap<&[u8], Vec<&Received>>, depth: usize) -> String {
    let line = |one: &&Received| {
        let kind = SpanKind::try_from(one.span.kind).unwrap().as_str_name();
        let kind = kind.trim_start_matches("SPAN_KIND_").to_lowercase();
        let children = below(&one.span.span_id, spans, depth + 1);
        format!("{}{} ({} {kind})\n{children}", "  ".repeat(depth), one.span.name, one.process)
    };
    let mut lines: Vec<_> = spans.get(parent).into_iter().flatten().map(line).collect();
    lines.sort();
    lines.concat()
}

const EXPECTED: &str = "\
invoke_agent planner (planner internal)
  invoke_agent librarian (planner client)
    POST (planner client)
      POST / (librarian server)
        invoke_agent librarian (librarian internal)
          execute_tool search (librarian internal)
          execute_tool search (librarian internal)
          execute_tool search (librarian internal)
          execute_tool search (librarian internal)
  invoke_agent writer (planner client)
    POST (planner client)
      POST / (writer server)
        invoke_agent writer (writer internal)
          execute_tool compose (writer internal)
          invoke_agent librarian (writer client)
            POST (writer client)
              POST / (librarian server)
                invoke_agent librarian (librarian internal)
                  execute_tool check (librarian internal)
          invoke_agent librarian (writer client)
            POST (writer client)
              POST / (librarian server)
                invoke_agent librarian (librarian internal)
                  execute_tool check (librarian internal)
  plan (planner internal)
";

#[tokio::test]
async fn three_processes_answer_one_question_in_one_trace() {
    let collector = Collector::start().await.unwrap();
    let mut command = program();
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url());
    command.env("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
    let output = ended(command).await;
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && complaint.is_empty(), "{said}{complaint}");

    let spans = received(&collector);
    let mut children: HashMap<&[u8], Vec<&Received>> = HashMap::new();
    spans.iter().for_each(|one| children.entry(&one.span.parent_span_id).or_default().push(one));
    assert_eq!(below(&[], &children, 0), EXPECTED, "{said}");
    assert_eq!(spans.len(), EXPECTED.lines().count(), "nobody hangs elsewhere");
    let traces: BTreeSet<_> = spans.iter().map(|one| &one.span.trace_id).collect();
    assert_eq!(traces.len(), 1);

    // Set by the planner, and on every span of all three.
    for one in &spans {
        let carried = (one.text("user_id"), one.text("session_id"));
        assert_eq!(carried, (Some("ada"), Some("s-42")), "{}", one.span.name);
    }
    // The writer points to where the librarian found what it quotes, in a process that it did not ask.
    let first = |name: &str, process: &str| {
        let named = spans.iter().filter(|one| one.span.name == name && one.process == process);
        named.min_by_key(|one| one.span.start_time_unix_nano).unwrap()
    };
    let found = &first("invoke_agent librarian", "librarian").span;
    let links = first("invoke_agent writer", "writer").span.links.iter();
    let linked: Vec<_> = links.map(|link| (&link.trace_id, &link.span_id)).collect();
    assert_eq!(linked, [(&found.trace_id, &found.span_id)]);

    let trace_id = found.trace_id.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let sum = format!(
        "trace {trace_id}: 25 spans of 3 processes, 1 root, 0 orphans, baggage on 25\n\
         sent      all spans to {}/v1/traces (http/protobuf), accepted\n",
        collector.url()
    );
    assert!(said.ends_with(&sum), "{said}");
    let picture = said.split("\n\n").nth(1).unwrap();
    assert_eq!(picture.lines().count(), spans.len(), "{said}");
    assert!(picture.lines().all(|line| line.chars().count() <= 100), "{said}");
    assert!(said.contains("answer    for ada:\n"), "{said}");
    assert!(picture.contains("⇠ linked to librarian"), "{said}");
}

#[tokio::test]
async fn a_worker_stops_when_whoever_started_it_is_gone() {
    let collector = Collector::start().await.unwrap();
    let mut command = program();
    command.arg("--as-librarian").env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url());
    let mut worker = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(worker.stdout.take().unwrap()).lines();
    let url = timeout(PATIENCE, said.next_line()).await.unwrap().unwrap().unwrap();
    let address = url.strip_prefix("http://").unwrap();
    let idle = tokio::net::TcpStream::connect(address).await.unwrap();

    drop(worker.stdin.take());
    assert!(timeout(PATIENCE, worker.wait()).await.unwrap().unwrap().success());
    drop(idle);
}

#[tokio::test]
async fn an_agent_that_refuses_is_seen_in_the_tree() {
    // A librarian in the writer's place is asked what it does not understand.
    let mut command = program();
    command.args(["--writer", &format!("{} --as-librarian", PROGRAM.display())]);
    let output = ended(command).await;
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success(), "{said}");
    let failed = said.lines().filter(|line| line.contains(" ✗ ")).collect::<Vec<_>>();
    let names =
        ["invoke_agent planner ", "└ invoke_agent librarian ", "      └ invoke_agent librarian "];
    assert_eq!(failed.len(), names.len(), "{said}");
    assert!(failed.iter().zip(names).all(|(line, name)| line.starts_with(name)), "{said}");
    assert!(said.contains(" spans of 3 processes, 1 root, 0 orphans"), "{said}");
}

#[tokio::test]
async fn a_writer_that_does_not_start_is_said_so() {
    for (writer, reason) in [("/no/such/program", "No such file"), ("true", "said nothing")] {
        let mut command = program();
        command.args(["--writer", writer]);
        let output = ended(command).await;
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && complaint.contains(reason), "{complaint}");
    }
}
