//! The command as a person calls it: a stream goes in, trees come out, and the sum accounts for all.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

use exo_trace_core::compact::{Clock32, HalfLaps, Recorder, Ring, Site, Sites, site};
use exo_trace_core::stream::{Board, Stream};
use std::cell::Cell;
use std::io::Write;
use std::net::TcpListener;
use std::process::{Command, Output};

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

fn bridge(from: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_exo-trace-bridge"))
        .arg(from)
        .env("OTEL_TRACES_EXPORTER", "console")
        .output()
        .expect("it was built")
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

#[test]
fn a_port_that_is_not_there_is_named() {
    let output = bridge("no/such/port");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("no/such/port"), "{}", text(&output.stderr));
}
