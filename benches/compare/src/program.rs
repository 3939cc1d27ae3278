//! This program again, with other arguments: the processes that a comparison is made of.

use std::process::{Command, Stdio};

/// The allocator keeps what was freed instead of giving its pages back: who allocates room for a burst
/// would otherwise pay for new pages now and then, by chance.
const KEEP_PAGES: &str =
    "glibc.malloc.mmap_threshold=67108864:glibc.malloc.trim_threshold=268435456";

/// Returns the command, with pipes for what goes in and out.
///
/// Without the variables that would change what a contender does. The file that runs, not what its
/// path names by now: a build in the middle of the rounds would put another program among them.
pub(crate) fn again() -> Command {
    let mut program = Command::new("/proc/self/exe");
    for (name, _) in std::env::vars_os() {
        let name_text = name.to_string_lossy();
        if ["OTEL_", "EXO_TRACE_", "TRACY_"].iter().any(|start| name_text.starts_with(start)) {
            program.env_remove(name);
        }
    }
    program.env("GLIBC_TUNABLES", KEEP_PAGES).stdout(Stdio::piped());
    program
}
