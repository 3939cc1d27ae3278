//! What #[instrument] accepts and #[traced] can not mean is refused in words that say what to write.
use exo_trace::traced as instrument;

const LOUD: u8 = 5;

#[instrument(level = LOUD)]
fn a_level_made_elsewhere() {}

#[instrument(level = "loud", err(level = 0))]
fn no_level() -> Result<(), String> {
    Ok(())
}

#[instrument(fields(otel.kind = "server", otel.status_code))]
fn words_to_another() {}

#[instrument("a", name = "b")]
fn two_names() {}

#[instrument(skip(self))]
fn no_self() {}

struct Span;

#[instrument(parent = span)]
fn a_span_of_another_kind(span: &Span) {}

#[instrument(follows_from = ["a", "b"])]
fn causes_of_another_kind() {}

struct Plain;

#[instrument(ret(Display))]
fn nothing_to_display() -> Plain {
    Plain
}

fn main() {}
