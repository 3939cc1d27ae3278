//! Sends spans to a collector that nobody here wrote, and writes down what must arrive there.
//!
//! ```text
//! collectors every-field SPANS EXPECTED [finite]
//! collectors steady SPANS_A_SECOND SECONDS EXPECTED [SPOOL]
//! ```
//!
//! Where to, how, and with which compression, the `OTEL_EXPORTER_OTLP_*` variables say, as they do
//! for any program. `EXPECTED` is the file of lines that `compare.py` holds against what arrived.

#![allow(clippy::expect_used, reason = "a proof fails by panicking")]

mod every_field;
mod expected;
mod steady;
mod work;

use exo_trace::Delivery;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

const USAGE: &str = "usage: collectors every-field SPANS EXPECTED [finite]
       collectors steady SPANS_A_SECOND SECONDS EXPECTED [SPOOL]";
/// How long a flush or a shutdown may take: far longer than it does.
const DEADLINE: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["every-field", spans, expected] => {
            every_field::send(number(spans), Path::new(expected), work::Doubles::Any)
        }
        ["every-field", spans, expected, "finite"] => {
            every_field::send(number(spans), Path::new(expected), work::Doubles::Finite)
        }
        ["steady", rate, seconds, expected] => {
            steady::send(number(rate), number(seconds), Path::new(expected), None)
        }
        ["steady", rate, seconds, expected, spool] => {
            let spool = Some(Path::new(spool));
            steady::send(number(rate), number(seconds), Path::new(expected), spool)
        }
        _ => {
            eprintln!("{USAGE}");
            ExitCode::FAILURE
        }
    }
}

fn number(word: &str) -> u64 {
    word.parse().expect("a whole number")
}

/// Prints what became of all spans, as one JSON object.
fn report(spans: u64, seconds: f64, delivery: &Delivery) {
    let (delivered, queued, lost) = (delivery.delivered, delivery.queued, delivery.lost.total());
    println!(
        r#"{{"spans": {spans}, "seconds": {seconds:.3}, "delivered": {delivered}, "queued": {queued}, "lost": {lost}, "said": "{delivery}"}}"#
    );
}
