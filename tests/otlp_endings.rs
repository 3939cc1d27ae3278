//! How real programs end, each in a process of its own: by a signal, by a leak, by a panic, or without
//! a collector; nothing is lost that could be delivered, and nobody is held up.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod deadlines;
mod faults;

use deadlines::Watch;
use exo_trace::Protocol::{self, Grpc, HttpProtobuf};
use exo_trace::{TraceBackend, TraceConfig, TraceGuard, init, span_sync};
use faults::{Collector, Fault, PATIENCE};
use signal_hook::consts::SIGTERM;
use signal_hook::iterator::Signals;
use std::io::{BufRead, BufReader, Read};
use std::process::{self, Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};
use tokio::signal::unix::{SignalKind, signal};

const BOTH: [Protocol; 2] = [Grpc, HttpProtobuf];
const SPANS: u64 = 1_000;
/// Less than a dropped guard waits, by as much as a busy machine may need to end a process.
const AT_ONCE: Duration = Duration::from_secs(3);

/// What a child does after it is started; the collector is in its environment.
type Program = fn() -> ExitCode;

const PROGRAMS: [(&str, Program); 8] = [
    ("takes a signal", takes_a_signal),
    ("works until a signal", works_until_a_signal),
    ("ends", ends),
    ("flushes and ends", flushes_and_ends),
    ("panics", panics),
    ("forgets its guard", forgets_its_guard),
    ("exits", exits),
    ("keeps its guard for ever", keeps_its_guard_for_ever),
];

fn begin() -> TraceGuard {
    let trace = init(TraceConfig::new("child")).expect("nothing records yet");
    (0..SPANS).for_each(|n| drop(span_sync!("span", n)));
    trace
}

/// Tells the story that the program has come to where it ends, or may be ended.
fn ready() {
    println!("ready");
}

/// As the README shows it.
#[tokio::main(flavor = "current_thread")]
async fn takes_a_signal() -> ExitCode {
    let mut terminated = signal(SignalKind::terminate()).expect("the signal can be taken");
    let trace = begin();
    ready();
    terminated.recv().await;
    let delivery = trace.shutdown_async(Duration::from_secs(5)).await;
    println!("{delivery}");
    if delivery.is_complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn works_until_a_signal() -> ExitCode {
    let mut signals = Signals::new([SIGTERM]).expect("the signal can be taken");
    let (trace, is_over) = (begin(), AtomicBool::new(false));
    let (begun, delivery) = thread::scope(|scope| {
        let worker = scope.spawn(|| {
            let mut begun = SPANS;
            // Relaxed: it says only that there is nothing more to do.
            while !is_over.load(Relaxed) {
                (0..500).for_each(|n| drop(span_sync!("span", n)));
                begun += 500;
                let _ = trace.flush(PATIENCE);
                if begun == SPANS + 2_000 {
                    ready();
                }
            }
            begun
        });
        signals.forever().next();
        let delivery = trace.shutdown(Duration::from_secs(5));
        is_over.store(true, Relaxed);
        (worker.join().expect("it does not panic"), delivery)
    });
    // A span that was on its way into its ring at the last look is found by whoever looks next.
    let next = init(TraceConfig::new("next").backend(TraceBackend::Memory)).expect("it has ended");
    let left = trace.losses().left_behind + next.shutdown(PATIENCE).lost.left_behind;
    let late = trace.losses().after_shutdown;
    println!("delivered {}", delivery.delivered);
    println!("{begun} begun, {late} late, {left} left behind, {delivery}");
    let is_right = delivery.delivered + late + left == begun && delivery.queued == 0;
    if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn ends() -> ExitCode {
    let _trace = begin();
    ready();
    ExitCode::SUCCESS
}

fn flushes_and_ends() -> ExitCode {
    let trace = begin();
    for _ in 0..3 {
        let _ = trace.flush(Duration::from_millis(400));
        (0..SPANS).for_each(|n| drop(span_sync!("span", n)));
    }
    ready();
    ExitCode::SUCCESS
}

fn panics() -> ExitCode {
    let _trace = begin();
    ready();
    panic!("as programs do");
}

fn forgets_its_guard() -> ExitCode {
    std::mem::forget(begin());
    ready();
    ExitCode::SUCCESS
}

fn exits() -> ExitCode {
    let _trace = begin();
    ready();
    process::exit(0)
}

fn keeps_its_guard_for_ever() -> ExitCode {
    static TRACE: OnceLock<TraceGuard> = OnceLock::new();
    TRACE.get_or_init(begin);
    ready();
    ExitCode::SUCCESS
}

/// A child that has come to where it ends.
struct Running {
    child: Child,
    output: BufReader<process::ChildStdout>,
    since: Instant,
}

/// What is left of a child.
struct Ended {
    status: ExitStatus,
    took: Duration,
    output: String,
    errors: String,
}

fn start(program: &str, endpoint: &str, protocol: Protocol) -> Running {
    let mut command = Command::new(std::env::current_exe().expect("this is a program"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("OTEL_") {
            command.env_remove(name);
        }
    }
    command
        .args(["child", program])
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
        .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol.as_str())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("it can be started");
    let mut output = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut line = String::new();
    output.read_line(&mut line).expect("it says something");
    assert_eq!(line, "ready\n", "{program} with {endpoint}");
    Running { child, output, since: Instant::now() }
}

impl Running {
    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("sh").args(["-c", &format!("kill -{signal} {id}")]).status();
        assert!(sent.expect("there is a shell").success());
    }

    /// Waits for the end, which comes.
    fn end(mut self) -> Ended {
        let (said, says) = channel::<()>();
        let id = self.child.id().to_string();
        // Nobody waits for ever: a child that hangs is a failure, and is not left behind.
        let watch = thread::spawn(move || {
            if says.recv_timeout(PATIENCE) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                let _ = Command::new("sh").args(["-c", &format!("kill -KILL {id}")]).status();
            }
        });
        let mut errors = String::new();
        let mut output = String::new();
        self.output.read_to_string(&mut output).expect("it writes text");
        let stderr = self.child.stderr.as_mut().expect("it is piped");
        stderr.read_to_string(&mut errors).expect("it writes text");
        let status = self.child.wait().expect("it ends");
        let took = self.since.elapsed();
        drop(said);
        watch.join().expect("it does not panic");
        Ended { status, took, output, errors }
    }
}

impl Ended {
    fn assert_succeeded(&self) {
        let Self { status, output, errors, .. } = self;
        assert!(status.success(), "{status}\n{output}{errors}");
    }
}

fn a_signal_that_is_taken_loses_nothing() {
    for protocol in BOTH {
        let collector = Collector::start(protocol);
        let child = start("takes a signal", &collector.endpoint(), protocol);
        child.signal("TERM");
        child.end().assert_succeeded();
        assert_eq!(collector.received().spans(), SPANS);
    }
}

fn a_signal_in_the_middle_of_the_work_loses_nothing_that_came_before_it() {
    for protocol in BOTH {
        let collector = Collector::start(protocol);
        let child = start("works until a signal", &collector.endpoint(), protocol);
        child.signal("TERM");
        let ended = child.end();
        ended.assert_succeeded();
        let delivered = format!("delivered {}\n", collector.received().spans());
        assert!(ended.output.starts_with(&delivered), "{delivered}{}", ended.output);
    }
}

fn the_end_of_main_and_a_panic_lose_nothing() {
    for protocol in BOTH {
        for (program, code) in [("ends", 0), ("flushes and ends", 0), ("panics", 101)] {
            let collector = Collector::start(protocol);
            let ended = start(program, &collector.endpoint(), protocol).end();
            assert_eq!(ended.status.code(), Some(code), "{}", ended.errors);
            let spans = if program == "flushes and ends" { 4 * SPANS } else { SPANS };
            assert_eq!(collector.received().spans(), spans, "{program}: {}", ended.errors);
            assert!(!ended.errors.contains("exo-trace"), "{}", ended.errors);
        }
    }
}

fn a_guard_that_is_never_dropped_holds_nobody_up() {
    for program in ["forgets its guard", "exits", "keeps its guard for ever"] {
        for fault in [Fault::NeverAnswers, Fault::Refuses, Fault::status(503)] {
            let collector = Collector::with(Grpc, fault);
            let ended = start(program, &collector.endpoint(), Grpc).end();
            ended.assert_succeeded();
            assert!(ended.took < AT_ONCE, "{program}: {:?}", ended.took);
        }
    }
}

fn without_a_collector_a_program_ends_at_once_and_says_why_once() {
    for protocol in BOTH {
        for program in ["ends", "flushes and ends"] {
            let collector = Collector::with(protocol, Fault::Refuses);
            let endpoint = collector.endpoint();
            let ended = start(program, &endpoint, protocol).end();
            ended.assert_succeeded();
            assert!(ended.took < AT_ONCE, "{program}: {:?}", ended.took);
            let naming: Vec<_> =
                ended.errors.lines().filter(|line| line.contains(&endpoint)).collect();
            assert_eq!(naming.len(), 1, "{program}: {}", ended.errors);
            for said in ["refused", "console"] {
                assert!(naming[0].contains(said), "{said}? {}", naming[0]);
            }
            let spans = if program == "ends" { SPANS } else { 4 * SPANS };
            let counts = format!("{spans} spans");
            assert!(ended.errors.contains(&counts), "{counts}? {}", ended.errors);
        }
    }
}

fn a_silent_collector_holds_a_program_no_longer_than_its_guard_waits() {
    for protocol in BOTH {
        let collector = Collector::with(protocol, Fault::NeverAnswers);
        let ended = start("ends", &collector.endpoint(), protocol).end();
        ended.assert_succeeded();
        let guards = Duration::from_secs(5);
        Watch::start("the guard of a program whose collector is silent").print(ended.took, guards);
        assert!(ended.took < Duration::from_secs(5) + AT_ONCE, "{:?}", ended.took);
    }
}

const STORIES: [(&str, fn()); 6] = [
    ("a_signal_that_is_taken_loses_nothing", a_signal_that_is_taken_loses_nothing),
    (
        "a_signal_in_the_middle_of_the_work_loses_nothing_that_came_before_it",
        a_signal_in_the_middle_of_the_work_loses_nothing_that_came_before_it,
    ),
    ("the_end_of_main_and_a_panic_lose_nothing", the_end_of_main_and_a_panic_lose_nothing),
    (
        "a_guard_that_is_never_dropped_holds_nobody_up",
        a_guard_that_is_never_dropped_holds_nobody_up,
    ),
    (
        "without_a_collector_a_program_ends_at_once_and_says_why_once",
        without_a_collector_a_program_ends_at_once_and_says_why_once,
    ),
    (
        "a_silent_collector_holds_a_program_no_longer_than_its_guard_waits",
        a_silent_collector_holds_a_program_no_longer_than_its_guard_waits,
    ),
];

/// Not under the test harness: each program is this one again, whose `main` has to be its own.
fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().collect();
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
