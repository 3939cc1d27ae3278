//! A bridge on a thread of its own, which reads until there is nothing more.

use super::board::Pace;
use super::bridge::Bridge;
use super::statistics::BridgeStatistics;
use crate::inside;
use std::io::{self, ErrorKind, Read};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How much is read at a time.
const READ_BYTES: usize = 16 << 10;
/// How long a line is left alone that had nothing to say, and may not have waited itself.
const PAUSE: Duration = Duration::from_millis(1);

/// A bridge that reads.
///
/// Dropped, it lets its thread go on by itself.
#[derive(Debug)]
pub struct Reading {
    shown: Arc<Mutex<BridgeStatistics>>,
    thread: JoinHandle<io::Result<()>>,
}

impl Reading {
    pub(super) fn start(mut bridge: Bridge, from: impl Read + Send + 'static) -> io::Result<Self> {
        let shown = Arc::<Mutex<BridgeStatistics>>::default();
        let shows = Arc::clone(&shown);
        let thread = std::thread::Builder::new().name("exo-trace-board".to_owned());
        let work = move || {
            let show = |bridge: &Bridge| *lock(&shows) = bridge.statistics();
            let end = read_all(&mut bridge, from, show);
            bridge.end(Pace::Waits);
            show(&bridge);
            end
        };
        Ok(Self { shown, thread: thread.spawn(move || inside::run(work))? })
    }

    /// Returns how it fares.
    pub fn statistics(&self) -> BridgeStatistics {
        lock(&self.shown).clone()
    }

    /// Tells whether there was nothing more to read.
    pub fn has_finished(&self) -> bool {
        self.thread.is_finished()
    }

    /// Waits for the end, and returns how it fared and why nothing more came.
    ///
    /// The spans may still be on their way: flush before they are counted on.
    pub fn wait(self) -> (BridgeStatistics, io::Result<()>) {
        let end = self.thread.join();
        let died = || Err(io::Error::other("the thread of a bridge panicked"));
        let end = end.unwrap_or_else(|_| died());
        (lock(&self.shown).clone(), end)
    }
}

fn lock(shown: &Mutex<BridgeStatistics>) -> std::sync::MutexGuard<'_, BridgeStatistics> {
    shown.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read_all(bridge: &mut Bridge, mut from: impl Read, show: impl Fn(&Bridge)) -> io::Result<()> {
    let mut bytes = vec![0; READ_BYTES];
    loop {
        match from.read(&mut bytes) {
            Ok(0) => return Ok(()),
            Ok(read) => bridge.take(bytes.get(..read).unwrap_or_default(), Pace::Waits),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // It has nothing to say for a while: a serial port, or a socket that was given a timeout.
            Err(error) if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock) => {
                std::thread::park_timeout(PAUSE);
            }
            Err(error) => return Err(error),
        }
        show(bridge);
    }
}
