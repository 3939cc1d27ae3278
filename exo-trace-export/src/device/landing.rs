//! What was heard of a board, on its way to the destinations of this process: a line for each boot.

use super::board::{Board, Pace, RING_WORDS, WAIT_MAX, refuse};
use super::record::{DeviceBoot, DeviceRecord, Heard};
use super::seeds::Seed;
use super::statistics::BridgeStatistics;
use crate::config::ResourceValue;
use crate::feeds::{LINES_MAX, Line};
use crate::note::note;
use crate::resource::Resource;
use crate::timeline::BoardTime;
use exo_trace_core::stream::VERSION;
use exo_trace_std::{State, registry};
use std::sync::Arc;
use std::time::Duration;
use web_time::Instant;

/// Where one bridge's boots land.
pub(super) struct Landing {
    boot: Option<(Arc<DeviceBoot>, Seed)>,
    board: Option<Board>,
    /// What is said of a board that does not say it itself.
    pub(super) unsaid: Vec<(String, ResourceValue)>,
    pub(super) statistics: BridgeStatistics,
    has_waited_in_vain: bool,
}

impl Landing {
    pub(super) fn new(unsaid: Vec<(String, ResourceValue)>) -> Self {
        let statistics = BridgeStatistics::default();
        Self { boot: None, board: None, unsaid, statistics, has_waited_in_vain: false }
    }

    pub(super) fn hear(&mut self, heard: Heard, pace: Pace) {
        match heard {
            Heard::Boot(boot) => self.begin(boot, pace),
            Heard::VersionUnread(version) => note(format_args!(
                "a board speaks version {version} of the device stream, of which {VERSION} is read here"
            )),
            Heard::Anchor(anchor) => {
                if self.board.is_none() {
                    // There may be room by now, or somebody who takes what comes.
                    self.open(Pace::Refuses);
                }
                if let Some(board) = &mut self.board {
                    board.anchor(anchor, BoardTime::now());
                }
            }
            Heard::Record(record) => match &mut self.board {
                Some(board) => board.write(&record, pace, &mut self.statistics),
                None => {
                    let is_span = matches!(record, DeviceRecord::Span(_));
                    refuse(State::current(), is_span, &mut self.statistics);
                }
            },
        }
    }

    fn begin(&mut self, boot: Arc<DeviceBoot>, pace: Pace) {
        // The one before ends with what stands in its line, and has its seed no more.
        (self.board, self.boot) = (None, None);
        let (seed, is_shared) = Seed::taken(boot.seed);
        if is_shared {
            self.statistics.seeds_shared += 1;
            if self.statistics.seeds_shared == 1 {
                note(format_args!(
                    "two boards say the seed {:016x}: the ids of their spans are the same",
                    boot.seed
                ));
            }
        }
        self.boot = Some((boot, seed));
        if self.open(pace) || State::current() != State::On {
            return;
        }
        self.statistics.boots_refused += 1;
        if self.statistics.boots_refused == 1 {
            note(format_args!(
                "spans of a board are lost: {LINES_MAX} others are bridged, or no memory"
            ));
        }
    }

    /// Opens a line for the boot, if somebody takes what comes; whoever may wait does until one is free.
    fn open(&mut self, pace: Pace) -> bool {
        let Some((boot, _)) = &self.boot else { return false };
        let (begun, waits) = (Instant::now(), pace == Pace::Waits && !self.has_waited_in_vain);
        while State::current() == State::On {
            if let Some(line) = Line::open(RING_WORDS, || resource(boot, &self.unsaid)) {
                self.board = Some(Board::new(line, boot.ticks_per_second));
                self.has_waited_in_vain = false;
                return true;
            }
            if !waits || begun.elapsed() >= WAIT_MAX {
                self.has_waited_in_vain |= waits;
                return false;
            }
            registry::wake_drain();
            std::thread::park_timeout(Duration::from_millis(1));
        }
        false
    }
}

fn resource(boot: &DeviceBoot, unsaid: &[(String, ResourceValue)]) -> Resource {
    let said = boot.resource.iter().map(|(key, value)| (String::from(&**key), (&**value).into()));
    let mut attributes: Vec<(String, ResourceValue)> = said.collect();
    for (key, value) in unsaid {
        if !attributes.iter().any(|(known, _)| known == key) {
            attributes.push((key.clone(), value.clone()));
        }
    }
    // `service.name` first, as in every resource.
    attributes.sort_by_key(|(key, _)| key != "service.name");
    Resource::new(attributes)
}
