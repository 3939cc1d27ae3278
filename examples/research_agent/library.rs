//! The directory under research: its Markdown and text files, read once, cut into passages.
//!
//! Hidden files and directories are left alone (they hold secrets and version control), and so
//! are `target/` and symbolic links: what the model may ask for lies inside the directory.

use crate::passages::{Passage, passages};
use std::fmt::{self, Display, Formatter};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Files read at most; the rest are counted in [`Library::left_out`].
const FILES_MAX: usize = 2_000;
/// A longer file is left out and counted.
pub(crate) const FILE_BYTES_MAX: u64 = 1 << 20;
/// Directories below the first that are walked.
const DEPTH_MAX: usize = 16;

/// Every readable document of one directory.
#[derive(Debug)]
pub(crate) struct Library {
    root: PathBuf,
    documents: Vec<Document>,
    left_out: usize,
}

/// One file: its name below the root, with `/` between the parts, and its sentences.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) name: String,
    pub(crate) passages: Vec<Passage>,
}

impl Library {
    /// Reads the `.md` and `.txt` files below `directory`, nearest first, then by name.
    ///
    /// # Errors
    ///
    /// Refuses what is not a directory, and a directory without one such file.
    pub(crate) fn open(directory: &Path) -> Result<Self, LibraryError> {
        Self::of(directory, |root| {
            let mut paths = Vec::new();
            walk(root, 0, &mut paths)?;
            Ok(paths)
        })
    }

    /// Reads only the `.md` files in `directory` itself: what a repository says of itself.
    ///
    /// # Errors
    ///
    /// As [`Library::open`].
    pub(crate) fn open_top(directory: &Path) -> Result<Self, LibraryError> {
        Self::of(directory, top)
    }

    fn of(
        directory: &Path,
        list: impl FnOnce(&Path) -> io::Result<Vec<PathBuf>>,
    ) -> Result<Self, LibraryError> {
        let unreadable = |error| LibraryError::Unreadable(directory.to_owned(), error);
        let root = directory.canonicalize().map_err(unreadable)?;
        let mut paths = list(&root).map_err(unreadable)?;
        paths.sort_by_cached_key(|path| (path.components().count(), path.clone()));

        let found = paths.len();
        let documents: Vec<_> =
            paths.iter().take(FILES_MAX).filter_map(|path| Document::read(&root, path)).collect();
        if documents.is_empty() {
            return Err(LibraryError::Empty(directory.to_owned()));
        }
        let left_out = found - documents.len();
        Ok(Self { root, documents, left_out })
    }

    pub(crate) fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// Files that were too long, no text, or too many.
    pub(crate) fn left_out(&self) -> usize {
        self.left_out
    }

    /// Returns where the file `name` lies, if the name stays inside and shows nothing hidden.
    pub(crate) fn path_of(&self, name: &str) -> Option<PathBuf> {
        let is_plain = |part: Component<'_>| match part {
            Component::CurDir => true,
            Component::Normal(part) => !part.to_string_lossy().starts_with('.'),
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => false,
        };
        let path = Path::new(name);
        let joined = path.components().all(is_plain).then(|| self.root.join(path))?;
        // A symbolic link may still lead outside; a path that does not exist leads nowhere.
        match joined.canonicalize() {
            Ok(real) => real.starts_with(&self.root).then_some(real),
            Err(_) => Some(joined),
        }
    }
}

impl Document {
    fn read(root: &Path, path: &Path) -> Option<Self> {
        let is_short = fs::metadata(path).is_ok_and(|facts| facts.len() <= FILE_BYTES_MAX);
        let text = is_short.then(|| fs::read_to_string(path).ok()).flatten()?;
        let parts = path.strip_prefix(root).ok()?.components();
        let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy()).collect();
        Some(Self { name: parts.join("/"), passages: passages(&text) })
    }
}

fn walk(directory: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let kind = entry.file_type()?;
        if name.starts_with('.') {
            continue;
        }
        if kind.is_file() && (name.ends_with(".md") || name.ends_with(".txt")) {
            paths.push(entry.path());
        }
        if kind.is_dir() && name != "target" && depth < DEPTH_MAX {
            // One directory that may not be read does not hide the others.
            let _ = walk(&entry.path(), depth + 1, paths);
        }
    }
    Ok(())
}

fn top(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(directory)?.collect::<io::Result<Vec<_>>>()?;
    let is_document = |entry: &fs::DirEntry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        is_file && !name.starts_with('.') && name.ends_with(".md")
    };
    Ok(entries.iter().filter(|entry| is_document(entry)).map(fs::DirEntry::path).collect())
}

/// Why a directory can not be researched.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) enum LibraryError {
    Unreadable(PathBuf, io::Error),
    Empty(PathBuf),
}

impl Display for LibraryError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(path, error) => {
                let path = path.display();
                write!(f, "directory is \"{path}\", expected one that can be read: {error}")
            }
            Self::Empty(path) => {
                let path = path.display();
                write!(f, "directory is \"{path}\", expected one with .md or .txt files in it")
            }
        }
    }
}

impl std::error::Error for LibraryError {}

#[cfg(test)]
mod tests {
    use super::Library;
    use std::fs;

    #[test]
    fn hidden_directories_and_build_output_are_not_read() {
        let home = tempfile::tempdir().unwrap();
        for directory in ["docs", "target", ".git"] {
            fs::create_dir(home.path().join(directory)).unwrap();
            fs::write(home.path().join(directory).join("a.md"), "one two three").unwrap();
        }
        fs::write(home.path().join("z.txt"), "four five six").unwrap();
        fs::write(home.path().join("code.rs"), "fn main() {}").unwrap();
        let library = Library::open(home.path()).unwrap();
        let names: Vec<_> = library.documents().iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["z.txt", "docs/a.md"]);
    }

    #[test]
    fn the_top_of_a_repository_is_its_markdown_files_alone() {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("docs")).unwrap();
        for name in ["README.md", "DESIGN.md", "names.txt", ".hidden.md", "docs/a.md"] {
            fs::write(home.path().join(name), "one two three").unwrap();
        }
        let library = Library::open_top(home.path()).unwrap();
        let names: Vec<_> = library.documents().iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["DESIGN.md", "README.md"]);
    }

    #[test]
    fn no_name_leads_outside_or_to_a_hidden_file() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("a.md"), "one two three").unwrap();
        let library = Library::open(home.path()).unwrap();
        for name in ["../secret", "/etc/passwd", ".env", "docs/.git/config", "a/../../b"] {
            assert_eq!(library.path_of(name), None, "{name}");
        }
        assert!(library.path_of("./a.md").is_some());
    }

    #[test]
    fn an_empty_directory_is_refused_by_name() {
        let home = tempfile::tempdir().unwrap();
        let error = Library::open(home.path()).unwrap_err().to_string();
        assert!(error.ends_with("expected one with .md or .txt files in it"), "{error}");
    }
}
