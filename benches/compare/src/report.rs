//! Where a run is kept: a page, a picture and all figures below `target/benchmarks`, and, when asked,
//! the part of `BENCHMARKS.md` between its markers.

use crate::contenders::Name;
use crate::exported::Run;
use crate::figures::{Figure, Figures};
use crate::machine::{Machine, repository};
use crate::{goals, plot};
use serde_json::{Value, json};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

const BEGIN: &str =
    "<!-- figures: cargo run --release --manifest-path benches/compare/Cargo.toml -- --write -->";
const END: &str = "<!-- end of figures -->";

/// Writes `table.md`, `plot.svg` and `figures.json`, and returns the directory they are in.
pub(crate) fn keep(
    figures: &Figures,
    machine: &Machine,
    page: &[String],
) -> Result<PathBuf, Box<dyn Error>> {
    let directory = target().join("benchmarks");
    fs::create_dir_all(&directory)?;
    fs::write(directory.join("table.md"), page.join("\n") + "\n")?;
    fs::write(
        directory.join("figures.json"),
        serde_json::to_string_pretty(&as_json(figures, machine))?,
    )?;
    plot::draw(figures, machine, &directory.join("plot.svg"))?;
    Ok(directory)
}

/// Puts the page between the markers of `BENCHMARKS.md`, and the picture beside the benches.
pub(crate) fn publish(directory: &Path, page: &[String]) -> Result<(), Box<dyn Error>> {
    let benchmarks = repository().join("BENCHMARKS.md");
    let text = fs::read_to_string(&benchmarks)?;
    let written = between_markers(&text, &page.join("\n")).ok_or("BENCHMARKS.md has no markers")?;
    fs::write(benchmarks, written)?;
    fs::copy(directory.join("plot.svg"), repository().join("benches/costs.svg"))?;
    Ok(())
}

fn between_markers(text: &str, figures: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{figures}\n\n{END}{after}"))
}

/// Returns the directory that cargo builds into: this program lies in `release` below it.
fn target() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    program.ancestors().nth(2).map_or_else(|| PathBuf::from("target"), Path::to_owned)
}

fn as_json(figures: &Figures, machine: &Machine) -> Value {
    json!({
        "machine": machine,
        "goals": goals::all().iter().map(|goal| json!({
            "what": goal.what,
            "unit": goal.unit.to_string(),
            "goal": goal.bound.to_string(),
            "figure": goal.figure(figures).map(figure),
            "verdict": goal.verdict(figures).to_string(),
        })).collect::<Vec<_>>(),
        "contenders": figures.turns.iter().map(|turns| json!({
            "name": turns.name.text(),
            "settings": turns.name.about().settings,
            "lost": turns.missing(),
            "failure": turns.failure,
            "ways": ways(figures, turns.name),
            "turns": turns.turns,
        })).collect::<Vec<_>>(),
        "exported": figures.exported.iter().map(|one| json!({
            "name": one.contender.name(),
            "attributes": one.mix.describe(),
            "cpu_ns_per_span": one.runs.iter().map(Run::cpu_nanos).collect::<Vec<_>>(),
            "peak_mib": one.runs.iter().map(Run::peak_mib).collect::<Vec<_>>(),
            "lost": one.lost(),
            "failure": one.failure,
        })).collect::<Vec<_>>(),
        "whole": figures.answers.iter().map(|answer| json!({
            "question": answer.question.text(),
            "answers": answer.said,
            "failure": answer.failure,
        })).collect::<Vec<_>>(),
        "compiled_out": figures.off.as_ref().map(|(is_same, said)| json!({ "same": is_same, "said": said })),
    })
}

fn ways(figures: &Figures, name: Name) -> Vec<Value> {
    let turn = figures.turns_of(name).and_then(|turns| turns.turns.first());
    let names = turn.into_iter().flat_map(|turn| &turn.ways).map(|took| took.way.as_str());
    names
        .map(|way| {
            json!({
                "way": way,
                "ns": figures.nanos(name, way).map(figure),
                "times_floor": figures.times_floor(name, way).map(figure),
            })
        })
        .collect()
}

fn figure(figure: Figure) -> Value {
    json!({ "median_and_tenths": figure.spread, "lost": figure.lost })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_markers_is_replaced() {
        let page = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        let written = between_markers(&page, "new").unwrap();
        assert_eq!(written, format!("before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"));
        assert_eq!(between_markers(&written, "new"), Some(written.clone()));
    }

    #[test]
    fn a_page_without_markers_is_left_alone() {
        assert_eq!(between_markers("before after", "new"), None);
    }

    #[test]
    fn the_page_of_the_repository_has_the_markers() {
        let page = fs::read_to_string(repository().join("BENCHMARKS.md")).unwrap();
        assert!(between_markers(&page, "new").is_some());
    }
}
