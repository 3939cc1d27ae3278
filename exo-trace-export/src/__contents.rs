//! What becomes of a captured content before it is kept, without a span: what fuzz targets drive.
//!
//! Not for callers: it changes without notice.

use crate::content::Editor;
use exo_trace_std::Redactor;

/// Returns what is kept of a content, by a rule if there is one, and whether something is missing.
pub fn edited(
    key: &'static str,
    content: String,
    redactor: Option<Redactor>,
    bytes_max: usize,
) -> (String, bool) {
    let edited = Editor { redactor, bytes_max }.edit(key, content);
    (edited.json, edited.is_cut)
}
