//! The example as a newcomer runs it: on two small files, with the scripted model and with a server of one's own.

#![expect(clippy::unwrap_used, reason = "what a test leans on panics as the test does")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod faults;

use exo_trace::Protocol;
use faults::{Collector, Fault};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::thread::{self, JoinHandle};
use unicode_width::UnicodeWidthStr;

/// Where the example is. Cargo builds the tests of an example that has some, not the program, so it
/// is asked for here.
static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
    let test = std::env::current_exe().unwrap();
    // This test is `<target>/<profile>/deps/research_agent-<hash>`.
    let profile = test.ancestors().nth(2).unwrap();
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--quiet", "--workspace", "--example", "research_agent", "--target-dir"]);
    build.arg(profile.parent().unwrap()).current_dir(env!("CARGO_MANIFEST_DIR"));
    if profile.ends_with("release") {
        build.arg("--release");
    }
    assert!(build.status().unwrap().success(), "the example does not build");
    profile.join("examples").join(format!("research_agent{}", std::env::consts::EXE_SUFFIX))
});

fn program(directory: &Path, question: &str, environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(PROGRAM.as_path());
    let heard = ["OPENAI_", "OTEL_", "NO_COLOR"];
    for (name, _) in std::env::vars_os() {
        if heard.iter().any(|heard| name.to_string_lossy().starts_with(heard)) {
            command.env_remove(name);
        }
    }
    let environment = environment.iter().copied();
    command.args([question, "--dir"]).arg(directory).env("COLUMNS", "100").envs(environment);
    command
}

/// Runs the example and returns what it did with its lines; none of them may be too wide, but for a
/// command, which stays whole.
fn research(
    directory: &Path,
    question: &str,
    environment: &[(&str, &str)],
) -> (Output, Vec<String>) {
    let output = program(directory, question, environment).output().unwrap();
    assert!(!output.stdout.contains(&0x1b), "colour in a pipe");
    let lines = text(&output.stdout).lines().map(str::to_owned).collect::<Vec<_>>();
    let columns = environment.iter().find(|(name, _)| *name == "COLUMNS");
    let columns = columns.map_or(100, |(_, columns)| columns.parse().unwrap());
    let mut sentences = lines.iter().filter(|line| !line.starts_with("next "));
    assert!(sentences.all(|line| line.width() <= columns), "{lines:#?}");
    (output, lines)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(home.path().join(name), text).unwrap();
    }
    home
}

/// Returns the lines from the root of the tree to the empty line behind the last leaf.
fn tree(lines: &[String]) -> &[String] {
    let above = lines.iter().position(|line| line.starts_with("trace ")).unwrap();
    assert_eq!((lines[above - 1].as_str(), lines[above].len()), ("", "trace ".len() + 32));
    let tree = &lines[above + 1..];
    &tree[..tree.iter().position(String::is_empty).unwrap()]
}

/// Checks that each line of a tree begins with a name and a mark, and ends with facts.
fn assert_tree(lines: &[String], expected: &[(&str, &str, &str)]) {
    let tree = tree(lines);
    assert_eq!(tree.len(), expected.len(), "{tree:#?}");
    for (line, (name, mark, facts)) in tree.iter().zip(expected) {
        let rest = line.strip_prefix(name).and_then(|rest| rest.strip_prefix(' '));
        let rest = rest.unwrap_or_else(|| panic!("{name:?} in {tree:#?}"));
        let is_marked = rest.trim_start().starts_with(['✗', '⊘']);
        assert_eq!((is_marked, rest.contains(mark)), (!mark.is_empty(), true), "{tree:#?}");
        assert!(line.ends_with(facts), "{facts:?} in {tree:#?}");
    }
}

/// Checks that the agent's line is the sum of the chats below it, at the example's prices, and that
/// the shares of time are those of the spans.
fn assert_sums(lines: &[String]) {
    let tree = tree(lines);
    let chats: Vec<&str> =
        tree.iter().map(String::as_str).filter(|line| line.contains("─ chat ")).collect();
    assert_eq!(chats.len(), 3, "{tree:#?}");
    let used: Vec<(u64, u64)> = chats.iter().map(|chat| tokens(chat)).collect();
    let sum = used.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    assert_eq!(tokens(&tree[0]), sum, "{tree:#?}");
    for (line, (input, output)) in chats.iter().zip(&used).chain([(&tree[0].as_str(), &sum)]) {
        let cost = (*input as f64 * 0.75 + *output as f64 * 6.0) / 1e6;
        assert!((cost - usd(line)).abs() < 0.000_051, "{cost} in {line}");
    }
    let is_answer = |chat: &&str| chat.contains(" ch.");
    let answers: Vec<bool> = chats.iter().map(is_answer).collect();
    assert_eq!(answers, [false, false, true], "{tree:#?}");
    assert!(chats.iter().all(|chat| chat.contains("  ttft ")), "{tree:#?}");
    let share = |kind: &str| {
        let is_kind = |line: &&String| line.contains(kind);
        let part: f64 = tree.iter().filter(is_kind).map(|line| milliseconds(line)).sum();
        part / milliseconds(&tree[0]) * 100.0
    };
    let time = lines.iter().find(|line| line.starts_with("time ")).unwrap();
    let shown = number_before(time, "%");
    // Both are rounded: a time to two or three digits, a share to whole percents.
    assert!((shown - share("─ chat ")).abs() < 2.0, "{} in {time}", share("─ chat "));
}

/// Returns the number before the first word that is `unit`.
fn number_before(line: &str, unit: &str) -> f64 {
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = words.iter().position(|word| *word == unit).unwrap_or_else(|| panic!("{line}"));
    words[at - 1].replace(',', "").parse().unwrap()
}

fn milliseconds(line: &str) -> f64 {
    let in_seconds = line.split_whitespace().any(|word| word == "s");
    if in_seconds { number_before(line, "s") * 1e3 } else { number_before(line, "ms") }
}

fn tokens(line: &str) -> (u64, u64) {
    let (before, after) = line.split_once(" → ").unwrap_or_else(|| panic!("no tokens in {line}"));
    let count = |word: Option<&str>| word.unwrap().replace(',', "").parse().unwrap();
    (count(before.split_whitespace().last()), count(after.split_whitespace().next()))
}

fn usd(line: &str) -> f64 {
    line.rsplit_once('$').unwrap_or_else(|| panic!("no cost in {line}")).1.parse().unwrap()
}

const BARN: &str = "# The barn\n\nA full barn turns the last sheep away; nobody waits at its door.\n\
    Each floor holds 12 rows of 30\nbeds, and there is hay for a whole winter above them.\n";
const OTHER: &str = "The shepherd counts every evening, writes the count on the board beside the gate, and \
    sleeps soundly until the dog barks at five in the morning.\n";
const QUESTION: &str = "What happens when a barn is full, and how many beds has one floor?";

#[test]
fn a_run_plans_fails_gives_up_answers_and_shows_its_spans() {
    let home = directory(&[("barn.md", BARN), ("other.txt", OTHER)]);
    let (output, lines) = research(home.path(), QUESTION, &[]);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let first = "no OPENAI_BASE_URL: a scripted model answers on 127.0.0.1:";
    assert!(lines[0].starts_with(first), "{lines:#?}");
    let expected = [
        "question  What happens when a barn is full, and how many beds has one floor?   (2 files)",
        "step 1    search \"barn full\" · search \"beds floor\" · read_file NOTES.md ✗ not found",
        "step 2    read_file barn.md · calculator 12 * 30 · index_all ⊘ gave up after 140 ms",
        "answer    A full barn turns the last sheep away; nobody waits at its door (barn.md:3).",
        "          Each floor holds 12 rows of 30 beds, and there is hay for a whole winter above them: 12 *",
        "          30 = 360 (barn.md:4).",
    ];
    assert_eq!(lines[1..7], expected);
    let expected = [
        ("invoke_agent researcher", "", ""),
        ("├─ plan", "", ""),
        ("│  └─ chat scripted-1", "", ""),
        ("├─ step 1", "", ""),
        ("│  ├─ execute_tool search", "", " \"barn full\": 1 hit"),
        ("│  ├─ execute_tool search", "", " \"beds floor\": 1 hit"),
        ("│  ├─ execute_tool read_file", "✗", " not_found: NOTES.md"),
        ("│  └─ chat scripted-1", "", ""),
        ("├─ step 2", "", ""),
        ("│  ├─ execute_tool read_file", "", " barn.md, 0.2 kB"),
        ("│  ├─ execute_tool calculator", "", " 12 * 30 = 360"),
        ("│  └─ execute_tool index_all", "⊘", " cancelled: deadline 140 ms"),
        ("└─ answer", "", ""),
        ("   └─ chat scripted-1", "", ""),
    ];
    assert_tree(&lines, &expected);
    assert_sums(&lines);
    let [time, spans, cost, next] = &lines[lines.len() - 4..] else { panic!("{lines:#?}") };
    assert!(time.ends_with("prices: examples/prices.toml (invented)"), "{time}");
    let sum = "spans     14 recorded = 14 delivered + 0 lost · 1 error · 1 cancelled";
    assert_eq!(spans, sum);
    assert!(
        cost.starts_with("cost      tracing took ") && cost.ends_with(" of this run"),
        "{cost}"
    );
    let command = "cargo run --release --example research_agent";
    let expected = format!("next      OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317 {command}");
    assert_eq!(next, &expected);
}

#[test]
fn a_run_goes_to_the_collector_whose_endpoint_alone_is_named() {
    let collector = Collector::start(Protocol::Grpc);
    let home = directory(&[("barn.md", BARN), ("other.txt", OTHER)]);
    let named = ("OTEL_EXPORTER_OTLP_ENDPOINT", &*collector.endpoint());
    let (output, lines) = research(home.path(), QUESTION, &[named]);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    assert_eq!(tree(&lines).len(), 14, "the console has it too: {lines:#?}");
    let expected = format!("sent      14 spans to {} (gRPC), accepted", collector.endpoint());
    assert_eq!(lines.last(), Some(&expected));
    let received = collector.received();
    // It knows no metrics, which have a path of their own.
    let of_spans = received.requests - received.strays.len();
    assert_eq!((received.spans(), of_spans), (14, 1), "one run, one request");
}

#[test]
fn a_collector_that_is_not_there_costs_the_run_nothing_but_its_spans() {
    let home = directory(&[("barn.md", BARN), ("other.txt", OTHER)]);
    let collector = Collector::with(Protocol::Grpc, Fault::Refuses);
    let endpoint = collector.endpoint();
    let named = ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str());
    let (output, lines) = research(home.path(), QUESTION, &[named]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(tree(&lines).len(), 14, "{lines:#?}");
    let expected = format!("sent      0 of 14 spans to {endpoint} (gRPC): connection refused");
    assert_eq!(lines.last(), Some(&expected));
    let stderr = text(&output.stderr);
    let reason = format!("exo-trace: {endpoint} (grpc) takes no spans: connection refused; ");
    assert_eq!(stderr.matches(&reason).count(), 1, "{stderr}");
    assert!(stderr.contains("OTEL_TRACES_EXPORTER=console"), "{stderr}");
}

#[test]
fn another_directory_and_another_question_give_another_run() {
    let home = directory(&[("other.txt", OTHER), ("NOTES.md", "Remember the milk, and the eggs.")]);
    let (_, lines) = research(home.path(), "Where does the shepherd count?", &[("COLUMNS", "80")]);
    let expected = [
        "question  Where does the shepherd count?   (2 files)",
        "step 1    search \"shepherd count\" · search \"shepherd\" ·",
        "          read_file NOTES-2.md ✗ not found",
        "step 2    read_file other.txt · calculator 1 + 1 ·",
        "          index_all ⊘ gave up after 140 ms",
        "answer    The shepherd counts every evening, writes the count on the board",
        "          beside the gate, and sleeps soundly until the dog barks at five in the",
        "          morning (other.txt:1).",
        "          Sentences that match: 1 + 1 = 2.",
    ];
    assert_eq!(lines[2..11], expected);
    assert!(tree(&lines)[10].ends_with(" 1 + 1 = 2"), "{lines:#?}");
}

#[test]
fn an_exporter_in_the_environment_takes_the_place_of_the_console() {
    let home = directory(&[("barn.md", BARN)]);
    for exporter in ["none", "memory"] {
        let (output, lines) =
            research(home.path(), QUESTION, &[("OTEL_TRACES_EXPORTER", exporter)]);
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
        assert!(lines.iter().all(|line| !line.starts_with("trace ")), "{lines:#?}");
        assert!(lines.iter().all(|line| !line.starts_with("spans ")), "{lines:#?}");
        assert!(lines.last().unwrap().ends_with("(barn.md:4)."), "{lines:#?}");
    }
}

#[test]
fn a_server_of_ones_own_hears_of_tools_it_made_up() {
    let home = directory(&[("barn.md", BARN)]);
    let call = r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"browse","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}"#;
    let text = r#"{"choices":[{"delta":{"content":"I can not browse."},"finish_reason":"stop"}]}"#;
    let (base_url, serving) = serve("200 OK", [call, text, text].map(stream).to_vec());
    let key = ("OPENAI_API_KEY", "sk-barn");
    let environment = [("OPENAI_BASE_URL", base_url.as_str()), ("OPENAI_MODEL", "own-1"), key];
    let (output, lines) = research(home.path(), "Browse the barn.", &environment);
    let expected = [
        format!("own-1 answers at {base_url}"),
        "question  Browse the barn.   (1 file)".to_owned(),
        "step 1    browse ✗ unknown tool".to_owned(),
        "answer    I can not browse.".to_owned(),
    ];
    assert_eq!(lines[..4], expected, "{output:?}");
    let expected = [
        ("invoke_agent researcher", "", ""),
        ("├─ plan", "", ""),
        // An answer that asks for tools is read as a whole: its chunks say nothing.
        ("│  └─ chat own-1", "", "s"),
        ("├─ step 1", "", ""),
        ("│  ├─ execute_tool browse", "✗", "…"),
        ("│  └─ chat own-1", "", "  1 ch."),
        ("└─ answer", "", ""),
        ("   └─ chat own-1", "", "  1 ch."),
    ];
    assert_tree(&lines, &expected);
    assert!(tree(&lines)[4].contains(" unknown_tool: tool is \"browse\""), "{lines:#?}");
    let requests = serving.join().unwrap();
    assert!(requests[0].contains("authorization: Bearer sk-barn"), "{}", requests[0]);
    assert!(requests[1].contains("unknown_tool"), "{}", requests[1]);
    assert!(requests[2].contains(r#""tool_choice":"none""#), "{}", requests[2]);
}

#[test]
fn a_model_that_refuses_or_breaks_off_fails_the_run_and_its_spans() {
    let home = directory(&[("barn.md", BARN)]);
    let overloaded = stream(r#"{"error":{"message":"overloaded"}}"#);
    for (status, body, message) in [
        ("401 Unauthorized", "no such key".to_owned(), "answered 401, expected 200: no such key"),
        ("200 OK", overloaded, "the server reports {\"message\":\"overloaded\"}"),
    ] {
        let (base_url, serving) = serve(status, vec![body]);
        let environment = [("OPENAI_BASE_URL", base_url.as_str()), ("OPENAI_MODEL", "own-1")];
        let (output, lines) = research(home.path(), QUESTION, &environment);
        serving.join().unwrap();
        assert!(!output.status.success());
        let stderr = text(&output.stderr);
        let is_named = stderr.starts_with("research_agent: ") && stderr.contains(message);
        assert!(is_named && stderr.lines().count() == 1, "{stderr}");
        let [root, plan, chat] = tree(&lines) else { panic!("{lines:#?}") };
        assert!(root.starts_with("invoke_agent researcher ✗") && plan.contains("✗"), "{lines:#?}");
        assert!(chat.starts_with("   └─ chat own-1") && chat.contains("✗"), "{lines:#?}");
        let sum = "spans     3 recorded = 3 delivered + 0 lost · 3 errors · 0 cancelled";
        assert!(lines.iter().any(|line| line == sum), "{lines:#?}");
    }
}

#[test]
fn bad_input_is_named_before_anything_runs() {
    let home = directory(&[]);
    let (output, _) = research(home.path(), QUESTION, &[]);
    let stderr = text(&output.stderr);
    assert!(stderr.contains("expected one with .md or .txt files in it"), "{stderr}");
    let (output, _) = research(&home.path().join("gone"), QUESTION, &[]);
    let stderr = text(&output.stderr);
    assert!(stderr.contains("gone\", expected one that can be read"), "{stderr}");
    let (output, _) = research(home.path(), "--quick", &[]);
    let expected = "research_agent: option is \"--quick\", expected --dir or --help\n";
    assert_eq!(text(&output.stderr), expected);
    assert!(output.stdout.is_empty() && !output.status.success());
}

#[test]
fn a_reader_that_leaves_is_no_reason_to_panic() {
    let home = directory(&[("barn.md", BARN)]);
    for question in [QUESTION, "--help"] {
        let mut command = program(home.path(), question, &[]);
        let mut running = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(running.stdout.take());
        let output = running.wait_with_output().unwrap();
        let stderr = text(&output.stderr);
        assert!(
            stderr.contains("Broken pipe") || stderr.contains("pipe is being closed"),
            "{stderr}"
        );
        assert!(!stderr.contains("panicked") && output.status.code() == Some(1), "{output:?}");
    }
}

fn stream(event: &str) -> String {
    format!("data: {event}\n\ndata: [DONE]\n\n")
}

/// Answers one request with each of `bodies`; the thread returns what was asked.
fn serve(status: &'static str, bodies: Vec<String>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}/v1/", listener.local_addr().unwrap());
    let serving = thread::spawn(move || {
        bodies.iter().map(|body| serve_one(&listener, status, body)).collect()
    });
    (base_url, serving)
}

fn serve_one(listener: &TcpListener, status: &str, body: &str) -> String {
    let (mut stream, _) = listener.accept().unwrap();
    let request = read_request(&mut stream);
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: text/event-stream\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
    .unwrap();
    request
}

fn read_request(stream: &mut TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        reader.read_line(&mut head).unwrap();
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.unwrap().parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    head + &String::from_utf8(body).unwrap()
}
