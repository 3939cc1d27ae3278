//! A law that nothing can break proves nothing: each is shown a trace that breaks it, and refuses it.

mod laws;

use exo_trace::{Delivery, Losses, SpanData};
use exo_trace_core::{
    Facts, Fields, InternedKey, Key, Outcome, Record, Ring, Slot, SpanId, SpanRecord, TraceFlags,
    TraceId, Value, Written,
};
use exo_trace_export::__encode::Assembled;
use laws::{Broken, Law, Parent, Place, Sums, Watch};
use std::panic::{AssertUnwindSafe, catch_unwind};

const ROOM: usize = 64;
static OUTCOME: InternedKey = InternedKey::new(Key::new("exo.outcome"));

/// A sound span, from which each story makes one that is not.
fn span(number: u64, parent: Option<u64>) -> SpanRecord<'static> {
    SpanRecord {
        callsite: None,
        trace_id: TraceId::new(7).expect("not zero"),
        span_id: id(number),
        parent_id: parent.map(id),
        is_parent_remote: false,
        flags: TraceFlags::SAMPLED,
        start_ticks: 1_000_000 * number,
        end_ticks: 1_000_000_000,
        outcome: Outcome::Ended,
        is_foreign: false,
        identity: None,
        dropped: <_>::default(),
        attributes: Fields::NONE,
    }
}

fn id(number: u64) -> SpanId {
    SpanId::new(number).expect("not zero")
}

/// Sends records through a ring and the assembler, as those of any thread go.
fn assembled(records: &[Record<'_>]) -> Assembled {
    let ring = Ring::<[Slot; 2_048]>::new();
    let writer = ring.writer(|| ());
    for record in records {
        writer.record(record).expect("the ring is not full");
    }
    let mut words = vec![0; ring.capacity()];
    let filled = ring.reader().read(&mut words);
    Assembled::of(&words[..filled], "stories")
}

/// Returns what both faces of the checker say of these records: they say the same.
fn judged(records: &[Record<'_>]) -> Result<Watch, Law> {
    let assembled = assembled(records);
    let mut watch = Watch::remembering(ROOM);
    let fed = assembled.spans().try_for_each(|span| watch.see(&span));
    let spans: Vec<SpanData<'_>> = assembled.spans().collect();
    let at_once = catch_unwind(AssertUnwindSafe(|| laws::check(&spans)));
    assert_eq!(fed.is_ok(), at_once.is_ok());
    fed.map(|()| watch).map_err(|broken| broken.law)
}

fn broken_by(records: &[Record<'_>]) -> Law {
    judged(records).expect_err("a law is broken")
}

#[test]
fn a_sound_trace_is_let_through_in_any_order() {
    let spans = [span(1, None), span(2, Some(1)), span(3, Some(2))].map(Record::Span);
    for [a, b, c] in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]] {
        let watch = judged(&[spans[a], spans[b], spans[c]]).expect("no law is broken");
        assert_eq!((watch.seen(), watch.never_came()), (3, 0));
    }
}

#[test]
fn a_span_that_ends_twice() {
    let twice = [Record::Span(span(1, None)), Record::Span(span(1, None))];
    assert_eq!(broken_by(&twice), Law::EndsOnce);
}

#[test]
fn a_child_in_another_trace_than_its_parent() {
    let strayed = SpanRecord { trace_id: TraceId::new(8).expect("not zero"), ..span(2, Some(1)) };
    let (root, sibling) = (Record::Span(span(1, None)), Record::Span(span(3, Some(1))));
    let strayed = Record::Span(strayed);
    for records in [vec![root, strayed], vec![strayed, root], vec![sibling, strayed]] {
        assert_eq!(broken_by(&records), Law::StandsInItsParentsTrace);
    }
}

#[test]
fn a_child_that_begins_before_its_parent() {
    let [early, late, later] = [2, 10, 11].map(|number| Record::Span(span(number, Some(9))));
    let parent = Record::Span(span(9, None));
    for records in [vec![parent, early], vec![early, parent], vec![late, early, later, parent]] {
        assert_eq!(broken_by(&records), Law::BeginsWithinItsParent);
    }
}

#[test]
fn a_trace_with_two_roots() {
    let roots = [Record::Span(span(1, None)), Record::Span(span(2, None))];
    assert_eq!(broken_by(&roots), Law::OneTraceOneRoot);
}

#[test]
fn a_failure_without_its_error_and_a_success_with_one() {
    for outcome in [Outcome::Error, Outcome::Panic] {
        let failed = Record::Span(SpanRecord { outcome, ..span(1, None) });
        assert_eq!(broken_by(&[failed]), Law::LooksLikeItsEnd);
    }
    let value = Value::Text("error");
    let said = [Written { key: OUTCOME.id(), order: 255, is_cut: false, value }];
    let said = Facts { span_id: id(1), attributes: Fields::Borrowed(&said) };
    let records = [Record::Facts(said), Record::Span(span(1, None))];
    assert_eq!(broken_by(&records), Law::LooksLikeItsEnd);
}

#[test]
fn keys_that_stand_twice_and_ends_before_the_beginning() {
    // A `SpanData` does not let them out; the laws ask it none the less.
    let law = |result: Result<(), Broken>| result.expect_err("a law is broken").law;
    assert_eq!(law(laws::keys_stand_once(&["a", "b", "a"])), Law::AKeyStandsOnce);
    assert_eq!(law(laws::time_runs_forward(2, 1)), Law::TimeRunsForward);
    assert!(laws::keys_stand_once(&["a", "b"]).is_ok() && laws::time_runs_forward(1, 1).is_ok());
}

#[test]
fn a_parent_that_never_comes_is_counted_once_and_a_remote_one_is_not() {
    let remote = SpanRecord { is_parent_remote: true, ..span(4, Some(77)) };
    let orphans = [span(2, Some(66)), span(3, Some(66)), remote].map(Record::Span);
    let watch = judged(&orphans).expect("no law is broken so far");
    assert_eq!(watch.awaited().collect::<Vec<_>>(), [id(66)]);
    assert!(watch.parents_exist_but(1).is_ok());
    let law = watch.parents_exist_but(0).expect_err("one did not come, and none was lost").law;
    assert_eq!(law, Law::ParentsExist);
}

#[test]
fn a_watch_that_forgets_still_sees_what_repeats() {
    let mut watch = Watch::remembering(ROOM);
    let place = |number: u64| Place {
        span_id: number,
        trace_id: [1, number],
        parent: Parent::None,
        start_unix_nano: 1,
    };
    let many = 100 * ROOM as u64;
    (1..=many).for_each(|number| watch.place(place(number)).expect("each is another"));
    assert!((1 << 6..1 << 9).contains(&watch.one_in()), "one in {}", watch.one_in());
    // A page later, each span by the chance of the share; all of them, not all unseen.
    let seen = (1..=many).filter(|number| watch.place(place(*number)).is_err()).count();
    assert!(seen >= ROOM / 4, "{seen} of {many} were seen");
}

#[test]
fn a_watch_that_forgets_counts_what_was_awaited_in_vain() {
    let mut watch = Watch::remembering(ROOM);
    let child = |number: u64, parent| Place {
        span_id: number,
        trace_id: [1, 1],
        parent: Parent::Here(parent),
        start_unix_nano: number,
    };
    (0..1_000).for_each(|n| watch.place(child(2_000 + n, 1 + n)).expect("no law is broken"));
    assert_eq!(watch.never_came(), 1_000);
    assert!(watch.awaited().count() <= 2 * ROOM, "they are counted, not kept");
}

#[test]
fn a_span_that_is_missing_and_one_that_is_delivered_and_counted() {
    let law = |sums: Sums| sums.come_out_even().expect_err("they do not").law;
    let mut lost = Losses::default();
    (lost.spans_refused, lost.queue_full, lost.rejected) = (2, 5, 1);
    // Twice 98 came out of the rings; of those, 6 were lost in one destination or the other.
    let even = Sums { begun: 100, destinations: 2, delivered: 180, waiting: 10, lost };
    even.come_out_even().expect("they do");
    for (delivered, begun) in [(181, 100), (179, 100), (180, 99), (180, 101)] {
        let sums = Sums { delivered, begun, ..even };
        assert_eq!(law(sums), Law::SpansAreDeliveredOrCounted);
    }
    assert!(catch_unwind(|| laws::accounts_for(1, &Delivery::default())).is_err());
}

#[test]
fn facts_that_are_missing_and_facts_that_are_kept_and_counted() {
    let [none, one, two] = [0, 1, 2].map(|events| laws::Facts { events, links: 1, attributes: 0 });
    let dropped = laws::Facts { events: 1, ..laws::Facts::default() };
    assert_eq!(two.missing_of(&two, &laws::Facts::default()).ok(), Some(0));
    assert_eq!(two.missing_of(&one, &dropped).ok(), Some(0));
    assert_eq!(two.missing_of(&none, &dropped).ok(), Some(1));
    for (said, has) in [(one, two), (one, one)] {
        let law = said.missing_of(&has, &dropped).expect_err("one too many").law;
        assert_eq!(law, Law::FactsAreKeptOrCounted);
    }
}
