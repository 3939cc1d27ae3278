//! No zstd: this build has no C library in it.

use crate::config::{Compression, ConfigError};
use crate::exporter::ExportError;
use std::io;

/// Refuses what is not built in.
pub(in super::super) fn check(compression: Compression) -> Result<(), ExportError> {
    if compression != Compression::Zstd {
        return Ok(());
    }
    Err(ExportError::new(ConfigError {
        field: "compression",
        value: compression.to_string(),
        expected: "gzip or none, or a build with the feature `zstd`".to_owned(),
    }))
}

pub(in super::super) fn compress(_: &[u8]) -> io::Result<Vec<u8>> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_built_in_is_an_error_that_says_so() {
        let error = check(Compression::Zstd).unwrap_err().to_string();
        let expected =
            "compression is zstd, expected gzip or none, or a build with the feature `zstd`";
        assert_eq!(error, expected);
        assert!(check(Compression::Gzip).is_ok());
        assert_eq!(compress(b"spans").unwrap_err().kind(), io::ErrorKind::Unsupported);
    }
}
