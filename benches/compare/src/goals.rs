//! What must be reached: every row of the goals, where its figure comes from, and whether it is.

use crate::contender::{BARE, SPAN, TWO};
use crate::contenders::Name::{
    self, Disabled, ExoTrace, Fastrace, OpenTelemetry, PerfettoRecorder, Tracing, Unsampled,
};
use crate::contenders::exo_trace::{
    CLOCK_PAIR, COARSE, EIGHT, FUTURE, NEW_TRACE, ROOT, SPAN_ASYNC, TEXT_64, TRACED_FUTURE,
    TRACED_TWO,
};
use crate::exported::Mix;
use crate::figures::{Figure, Figures};
use crate::whole::{self, Question};
use std::fmt;

/// One row.
pub(crate) struct Goal {
    pub(crate) what: &'static str,
    pub(crate) unit: Unit,
    pub(crate) bound: Bound,
    pub(crate) from: Source,
}

/// What a figure may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Bound {
    AtMost(f64),
    AtLeast(f64),
    /// Plain and traced code are the same instructions.
    Same,
    /// Nobody set a goal.
    None,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Unit {
    TimesFloor,
    Nanos,
    TimesOurs,
    Times,
    MillionsPerSecond,
    Kibibytes,
    PerSecond,
    Verdict,
}

/// Where a figure comes from.
#[derive(Clone, Copy)]
pub(crate) enum Source {
    TimesFloor(Name, &'static str),
    /// A way, and what it is compared with, both in the same turns.
    Beyond(Name, &'static str, &'static str),
    AgainstOurs(Name, &'static str),
    Whole(Question, &'static str),
    Exported(Mix),
    Off,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Reached,
    Missed,
    /// Something was lost: a lost record is cheaper than one that is kept.
    Void,
    /// This run did not ask.
    NotMeasured,
    NoGoal,
}

/// Every goal, in the order of the issue that set them.
#[rustfmt::skip]
pub(crate) fn all() -> Vec<Goal> {
    use Bound::{AtLeast, AtMost};
    use Source::{AgainstOurs, Beyond, Exported, Off, TimesFloor, Whole};
    let row = |what, unit, bound, from| Goal { what, unit, bound, from };
    vec![
        row("span, 2 attributes, `span_sync!`", Unit::TimesFloor, AtMost(1.10), TimesFloor(ExoTrace, TWO)),
        row("span, 2 attributes, `#[traced]` sync", Unit::TimesFloor, AtMost(1.10), TimesFloor(ExoTrace, TRACED_TWO)),
        row("span, 8 attributes", Unit::TimesFloor, AtMost(1.35), TimesFloor(ExoTrace, EIGHT)),
        row("root span with new trace, made current and put back", Unit::TimesFloor, AtMost(1.6), TimesFloor(ExoTrace, NEW_TRACE)),
        row("root span as above, in a context that is attached for it", Unit::TimesFloor, AtMost(1.6), TimesFloor(ExoTrace, ROOT)),
        row("cost besides the clock, span with 2 attributes", Unit::Nanos, AtMost(2.5), Beyond(ExoTrace, TWO, CLOCK_PAIR)),
        row("text attribute of 64 bytes, more than without it", Unit::Nanos, AtMost(3.0), Beyond(ExoTrace, TEXT_64, SPAN)),
        row("unsampled child, 2 attributes, `span_sync!`, over the bare call", Unit::Nanos, AtMost(2.0), Beyond(Unsampled, TWO, BARE)),
        row("unsampled child, 2 attributes, `#[traced]`, over the bare call", Unit::Nanos, AtMost(2.0), Beyond(Unsampled, TRACED_TWO, BARE)),
        row("disabled at run time, `span_sync!`, over the bare call", Unit::Nanos, AtMost(1.0), Beyond(Disabled, TWO, BARE)),
        row("disabled at run time, `#[traced]`, over the bare call", Unit::Nanos, AtMost(1.0), Beyond(Disabled, TRACED_TWO, BARE)),
        row("compiled out: the same instructions", Unit::Verdict, Bound::Same, Off),
        row("poll of `future.traced(…)`, over the bare poll", Unit::Nanos, AtMost(3.0), Beyond(ExoTrace, TRACED_FUTURE, FUTURE)),
        row("poll of `span_async!`, over the bare poll", Unit::Nanos, AtMost(3.0), Beyond(ExoTrace, SPAN_ASYNC, FUTURE)),
        row("p99.9 of a single span, steady, less one clock step, in medians", Unit::Times, AtMost(2.0), Whole(Question::Tail, whole::STEADY)),
        row("p99.9 of a single span, with a wake", Unit::Nanos, Bound::None, Whole(Question::Tail, whole::WITH_A_WAKE)),
        row("p99.9 of a single span, after a sleep", Unit::Nanos, Bound::None, Whole(Question::Tail, whole::AFTER_A_SLEEP)),
        row("fastrace / ours, span", Unit::TimesOurs, AtLeast(2.3), AgainstOurs(Fastrace, SPAN)),
        row("fastrace / ours, 2 attributes", Unit::TimesOurs, AtLeast(5.0), AgainstOurs(Fastrace, TWO)),
        row("perfetto-recorder / ours, span", Unit::TimesOurs, AtLeast(1.3), AgainstOurs(PerfettoRecorder, SPAN)),
        row("perfetto-recorder / ours, 2 arguments", Unit::TimesOurs, AtLeast(1.8), AgainstOurs(PerfettoRecorder, TWO)),
        row("OpenTelemetry SDK / ours, 2 attributes", Unit::TimesOurs, AtLeast(20.0), AgainstOurs(OpenTelemetry, TWO)),
        row("tracing + OTel / ours, 2 attributes", Unit::TimesOurs, AtLeast(75.0), AgainstOurs(Tracing, TWO)),
        row("two producing threads against one, in bursts", Unit::Times, AtLeast(1.9), Whole(Question::Threads, whole::TWO_TIMES_ONE)),
        row("sustained rate of one producer, a live drain on the other core", Unit::MillionsPerSecond, AtLeast(10.0), Whole(Question::Sustained, whole::KEPT)),
        row("ring hand-off of small records, one core", Unit::MillionsPerSecond, AtLeast(60.0), Whole(Question::HandOff, whole::ONE_CORE)),
        row("drain + assemble to a null exporter, one core", Unit::MillionsPerSecond, AtLeast(10.0), Whole(Question::Drain, whole::DRAINED)),
        row("OTLP bytes from assembled spans, 2 attributes, one core", Unit::MillionsPerSecond, AtLeast(15.0), Whole(Question::OtlpBytes, whole::MILLION_SPANS)),
        row("whole-process CPU per exported span, a text of the program's", Unit::Nanos, AtMost(200.0), Exported(Mix::Static)),
        row("whole-process CPU per exported span, a text made at run time", Unit::Nanos, AtMost(200.0), Exported(Mix::Made)),
        row("memory of a thread that records, after its first span", Unit::Kibibytes, Bound::None, Whole(Question::Memory, whole::ONE_SPAN)),
        row("memory of a thread that records, its ring written throughout", Unit::Kibibytes, Bound::None, Whole(Question::Memory, whole::FULL_RING)),
        row("wake-ups of the process when idle", Unit::PerSecond, Bound::None, Whole(Question::Idle, whole::IDLE)),
        row("coarse clock, over the bare call", Unit::Nanos, AtMost(4.0), Beyond(ExoTrace, COARSE, BARE)),
    ]
}

impl Goal {
    pub(crate) fn figure(&self, figures: &Figures) -> Option<Figure> {
        match self.from {
            Source::TimesFloor(name, way) => figures.times_floor(name, way),
            Source::Beyond(name, way, bare) => figures.beyond(name, way, bare),
            Source::AgainstOurs(rival, way) => figures.against_ours(rival, way),
            Source::Whole(question, figure) => figures.answer(question, figure),
            Source::Exported(mix) => figures.exported_cpu(mix),
            Source::Off => None,
        }
    }

    pub(crate) fn verdict(&self, figures: &Figures) -> Verdict {
        if let Source::Off = self.from {
            return match figures.off {
                Some((true, _)) => Verdict::Reached,
                Some((false, _)) => Verdict::Missed,
                None => Verdict::NotMeasured,
            };
        }
        self.figure(figures).map_or(Verdict::NotMeasured, |figure| self.bound.judge(figure))
    }
}

impl Bound {
    fn judge(self, figure: Figure) -> Verdict {
        let is_reached = match self {
            Self::AtMost(most) => figure.spread.median <= most,
            Self::AtLeast(least) => figure.spread.median >= least,
            Self::Same | Self::None => return Verdict::NoGoal,
        };
        match (figure.lost, is_reached) {
            (1.., _) => Verdict::Void,
            (0, true) => Verdict::Reached,
            (0, false) => Verdict::Missed,
        }
    }
}

impl Unit {
    /// Returns a figure in this unit, rounded to what it can tell apart.
    pub(crate) fn show(self, figure: f64) -> String {
        match self {
            Self::TimesFloor => format!("{figure:.3}"),
            Self::Nanos if figure.abs() >= 100.0 => format!("{figure:.0}"),
            Self::TimesOurs | Self::Times | Self::Nanos => format!("{figure:.2}"),
            Self::MillionsPerSecond => format!("{figure:.1}"),
            Self::Kibibytes => format!("{figure:.0}"),
            Self::PerSecond => format!("{figure:.1}"),
            Self::Verdict => String::new(),
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TimesFloor => "× floor",
            Self::Nanos => "ns",
            Self::TimesOurs => "× ours",
            Self::Times => "×",
            Self::MillionsPerSecond => "M/s",
            Self::Kibibytes => "KiB",
            Self::PerSecond => "a second",
            Self::Verdict => "",
        })
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(most) => write!(f, "≤ {most}"),
            Self::AtLeast(least) => write!(f, "≥ {least}"),
            Self::Same => f.write_str("the same"),
            Self::None => f.write_str("none"),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reached => "reached",
            Self::Missed => "MISSED",
            Self::Void => "void",
            Self::NotMeasured => "not measured",
            Self::NoGoal => "",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spread::Spread;
    use crate::whole::{Answer, Said};

    /// The table of the issue, by what a row is about: its bounds in their order.
    const ISSUE: [(&str, &[f64]); 19] = [
        ("span, 2 attributes", &[1.10, 1.10]),
        ("span, 8 attributes", &[1.35]),
        ("root span", &[1.6, 1.6]),
        ("cost besides the clock", &[2.5]),
        ("text attribute of 64 bytes", &[3.0]),
        ("unsampled child", &[2.0, 2.0]),
        ("disabled at run time", &[1.0, 1.0]),
        ("poll of", &[3.0, 3.0]),
        ("p99.9 of a single span", &[2.0]),
        ("fastrace / ours", &[2.3, 5.0]),
        ("perfetto-recorder / ours", &[1.3, 1.8]),
        ("OpenTelemetry SDK / ours", &[20.0]),
        ("tracing + OTel / ours", &[75.0]),
        ("two producing threads", &[1.9]),
        ("sustained rate", &[10.0]),
        ("ring hand-off", &[60.0]),
        ("drain + assemble", &[10.0]),
        ("OTLP bytes", &[15.0]),
        ("whole-process CPU", &[200.0, 200.0]),
    ];

    fn bounds_of(topic: &str) -> Vec<f64> {
        let rows = all().into_iter().filter(|goal| goal.what.starts_with(topic));
        rows.filter_map(|goal| match goal.bound {
            Bound::AtMost(bound) | Bound::AtLeast(bound) => Some(bound),
            Bound::Same | Bound::None => None,
        })
        .collect()
    }

    #[test]
    fn no_goal_of_the_issue_is_forgotten() {
        for (topic, bounds) in ISSUE {
            assert_eq!(bounds_of(topic), bounds, "{topic}");
        }
        assert_eq!(bounds_of("coarse clock"), [4.0]);
        assert!(all().iter().any(|goal| goal.bound == Bound::Same));
    }

    #[test]
    fn a_goal_is_judged_by_the_median_and_void_with_one_loss() {
        let spread = Spread { low: 0.9, median: 1.1, high: 1.3, count: 9 };
        let [kept, lost] = [0, 1].map(|lost| Figure { spread, lost });
        assert_eq!(Bound::AtMost(1.1).judge(kept), Verdict::Reached);
        assert_eq!(Bound::AtMost(1.09).judge(kept), Verdict::Missed);
        assert_eq!(Bound::AtLeast(1.1).judge(kept), Verdict::Reached);
        assert_eq!(Bound::AtLeast(1.2).judge(kept), Verdict::Missed);
        assert_eq!(Bound::AtMost(9.0).judge(lost), Verdict::Void);
    }

    #[test]
    fn what_was_not_measured_is_not_reached() {
        let figures = Figures::default();
        assert!(all().iter().all(|goal| goal.verdict(&figures) == Verdict::NotMeasured));
    }

    /// A bound and a figure are in the unit of their row, so that neither is off by a million.
    #[test]
    fn an_answer_is_judged_in_the_unit_of_its_goal() {
        let of = |millions| {
            let said = Said::of([(whole::MILLION_SPANS, millions)], 0);
            let answer = Answer { question: Question::OtlpBytes, said: vec![said], failure: None };
            Figures { answers: vec![answer], ..Figures::default() }
        };
        let goal = all().into_iter().find(|goal| goal.what.starts_with("OTLP bytes")).unwrap();
        assert_eq!(goal.verdict(&of(15.1)), Verdict::Reached);
        assert_eq!(goal.verdict(&of(14.9)), Verdict::Missed);
    }

    #[test]
    fn figures_are_shown_as_finely_as_they_can_be_told_apart() {
        assert_eq!(Unit::TimesFloor.show(1.0996), "1.100");
        assert_eq!(Unit::Nanos.show(2.345), "2.35");
        assert_eq!(Unit::Nanos.show(326.8), "327");
        assert_eq!(Unit::MillionsPerSecond.show(15.24), "15.2");
    }
}
