//! One request, sent again and again until it is settled: the pauses between, and when to give up.
//!
//! Source: OTLP specification 1.9, "OTLP/gRPC Throttling" and "OTLP/HTTP Throttling": a server's own
//! word on when to come back is followed, else pauses grow and are spread by chance.

use super::answer::Answer;
use super::ending::Ending;
use super::health::Health;
use super::transport::Transport;
use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use bytes::Bytes;
use std::time::{Duration, Instant};

const PAUSE_MIN: Duration = Duration::from_millis(250);
/// What comes after chance has its say: at most twice this, so that little is lost once it is back.
const PAUSE_MAX: Duration = Duration::from_secs(2);

/// How often, at the end, a collector is tried that never took anything: a program that ends should
/// not wait for one that is not there.
const LAST_ATTEMPTS_MAX: u32 = 2;

/// What came of a request in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// The collector has it, all but so many spans.
    Taken { rejected: u64 },
    /// Halves of it may be taken.
    TooLong,
    /// It would fail again, or was tried for long enough.
    Failed,
    /// The collector is away, and is not to be asked before the pause is over.
    Away,
    /// There is no more time.
    Abandoned,
}

/// Sends requests, and remembers between them how it stands with the collector.
pub(super) struct Attempts {
    transport: Transport,
    ending: Ending,
    health: Health,
    pauses: ExponentialBackoff,
    /// The collector is not asked before.
    not_before: Option<Instant>,
    /// Whether the collector said so, or we did.
    is_its_word: bool,
    last_attempts: u32,
    /// What was said of the last request that was too long.
    too_long: String,
    /// When it was first seen that somebody waits for the end.
    hurried_at: Option<Instant>,
    give_up_after: Duration,
    /// Whether spans can wait on disk.
    is_sheltered: bool,
}

impl Attempts {
    pub(super) fn new(
        transport: Transport,
        ending: Ending,
        health: Health,
        give_up_after: Duration,
        is_sheltered: bool,
    ) -> Self {
        Self {
            transport,
            ending,
            health,
            pauses: pauses(),
            not_before: None,
            is_its_word: false,
            last_attempts: 0,
            too_long: String::new(),
            hurried_at: None,
            give_up_after,
            is_sheltered,
        }
    }

    /// Returns why spans were last not taken, unless some have been since.
    pub(super) fn trouble(&self) -> Option<&str> {
        self.health.trouble()
    }

    /// Says why spans that cannot be divided any further are lost.
    pub(super) fn say_too_long(&mut self) {
        self.health.refused(&self.too_long);
    }

    /// Returns how long the collector is not to be asked.
    pub(super) fn pause_left(&self) -> Option<Duration> {
        let left = self.not_before?.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    /// Forgets a pause of our own: somebody wants it tried now.
    pub(super) fn end_pause(&mut self) {
        if !self.is_its_word {
            self.not_before = None;
        }
    }

    /// Sends a request until it is settled; never away.
    pub(super) async fn until_settled(&mut self, request: Bytes) -> Fate {
        let started = Instant::now();
        loop {
            self.hurry();
            if self.hurried_at.is_some_and(|since| since.elapsed() > self.give_up_after) {
                return Fate::Abandoned;
            }
            let Some(pause) = self.pause_left() else {
                match self.once(request.clone()).await {
                    Fate::Away => continue,
                    fate => return fate,
                }
            };
            // What the collector asks for is later than anybody waits.
            if self.is_its_word && self.ending.left().is_some_and(|left| left <= pause) {
                return Fate::Abandoned;
            }
            let rest = self.give_up_after.saturating_sub(started.elapsed());
            if rest.is_zero() {
                return Fate::Failed;
            }
            self.ending.pause(pause.min(rest)).await;
            if self.ending.has_passed() {
                return Fate::Abandoned;
            }
        }
    }

    /// Begins with short pauses again when somebody begins to wait for the end.
    fn hurry(&mut self) {
        if self.hurried_at.is_none() && self.ending.is_near() {
            self.hurried_at = Some(Instant::now());
            self.pauses = pauses();
            if self.pause_left().is_some_and(|left| left > PAUSE_MIN) {
                self.end_pause();
            }
        }
    }

    /// Sends a request once.
    pub(super) async fn once(&mut self, request: Bytes) -> Fate {
        // Nobody waits at the end for a collector that was never there.
        let is_hopeless = self.last_attempts >= LAST_ATTEMPTS_MAX && !self.health.has_accepted();
        if self.ending.has_passed() || is_hopeless {
            return Fate::Abandoned;
        }
        let Some(answer) = self.answer_to(request).await else { return Fate::Abandoned };
        self.not_before = None;
        match answer {
            Answer::Accepted { rejected, message } => {
                self.health.accepted(rejected, &message);
                self.pauses = pauses();
                Fate::Taken { rejected }
            }
            Answer::TooLong { reason } => {
                self.too_long = reason;
                Fate::TooLong
            }
            Answer::Refused { reason } => {
                self.health.refused(&reason);
                Fate::Failed
            }
            Answer::Unreachable { reason } => {
                self.last_attempts += u32::from(self.ending.is_near());
                self.away(&reason, None)
            }
            Answer::Retry { reason, after } => self.away(&reason, after),
        }
    }

    /// Returns what the collector says; `None` when there is no more time. Where the spans can wait
    /// on disk, half of the time that is left is kept for that.
    async fn answer_to(&mut self, request: Bytes) -> Option<Answer> {
        let share = self.ending.left().filter(|_| self.is_sheltered).map(|left| left / 2);
        let send = self.transport.send(request);
        match share {
            Some(share) => tokio::time::timeout(share, send).await.ok(),
            None => self.ending.unless_passed(send).await,
        }
    }

    /// Remembers that the collector is not to be asked for a while.
    fn away(&mut self, reason: &str, after: Option<Duration>) -> Fate {
        self.health.away(reason, if self.is_sheltered { "wait on disk" } else { "wait in memory" });
        let own = self.pauses.next().unwrap_or(PAUSE_MAX);
        // No answer asks for more than the transport lets it.
        let after = after.unwrap_or_default();
        self.is_its_word = after > own;
        self.not_before = Instant::now().checked_add(own.max(after));
        Fate::Away
    }
}

fn pauses() -> ExponentialBackoff {
    let growing = ExponentialBuilder::default().with_min_delay(PAUSE_MIN).with_max_delay(PAUSE_MAX);
    growing.with_jitter().without_max_times().build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Collector, Compression, Protocol, TlsFiles};
    use crate::destination;
    use crate::exporter::otlp::runtime::OwnRuntime;
    use futures_channel::oneshot;

    fn attempts() -> Attempts {
        let collector = Collector {
            endpoint: "http://127.0.0.1:1/v1/traces".to_owned(),
            protocol: Protocol::HttpProtobuf,
            headers: Vec::new(),
            compression: Compression::None,
            timeout: Duration::from_secs(1),
            tls: TlsFiles::default(),
        };
        let transport = OwnRuntime::start().unwrap().inside(|| Transport::new(&collector));
        let end = oneshot::channel().1;
        let ending = Ending::new(destination::Ending { end, call: None });
        let health = Health::new("a collector".to_owned());
        Attempts::new(transport.unwrap(), ending, health, Duration::from_secs(9), false)
    }

    #[test]
    fn pauses_grow_to_their_bound_and_chance_at_most_doubles_them() {
        let pauses: Vec<_> = pauses().take(20).collect();
        let bounds = PAUSE_MIN..=2 * PAUSE_MAX;
        assert!(pauses.iter().all(|pause| bounds.contains(pause)), "{pauses:?}");
        assert!(pauses[0] <= 2 * PAUSE_MIN && pauses[19] >= PAUSE_MAX, "{pauses:?}");
    }

    #[test]
    fn the_collectors_word_is_kept_and_our_own_pause_is_forgotten() {
        let mut attempts = attempts();
        let asked = Duration::from_secs(60);
        assert_eq!(attempts.away("busy", Some(asked)), Fate::Away);
        attempts.end_pause();
        assert!(attempts.pause_left() > Some(asked / 2), "{:?}", attempts.pause_left());
        attempts.away("gone", None);
        assert!(attempts.pause_left() <= Some(2 * PAUSE_MAX));
        attempts.end_pause();
        assert_eq!(attempts.pause_left(), None);
    }
}
