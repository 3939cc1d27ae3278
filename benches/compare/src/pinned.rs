//! Keeps the calling thread on one core, and nobody else.

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;

/// Where the machine has more than one core for us, the calling thread stays on the last from now on.
///
/// Threads that it starts later inherit that, so the contender comes first: its threads run elsewhere.
pub(crate) fn calling_thread() -> nix::Result<Option<usize>> {
    let this_thread = Pid::from_raw(0);
    let allowed = sched_getaffinity(this_thread)?;
    let cores: Vec<usize> =
        (0..CpuSet::count()).filter(|core| allowed.is_set(*core) == Ok(true)).collect();
    let [_, .., last] = cores[..] else { return Ok(None) };
    let mut only = CpuSet::new();
    only.set(last)?;
    sched_setaffinity(this_thread, &only)?;
    Ok(Some(last))
}
