//! Which cores a contender works on.
//!
//! A recorder's memory goes to whoever empties it and comes back. On one core it stays in its cache; between
//! two each line is fetched again, which costs a burst more than anything else in it. Both are asked.

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;
use std::error::Error;

/// Where a contender's own threads run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Threads {
    /// On the core of the thread that is measured, between its bursts.
    Beside,
    /// On the other cores.
    Apart,
}

impl Threads {
    pub(crate) fn named(name: &str) -> Result<Self, Box<dyn Error>> {
        let known = [Self::Beside, Self::Apart].into_iter().find(|known| known.text() == name);
        known.ok_or_else(|| format!("threads are {name:?}, expected beside or apart").into())
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Beside => "beside",
            Self::Apart => "apart",
        }
    }

    /// Sets up a contender, whose threads inherit where they run, with the calling thread on one core.
    pub(crate) fn around<T, E: From<nix::Error>>(
        self,
        set_up: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        if self == Self::Beside {
            calling_thread()?;
        }
        let made = set_up()?;
        calling_thread()?;
        Ok(made)
    }
}

/// Where the machine has more than one core for us, the calling thread stays on the last from now on, and so
/// do the threads that it starts later.
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
