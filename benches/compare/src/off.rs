//! Whether spans compile to nothing, asked of the script that compares instructions.

use crate::machine::repository;
use std::process::Command;

/// Runs `ci/off.sh`, which builds the same functions with spans and without; returns whether it passed
/// and what it said.
pub(crate) fn ask() -> (bool, String) {
    let mut script = Command::new("bash");
    script.arg("ci/off.sh").current_dir(repository());
    match script.output() {
        Ok(output) => {
            let said = [output.stdout, output.stderr].concat();
            (output.status.success(), String::from_utf8_lossy(&said).trim().to_owned())
        }
        Err(error) => (false, error.to_string()),
    }
}
