//! Hears what an emulated board sent: `exo-trace-boards SENT SAID ASKED`, three files.
//!
//! SENT is what came over the serial line, SAID what the board says it did, ASKED the lines it was
//! given. Nothing may be missing, and everything must be where it belongs.

mod heard;
mod promises;

use heard::Heard;
use std::error::Error;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let [sent, said, asked] =
        env::args().skip(1).collect::<Vec<_>>().try_into().map_err(|given| {
            format!("{given:?}, expected three files: what was sent, said and asked")
        })?;
    let heard = Heard::from_bytes(&fs::read(sent)?);
    let broken = promises::broken(&heard, &fs::read_to_string(said)?, &fs::read_to_string(asked)?);
    println!("{heard}");
    if broken.is_empty() { Ok(()) } else { Err(broken.join("\n").into()) }
}
