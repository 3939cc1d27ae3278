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
const PAUSE_MAX: Duration = Duration::from_secs(5);

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
    /// The collector is away, and is not to be asked for so long.
    Away { pause: Duration },
    /// There is no more time.
    Abandoned,
}

/// Sends requests, and remembers between them how it stands with the collector.
pub(super) struct Attempts {
    // Before the runtime of its owner: its tasks belong to that.
    transport: Transport,
    ending: Ending,
    health: Health,
    pauses: ExponentialBackoff,
    last_attempts: u32,
    give_up_after: Duration,
}

impl Attempts {
    pub(super) fn new(
        transport: Transport,
        ending: Ending,
        health: Health,
        give_up_after: Duration,
    ) -> Self {
        Self { transport, ending, health, pauses: pauses(), last_attempts: 0, give_up_after }
    }

    /// Tells whether somebody waits for the end.
    pub(super) fn is_ending(&mut self) -> bool {
        self.ending.is_near()
    }

    /// Sends a request until it is settled.
    pub(super) async fn until_settled(&mut self, request: Bytes) -> Fate {
        let started = Instant::now();
        loop {
            let was_near = self.ending.is_near();
            let pause = match self.once(request.clone(), "wait in memory").await {
                Fate::Away { pause } => pause,
                fate => return fate,
            };
            if started.elapsed() + pause > self.give_up_after {
                return Fate::Failed;
            }
            // Somebody began to wait while it was tried: the next attempt comes soon.
            if self.ending.is_near() && !was_near {
                self.pauses = pauses();
            }
            self.ending.pause(pause).await;
        }
    }

    /// Sends a request once; `wait` says what its spans do if the collector is away.
    pub(super) async fn once(&mut self, request: Bytes, wait: &str) -> Fate {
        if self.ending.has_passed() {
            return Fate::Abandoned;
        }
        let Some(answer) = self.ending.unless_passed(self.transport.send(request)).await else {
            return Fate::Abandoned;
        };
        match answer {
            Answer::Accepted { rejected, message } => {
                self.health.accepted(rejected, &message);
                self.pauses = pauses();
                Fate::Taken { rejected }
            }
            Answer::TooLong { .. } => Fate::TooLong,
            Answer::Refused { reason } => {
                self.health.refused(&reason);
                Fate::Failed
            }
            Answer::Unreachable { reason } => {
                self.health.away(&reason, wait);
                if self.ending.is_near() && !self.health.has_accepted() {
                    self.last_attempts += 1;
                    if self.last_attempts >= LAST_ATTEMPTS_MAX {
                        return Fate::Abandoned;
                    }
                }
                Fate::Away { pause: self.pauses.next().unwrap_or(PAUSE_MAX) }
            }
            Answer::Retry { reason, after } => {
                self.health.away(&reason, wait);
                // What the collector asks for is later than anybody waits.
                if after.is_some_and(|after| self.ending.left().is_some_and(|left| left <= after)) {
                    return Fate::Abandoned;
                }
                let pause = after.or_else(|| self.pauses.next());
                Fate::Away { pause: pause.unwrap_or(PAUSE_MAX) }
            }
        }
    }
}

fn pauses() -> ExponentialBackoff {
    let growing = ExponentialBuilder::default().with_min_delay(PAUSE_MIN).with_max_delay(PAUSE_MAX);
    growing.with_jitter().without_max_times().build()
}
