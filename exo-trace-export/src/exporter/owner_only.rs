//! Files that nobody but their owner can read, where the system knows owners: prompts are in them.

pub(crate) use system::options;

#[cfg(unix)]
mod system {
    use std::fs::OpenOptions;
    use std::os::unix::fs::OpenOptionsExt;

    /// Returns how to open a file that is its owner's alone where it is created now.
    pub(crate) fn options() -> OpenOptions {
        let mut options = OpenOptions::new();
        options.mode(0o600);
        options
    }
}

/// Elsewhere what is created has the permissions of the directory around it.
#[cfg(not(unix))]
mod system {
    use std::fs::OpenOptions;

    /// Returns how to open a file.
    pub(crate) fn options() -> OpenOptions {
        OpenOptions::new()
    }
}
