//! A file of whole lines: one that could not be written is taken back.

use crate::exporter::owner_only::options;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// A file that is appended to, line by line.
#[derive(Debug)]
pub(super) struct LineFile {
    file: File,
    /// How long it is; `None` for what has no length, a pipe or a terminal.
    bytes: Option<u64>,
}

impl LineFile {
    /// Opens the file, after its last whole line; makes it, and the directories to it, where they are missing.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory)?;
        }
        if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
            let file = OpenOptions::new().append(true).open(path)?;
            return Ok(Self { file, bytes: None });
        }
        let file = options().read(true).append(true).create(true).open(path)?;
        lock(&file)?;
        let bytes = file.metadata()?.len();
        let mut lines = Self { file, bytes: Some(bytes) };
        if bytes > 0 && lines.last_byte()? != b'\n' {
            // What was torn by a crash becomes a line of its own, and spoils no other.
            lines.append(b"\n")?;
        }
        Ok(lines)
    }

    fn last_byte(&mut self) -> io::Result<u8> {
        let mut byte = [0];
        self.file.seek(SeekFrom::End(-1))?;
        self.file.read_exact(&mut byte)?;
        Ok(byte[0])
    }

    pub(super) fn is_longer_than(&self, bytes: u64) -> bool {
        self.bytes.is_some_and(|own| own > bytes)
    }

    /// Appends a line whole, or leaves the file as it was.
    pub(super) fn append(&mut self, line: &[u8]) -> io::Result<()> {
        let written = self.file.write_all(line);
        if let Some(bytes) = &mut self.bytes {
            match written {
                Ok(()) => *bytes += line.len() as u64,
                // What cannot be taken back either is a torn line to who opens the file next.
                Err(_) => drop(self.file.set_len(*bytes)),
            }
        }
        written
    }

    /// Waits until the disk has everything.
    pub(super) fn sync(&self) -> io::Result<()> {
        if self.bytes.is_some() { self.file.sync_data() } else { Ok(()) }
    }
}

/// Takes the file for this exporter alone: two that rotate one file would lose each other's spans.
fn lock(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            Err(io::Error::other("another exporter writes it, expected one at a time"))
        }
        // Some file systems know no locks.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
    }
}
