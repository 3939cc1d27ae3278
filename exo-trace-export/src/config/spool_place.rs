//! Where spans wait on disk while the collector is away. Code alone says so: spans may hold secrets,
//! and no variable of the specification knows of a disk.

use super::TraceConfig;
use super::choices::{Choices, Source};
use super::error::Refusal;
use super::ranges::WholeNumber;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

const BYTES: u64 = 256 << 20;
/// From what a few requests take to a terabyte.
const BYTES_RANGE: RangeInclusive<u64> = 1 << 20..=1 << 40;

/// A directory for spans that wait on disk, and how many bytes it may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SpoolPlace {
    pub(crate) directory: PathBuf,
    pub(crate) bytes_max: u64,
}

impl TraceConfig {
    /// Decides where spans wait on disk, if anywhere.
    pub(super) fn choose_spool(&self, choices: &mut Choices<'_>) -> Option<SpoolPlace> {
        let has_spool = choices.surroundings.features.spool;
        let said = self.sending.spool.as_deref();
        let given = said.map(|directory| checked(directory, has_spool));
        let directory = given.and_then(|given| choices.take_code("spool", given));
        match &directory {
            Some(directory) => choices.show("spool", directory.display(), Source::Code),
            None => choices.show("spool", "none", Source::Default),
        }
        let bytes_max = WholeNumber {
            field: "spool_bytes_max",
            given: self.sending.spool_bytes_max,
            variables: &[],
            range: BYTES_RANGE,
            default: BYTES,
        };
        let bytes_max = bytes_max.choose(choices);
        directory.map(|directory| SpoolPlace { directory, bytes_max })
    }
}

fn checked(directory: &Path, has_spool: bool) -> Result<PathBuf, Refusal> {
    let expected = match (has_spool, directory.as_os_str().is_empty()) {
        (true, false) => return Ok(directory.to_owned()),
        (true, true) => "the path of a directory",
        (false, _) => "no spool, or feature `spool`",
    };
    Err(Refusal::of(format_args!("{directory:?}"), expected))
}
