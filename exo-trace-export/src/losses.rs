//! Everything that was lost, by reason, since `init`: cheap to read, printed at shutdown when not zero.

use crate::statistics::Tally;
use exo_trace_std::Counter;
use std::fmt;

/// What a loss counts: each reason says it, and there is no answer for one that does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// A span, before any destination had it.
    Span,
    /// A part of a span, which itself is told as what became of it.
    Fact,
    /// A span that a destination had; told with the destination.
    Delivery,
}

macro_rules! losses {
    ($($(#[$doc:meta])* $name:ident: $what:ident, $says:literal,)*) => {
        /// What was lost since `init`, by reason.
        ///
        /// `Display` names what is not zero, and says `nothing lost` when all is.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Losses {
            $($(#[$doc])* pub $name: u64,)*
        }

        impl Losses {
            /// Returns the sum of all reasons.
            pub fn total(&self) -> u64 {
                [$(self.$name),*].into_iter().sum()
            }

            fn reasons(&self) -> impl Iterator<Item = (u64, &'static str)> {
                [$((self.$name, $says)),*].into_iter().filter(|(count, _)| *count > 0)
            }

            /// Returns each reason by the name of its field, and what it counts.
            #[cfg_attr(not(feature = "otlp"), expect(dead_code, reason = "only metrics say it so"))]
            pub(crate) fn by_field(
                &self,
            ) -> impl Iterator<Item = (&'static str, Lost, u64)> + use<> {
                [$((stringify!($name), Lost::$what, self.$name)),*].into_iter()
            }

            /// Returns what was lost since `earlier`.
            pub(crate) fn since(self, earlier: Self) -> Self {
                Self { $($name: self.$name.saturating_sub(earlier.$name),)* }
            }
        }
    };
}

losses! {
    /// Spans that began before the first `init`, since the process began; a later `init` counts none.
    before_init: Span, "spans before init",
    /// Spans that began or ended after `shutdown`.
    after_shutdown: Span, "spans after shutdown",
    /// Spans that a full ring refused.
    spans_refused: Span, "spans refused by a full ring",
    /// Attributes, events, links, statuses and names that a full ring refused.
    facts_refused: Fact, "facts refused by a full ring",
    /// Spans and facts of threads that found no ring: more than `threads_max` recorded at once.
    no_lane: Span, "spans and facts of threads without a ring",
    /// Spans of a thread whose storage was being torn down.
    thread_gone: Span, "spans of a thread being torn down",
    /// Attributes whose key found no room in the table.
    keys_full: Fact, "attributes without room for their key",
    /// Spans whose call site found no room in the table; they keep their times and parent.
    callsites_full: Fact, "call sites without room in the table",
    /// Runs that were recorded with a time that is negative or no number; they have none.
    times_refused: Fact, "times that are no time",
    /// Captured contents that a full queue refused.
    contents_refused: Fact, "contents refused by a full queue",
    /// Captured contents that were pushed out before their span came, or whose span never came.
    contents_evicted: Fact, "contents without their span",
    /// Contents and arguments at which the program's rule for redaction panicked; a note stands there.
    redactions_panicked: Fact, "redactions that panicked",
    /// Identities that found no room in the table because all others were in use: spans below them
    /// carry none.
    identities_full: Fact, "identities without room in the table",
    /// Spans whose identity had been forgotten: it was no longer attached, and many others came after.
    identities_gone: Fact, "spans without their identity",
    /// Members of a baggage that were refused: broken, over a limit, or set under a key that is no token.
    baggage_refused: Fact, "members of baggage refused",
    /// Facts that came after their span had left.
    late_orphaned: Fact, "facts later than their span",
    /// Facts that were pushed out of the table before their span came, or whose span never came.
    facts_evicted: Fact, "facts without their span",
    /// Records that could not be read.
    undecodable: Span, "records that could not be read",
    /// Records that stood in the rings when nothing emptied them.
    left_behind: Span, "records left behind in the rings",
    /// Spans that found the queue of a destination full, summed over destinations.
    queue_full: Delivery, "spans refused by a full queue",
    /// Spans that a destination could not deliver, summed over destinations.
    export_failed: Delivery, "spans a destination failed to deliver",
    /// Spans that a collector rejected while it took the others of their request.
    rejected: Delivery, "spans rejected by a collector",
    /// Spans that are too long for any request, cut down as they were.
    too_long: Delivery, "spans too long to be sent",
    /// Spans that a destination had not taken by the end of `shutdown`, or that it gave up then.
    abandoned: Delivery, "spans not taken by the end",
    /// Spans that an earlier process left in the spool and that are lost: rejected, refused, too long,
    /// written for another protocol, or damaged. Those that are delivered are in no count.
    inherited: Delivery, "spans of an earlier process lost from the spool",
}

impl Losses {
    /// Tells whether nothing was lost.
    pub fn is_none(&self) -> bool {
        self.total() == 0
    }

    /// Returns how many spans were lost before they reached any destination.
    ///
    /// At most: where a thread had no ring, or recording had ended, its facts are counted with its
    /// spans.
    pub fn spans(&self) -> u64 {
        let Self { spans_refused, after_shutdown, no_lane, thread_gone, undecodable, .. } = self;
        spans_refused + after_shutdown + no_lane + thread_gone + undecodable
    }

    /// Returns what call sites have counted for the whole process so far.
    pub(crate) fn of_call_sites() -> Self {
        Self {
            before_init: Counter::BeforeInit.value(),
            after_shutdown: Counter::AfterShutdown.value(),
            spans_refused: Counter::SpansRefused.value(),
            facts_refused: Counter::FactsRefused.value(),
            no_lane: Counter::NoLane.value(),
            thread_gone: Counter::ThreadGone.value(),
            keys_full: Counter::KeysFull.value(),
            callsites_full: Counter::CallsitesFull.value(),
            times_refused: Counter::TimesRefused.value(),
            contents_refused: Counter::ContentsRefused.value(),
            redactions_panicked: Counter::RedactionsPanicked.value(),
            identities_full: Counter::IdentitiesFull.value(),
            baggage_refused: Counter::BaggageRefused.value(),
            ..Self::default()
        }
    }

    /// Adds what this side of the ring has counted.
    pub(crate) fn with(self, tally: &Tally) -> Self {
        Self {
            identities_gone: tally.identities_gone,
            late_orphaned: tally.late_orphaned,
            facts_evicted: tally.facts_evicted,
            undecodable: tally.undecodable,
            left_behind: tally.left_behind,
            contents_evicted: tally.contents_evicted,
            redactions_panicked: self.redactions_panicked + tally.redactions_panicked,
            ..self
        }
    }
}

impl fmt::Display for Losses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (count, says) in self.reasons() {
            write!(f, "{separator}{count} {says}")?;
            separator = ", ";
        }
        if separator.is_empty() { f.write_str("nothing lost") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_name_only_what_was_lost() {
        let losses = Losses { spans_refused: 3, late_orphaned: 1, ..Losses::default() };
        let text = "3 spans refused by a full ring, 1 facts later than their span";
        assert_eq!((losses.to_string().as_str(), losses.total()), (text, 4));
        assert_eq!(Losses::default().to_string(), "nothing lost");
    }

    #[test]
    fn a_span_without_a_ring_is_a_lost_span() {
        let losses = Losses { spans_refused: 3, no_lane: 2, late_orphaned: 9, ..Losses::default() };
        assert_eq!(losses.spans(), 5);
    }
}
