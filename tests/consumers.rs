//! Consumers see each span once, whenever they come and go, and cannot feed themselves.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod laws;

use exo_trace::{
    SpanConsumer, SpanData, TraceBackend, TraceConfig, TraceGuard, clear_consumers, get_consumer,
    init, list_consumers, register_consumer, span_sync, unregister_consumer,
};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);

static ALONE: Mutex<()> = Mutex::new(());

/// The list of consumers is the process's: one story at a time, each with an empty list.
fn alone() -> MutexGuard<'static, ()> {
    let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    clear_consumers();
    alone
}

fn start() -> TraceGuard {
    init(TraceConfig::new("stories").backend(TraceBackend::Memory)).expect("nothing records yet")
}

fn flush(trace: &TraceGuard) {
    let delivery = trace.flush(DEADLINE);
    assert!(delivery.is_complete(), "{delivery}");
}

/// Tells the names of the spans it sees.
struct Names {
    own: &'static str,
    seen: Sender<String>,
}

impl Names {
    fn called(own: &'static str) -> (Self, Receiver<String>) {
        let (seen, names) = mpsc::channel();
        (Self { own, seen }, names)
    }
}

impl SpanConsumer for Names {
    fn consume(&self, span: &SpanData<'_>) {
        let _ = self.seen.send(span.name().into_owned());
    }

    fn name(&self) -> &str {
        self.own
    }
}

fn seen(names: &Receiver<String>) -> Vec<String> {
    names.try_iter().collect()
}

#[test]
fn one_registered_before_init_and_one_after_see_each_span_once() {
    let _alone = alone();
    let (early, early_names) = Names::called("early");
    let (late, late_names) = Names::called("late");
    register_consumer(early);
    let trace = start();
    drop(span_sync!("first"));
    flush(&trace);
    register_consumer(late);
    drop(span_sync!("second"));
    flush(&trace);
    assert_eq!(seen(&early_names), ["first", "second"]);
    assert_eq!(seen(&late_names), ["second"]);
    laws::accounts_for(2, &trace.shutdown(DEADLINE));
}

#[test]
fn one_of_the_same_name_takes_the_others_place() {
    let _alone = alone();
    let trace = start();
    let (old, old_names) = Names::called("same");
    let (other, _other_names) = Names::called("other");
    let (new, new_names) = Names::called("same");
    register_consumer(old);
    register_consumer(other);
    drop(span_sync!("first"));
    flush(&trace);
    register_consumer(new);
    assert_eq!(list_consumers(), ["same", "other"]);
    drop(span_sync!("second"));
    flush(&trace);
    assert_eq!((seen(&old_names), seen(&new_names)), (vec!["first".into()], vec!["second".into()]));
    laws::accounts_for(2, &trace.shutdown(DEADLINE));
}

#[test]
fn one_that_is_taken_out_sees_nothing_more_and_the_others_go_on() {
    let _alone = alone();
    let trace = start();
    let (leaves, leaves_names) = Names::called("leaves");
    let (stays, stays_names) = Names::called("stays");
    register_consumer(leaves);
    register_consumer(stays);
    drop(span_sync!("first"));
    flush(&trace);
    assert!(get_consumer("leaves").is_some());
    assert!(unregister_consumer("leaves"));
    assert!(!unregister_consumer("leaves"), "it is gone already");
    assert!(get_consumer("leaves").is_none());
    drop(span_sync!("second"));
    flush(&trace);
    assert_eq!(seen(&leaves_names), ["first"]);
    assert_eq!(seen(&stays_names), ["first", "second"]);
    clear_consumers();
    assert!(list_consumers().is_empty());
    drop(span_sync!("third"));
    flush(&trace);
    assert_eq!(seen(&stays_names), [""; 0]);
    laws::accounts_for(3, &trace.shutdown(DEADLINE));
}

/// Sees a span only when it is let.
struct Gate {
    own: &'static str,
    reached: Sender<()>,
    open: Mutex<Receiver<()>>,
    seen: Sender<String>,
}

impl SpanConsumer for Gate {
    fn consume(&self, span: &SpanData<'_>) {
        let _ = self.reached.send(());
        let _ = self.open.lock().expect("nobody panics").recv();
        let _ = self.seen.send(span.name().into_owned());
    }

    fn name(&self) -> &str {
        self.own
    }
}

#[test]
fn one_that_is_replaced_in_the_middle_of_its_work_finishes_it_and_a_flush_waits_for_that() {
    let _alone = alone();
    let trace = start();
    let (reached, is_reached) = mpsc::channel();
    let (open, is_open) = mpsc::channel();
    let (names, seen_by_old) = mpsc::channel();
    register_consumer(Gate { own: "same", reached, open: Mutex::new(is_open), seen: names });
    drop(span_sync!("first"));
    assert!(!trace.flush(Duration::ZERO).is_complete(), "it is at the gate");
    is_reached.recv().expect("it came to the gate");
    let (new, seen_by_new) = Names::called("same");
    let (other, seen_by_other) = Names::called("other");
    register_consumer(other);
    register_consumer(new);
    drop(span_sync!("second"));
    let while_it_waits = trace.flush(Duration::ZERO);
    assert!(!while_it_waits.is_complete(), "the old one still has a span: {while_it_waits}");
    drop(open);
    flush(&trace);
    assert_eq!(seen(&seen_by_old), ["first"]);
    assert_eq!(seen(&seen_by_new), ["second"]);
    assert_eq!(seen(&seen_by_other), ["second"]);
    laws::accounts_for(2, &trace.shutdown(DEADLINE));
}

/// Traces its own work.
struct Traces;

impl SpanConsumer for Traces {
    fn consume(&self, span: &SpanData<'_>) {
        let own = span_sync!("inside consume", of = %span.name());
        own.add_event("looked at", ());
        assert_eq!(own.span_context(), None, "it is suppressed");
    }
}

#[test]
fn spans_made_inside_consume_are_suppressed() {
    let _alone = alone();
    let trace = start();
    register_consumer(Traces);
    assert_eq!(list_consumers(), [std::any::type_name::<Traces>()]);
    drop(span_sync!("span"));
    flush(&trace);
    flush(&trace);
    let delivery = trace.shutdown(DEADLINE);
    assert_eq!((delivery.delivered, delivery.lost.total()), (1, 0), "{delivery}");
    assert_eq!(laws::tree_of(trace.memory().expect("the memory backend")), "span\n");
}

/// Looks at the list when it is asked for its name, and has another one each time.
struct Fickle(AtomicU32);

impl SpanConsumer for Fickle {
    fn consume(&self, _: &SpanData<'_>) {}

    fn name(&self) -> &str {
        assert!(get_consumer("nobody").is_none());
        ["first name", "second name"][self.0.fetch_add(1, Relaxed).min(1) as usize]
    }
}

#[test]
fn a_name_is_asked_for_once_and_may_ask_back() {
    let _alone = alone();
    let (other, _names) = Names::called("other");
    register_consumer(other);
    register_consumer(Fickle(AtomicU32::new(0)));
    assert_eq!(list_consumers(), ["other", "first name"]);
    assert!(get_consumer("second name").is_none());
    assert!(unregister_consumer("first name"));
    assert_eq!(list_consumers(), ["other"]);
}

/// Registers another when it dies.
struct Heir;

impl SpanConsumer for Heir {
    fn consume(&self, _: &SpanData<'_>) {}

    fn name(&self) -> &str {
        "heir"
    }
}

impl Drop for Heir {
    fn drop(&mut self) {
        let (next, _names) = Names::called("next");
        register_consumer(next);
    }
}

#[test]
fn one_that_dies_may_register_another() {
    let _alone = alone();
    register_consumer(Heir);
    assert!(unregister_consumer("heir"));
    assert_eq!(list_consumers(), ["next"]);
    register_consumer(Heir);
    clear_consumers();
    assert_eq!(list_consumers(), ["next"]);
}
