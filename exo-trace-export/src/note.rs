//! What tracing has to say to a person, one line each on standard error.
//!
//! Nobody may be listening: where `eprintln!` would panic on a closed stream, this goes on.

use std::fmt::Display;
use std::io::{self, Write};

pub(crate) fn note(what: impl Display) {
    let _ = writeln!(io::stderr(), "exo-trace: {what}");
}
