//! A name in the spool's directory that one process holds while it runs, and what the dead left there.
//!
//! The name is held by a lock on a file. The file is locked before it gets its name, so one that can
//! be locked by others belongs to a process that is gone. A forked child holds its parent's lock too,
//! until it ends or becomes another program. Names never come again.

use super::owner_only;
use super::segment::Segment;
use std::collections::{BTreeSet, VecDeque};
use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

const PREFIX: &str = "spool-";
const LOCK: &str = ".lock";
const SPANS: &str = ".spans";

/// A name of one's own.
pub(super) struct Claim {
    directory: PathBuf,
    name: String,
    /// Held open, which is what others see.
    _lock: File,
    segments: u32,
}

impl Claim {
    /// Takes a name that nobody ever had, in a directory that is created where it is missing.
    pub(super) fn new(directory: &Path) -> io::Result<Self> {
        owner_only::create_directory(directory)?;
        let name = new_name();
        let unnamed = directory.join(format!("{name}.new"));
        let lock = owner_only::create_file(&unnamed)?;
        let locked = lock.try_lock().map_err(io::Error::from);
        if let Err(error) = locked.and_then(|()| fs::rename(&unnamed, lock_of(directory, &name))) {
            let _ = fs::remove_file(&unnamed);
            return Err(error);
        }
        Ok(Self { directory: directory.to_owned(), name, _lock: lock, segments: 0 })
    }

    /// Returns the path of the next segment.
    pub(super) fn next_path(&mut self) -> PathBuf {
        let path = self.directory.join(format!("{}-{:08x}{SPANS}", self.name, self.segments));
        self.segments += 1;
        path
    }

    /// Takes over what processes left that are gone, the oldest first.
    ///
    /// What cannot be read stays where it is, and others may take it.
    pub(super) fn take_over_orphans(&mut self) -> io::Result<VecDeque<Segment>> {
        let mut segments = VecDeque::new();
        for owner in owners(&self.directory)? {
            let lock = lock_of(&self.directory, &owner);
            let Some(_held) = Orphan::hold(&lock) else { continue };
            for path in segments_of(&self.directory, &owner)? {
                match Segment::take_over(&path, self.next_path()) {
                    Ok(segment) if segment.is_read() => segment.delete(),
                    Ok(segment) => segments.push_back(segment),
                    Err(_) => {}
                }
            }
            let _ = fs::remove_file(lock);
        }
        Ok(segments)
    }

    /// Writes to disk that the files exist.
    pub(super) fn sync(&self) {
        // Not every system opens directories; where this one does not, it has nothing to write.
        if let Ok(directory) = File::open(&self.directory) {
            let _ = directory.sync_all();
        }
    }

    /// Gives the name up, when nothing is left under it.
    pub(super) fn release(&self) {
        let _ = fs::remove_file(lock_of(&self.directory, &self.name));
    }
}

/// A name whose owner is gone; two that take it over at once share what they find, file by file.
struct Orphan {
    _lock: Option<File>,
}

impl Orphan {
    /// Holds the lock of an owner that is gone; `None` while it runs.
    fn hold(lock: &Path) -> Option<Self> {
        match File::open(lock) {
            Ok(file) => file.try_lock().is_ok().then_some(Self { _lock: Some(file) }),
            // One that took it over before went half-way.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Some(Self { _lock: None }),
            Err(_) => None,
        }
    }
}

fn lock_of(directory: &Path, name: &str) -> PathBuf {
    directory.join(format!("{name}{LOCK}"))
}

/// Returns a name that sorts by time and is nobody else's: `spool-<nanoseconds>-<random>`.
fn new_name() -> String {
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    // The standard library seeds its tables from the system's randomness.
    let random = RandomState::new().hash_one(since_epoch);
    format!("{PREFIX}{:016x}-{random:016x}", since_epoch.as_nanos())
}

/// Returns the names of which there is a lock or a segment, the oldest first.
fn owners(directory: &Path) -> io::Result<BTreeSet<String>> {
    let files = names_in(directory)?;
    Ok(files.iter().filter_map(|file| owner_of(file)).map(str::to_owned).collect())
}

fn owner_of(file: &str) -> Option<&str> {
    if !file.starts_with(PREFIX) {
        return None;
    }
    let of_segment = || Some(file.strip_suffix(SPANS)?.rsplit_once('-')?.0);
    file.strip_suffix(LOCK).or_else(of_segment)
}

fn segments_of(directory: &Path, owner: &str) -> io::Result<Vec<PathBuf>> {
    let mut files = names_in(directory)?;
    files.retain(|file| file.ends_with(SPANS) && owner_of(file) == Some(owner));
    files.sort();
    Ok(files.into_iter().map(|file| directory.join(file)).collect())
}

fn names_in(directory: &Path) -> io::Result<Vec<String>> {
    let entries = fs::read_dir(directory)?;
    // A name that is not text is none of ours.
    entries
        .filter_map(|entry| entry.map(|entry| entry.file_name().into_string().ok()).transpose())
        .collect()
}
