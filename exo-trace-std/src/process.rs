//! The number of this process, by which a forked child knows that it is another.

/// Returns the number of this process. Not for callers: the tracer's own.
pub fn process_id() -> u32 {
    std::process::id()
}
