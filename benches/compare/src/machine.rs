//! Where and of what a run was made: without it no figure is worth quoting.

use serde::Serialize;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// With more waiting or running than this for each core, something else was at work.
const BUSY_PER_CORE: f64 = 0.25;

#[derive(Clone, Serialize)]
pub(crate) struct Machine {
    pub(crate) cpu: String,
    pub(crate) cores: usize,
    pub(crate) is_virtual: bool,
    pub(crate) kernel: String,
    pub(crate) clock_source: String,
    pub(crate) rustc: String,
    pub(crate) commit: String,
    pub(crate) is_dirty: bool,
    pub(crate) date: String,
    pub(crate) load_average: f64,
}

impl Machine {
    /// Looks around. What cannot be found out is called unknown.
    pub(crate) fn look() -> Self {
        let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let field = |name: &str| {
            let line = cpuinfo.lines().find(|line| line.starts_with(name))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        };
        let load = read("/proc/loadavg");
        Self {
            cpu: field("model name").unwrap_or_else(unknown),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            is_virtual: field("flags")
                .is_some_and(|flags| flags.split(' ').any(|flag| flag == "hypervisor")),
            kernel: read("/proc/sys/kernel/osrelease"),
            clock_source: read("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
            rustc: said("rustc", &["--version"]),
            commit: said("git", &["rev-parse", "--short", "HEAD"]),
            is_dirty: !said("git", &["status", "--porcelain"]).is_empty(),
            date: said("date", &["--utc", "+%Y-%m-%d"]),
            load_average: load
                .split(' ')
                .next()
                .and_then(|first| first.parse().ok())
                .unwrap_or(f64::NAN),
        }
    }

    /// Returns a warning when the machine was at work before the run began.
    pub(crate) fn warning(&self) -> Option<String> {
        let most = BUSY_PER_CORE * self.cores as f64;
        (self.load_average > most).then(|| {
            format!("the machine was busy when this began: a load average of {}, of a quiet one at most {most}", self.load_average)
        })
    }
}

/// Returns the root of the repository that this was built from.
pub(crate) fn repository() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap_or(manifest).to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(path).map_or_else(|_| unknown(), |text| text.trim().to_owned())
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(repository()).output();
    let said = output.ok().filter(|output| output.status.success());
    said.map_or_else(unknown, |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn unknown() -> String {
    "unknown".to_owned()
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cpu, cores, kernel, clock_source, rustc, commit, date, load_average, .. } = self;
        let kind = if self.is_virtual { "virtual" } else { "real" };
        let state = if self.is_dirty { ", with changes" } else { "" };
        write!(
            f,
            "{cpu}, {cores} cores, {kind}; Linux {kernel}, clock source {clock_source}; {rustc}; commit {commit}{state}; \
             {date}; load average at the start {load_average}"
        )
    }
}
