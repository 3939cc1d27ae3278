//! The README's program is an example that runs, and prints what the README says it prints.
//!
//! Durations, shares, bars and the trace's id differ from run to run and are masked on both sides.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::process::Command;

const README: &str = include_str!("../README.md");
const EXAMPLE: &str = include_str!("../examples/readme.rs");

/// Returns what stands in the first fence of the README that begins with this line.
fn first_block(fence: &str) -> &'static str {
    let after = README.split_once(&format!("\n{fence}\n")).expect("the README has such a block").1;
    after.split_once("```").expect("a fence is closed").0
}

/// Returns a text without what no two runs share: durations, shares, bars, the trace's id, white space.
fn masked(text: &str) -> Vec<String> {
    text.trim().lines().map(masked_line).collect()
}

fn masked_line(line: &str) -> String {
    let mut words: Vec<&str> = Vec::new();
    for word in line.split_whitespace() {
        let is_after_number = words.last().is_some_and(|before| before.parse::<f64>().is_ok());
        let is_trace_id = words == ["trace"] && word.len() == 32;
        if word.chars().all(|letter| ('\u{2588}'..='\u{258f}').contains(&letter)) {
            continue;
        } else if is_trace_id {
            words.push("(id)");
        } else if is_after_number && ["ns", "µs", "ms", "s"].contains(&word) {
            words.pop();
            words.push("(time)");
        } else if is_after_number && word == "%" {
            words.pop();
            words.push("(share)");
        } else {
            words.push(word);
        }
    }
    words.join(" ")
}

#[test]
fn the_readmes_program_is_the_example() {
    let program: Vec<&str> = EXAMPLE.lines().skip_while(|line| line.starts_with("//!")).collect();
    assert_eq!(program.join("\n").trim(), first_block("```rust").trim());
}

#[test]
fn the_examples_header_shows_what_the_readme_shows() {
    let header = EXAMPLE.lines().filter_map(|line| line.strip_prefix("//!"));
    let header: Vec<&str> = header.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    assert!(header.join("\n").contains(first_block("```text").trim()));
}

#[test]
fn the_program_prints_what_the_readme_says() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--quiet", "--offline", "--example", "readme"]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    let run = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo runs");
    let (printed, complaint) = (text(&run.stdout), text(&run.stderr));
    assert!(run.status.success(), "{complaint}");
    assert_eq!(masked(&printed), masked(first_block("```text")));
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_mask_hides_times_and_keeps_all_else() {
    let line = "├─ execute_tool search ✗ 9.1 ms     ████▊   file=\"a b\" 3 hits";
    assert_eq!(masked_line(line), "├─ execute_tool search ✗ (time) file=\"a b\" 3 hits");
    let line =
        "cost      tracing took 0.2 µs on your threads and 0.1 ms on its own: 9.87 % of this run";
    let masked =
        "cost tracing took (time) on your threads and (time) on its own: (share) of this run";
    assert_eq!(masked_line(line), masked);
    assert_eq!(masked_line("trace e3382043165b4b668de48962103b03c1"), "trace (id)");
}
