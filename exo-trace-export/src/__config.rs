//! A configuration met by any environment, which a process has only one of: what fuzz targets drive.
//!
//! Not for callers: it changes without notice.

use crate::{ConfigError, Effective, TraceConfig};

/// Decides every field, and returns what may be shown of it: a line for each value that is not followed,
/// after where spans go.
///
/// # Errors
///
/// Returns the first value in code that is refused.
pub fn resolved(
    config: &TraceConfig,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<String>, ConfigError> {
    let resolved = config.resolve(environment)?;
    Ok([format!("{resolved:?}")].into_iter().chain(resolved.notes).collect())
}

/// Returns each field, its value and where it came from.
pub fn effective(config: &TraceConfig, environment: &dyn Fn(&str) -> Option<String>) -> Effective {
    config.effective_in(environment)
}
