//! Which files are kept: `spans.jsonl` is written, `spans.1.jsonl` came before it, and so on.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fs, io};

pub(super) struct Rotation<'a> {
    pub(super) path: &'a Path,
    /// With the one that is written: at least that one.
    pub(super) files_max: usize,
}

impl Rotation<'_> {
    /// Gives each file the next number; the oldest makes room for the one before it.
    ///
    /// Only as many move as must: where a number is free, because a rotation failed half way, the files
    /// behind it stay.
    pub(super) fn make_room(&self) -> io::Result<()> {
        self.remove_from(self.files_max)?;
        let is_free = |number: &usize| !self.numbered(*number).exists();
        let free = (1..self.files_max).find(is_free).unwrap_or(self.files_max - 1);
        if free == 0 {
            return fs::remove_file(self.path);
        }
        (0..free)
            .rev()
            .try_for_each(|number| fs::rename(self.numbered(number), self.numbered(number + 1)))
    }

    /// Removes files that an earlier run with a larger bound left behind.
    fn remove_from(&self, number: usize) -> io::Result<()> {
        let mut left =
            (number..).map(|number| self.numbered(number)).take_while(|path| path.exists());
        left.try_for_each(fs::remove_file)
    }

    /// Returns the path of the file with this number; zero is the one that is written.
    fn numbered(&self, number: usize) -> PathBuf {
        if number == 0 {
            return self.path.to_path_buf();
        }
        let mut name = OsString::from(self.path.file_stem().unwrap_or_default());
        name.push(format!(".{number}"));
        if let Some(extension) = self.path.extension() {
            name.push(".");
            name.push(extension);
        }
        self.path.with_file_name(name)
    }
}
