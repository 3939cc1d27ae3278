//! A configuration met by any environment, which a process has only one of: what fuzz targets drive.
//!
//! Not for callers: it changes without notice.

use crate::{ConfigError, Effective, TraceConfig};

/// Decides every field, and returns each with its value and where it came from; and what may be shown of
/// the whole: a line for each value that is not followed, after where spans go.
///
/// What this process and its machine say of themselves is asked for once.
///
/// # Errors
///
/// The second is the first value in code that is refused.
pub fn decided(
    config: &TraceConfig,
    environment: &dyn Fn(&str) -> Option<String>,
) -> (Effective, Result<Vec<String>, ConfigError>) {
    let (effective, resolved) = config.decide_again(environment);
    let lines = resolved
        .map(|resolved| [format!("{resolved:?}")].into_iter().chain(resolved.notes).collect());
    (effective, lines)
}
