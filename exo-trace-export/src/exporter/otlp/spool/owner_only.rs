//! Directories and files that nobody but their owner can read, where the system knows owners.

use crate::exporter::owner_only::options;
use std::fs::File;
use std::io;
use std::path::Path;

pub(super) use system::create_directory;

/// Creates a file that must not exist, for reading and writing.
pub(super) fn create_file(path: &Path) -> io::Result<File> {
    options().read(true).write(true).create_new(true).open(path)
}

#[cfg(unix)]
mod system {
    use std::fs::DirBuilder;
    use std::io;
    use std::os::unix::fs::DirBuilderExt;
    use std::path::Path;

    /// Creates what is missing of a path of directories; what exists stays as it is.
    pub(in super::super) fn create_directory(path: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)
    }
}

/// Elsewhere what is created has the permissions of the directory around it.
#[cfg(not(unix))]
mod system {
    use std::fs;
    use std::io;
    use std::path::Path;

    /// Creates what is missing of a path of directories; what exists stays as it is.
    pub(in super::super) fn create_directory(path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }
}
