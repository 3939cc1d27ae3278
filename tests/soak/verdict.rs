//! Whether the run kept what it has to keep, and everything in which it did not.

use crate::judge::Findings;
use crate::laws::{Broken, Law, Sums, lost_by_destinations};
use crate::resources::{Resources, descriptors};
use crate::watched::Watched;
use exo_trace::Delivery;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

/// How many spans an outage may find sent and not answered: these come again.
const UNANSWERED_MAX: u64 = 100_000;
/// How long threads and descriptors may take to be gone after whoever held them.
const GONE_AFTER: Duration = Duration::from_secs(5);

#[derive(Default)]
pub(crate) struct Verdict {
    failures: Vec<String>,
}

/// What was known of the spans when all was over.
pub(crate) struct End {
    pub(crate) begun: u64,
    pub(crate) delivery: Delivery,
    /// How many spans the collector counted, those it was sent twice counted twice.
    pub(crate) taken: u64,
    pub(crate) outages: u32,
}

impl Verdict {
    pub(crate) fn of_spans(mut self, findings: &mut Findings, end: &End) -> Self {
        let lost = end.delivery.lost;
        let judged = findings.watch.seen();
        let sent = end.sent(judged);
        let sums = Sums {
            begun: end.begun,
            destinations: 2,
            delivered: judged + sent,
            waiting: end.delivery.queued + end.delivery.spooled,
            lost,
        };
        findings.note(sums.come_out_even());
        findings.note(end.arrived(sent));
        findings.note(findings.watch.parents_exist_but(end.begun - judged));
        let (missing, counted) = (findings.facts_missing, end.facts_lost());
        findings.note(Broken::unless(missing <= counted, Law::FactsAreKeptOrCounted, || {
            format!("{missing} are missing, {counted} were counted")
        }));
        println!(
            "spans: {} begun; {judged} judged, {} parents never came, {missing} facts missing of \
             {counted} counted; one id in {} remembered to the end\n\
             collector: {sent} delivered, {} taken in {} outages",
            end.begun,
            findings.watch.never_came(),
            findings.watch.one_in(),
            end.taken,
            end.outages,
        );
        self.failures.append(&mut findings.shown);
        self.hold(findings.broken == 0, || format!("{} laws broken in all", findings.broken));
        self
    }

    /// Compares the memory of the stretch after the warm-up with that of the last, which both hold one
    /// outage.
    pub(crate) fn of_memory(
        mut self,
        seen: &Watched,
        warm: Duration,
        every: Duration,
        growth_max: f64,
    ) -> Self {
        let first = seen.between(warm, warm + every);
        let last = seen.between(seen.end().saturating_sub(every), Duration::MAX);
        let growth = last.resident_megabytes / first.resident_megabytes - 1.0;
        println!(
            "resident: {:.1} MB from {warm:.0?} on, {:.1} MB at the end: {:+.2} %",
            first.resident_megabytes,
            last.resident_megabytes,
            growth * 100.0
        );
        self.hold(growth <= growth_max, || format!("memory grew by {:.2} %", growth * 100.0));
        self
    }

    /// Compares by halves the descriptors and threads there were after the warm-up.
    pub(crate) fn of_handles(mut self, seen: &Watched, warm: Duration) -> Self {
        // Connections and short lives come and go: what leaks is there at the quietest moment too.
        let half = warm + (seen.end() - warm) / 2;
        let first = seen.between(warm, half);
        let last = seen.between(half, Duration::MAX);
        for (what, first, last) in [
            ("descriptors", first.descriptors, last.descriptors),
            ("threads", first.threads, last.threads),
        ] {
            self.hold(last <= first, || format!("{what}: {first} at first, {last} at the end"));
        }
        self
    }

    /// Compares what the process holds with what it held before it recorded.
    pub(crate) fn of_what_is_left(mut self, before: Resources) -> Self {
        let since = Instant::now();
        let left = loop {
            let now = Resources::now();
            let is_gone = (now.threads, now.descriptors) == (before.threads, before.descriptors);
            if is_gone || since.elapsed() > GONE_AFTER {
                break now;
            }
            thread::yield_now();
        };
        for (what, before, left) in [
            ("descriptors", before.descriptors, left.descriptors),
            ("threads", before.threads, left.threads),
        ] {
            println!("{what}: {before} before, {left} afterwards");
            self.hold(left <= before, || {
                format!("{what} are left: {left}, before {before}; open is {:?}", descriptors())
            });
        }
        self
    }

    pub(crate) fn say(self) -> ExitCode {
        if self.failures.is_empty() {
            println!("soak: every law held");
            return ExitCode::SUCCESS;
        }
        self.failures.iter().for_each(|failure| println!("FAILED: {failure}"));
        ExitCode::FAILURE
    }

    fn hold(&mut self, is_kept: bool, failure: impl FnOnce() -> String) {
        if !is_kept {
            self.failures.push(failure());
        }
    }
}

impl End {
    /// Returns how many spans were delivered to the collector.
    ///
    /// A delivery says the least that one of both destinations took. Where that is the judge, the
    /// collector's part is what the sum leaves for it, and what it took is held against that.
    fn sent(&self, judged: u64) -> u64 {
        let Delivery { delivered, lost, .. } = &self.delivery;
        if *delivered < judged {
            return *delivered;
        }
        let lost = 2 * lost.spans() + lost_by_destinations(lost);
        let waiting = self.delivery.queued + self.delivery.spooled;
        (2 * self.begun).saturating_sub(lost + judged + waiting)
    }

    /// Holds what was delivered to having arrived, and what arrived to having been sent.
    fn arrived(&self, sent: u64) -> Result<(), Broken> {
        let again_max = u64::from(self.outages) * UNANSWERED_MAX;
        let is_kept = (sent..=sent + again_max).contains(&self.taken);
        Broken::unless(is_kept, Law::SpansAreDeliveredOrCounted, || {
            format!("{sent} were delivered and {} came to the collector", self.taken)
        })
    }

    /// Returns how many facts were lost of spans that are there, or may be.
    fn facts_lost(&self) -> u64 {
        let lost = &self.delivery.lost;
        lost.facts_refused + lost.late_orphaned + lost.facts_evicted
    }
}
