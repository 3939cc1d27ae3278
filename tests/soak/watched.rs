//! What was seen of the process while it ran: a line every ten seconds, and figures for the verdict.

use crate::crew::Crew;
use crate::judge::Judge;
use crate::resources::Resources;
use exo_trace::Losses;
use std::time::Duration;

const LINE_EVERY: Duration = Duration::from_secs(10);
const MEGABYTE: f64 = 1_048_576.0;
/// How many looks are kept per second of a run: what `main` takes, and no more than these.
const LOOKS_PER_SECOND: usize = 4;

pub(crate) struct Watched {
    looks: Vec<(Duration, Resources)>,
    /// When the last line was written, how many spans were begun, and what it had cost.
    line: (Duration, u64, Duration),
    length: Duration,
}

/// What a stretch of time held: the mean of resident memory, and the least of all else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch {
    pub(crate) resident_megabytes: f64,
    pub(crate) descriptors: usize,
    pub(crate) threads: usize,
}

impl Watched {
    /// Returns one for a run that has begun `begun` spans while it filled what there is to fill.
    pub(crate) fn new(length: Duration, begun: u64) -> Self {
        let looks = Vec::with_capacity(length.as_secs() as usize * LOOKS_PER_SECOND);
        let line = (Duration::ZERO, begun, Resources::now().processor);
        println!(
            "{:>5} {:>8} {:>6} {:>8} {:>7} {:>4} {:>7} {:>6}  collector, lost so far",
            "s", "begun M", "M/s", "judged M", "RSS MB", "fds", "threads", "CPU"
        );
        Self { looks, line, length }
    }

    pub(crate) fn look(
        &mut self,
        elapsed: Duration,
        crew: &Crew,
        judge: &Judge,
        lost: &Losses,
        is_collector_there: bool,
    ) {
        let now = Resources::now();
        self.looks.push((elapsed, now));
        let (last, begun_then, cost_then) = self.line;
        if elapsed < last + LINE_EVERY && elapsed < self.length {
            return;
        }
        let begun = crew.begun();
        let seconds = (elapsed - last).as_secs_f64();
        let rate = (begun - begun_then) as f64 / seconds / 1e6;
        let cpu = (now.processor - cost_then).as_secs_f64() / seconds * 100.0;
        let Resources { resident_bytes, descriptors, threads, processor } = now;
        println!(
            "{:>5.0} {:>8.2} {rate:>6.3} {:>8.2} {:>7.1} {descriptors:>4} {threads:>7} {cpu:>4.0} %  {}, {lost}",
            elapsed.as_secs_f64(),
            begun as f64 / 1e6,
            judge.findings().watch.seen() as f64 / 1e6,
            resident_bytes as f64 / MEGABYTE,
            if is_collector_there { "there" } else { "away" },
        );
        self.line = (elapsed, begun, processor);
    }

    /// Returns what was held between two times; at least one look lies between them.
    pub(crate) fn between(&self, from: Duration, to: Duration) -> Stretch {
        let looks = || self.looks.iter().filter(|(at, _)| (from..to).contains(at));
        let resident: Vec<f64> =
            looks().map(|(_, held)| held.resident_bytes as f64 / MEGABYTE).collect();
        Stretch {
            resident_megabytes: resident.iter().sum::<f64>() / resident.len() as f64,
            descriptors: looks().map(|(_, held)| held.descriptors).min().unwrap_or_default(),
            threads: looks().map(|(_, held)| held.threads).min().unwrap_or_default(),
        }
    }

    /// Returns when the last look was taken.
    pub(crate) fn end(&self) -> Duration {
        self.looks.last().map_or(Duration::ZERO, |(at, _)| *at)
    }
}
