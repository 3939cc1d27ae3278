//! What a process has used: processor time, time, memory.

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use std::error::Error;
use std::fmt;
use std::str::FromStr;
use std::time::Instant;

/// Begun before the first span.
pub(crate) struct Meter {
    cpu_nanos: u64,
    since: Instant,
}

/// What came of a run, as one line of numbers between two processes.
#[derive(Clone, Copy)]
pub(crate) struct Usage {
    pub(crate) cpu_nanos: u64,
    pub(crate) wall_nanos: u64,
    pub(crate) peak_kib: u64,
}

impl Meter {
    pub(crate) fn start() -> Result<Self, Box<dyn Error>> {
        Ok(Self { cpu_nanos: cpu_nanos()?, since: Instant::now() })
    }

    pub(crate) fn stop(self) -> Result<Usage, Box<dyn Error>> {
        let wall_nanos = u64::try_from(self.since.elapsed().as_nanos())?;
        let cpu_nanos = cpu_nanos()? - self.cpu_nanos;
        // Not the peak that `getrusage` says: it begins with that of the parent process.
        Ok(Usage { cpu_nanos, wall_nanos, peak_kib: memory_kib("VmHWM:")? })
    }
}

/// Returns a line of `/proc/self/status`, in KiB: `VmRSS:` is what is resident now.
pub(crate) fn memory_kib(line: &str) -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let number = status.lines().find_map(|known| known.strip_prefix(line));
    let number = number.and_then(|rest| rest.split_whitespace().next());
    Ok(number.ok_or_else(|| format!("no line {line} in /proc/self/status"))?.parse()?)
}

/// Of all threads, those that ended too.
fn cpu_nanos() -> Result<u64, Box<dyn Error>> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    let nanos = (usage.user_time() + usage.system_time()).num_nanoseconds();
    Ok(u64::try_from(nanos)?)
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.cpu_nanos, self.wall_nanos, self.peak_kib)
    }
}

impl FromStr for Usage {
    type Err = Box<dyn Error>;

    fn from_str(line: &str) -> Result<Self, Self::Err> {
        let numbers = line.split_whitespace().map(str::parse).collect::<Result<Vec<u64>, _>>()?;
        let [cpu_nanos, wall_nanos, peak_kib] = numbers[..] else {
            return Err(format!("{line:?}, expected three numbers").into());
        };
        Ok(Self { cpu_nanos, wall_nanos, peak_kib })
    }
}
