//! The command as a person calls it: a stream goes in, trees come out, and the sum accounts for all.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

use exo_trace_core::compact::{Clock32, HalfLaps, Recorder, Ring, Site, Sites, site};
use exo_trace_core::stream::{Board, Stream};
use std::cell::Cell;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Output, Stdio};

static STEP: Site = site!("agent.step", Internal, ["exo.agent.step"]);
static READ: Site = site!("sensor.read", Client, ["celsius"]);
static SITES: &[&[Site]] = &[&[STEP, READ]];

struct Timer<'b>(&'b Cell<u32>, &'b HalfLaps);

impl Clock32 for Timer<'_> {
    fn ticks(&self) -> u32 {
        self.0.get()
    }

    fn half_laps(&self) -> u32 {
        self.1.count()
    }
}

/// The stream of a board that made three steps, of which each read a sensor; or so many before anybody
/// reads that its ring has no room for them.
fn line(is_too_much: bool) -> Vec<u8> {
    let (ticks, half_laps, ring) = (Cell::new(0), HalfLaps::new(), Ring::<256>::new());
    let recorder = Recorder::new(&ring, Timer(&ticks, &half_laps));
    let record = || {
        for number in 1..=3 {
            recorder.in_span(&STEP, |step| {
                step.set(0, number);
                recorder.in_span(&READ, |read| read.set(0, 21.5));
                ticks.set(ticks.get() + 500);
            });
        }
    };
    if is_too_much {
        (0..20).for_each(|_| record());
    }
    let board = Board {
        seed: 7,
        ticks_per_second: 1_000_000,
        resource: &[("device.id", "bench-7")],
        sites: Sites::new(SITES),
        half_laps: &half_laps,
    };
    let mut stream = Stream::new(board, [ring.by_ref()]);
    record();
    let mut line = Vec::new();
    // Twice: a round says what became of the records of the one before.
    for _ in 0..2 {
        ticks.set(ticks.get() + 1_000_000);
        stream.poll(ticks.get());
        loop {
            let mut room = [0; 64];
            match stream.next_bytes(&mut room) {
                0 => break,
                filled => line.extend(&room[..filled]),
            }
        }
    }
    line
}

fn command(from: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_exo-trace-bridge"));
    command.arg(from).env("OTEL_TRACES_EXPORTER", "console");
    command
}

fn bridge(from: &str) -> Output {
    command(from).output().expect("it was built")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_recording_becomes_trees_and_a_sum() {
    let mut file = tempfile::NamedTempFile::new().expect("a place for files");
    file.write_all(&line(false)).expect("room on the disk");
    let output = bridge(&file.path().display().to_string());
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
    assert_eq!(out.matches("sensor.read").count(), 3, "{out}");
    assert!(out.contains("6 spans and 0 facts"), "{out}");
    assert!(out.contains("6 spans delivered, 0 queued, nothing lost"), "{out}");
}

#[test]
fn damage_on_the_line_is_said_and_is_no_success() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let from = format!("tcp://{}", listener.local_addr().expect("an address"));
    let sends = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("the command comes");
        let mut line = line(false);
        // In the last span's frame.
        let last = line.len() - 4;
        line[last] ^= 0x10;
        stream.write_all(&line).expect("the command reads");
    });
    let output = bridge(&from);
    sends.join().expect("it sends all");
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{out}");
    assert!(out.contains("1 damaged"), "{out}");
}

#[test]
fn what_was_lost_on_the_board_is_said_and_is_no_success() {
    let mut file = tempfile::NamedTempFile::new().expect("a place for files");
    file.write_all(&line(true)).expect("room on the disk");
    let output = bridge(&file.path().display().to_string());
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{out}");
    assert!(out.contains("lost on the board"), "{out}");
}

/// The command with a pipe for standard input, which the test holds open.
fn piped() -> Child {
    command("-").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it was built")
}

#[test]
fn standard_input_is_read_to_its_end() {
    let mut child = piped();
    let mut input = child.stdin.take().expect("a pipe");
    // In pieces, as a pipe may cut them.
    line(false).chunks(7).for_each(|piece| input.write_all(piece).expect("the command reads"));
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    let out = text(&output.stdout);
    assert!(output.status.success(), "{out}");
    assert!(out.contains("6 spans delivered, 0 queued, nothing lost"), "{out}");
}

/// Sends a line and then a signal to the command that reads it; returns what it said, and its exit code.
#[cfg(unix)]
fn signalled(signal: &str, line: &[u8]) -> (String, Option<i32>) {
    let mut child = piped();
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(line).expect("the command reads");
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut said = String::new();
    // The last tree stands there before the signal comes, which the line is still open for.
    while said.matches("sensor.read").count() < 3 {
        assert_ne!(out.read_line(&mut said).expect("text"), 0, "it ends by itself: {said}");
    }
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(sent.expect("a command to send signals").success());
    out.read_to_string(&mut said).expect("text");
    let code = child.wait().expect("it ends").code();
    drop(input);
    (said, code)
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_with_the_sum_of_what_was_read_while_the_line_is_open() {
    for signal in ["-INT", "-TERM"] {
        let (out, code) = signalled(signal, &line(false));
        assert_eq!(code, Some(0), "{signal}: {out}");
        assert!(out.contains("6 spans and 0 facts"), "{signal}: {out}");
        assert!(out.contains("6 spans delivered, 0 queued, nothing lost"), "{signal}: {out}");
    }
}

#[cfg(unix)]
#[test]
fn a_signal_in_the_middle_of_a_frame_is_no_damage_and_after_damage_no_success() {
    let whole = line(false);
    let (out, code) = signalled("-INT", &[&whole, &whole[..9]].concat());
    assert_eq!((code, out.contains("damaged")), (Some(0), false), "{out}");
    let mut lossy = whole;
    // Somebody else's noise.
    lossy.extend([0, 9, 9, 9, 0]);
    let (out, code) = signalled("-INT", &lossy);
    assert_eq!((code, out.contains("1 damaged")), (Some(1), true), "{out}");
}

#[test]
fn a_port_that_is_not_there_is_named() {
    let output = bridge("no/such/port");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("no/such/port"), "{}", text(&output.stderr));
}
