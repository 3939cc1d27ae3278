//! A bridge on a thread of its own, which reads until there is nothing more.

use super::board::Pace;
use super::bridge::Bridge;
use super::statistics::BridgeStatistics;
use crate::inside;
use std::io::{self, ErrorKind, Read};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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
    shared: Arc<Shared>,
    thread: JoinHandle<io::Result<()>>,
}

/// What the thread has, and whoever looks at it.
#[derive(Debug)]
struct Shared {
    /// None once nothing more shall come of it.
    bridge: Mutex<Option<Bridge>>,
    shown: Mutex<BridgeStatistics>,
    /// Whether the thread is to leave the bridge to whoever ends it, even if there is more to read.
    is_ending: AtomicBool,
}

impl Reading {
    pub(super) fn start(bridge: Bridge, from: impl Read + Send + 'static) -> io::Result<Self> {
        let (bridge, shown) = (Mutex::new(Some(bridge)), Mutex::default());
        let shared = Arc::new(Shared { bridge, shown, is_ending: AtomicBool::new(false) });
        let shares = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("exo-trace-board".to_owned());
        let work = move || {
            let end = read_all(&shares, from);
            // Relaxed: as where it is stored.
            if !shares.is_ending.load(Relaxed) {
                shares.take(|bridge| bridge.end(Pace::Waits));
                lock(&shares.bridge).take();
            }
            end
        };
        Ok(Self { shared, thread: thread.spawn(move || inside::run(work))? })
    }

    /// Returns how it fares.
    pub fn statistics(&self) -> BridgeStatistics {
        lock(&self.shared.shown).clone()
    }

    /// Tells whether there was nothing more to read.
    pub fn has_finished(&self) -> bool {
        self.thread.is_finished()
    }

    /// Ends it here, and returns how it fared: what was read is handed on, with what can be understood of
    /// records that still wait, and nothing that comes later.
    ///
    /// Its thread ends with the next byte of its line, and is not waited for. A frame of which not all
    /// has come is of what comes later, and is not counted. Where nobody turns the drain, and its ring is
    /// full, this waits for it, five seconds as any [`Reading`] does: without threads, turn it before.
    ///
    /// ```
    /// use exo_trace_export::device::Bridge;
    ///
    /// let (line, board) = std::io::pipe()?;
    /// let reading = Bridge::new().reading(line)?;
    /// // The board has not hung up, and may never do.
    /// assert_eq!(reading.finish().device.frames, 0);
    /// drop(board);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn finish(self) -> BridgeStatistics {
        // Relaxed: it hurries the thread on, and the mutex orders all else.
        self.shared.is_ending.store(true, Relaxed);
        self.shared.take(|bridge| bridge.break_off(Pace::Waits));
        lock(&self.shared.bridge).take();
        lock(&self.shared.shown).clone()
    }

    /// Waits for the end, and returns how it fared and why nothing more came.
    ///
    /// The spans may still be on their way: flush before they are counted on.
    pub fn wait(self) -> (BridgeStatistics, io::Result<()>) {
        let end = self.thread.join();
        let died = || Err(io::Error::other("the thread of a bridge panicked"));
        let end = end.unwrap_or_else(|_| died());
        (lock(&self.shared.shown).clone(), end)
    }
}

impl Shared {
    /// Has the bridge do something and shows how it fares after that; tells whether there still is one.
    fn take(&self, work: impl FnOnce(&mut Bridge)) -> bool {
        let mut bridge = lock(&self.bridge);
        let Some(bridge) = bridge.as_mut() else { return false };
        work(bridge);
        *lock(&self.shown) = bridge.statistics();
        true
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read_all(shared: &Shared, mut from: impl Read) -> io::Result<()> {
    let mut bytes = vec![0; READ_BYTES];
    let mut goes_on = true;
    while goes_on {
        let read = match from.read(&mut bytes) {
            Ok(0) => return Ok(()),
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => 0,
            // It has nothing to say for a while: a serial port, or a socket that was given a timeout.
            Err(error) if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock) => {
                std::thread::park_timeout(PAUSE);
                0
            }
            Err(error) => return Err(error),
        };
        let bytes = bytes.get(..read).unwrap_or_default();
        // Relaxed: as where it is stored.
        goes_on = !shared.is_ending.load(Relaxed)
            && shared.take(|bridge| bridge.take(bytes, Pace::Waits));
    }
    Ok(())
}
