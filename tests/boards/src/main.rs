//! Hears what an emulated board sent: `exo-trace-boards PROGRAM SENT SAID ASKED`, its name and three files.
//!
//! SENT is what came over the serial line, SAID what the board says it did, ASKED the lines it was given. Nothing
//! may be missing, and everything must be where it belongs.

mod agent;
mod heard;
mod promises;
mod tasks;

use heard::Heard;
use promises::Breaches;
use std::error::Error;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<_> = env::args().skip(1).collect();
    let [program, sent, said, asked] = given.as_slice() else {
        return Err(
            format!("{given:?}, expected a program and what was sent, said and asked").into()
        );
    };
    let heard = Heard::from_bytes(&fs::read(sent)?);
    let mut broken = Breaches::default();
    promises::check(&heard, &fs::read_to_string(said)?, &mut broken);
    match program.as_str() {
        "agent" => agent::check(&heard, &fs::read_to_string(asked)?, &mut broken),
        "tasks" => tasks::check(&heard, &mut broken),
        other => return Err(format!("{other:?}, expected agent or tasks").into()),
    }
    println!("{heard}");
    if broken.0.is_empty() { Ok(()) } else { Err(broken.0.join("\n").into()) }
}
