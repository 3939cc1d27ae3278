//! The names of a machine and a process that a program cannot ask for: WebAssembly does not tell where
//! it runs.

/// Returns nothing.
pub(super) fn host_name() -> Option<String> {
    None
}

/// Returns nothing.
pub(super) fn pid() -> Option<u32> {
    None
}
