//! Processes that end in the middle of their work, or are short of memory and threads from the beginning.
//!
//! What was delivered before the end is there, the end itself is not held up, and a program that can have
//! no ring or no thread goes on without, and counts what it loses.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod deadlines;

use deadlines::Watch;
use exo_trace::exporter::FileExporter;
use exo_trace::{InitError, TraceBackend, TraceConfig, TraceGuard, init, span_sync};
use std::cell::Cell;
use std::path::Path;
use std::process::{self, Command, ExitCode, Output};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

const DEADLINE: Duration = Duration::from_secs(5);
/// A process that ends at once is gone by then, also on a busy machine.
const AT_ONCE: Duration = Duration::from_secs(4);
const SPANS: usize = 100;
/// Where a child writes its spans.
const FILE: &str = "SUDDEN_ENDS_FILE";

/// What a child does after it is started.
type Program = fn() -> ExitCode;

const PROGRAMS: [(&str, Program); 8] = [
    ("exits in a span", || in_a_span(|| process::exit(0))),
    ("aborts in a span", || in_a_span(|| process::abort())),
    ("panics in a panic", || in_a_span(panic_twice)),
    ("exits in an attribute", exits_in_an_attribute),
    ("exits on another thread", || in_a_span(exit_elsewhere)),
    ("records in its last destructors", records_in_its_last_destructors),
    ("has no memory for a ring", has_no_memory_for_a_ring),
    ("has no thread for a drain", has_no_thread_for_a_drain),
];

fn start() -> TraceGuard {
    let file = FileExporter::new(env::var_os(FILE).expect("the story says where"));
    init(TraceConfig::new("sudden").exporter(file)).expect("nothing records yet")
}

/// Delivers some spans, and ends inside others.
fn in_a_span(end: fn()) -> ExitCode {
    let trace = start();
    (0..SPANS).for_each(|n| drop(span_sync!("before", n)));
    assert!(trace.flush(DEADLINE).is_complete());
    let _outer = span_sync!("outer");
    let _inner = span_sync!("inner");
    (0..SPANS).for_each(|n| drop(span_sync!("too late", n)));
    end();
    ExitCode::FAILURE
}

/// Panics when it is dropped, in a span of its own.
struct PanicsAgain;

impl Drop for PanicsAgain {
    fn drop(&mut self) {
        let _span = span_sync!("in the destructor");
        panic!("the second");
    }
}

fn panic_twice() {
    let _span = span_sync!("around both");
    let _again = PanicsAgain;
    panic!("the first");
}

/// Ends the process while it is shown.
struct Exits;

impl std::fmt::Display for Exits {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        process::exit(0)
    }
}

fn exits_in_an_attribute() -> ExitCode {
    in_a_span(|| drop(span_sync!("shows", value = %Exits)))
}

fn exit_elsewhere() {
    let ends = thread::spawn(|| {
        let _span = span_sync!("on another thread");
        process::exit(0);
    });
    let _ = ends.join();
}

/// Records when the storage of the main thread is torn down, after `main` and all guards.
struct LastWords(Cell<Option<TraceGuard>>);

impl Drop for LastWords {
    fn drop(&mut self) {
        let span = span_sync!("last words", text = "said in a destructor");
        span.add_event("goodbye", ());
        drop(span);
        exo_trace::Span::start(format!("made {}", "late"), ()).end();
        if let Some(trace) = self.0.take() {
            let began = Instant::now();
            let _ = trace.flush(DEADLINE);
            drop(trace);
            assert!(began.elapsed() < DEADLINE, "the drain still runs, or says that it does not");
        }
        println!("said");
    }
}

thread_local! {
    static WITH_ITS_GUARD: LastWords = const { LastWords(Cell::new(None)) };
    static WITHOUT: LastWords = const { LastWords(Cell::new(None)) };
}

fn records_in_its_last_destructors() -> ExitCode {
    WITHOUT.with(|_| ());
    let trace = start();
    (0..SPANS).for_each(|n| drop(span_sync!("before", n)));
    assert!(trace.flush(DEADLINE).is_complete());
    WITH_ITS_GUARD.with(|last| last.0.set(Some(trace)));
    ExitCode::SUCCESS
}

/// Runs where the address space is smaller than the ring that is asked for.
fn has_no_memory_for_a_ring() -> ExitCode {
    let config = TraceConfig::new("short of memory").backend(TraceBackend::Memory);
    let watch = Watch::start("has no memory for a ring");
    let trace = init(config.ring_bytes(1 << 30)).expect("nothing records yet");
    (0..SPANS).for_each(|n| drop(span_sync!("no room", n)));
    let threads = (0..4).map(|_| thread::spawn(|| drop(span_sync!("no room either"))));
    threads.for_each(|thread| thread.join().expect("it does not panic"));
    let delivery = watch.shutdown(&trace, DEADLINE);
    println!("{delivery}");
    let is_right = delivery.lost.no_lane == SPANS as u64 + 4 && delivery.delivered == 0;
    if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs where no thread can be had: its stack would be larger than the address space.
fn has_no_thread_for_a_drain() -> ExitCode {
    let started = init(TraceConfig::new("short of threads").backend(TraceBackend::Memory));
    let Err(InitError::Thread(error)) = started else { return ExitCode::FAILURE };
    println!("{error}");
    // The program goes on without, and may try again.
    (0..SPANS).for_each(|n| drop(span_sync!("not recorded", n)));
    match init(TraceConfig::new("still short").backend(TraceBackend::Memory)) {
        Err(InitError::Thread(_)) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Runs a program of this one, with so many KiB of address space, and returns how it ended.
fn run(program: &str, file: &Path, limit_kib: Option<u64>) -> Output {
    let own = env::current_exe().expect("this is a program");
    let limit = limit_kib.map_or("unlimited".to_owned(), |kib| kib.to_string());
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -c 0; ulimit -v {limit}; exec \"$0\" child \"$1\"")]);
    command.arg(own).arg(program).env(FILE, file);
    if program == "has no thread for a drain" {
        command.env("RUST_MIN_STACK", (1_u64 << 36).to_string());
    }
    let began = Instant::now();
    let output = command.output().expect("there is a shell");
    let took = began.elapsed();
    assert!(took < AT_ONCE, "{program}: {took:?}");
    let said = String::from_utf8_lossy(&output.stdout);
    said.lines().filter(|line| line.starts_with("deadlines: ")).for_each(|line| println!("{line}"));
    output
}

/// Counts the spans of a name in a file of OTLP JSON.
fn written(file: &Path, name: &str) -> usize {
    let text = fs::read_to_string(file).expect("it was written");
    text.matches(&format!("\"name\":\"{name}\"")).count()
}

fn what_was_delivered_before_a_sudden_end_is_there() {
    for (program, code) in [
        ("exits in a span", Some(0)),
        ("exits in an attribute", Some(0)),
        ("exits on another thread", Some(0)),
        ("aborts in a span", None),
        ("panics in a panic", None),
        ("records in its last destructors", Some(0)),
    ] {
        let home = tempfile::tempdir().expect("a directory");
        let file = home.path().join("spans.jsonl");
        let output = run(program, &file, None);
        assert_eq!(output.status.code(), code, "{program}: {output:?}");
        assert_eq!(written(&file, "before"), SPANS, "{program}: {output:?}");
        // Spans that did not end are nowhere; those that did may have been under way.
        assert_eq!(written(&file, "outer"), 0, "{program}");
        assert!(written(&file, "too late") <= SPANS, "{program}");
        let said = String::from_utf8_lossy(&output.stdout);
        let last_words = if program == "records in its last destructors" { 2 } else { 0 };
        assert_eq!(said.matches("said").count(), last_words, "{program}: {output:?}");
    }
}

fn a_program_without_memory_for_a_ring_goes_on_and_counts() {
    let output = run("has no memory for a ring", Path::new("none"), Some(900_000));
    assert!(output.status.success(), "{output:?}");
}

fn a_program_without_a_thread_for_the_drain_goes_on_and_is_told() {
    let output = run("has no thread for a drain", Path::new("none"), Some(4_000_000));
    assert!(output.status.success(), "{output:?}");
}

const STORIES: [(&str, fn()); 3] = [
    (
        "what_was_delivered_before_a_sudden_end_is_there",
        what_was_delivered_before_a_sudden_end_is_there,
    ),
    (
        "a_program_without_memory_for_a_ring_goes_on_and_counts",
        a_program_without_memory_for_a_ring_goes_on_and_counts,
    ),
    (
        "a_program_without_a_thread_for_the_drain_goes_on_and_is_told",
        a_program_without_a_thread_for_the_drain_goes_on_and_is_told,
    ),
];

/// Not under the test harness: each program is this one again, whose `main` has to be its own.
fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().collect();
    if let [_, child, name] = arguments.as_slice()
        && child == "child"
    {
        let program = PROGRAMS.iter().find(|(known, _)| known == name);
        return program.expect("a story names a program").1();
    }
    for (name, story) in STORIES {
        story();
        println!("test {name} ... ok");
    }
    ExitCode::SUCCESS
}
