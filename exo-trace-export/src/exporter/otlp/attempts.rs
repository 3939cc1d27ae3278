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
    /// The collector is away, and is not to be asked for so long; by its own word or by ours.
    Away { pause: Duration, is_its_word: bool },
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
    /// What was said of the last request that was too long.
    too_long: String,
    /// The pauses began anew because somebody waits for the end.
    is_hurried: bool,
    give_up_after: Duration,
}

impl Attempts {
    pub(super) fn new(
        transport: Transport,
        ending: Ending,
        health: Health,
        give_up_after: Duration,
    ) -> Self {
        Self {
            transport,
            ending,
            health,
            pauses: pauses(),
            last_attempts: 0,
            is_hurried: false,
            too_long: String::new(),
            give_up_after,
        }
    }

    /// Tells whether somebody waits for the end.
    pub(super) fn is_ending(&mut self) -> bool {
        self.ending.is_near()
    }

    /// Says why spans that cannot be divided any further are lost.
    pub(super) fn say_too_long(&mut self) {
        self.health.refused(&self.too_long);
    }

    /// Sends a request until it is settled.
    pub(super) async fn until_settled(&mut self, request: Bytes) -> Fate {
        let started = Instant::now();
        loop {
            let (pause, is_its_word) = match self.once(request.clone(), "wait in memory").await {
                Fate::Away { pause, is_its_word } => (pause, is_its_word),
                fate => return fate,
            };
            if started.elapsed().saturating_add(pause) > self.give_up_after {
                return Fate::Failed;
            }
            if !self.wait(pause, is_its_word).await {
                return Fate::Abandoned;
            }
        }
    }

    /// Waits before the next attempt; `false` when that would come too late.
    async fn wait(&mut self, pause: Duration, is_its_word: bool) -> bool {
        let since = Instant::now();
        let pause = if self.hurry() && !is_its_word { pause.min(PAUSE_MIN) } else { pause };
        self.ending.pause(pause).await;
        if self.hurry() && is_its_word {
            let rest = pause.saturating_sub(since.elapsed());
            if self.ending.left().is_some_and(|left| left <= rest) {
                return false;
            }
            self.ending.pause(rest).await;
        }
        true
    }

    /// Begins with short pauses again when somebody begins to wait for the end; tells whether that
    /// is so just now.
    fn hurry(&mut self) -> bool {
        if self.is_hurried || !self.ending.is_near() {
            return false;
        }
        self.is_hurried = true;
        self.pauses = pauses();
        true
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
            Answer::TooLong { reason } => {
                self.too_long = reason;
                Fate::TooLong
            }
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
                let pause = self.pauses.next().unwrap_or(PAUSE_MAX);
                Fate::Away { pause, is_its_word: false }
            }
            Answer::Retry { reason, after } => {
                self.health.away(&reason, wait);
                // What the collector asks for is later than anybody waits.
                if after.is_some_and(|after| self.ending.left().is_some_and(|left| left <= after)) {
                    return Fate::Abandoned;
                }
                let pause = after.or_else(|| self.pauses.next()).unwrap_or(PAUSE_MAX);
                Fate::Away { pause, is_its_word: after.is_some() }
            }
        }
    }
}

fn pauses() -> ExponentialBackoff {
    let growing = ExponentialBuilder::default().with_min_delay(PAUSE_MIN).with_max_delay(PAUSE_MAX);
    growing.with_jitter().without_max_times().build()
}
