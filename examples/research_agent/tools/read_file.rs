//! Reads some lines of a file from the disk, if it lies inside the directory and is text.

use super::{ToolError, ToolOutput};
use crate::library::{FILE_BYTES_MAX, Library};
use serde::{Deserialize, Serialize};
use std::io::{self, ErrorKind};

const LINES_SHOWN_MAX: usize = 40;
/// Lines shown above the one asked for: what it follows from.
const LINES_BEFORE: usize = 8;
/// Of one line; minified text has lines without end.
const LINE_CHARS_MAX: usize = 300;

/// What a reader returns to the model: lines `line` and following of a file.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Page {
    pub(crate) file: String,
    pub(crate) bytes: usize,
    pub(crate) line: usize,
    pub(crate) lines: Vec<String>,
}

/// Reads forty lines of the file `path` from a little above `line` on, or from its beginning.
///
/// # Errors
///
/// Refuses a path that leads outside or to a hidden file, one that does not exist, more than a
/// mebibyte, and bytes that are no text.
pub(crate) async fn read_file(
    library: &Library,
    path: &str,
    line: Option<usize>,
) -> Result<ToolOutput, ToolError> {
    let text = read_text(library, path).await?;
    let before = line.unwrap_or(1).saturating_sub(LINES_BEFORE + 1);
    let cut = |line: &str| line.chars().take(LINE_CHARS_MAX).collect();
    let page = Page {
        file: path.to_owned(),
        bytes: text.len(),
        line: before + 1,
        lines: text.lines().skip(before).take(LINES_SHOWN_MAX).map(cut).collect(),
    };
    Ok(ToolOutput {
        fact: format!("{path}, {:.1} kB", text.len() as f64 / 1_000.0),
        content: serde_json::json!(page).to_string(),
    })
}

async fn read_text(library: &Library, path: &str) -> Result<String, ToolError> {
    let name = path.to_owned();
    let Some(place) = library.path_of(path) else {
        return Err(ToolError::NotAllowed(name));
    };
    let facts = tokio::fs::metadata(&place).await;
    let bytes = facts.map_err(|error| refusal(path, error))?.len();
    if bytes > FILE_BYTES_MAX {
        return Err(ToolError::TooLarge(name, bytes));
    }
    let bytes = tokio::fs::read(&place).await;
    let bytes = bytes.map_err(|error| refusal(path, error))?;
    String::from_utf8(bytes).map_err(|_| ToolError::NotText(name))
}

fn refusal(path: &str, error: io::Error) -> ToolError {
    match error.kind() {
        ErrorKind::NotFound => ToolError::NotFound(path.to_owned()),
        _ => ToolError::Unreadable(path.to_owned(), error),
    }
}

#[cfg(test)]
mod tests {
    use super::{Page, read_file};
    use crate::library::Library;

    fn library() -> (tempfile::TempDir, Library) {
        let home = tempfile::tempdir().unwrap();
        let text: String = (1..=100).map(|n| format!("this is line {n}\n")).collect();
        std::fs::write(home.path().join("a.md"), text).unwrap();
        std::fs::write(home.path().join("b.bin"), [0xff, 0xfe]).unwrap();
        let library = Library::open(home.path()).unwrap();
        (home, library)
    }

    #[tokio::test]
    async fn the_line_asked_for_is_shown_with_what_precedes_it() {
        let (_home, library) = library();
        let output = read_file(&library, "a.md", Some(50)).await.unwrap();
        let page: Page = serde_json::from_str(&output.content).unwrap();
        assert_eq!((page.line, page.lines.len()), (42, 40));
        assert_eq!(page.lines[8], "this is line 50");
        assert_eq!(output.fact, "a.md, 1.6 kB");
        let beyond = read_file(&library, "a.md", Some(usize::MAX)).await.unwrap();
        let page: Page = serde_json::from_str(&beyond.content).unwrap();
        assert!(page.lines.is_empty());
    }

    #[tokio::test]
    async fn what_can_not_be_read_has_a_kind() {
        let (_home, library) = library();
        let mut kinds = Vec::new();
        for path in ["NOTES.md", "../a.md", "b.bin", "."] {
            kinds.push(read_file(&library, path, None).await.unwrap_err().kind());
        }
        assert_eq!(kinds, ["not_found", "not_allowed", "not_text", "unreadable"]);
    }
}
