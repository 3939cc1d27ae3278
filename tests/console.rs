//! What the console prints, seen through a pipe: each story runs this file again as a program.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

use exo_trace::{Console, Span, TraceBackend, TraceConfig, TraceGuard, init, span_sync};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);
/// Names the story that the program shall tell.
const STORY: &str = "EXO_TRACE_CONSOLE_STORY";

/// Returns this file as a program that tells `story`, with an environment of its own.
fn program(story: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this test's own path"));
    command.args(["--exact", "the_program", "--nocapture", "--quiet"]).env(STORY, story);
    for variable in ["COLUMNS", "NO_COLOR", "TERM"] {
        command.env_remove(variable);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What the program printed between the marks that it puts around its story.
fn told(text: &str) -> &str {
    let (_, story) = text.split_once("<story>\n").expect("it begins");
    story.split_once("<end>").expect("it ends").0
}

fn run(mut command: Command) -> (String, String) {
    let output = command.output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    assert!(output.status.success(), "{stdout}\n{stderr}");
    (stdout, stderr)
}

/// Masks ids and durations: what stays is free of times.
fn masked(text: &str) -> String {
    let word = |word: &str| {
        let is_id = word.len() >= 16 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_number = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let is_bar = word.chars().all(|char| ('█'..='▏').contains(&char));
        match word {
            _ if is_id => "<id>",
            _ if is_number => "<n>",
            "ns" | "µs" | "ms" | "s" => "<unit>",
            _ if is_bar => "",
            other => other,
        }
        .to_owned()
    };
    let line = |line: &str| {
        line.split(' ').map(word).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn start(console: Console) -> TraceGuard {
    let config = TraceConfig::new("console").backend(TraceBackend::Console).console(console);
    init(config.orphan_tree_after(Duration::from_millis(1))).expect("it starts")
}

/// One trace: a root, two steps, one of which fails.
fn agent() {
    let _run = span_sync!("agent", topic = "rings");
    drop(span_sync!("step", n = 1));
    span_sync!("step", n = 2).record_error("not found");
}

/// Not a test of its own: the program that the stories run.
#[test]
fn the_program() {
    let Ok(story) = std::env::var(STORY) else { return };
    println!("<story>");
    match story.as_str() {
        "tree" => {
            let trace = start(Console::stdout());
            agent();
            let _ = trace.shutdown(DEADLINE);
        }
        "no figures" => {
            let trace = start(Console::stdout().figures(false));
            agent();
            let _ = trace.shutdown(DEADLINE);
        }
        "dropped" => {
            let trace = start(Console::stderr());
            agent();
            drop(trace);
        }
        "nothing" => {
            let _ = start(Console::stdout()).shutdown(DEADLINE);
        }
        "twice" => {
            let trace = start(Console::stdout());
            agent();
            let _ = (trace.flush(DEADLINE), trace.shutdown(DEADLINE), trace.shutdown(DEADLINE));
            drop(trace);
        }
        "nobody reads" => {
            let trace = start(Console::stdout());
            agent();
            let _ = trace.flush(DEADLINE);
            // More than a pipe holds, and nobody takes it out: the figures have nowhere to go.
            let mut line = String::new();
            std::thread::spawn(|| std::io::stdout().write_all(&vec![b'.'; 4 << 20]));
            std::io::stdin().read_line(&mut line).expect("the reader says when");
            let _ = trace.shutdown(Duration::from_millis(100));
            std::process::exit(7);
        }
        "attributes" => {
            let trace = start(Console::stdout().attributes(true));
            agent();
            let _ = trace.shutdown(DEADLINE);
        }
        "lines" => {
            let trace = start(Console::stderr().lines());
            agent();
            let _ = trace.shutdown(DEADLINE);
        }
        "orphan" => {
            let trace = start(Console::stdout());
            let root = Span::start("never ends", ());
            root.child("child", ()).end();
            // The tree comes without a flush; whoever reads it says when to go on.
            let mut line = String::new();
            std::io::stdin().read_line(&mut line).expect("the reader says when");
            drop(root);
            let _ = trace.shutdown(DEADLINE);
        }
        "closed pipe" => {
            let mut line = String::new();
            std::io::stdin().read_line(&mut line).expect("the reader says when");
            let trace = start(Console::stdout());
            agent();
            let stdout_is_closed = trace.flush(DEADLINE);
            agent();
            let delivery = trace.shutdown(DEADLINE);
            assert_eq!(delivery.queued, 0, "{stdout_is_closed} {delivery}");
            std::process::exit(7);
        }
        "full tree" => full(Console::stderr()),
        "full lines" => full(Console::stderr().lines()),
        other => panic!("{other} is no story"),
    }
    println!("<end>");
}

/// Prints to where nothing can be written, and counts.
fn full(console: Console) {
    let trace = start(console);
    for n in 1..=3 {
        agent();
        let delivery = trace.flush(DEADLINE);
        assert!(!delivery.is_complete(), "{delivery}");
        assert_eq!((delivery.delivered, delivery.lost.export_failed), (0, 3 * n), "{delivery}");
    }
    let root = Span::start("never ends", ());
    root.child("child", ()).end();
    let delivery = trace.shutdown(DEADLINE);
    assert_eq!((delivery.delivered, delivery.lost.export_failed), (0, 10), "{delivery}");
}

#[cfg(target_os = "linux")]
#[test]
fn spans_that_found_no_room_on_the_device_are_not_delivered() {
    for story in ["full tree", "full lines"] {
        let full = std::fs::File::options().write(true).open("/dev/full");
        let mut command = program(story);
        command.stderr(full.expect("a device that is always full"));
        let (stdout, _) = run(command);
        assert_eq!(told(&stdout), "", "{story}");
    }
}

#[test]
fn a_tree_is_printed_when_its_root_has_ended() {
    let (stdout, stderr) = run(program("tree"));
    let text = "
trace <id>
agent <n> <unit>
├─ step <n> <unit>
└─ step ✗ <n> <unit> str: not found

spans <n> recorded = <n> delivered + <n> lost · <n> error · <n> cancelled
cost tracing took <n> <unit> on your threads and <n> <unit> on its own: <n> % of this run";
    assert_eq!(masked(told(&stdout)).trim_end(), text, "{stdout}\n{stderr}");
}

#[test]
fn figures_stand_once_below_the_last_tree_and_not_where_they_are_unwanted() {
    let figures = |text: &str| text.lines().filter(|line| line.starts_with("spans ")).count();
    for (story, wanted) in [("twice", 1), ("no figures", 0), ("nothing", 0)] {
        let (stdout, stderr) = run(program(story));
        assert_eq!(figures(told(&stdout)), wanted, "{story}: {stdout}\n{stderr}");
    }
    let (_, stderr) = run(program("dropped"));
    assert_eq!(figures(&stderr), 1, "where the trees are printed: {stderr}");
    let cost = stderr.lines().last().expect("there are lines");
    assert!(cost.starts_with("cost      tracing took "), "nothing is below it: {stderr}");
}

#[test]
fn a_pipe_that_nobody_empties_does_not_hold_up_the_end() {
    let mut child = program("nobody reads").spawn().expect("it runs");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    read_until(&mut stdout, "trace ");
    go_on(&mut child);
    assert_eq!(child.wait().expect("it ends").code(), Some(7), "by its own decision");
    drop(stdout);
}

#[test]
fn every_attribute_is_printed_when_that_is_asked_for() {
    let (stdout, _) = run(program("attributes"));
    let story = told(&stdout);
    assert!(story.contains("topic=\"rings\"") && story.contains("n=1"), "{story}");
}

#[test]
fn lines_are_printed_as_spans_end_where_they_were_asked_for() {
    let (stdout, stderr) = run(program("lines"));
    assert_eq!(told(&stdout), "", "nothing on standard output");
    let names: Vec<_> =
        stderr.lines().filter(|line| line.contains("step") || line.contains("agent")).collect();
    assert_eq!(names.len(), 3, "{stderr}");
    assert!(!stderr.contains("recorded = "), "each line is a span's: {stderr}");
    assert!(!names[0].contains('✗') && names[1].contains("✗"), "{stderr}");
    assert!(names[1].contains("not found") && names[2].contains("agent"), "{stderr}");
}

#[test]
fn no_line_is_wider_than_it_may_be_and_without_a_terminal_there_is_no_colour() {
    for (columns, no_color) in [(80, None), (100, None), (100, Some("1")), (40, None)] {
        let mut command = program("tree");
        command.env("COLUMNS", columns.to_string()).env("TERM", "xterm-256color");
        if let Some(no_color) = no_color {
            command.env("NO_COLOR", no_color);
        }
        let (stdout, _) = run(command);
        let story = told(&stdout);
        assert!(!story.contains('\u{1b}'), "{story:?}");
        let widest = story.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(columns), "{widest:?} of {columns}: {story}");
        assert!(story.contains("█"), "there is a waterfall: {story}");
    }
}

fn read_until(reader: &mut impl BufRead, wanted: &str) -> String {
    let mut text = String::new();
    while !text.contains(wanted) {
        assert!(reader.read_line(&mut text).expect("UTF-8") > 0, "{wanted} comes: {text}");
    }
    text
}

fn go_on(child: &mut Child) {
    let stdin = child.stdin.as_mut().expect("a pipe");
    writeln!(stdin, "go on").expect("it listens");
}

#[test]
fn a_tree_whose_root_never_ends_is_printed_after_a_while() {
    let mut child = program("orphan").spawn().expect("it runs");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    let text = read_until(&mut stdout, "child");
    assert!(text.contains("(still under way)"), "{text}");
    assert!(!text.contains("never ends"), "the root is not there yet: {text}");
    go_on(&mut child);
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).expect("UTF-8");
    assert!(rest.contains("never ends"), "{rest}");
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn a_closed_pipe_does_not_end_the_program() {
    let mut child = program("closed pipe").spawn().expect("it runs");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    read_until(&mut stdout, "<story>");
    drop(stdout);
    drop(child.stderr.take());
    go_on(&mut child);
    assert_eq!(child.wait().expect("it ends").code(), Some(7), "by its own decision");
}
