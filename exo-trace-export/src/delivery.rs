//! What a flush or a shutdown achieved.

use crate::losses::Losses;
use std::fmt;

/// What was delivered, what is still on its way, and what was lost, since `init`.
///
/// The law holds for each destination by itself: of the spans that came out of the rings
/// ([`Statistics::delivered`](crate::Statistics::delivered)), each was delivered there, is queued for
/// it, waits on its disk, or was lost in it. With one destination the fields are that sum. With several
/// they are no sum: `delivered` is the least that any of them took, `queued` and `spooled` the most
/// that wait for any, and `lost` adds the losses of all.
///
/// ```
/// use exo_trace_export::{ExportError, SpanData, SpanExporter, TraceBackend, TraceConfig, init};
/// use exo_trace_std::span_sync;
/// use std::time::Duration;
///
/// struct Nowhere;
///
/// impl SpanExporter for Nowhere {
///     fn export(&mut self, _: &[SpanData<'_>]) -> Result<(), ExportError> {
///         Err(ExportError::new("nobody is there"))
///     }
/// }
///
/// let memory = TraceConfig::new("two").backend(TraceBackend::Memory).memory_spans_max(2);
/// let trace = init(memory.exporter(Nowhere))?;
/// (0..3).for_each(|n| drop(span_sync!("step", n)));
/// let delivery = trace.shutdown(Duration::from_secs(5));
/// assert_eq!(trace.statistics().delivered, 3, "out of the rings, for both");
/// // In memory 3 = 2 delivered + 1 failed, nowhere 3 = 0 delivered + 3 failed.
/// assert_eq!(delivery.delivered, 0, "the least of 2 and 0");
/// assert_eq!(delivery.lost.export_failed, 4, "1 and 3");
/// # Ok::<(), exo_trace_export::InitError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a delivery may be incomplete"]
#[non_exhaustive]
pub struct Delivery {
    /// How many spans each destination took at least; a collector has taken what it answered for.
    /// Without any destination, how many came out of the rings.
    pub delivered: u64,
    /// How many spans wait for one destination at most.
    pub queued: u64,
    /// How many spans of this process wait on disk for a collector at most; a later run sends them if
    /// this one does not.
    pub spooled: u64,
    /// What was lost, summed over destinations.
    pub lost: Losses,
    /// Why a collector last did not take spans, in a few words; `None` where it has taken some since.
    pub trouble: Option<String>,
    /// Whether the deadline passed first, or the call came from inside a destination.
    pub(crate) is_cut_short: bool,
}

impl Delivery {
    /// Returns what a forked child may know of its parent's.
    pub(crate) fn of_another_process() -> Self {
        Self { is_cut_short: true, ..Self::default() }
    }

    /// Tells whether every span recorded before the call was delivered, and nothing was lost since
    /// `init`; what came before it is counted and no part of the promise. Measured spans of
    /// unsampled traces are meant for nobody, and no part of it either.
    pub fn is_complete(&self) -> bool {
        let since_init = Losses { before_init: 0, inherited: 0, ..self.lost };
        !self.is_cut_short && self.queued == 0 && self.spooled == 0 && since_init.is_none()
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { delivered, queued, spooled, lost, is_cut_short, .. } = self;
        write!(f, "{delivered} spans delivered, {queued} queued, ")?;
        if *spooled > 0 {
            write!(f, "{spooled} on disk, ")?;
        }
        write!(f, "{lost}")?;
        if *is_cut_short { f.write_str(", before everything was done") } else { Ok(()) }
    }
}
