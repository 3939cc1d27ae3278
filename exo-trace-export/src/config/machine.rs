//! What a machine and a process of it are called.

/// Returns the machine's name; `None` where it has none.
pub(super) fn host_name() -> Option<String> {
    let name = gethostname::gethostname().to_string_lossy().into_owned();
    (!name.is_empty()).then_some(name)
}

/// Returns the number of this process.
pub(super) fn pid() -> Option<u32> {
    Some(std::process::id())
}
