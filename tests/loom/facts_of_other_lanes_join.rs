//! A fact that was written on another lane before its span ended is delivered with the span.
//!
//! The drain goes from lane to lane while threads write, so it may have left a fact's lane when the
//! fact comes and be there in time for the span. What stands here for the assembler is what it does
//! with a span that has the foreign bit: hold it, keep facts until it leaves, and count those that
//! come afterwards.

use crate::explored::in_full;
use crate::held::Held;
use crate::lane::Lane;
use crate::rings::{claimed, record_last, visit};
use crate::sync::{Acquire, OnceRef, Release};
use exo_trace_core::{Slot, Writer};
use loom::sync::Arc;
use loom::sync::atomic::AtomicBool;
use loom::thread;

const SPAN: u64 = 1;
const FACT: u64 = 2;

/// What became of the span and of its fact.
#[derive(Debug, Default)]
struct Assembled {
    held: Held<u64>,
    waiting: usize,
    released: usize,
    joined: usize,
    late: usize,
}

impl Assembled {
    fn take(&mut self, numbers: &[u64]) {
        for &number in numbers {
            match number {
                SPAN => self.held.hold(number),
                _ if self.released > 0 => self.late += 1,
                _ => self.waiting += 1,
            }
        }
    }

    /// As `Drain::pass` goes: every lane known at its beginning, then the spans that are due.
    fn pass(&mut self, lanes: &[&Lane]) {
        for lane in lanes {
            let mut numbers = Vec::new();
            visit(lane, &mut numbers);
            self.take(&numbers);
        }
        for _ in self.held.due(usize::MAX) {
            self.released += 1;
            self.joined += std::mem::take(&mut self.waiting);
        }
        self.held.end_pass();
    }

    fn check(&self, is_fact_early: bool) {
        assert_eq!(self.released, 1, "a span leaves once: {self:?}");
        assert_eq!(self.joined + self.late, 1, "a fact is delivered or counted: {self:?}");
        assert!(!is_fact_early || self.joined == 1, "an early fact is delivered: {self:?}");
    }
}

/// Writes the span's record, and tells whether the fact was written before.
fn end_span<W: Fn()>(writer: &Writer<'_, Box<[Slot]>, W>, is_told: &AtomicBool) -> bool {
    let is_early = is_told.load(Acquire);
    record_last(writer, SPAN);
    is_early
}

fn say_fact<W: Fn()>(writer: &Writer<'_, Box<[Slot]>, W>, is_told: &AtomicBool) {
    record_last(writer, FACT);
    is_told.store(true, Release);
}

/// The drain passes while a span ends and another thread says something of it.
fn a_span_ends(name: &str, is_fact_lane_first: bool) {
    in_full(name, move || {
        let (spans, facts) = (claimed(), claimed());
        let is_told = Arc::new(AtomicBool::new(false));
        let ending = {
            let (writer, is_told) = (spans.writer(|| {}), is_told.clone());
            thread::spawn(move || end_span(&writer, &is_told))
        };
        let writer = facts.writer(|| {});
        let saying = thread::spawn(move || say_fact(&writer, &is_told));
        let lanes = if is_fact_lane_first { [facts, spans] } else { [spans, facts] };
        let mut assembled = Assembled::default();
        assembled.pass(&lanes);
        assembled.pass(&lanes);
        let is_fact_early = ending.join().expect("no thread panics");
        saying.join().expect("no thread panics");
        assembled.pass(&lanes);
        assembled.pass(&lanes);
        assembled.check(is_fact_early);
    });
}

#[test]
fn loom_a_fact_behind_the_drain_joins_its_span() {
    a_span_ends("a fact behind the drain", true);
}

#[test]
fn loom_a_fact_before_the_drain_joins_its_span() {
    a_span_ends("a fact before the drain", false);
}

/// The fact's lane is made while the drain passes, and added to the chain of lanes (`OnceRef` has the
/// orderings of the chain's `OnceBox`).
#[test]
fn loom_a_fact_of_a_new_lane_joins_its_span() {
    in_full("a fact of a new lane", || {
        let (spans, next) = (claimed(), Arc::new(OnceRef::new()));
        assert!(next.get().is_none(), "it is the last");
        let is_told = Arc::new(AtomicBool::new(false));
        let saying = {
            let (next, is_told) = (next.clone(), is_told.clone());
            thread::spawn(move || {
                let facts = claimed();
                let writer = facts.writer(|| {});
                assert!(next.set(facts).is_ok(), "no other thread adds one");
                say_fact(&writer, &is_told);
            })
        };
        let writer = spans.writer(|| {});
        let ending = thread::spawn(move || end_span(&writer, &is_told));
        let mut assembled = Assembled::default();
        let known = || [Some(spans), next.get()].into_iter().flatten().collect::<Vec<_>>();
        assembled.pass(&known());
        assembled.pass(&known());
        let is_fact_early = ending.join().expect("no thread panics");
        saying.join().expect("no thread panics");
        assembled.pass(&known());
        assembled.pass(&known());
        assembled.check(is_fact_early);
    });
}
