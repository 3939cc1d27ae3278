//! Directories and files that nobody but their owner can read, where the system knows owners.

pub(super) use system::{create_directory, create_file};

#[cfg(unix)]
mod system {
    use std::fs::{DirBuilder, File, OpenOptions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    use std::path::Path;

    /// Creates what is missing of a path of directories; what exists stays as it is.
    pub(in super::super) fn create_directory(path: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    /// Creates a file that must not exist, for reading and writing.
    pub(in super::super) fn create_file(path: &Path) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)
    }
}

/// Elsewhere what is created has the permissions of the directory around it.
#[cfg(not(unix))]
mod system {
    use std::fs::{self, File};
    use std::io;
    use std::path::Path;

    /// Creates what is missing of a path of directories; what exists stays as it is.
    pub(in super::super) fn create_directory(path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    /// Creates a file that must not exist, for reading and writing.
    pub(in super::super) fn create_file(path: &Path) -> io::Result<File> {
        File::create_new(path)
    }
}
