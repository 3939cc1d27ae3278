//! The figures below the last tree, printed at the end, and by a thread of their own: a terminal that
//! is stopped, or a pipe that nobody empties, holds up no shutdown. Without threads the caller prints.

use crate::Statistics;
use crate::deadline::Deadline;
use crate::exporter::Console;
use crate::inside;
use std::sync::mpsc;
use std::time::Duration;

/// How long somebody waits for them when there is no more time: the trees may have taken all of it.
const WAIT_MIN: Duration = Duration::from_millis(50);

/// Prints what there is to say of a run, unless nothing was recorded in it; waits until `until` for
/// that to be done.
pub(crate) fn print(console: Console, statistics: Statistics, until: Deadline, is_by_hand: bool) {
    if statistics.recorded == 0 {
        return;
    }
    // Where nobody reads the trees, nobody reads this.
    if is_by_hand {
        let _ = inside::run(|| console.print_figures(&statistics));
        return;
    }
    let (done, is_done) = mpsc::sync_channel(1);
    let thread = std::thread::Builder::new().name("exo-trace-out".to_owned());
    let printing = thread.spawn(move || {
        let _ = inside::run(|| console.print_figures(&statistics));
        let _ = done.send(());
    });
    // The system gave no thread: figures are not worth more.
    let Ok(_) = printing else { return };
    let _ = match until.left() {
        Some(left) => is_done.recv_timeout(left.max(WAIT_MIN)).is_ok(),
        None => is_done.recv().is_ok(),
    };
}
