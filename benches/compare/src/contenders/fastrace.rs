//! fastrace with a reporter that drops what it gets.
//!
//! At its best: children are local spans, which it records fastest, below a root that is begun and
//! ended outside the measured time; its own thread collects them, asked by a flush between bursts.
//! Its attributes are texts only: the number is written as one, the truth value stands in the program.

use crate::contender::{About, Arrived, Contender, EARLY, SPAN, TWO, Way, timed};
use exo_trace_ways::floor::work;
use fastrace::collector::{Config, Reporter, SpanRecord};
use fastrace::prelude::{LocalSpan, Span, SpanContext};
use std::borrow::Cow;
use std::time::Duration;

pub(super) const ABOUT: About = About {
    packages: &["fastrace"],
    settings: "local spans below one root a burst, the root begun and ended outside the measured time; \
               report interval as it comes",
    lacks: "types of attributes (the number is written as a text), and a count of what it lost",
};

type Text = Cow<'static, str>;

struct Nowhere(Arrived);

impl Reporter for Nowhere {
    fn report(&mut self, spans: Vec<SpanRecord>) {
        self.0.add(spans.len());
    }
}

pub(super) fn set_up() -> Contender {
    let arrived = Arrived::default();
    fastrace::set_reporter(Nowhere(arrived.clone()), Config::default());
    Contender {
        ways: vec![
            Way::new(SPAN, |times| below_a_root(times, alone)).below_a_root(),
            Way::new(TWO, |times| below_a_root(times, two_attributes)).below_a_root(),
        ],
        missing: Box::new(move |expected| {
            fastrace::flush();
            arrived.missing_of(expected)
        }),
    }
}

fn below_a_root(times: usize, way: impl FnMut(usize)) -> Duration {
    let root = Span::root("run", SpanContext::random());
    let parent = root.set_local_parent();
    let took = timed(times, way);
    drop(parent);
    took
}

#[inline(always)]
fn alone(step: usize) {
    let _span = LocalSpan::enter_with_local_parent("span");
    work(step);
}

#[inline(always)]
fn two_attributes(step: usize) {
    let _span = LocalSpan::enter_with_local_parent("two").with_properties(|| {
        let is_early = if step < EARLY { "true" } else { "false" };
        [("step", Text::Owned(step.to_string())), ("is_early", Text::Borrowed(is_early))]
    });
    work(step);
}
