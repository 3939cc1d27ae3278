//! Every span and every fact is delivered or counted, and not both: the sums that must come out even.

use super::{Broken, Law};
use exo_trace::{Delivery, Losses, SpanData};

/// What became of the spans of a run, added up over its destinations.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sums {
    pub(crate) begun: u64,
    pub(crate) destinations: u64,
    /// What each destination took, added up.
    pub(crate) delivered: u64,
    /// What waits for each, in memory or on disk, added up.
    pub(crate) waiting: u64,
    pub(crate) lost: Losses,
}

impl Sums {
    /// Returns those of a run with one destination, of which a delivery says all.
    pub(crate) fn of(begun: u64, delivery: &Delivery) -> Self {
        let Delivery { delivered, queued, spooled, lost, .. } = *delivery;
        Self { begun, destinations: 1, delivered, waiting: queued + spooled, lost }
    }

    /// Holds them to coming out even: one too few was lost unseen, one too many is there and counted.
    pub(crate) fn come_out_even(&self) -> Result<(), Broken> {
        let Self { begun, destinations, delivered, waiting, lost } = self;
        let nowhere = destinations * lost.spans();
        let accounted = delivered + waiting + nowhere + lost_by_destinations(lost);
        let is_even = accounted == destinations * begun;
        Broken::unless(is_even, Law::SpansAreDeliveredOrCounted, || {
            let (lost_text, is_off) = (lost, accounted.wrapping_sub(destinations * begun) as i64);
            format!(
                "{is_off:+} of {begun} spans at {destinations} destinations: \
                 {delivered} delivered, {waiting} waiting, {lost_text}"
            )
        })
    }
}

/// Returns how many spans were lost after the rings, added up over destinations.
pub(crate) fn lost_by_destinations(lost: &Losses) -> u64 {
    let Losses { queue_full, export_failed, rejected, too_long, abandoned, .. } = lost;
    queue_full + export_failed + rejected + too_long + abandoned
}

/// How many facts a span was told, or has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) attributes: u64,
    pub(crate) events: u64,
    pub(crate) links: u64,
}

impl Facts {
    /// Returns what a span has, of its attributes those that its program gave it.
    pub(crate) fn of(span: &SpanData<'_>) -> Self {
        let is_told = |key: &str| {
            !(key.starts_with("code.") || key.starts_with("exo.") || key == "error.type")
        };
        Self {
            attributes: span.attributes().filter(|(key, _)| is_told(key)).count() as u64,
            events: span.events().count() as u64,
            links: span.links().count() as u64,
        }
    }

    /// Returns what a span counts itself as lost.
    pub(crate) fn dropped(span: &SpanData<'_>) -> Self {
        Self {
            attributes: u64::from(span.dropped_attributes_count()),
            events: u64::from(span.dropped_events_count()),
            links: u64::from(span.dropped_links_count()),
        }
    }

    /// Returns how many of these facts, which a span was told, it neither has nor counts.
    ///
    /// To have more than was said, or to have one and count it too, breaks a law at once; what is
    /// missing must be counted by whoever lost it.
    pub(crate) fn missing_of(&self, has: &Self, dropped: &Self) -> Result<u64, Broken> {
        let each = |facts: &Self| [facts.attributes, facts.events, facts.links];
        let accounted =
            each(has).into_iter().zip(each(dropped)).map(|(has, dropped)| has + dropped);
        let pairs: Vec<_> = each(self).into_iter().zip(accounted).collect();
        let is_kept = pairs.iter().all(|(said, accounted)| accounted <= said);
        Broken::unless(is_kept, Law::FactsAreKeptOrCounted, || {
            format!("told {self:?}, has {has:?} and counts {dropped:?}")
        })?;
        Ok(pairs.into_iter().map(|(said, accounted)| said - accounted).sum())
    }
}
