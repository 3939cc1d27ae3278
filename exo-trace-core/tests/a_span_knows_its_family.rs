//! What a recorder writes about a span: its parent, its trace, what was dropped, how it ended.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use exo_trace_core::{
    Clock, Current, Full, InternedKey, Key, OpenSpan, Outcome, RING_WORDS_MIN, Record, Recorder,
    Ring, Slot, SpanContext, SpanRecord, Value,
};
use std::cell::Cell;

struct EachCallOneTick(Cell<u64>);

impl Clock for EachCallOneTick {
    fn ticks(&self) -> u64 {
        self.0.replace(self.0.get() + 1)
    }
}

type Pen<'r, const N: usize> = Recorder<'r, [Slot; N], EachCallOneTick, fn()>;

static STEP: InternedKey = InternedKey::new(Key::new("exo.agent.step"));

fn pen<const N: usize>(ring: &Ring<[Slot; N]>) -> Pen<'_, N> {
    let pen = Recorder::new(EachCallOneTick(Cell::new(100)));
    let nobody: fn() = || {};
    pen.lend(ring.writer(nobody), 42).expect("it had no ring yet");
    pen
}

/// Ends `span` and shows what the ring holds of it to `see`.
fn end<const N: usize>(pen: &Pen<'_, N>, span: &OpenSpan, see: impl FnOnce(&SpanRecord<'_>)) {
    pen.end(span, Outcome::Ended).expect("the ring has room");
    let ring = pen.writer().expect("the recorder has a ring").ring();
    let mut words = [0; N];
    let filled = ring.reader().read(&mut words);
    let Ok(Record::Span(record)) = Record::decode(&words[..filled]) else { panic!("one span") };
    see(&record);
}

#[test]
fn a_child_names_its_parent_and_shares_its_trace() {
    let ring = Ring::<[Slot; 64]>::new();
    let pen = pen(&ring);
    let root = pen.start(None, pen.root(true));
    let child = pen.start(None, root.as_current());
    let (root_context, child_context) = (root.span_context(), child.span_context());
    assert_eq!(root_context.map(|c| c.trace_id), child_context.map(|c| c.trace_id));
    assert_ne!(root.span_id(), child.span_id());
    end(&pen, &child, |record| {
        assert_eq!((record.parent_id, Some(record.span_id)), (root.span_id(), child.span_id()));
        assert!(record.flags.is_sampled() && record.flags.is_random());
        assert!(!record.is_parent_remote && !record.is_foreign);
    });
    end(&pen, &root, |record| {
        assert_eq!((record.parent_id, Some(record.span_id)), (None, root.span_id()));
        assert!(
            record.start_ticks <= child.start_ticks() && child.start_ticks() < record.end_ticks
        );
    });
}

#[test]
fn a_child_of_another_process_says_so_and_its_own_child_does_not() {
    let ring = Ring::<[Slot; 64]>::new();
    let pen = pen(&ring);
    let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let remote = SpanContext::from_traceparent(text).expect("the specification's own example");
    let near = pen.start(None, Current::of(remote));
    let nearer = pen.start(None, near.as_current());
    end(&pen, &near, |record| {
        assert_eq!((record.parent_id, record.trace_id), (Some(remote.span_id), remote.trace_id));
        assert!(record.is_parent_remote);
    });
    end(&pen, &nearer, |record| assert!(!record.is_parent_remote));
}

/// W3C Trace Context level 2, §3.2.2.5.2: whoever goes on with a trace neither adds the flag nor drops it.
#[test]
fn a_child_sends_the_random_flag_that_its_trace_came_with() {
    let ring = Ring::<[Slot; 64]>::new();
    let pen = pen(&ring);
    for (received, sent) in [("00", "00"), ("01", "01"), ("02", "02"), ("03", "03"), ("ff", "03")] {
        let text = format!("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-{received}");
        let remote = SpanContext::from_traceparent(&text).expect("it is well formed");
        let near = pen.start(None, Current::of(remote));
        let nearer = pen.start(None, near.as_current());
        for span in [near, nearer] {
            let own = span.span_context().expect("it is of a trace").to_traceparent();
            assert_eq!((&own[..35], &own[53..]), (&text[..35], sent));
            assert_ne!(own[36..52], text[36..52], "§3.4: the parent's id is the sender's own");
        }
    }
}

#[test]
fn an_unsampled_root_records_nothing_and_passes_its_ids_on() {
    let ring = Ring::<[Slot; 64]>::new();
    let pen = pen(&ring);
    let root = pen.start(None, pen.root(false));
    let child = pen.start(None, root.as_current());
    assert!(!root.is_recording() && !child.is_recording());
    let context = child.span_context().expect("an unsampled span has an identity");
    assert!(!context.is_sampled() && context.flags.is_random());
    assert_eq!(Some(context.trace_id), root.span_context().map(|root| root.trace_id));
    assert!(!Current::of(context).is_recording(), "the next process does not record either");
}

#[test]
fn a_measured_span_of_an_unsampled_trace_is_recorded_and_its_plain_children_are_not() {
    let ring = Ring::<[Slot; 64]>::new();
    let pen = pen(&ring);
    let root = pen.start(None, pen.root(false));
    let outer = pen.start_measured(None, root.as_current());
    let plain = pen.start(None, outer.as_current());
    let measured = pen.start_measured(None, outer.as_current());
    assert!(outer.is_recording() && measured.is_recording() && !plain.is_recording());
    assert!(!outer.as_current().is_recording(), "nothing plain is recorded inside it");
    end(&pen, &measured, |record| {
        assert_eq!(record.parent_id, outer.span_id());
        assert!(!record.flags.is_sampled() && record.flags.is_random());
    });
    end(&pen, &outer, |record| {
        assert_eq!(record.parent_id, None, "a root that nobody records is nobody's parent");
        assert_eq!(Some(record.trace_id), root.span_context().map(|root| root.trace_id));
    });
}

#[test]
fn a_measured_span_of_a_sampled_trace_is_like_any_other() {
    let ring = Ring::<[Slot; 64]>::new();
    let pen = pen(&ring);
    let root = pen.start_measured(None, pen.root(true));
    let plain = pen.start(None, root.as_current());
    assert!(root.is_recording() && plain.is_recording());
    end(&pen, &plain, |record| assert_eq!(record.parent_id, root.span_id()));
    end(&pen, &root, |record| assert!(record.flags.is_sampled() && record.parent_id.is_none()));
}

#[test]
fn a_remote_parent_that_is_not_sampled_is_still_the_parent_of_what_is_measured() {
    let ring = Ring::<[Slot; 64]>::new();
    let pen = pen(&ring);
    let far = pen.start(None, pen.root(false)).span_context().expect("it has an identity");
    let span = pen.start_measured(None, Current::of(SpanContext { is_remote: true, ..far }));
    end(&pen, &span, |record| {
        assert_eq!((record.parent_id, record.is_parent_remote), (Some(far.span_id), true));
        assert!(!record.flags.is_sampled());
    });
}

#[test]
fn attributes_are_kept_in_order_until_there_is_no_room() {
    let ring = Ring::<[Slot; 64]>::new();
    let pen = pen(&ring);
    let mut span = pen.start(None, pen.root(true));
    let key = STEP.id();
    for step in 0..10_i64 {
        let order = span.next_order();
        if !span.keep(key, order, Value::I64(step)) {
            span.drop_attribute();
        }
    }
    assert!(!span.keep(key, 0, Value::Text("text is no single word")));
    end(&pen, &span, |record| {
        let kept: Vec<_> = record.attributes.iter().map(|a| (a.order, a.value)).collect();
        let expected: Vec<_> = (0..8_u8).map(|n| (n + 1, Value::I64(n.into()))).collect();
        assert_eq!(kept, expected);
        assert_eq!(record.dropped.attributes, 2);
    });
}

#[test]
fn the_smallest_ring_takes_a_span_with_all_it_can_keep() {
    let ring = Ring::<[Slot; RING_WORDS_MIN]>::new();
    let pen = pen(&ring);
    for round in 0..100 {
        let mut span = pen.start(None, pen.root(true));
        for order in 0..8 {
            assert!(span.keep(STEP.id(), order, Value::Bool(true)));
        }
        span.drop_attribute();
        // One round in a few begins so late in a lap that even an empty ring is too short from there.
        if pen.end(&span, Outcome::Ended).is_err() {
            end(&pen, &span, |record| assert_eq!(record.attributes.len(), 8, "round {round}"));
        }
        ring.reader().skip();
        let short = pen.start(None, pen.root(true));
        end(&pen, &short, |record| assert!(record.attributes.is_empty()));
    }
    assert_eq!((ring.recorded(), ring.taken()), (200, 200));
}

#[test]
fn a_span_whose_context_left_is_foreign_whatever_the_order_of_leaving() {
    let ring = Ring::<[Slot; 64]>::new();
    let pen = pen(&ring);
    for leaves_first in [false, true] {
        let mut outer = pen.start(None, pen.root(true));
        let first = pen.enter(outer.as_current()).expect("the root of its trace");
        pen.replace_current(pen.current().foreign());
        let mut inner = pen.start(None, pen.current());
        let before = pen.enter(inner.as_current()).expect("the same trace");
        if leaves_first {
            assert!(!pen.leave(&mut outer, first) && pen.leave(&mut inner, before));
        } else {
            assert!(pen.leave(&mut inner, before) && pen.leave(&mut outer, first));
        }
        end(&pen, &outer, |record| assert!(record.is_foreign));
        end(&pen, &inner, |record| assert!(!record.is_foreign));
        assert!(pen.current().is_none());
    }
}

#[test]
fn the_straight_way_is_not_for_a_span_that_is_known_elsewhere() {
    let ring = Ring::<[Slot; 64]>::new();
    let pen = pen(&ring);
    // A ring that was not written to yet is not gone straight into either.
    end(&pen, &pen.start(None, pen.root(true)), |record| assert!(!record.is_foreign));
    let root = pen.start(None, pen.root(true));
    let known_here = pen.enter(root.as_current()).expect("the root of its trace");
    let mut span = pen.start(None, pen.current());
    span.mark_foreign();
    let before = pen.enter(span.as_current()).expect("the same trace");
    assert!(!pen.finish(&span, before), "its record would not say so");
    assert!(pen.leave(&mut span, before));
    end(&pen, &span, |record| assert!(record.is_foreign));
    assert!(pen.finish(&root, known_here), "this one can go straight");
}

#[test]
fn a_recorder_without_a_ring_refuses_and_a_second_ring_changes_nothing() {
    let bare: Pen<'_, 64> = Recorder::new(EachCallOneTick(Cell::new(0)));
    let span = bare.start(None, bare.root(true));
    assert_eq!(bare.end(&span, Outcome::Ended), Err(Full));

    let (ring, other) = (Ring::<[Slot; 64]>::new(), Ring::<[Slot; 64]>::new());
    let (first, second) = (pen(&ring), pen(&ring));
    let nobody: fn() = || {};
    assert!(second.lend(other.writer(nobody), 7).is_err());
    assert_eq!(first.trace_id(), second.trace_id(), "the refused seed was not taken");
    let span = second.start(None, second.root(true));
    second.end(&span, Outcome::Ended).expect("the ring has room");
    assert_eq!((ring.recorded(), other.recorded()), (1, 0));
}
