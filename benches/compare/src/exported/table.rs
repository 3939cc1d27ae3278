//! What the exported spans came to, as lines for a terminal and for a page alike.

use super::load::Mix;
use super::rounds::{Measured, Run};
use crate::grid;
use crate::spread::Spread;

const HEADER: [&str; 8] = [
    "CPU ns a span",
    "p10 to p90",
    "× ours",
    "lost",
    "bytes a span",
    "spans a request",
    "peak MiB",
    "wall s",
];

/// Returns a Markdown table for each mix, contenders below each other.
pub(crate) fn lines(all: &[Measured]) -> Vec<String> {
    let mut lines = Vec::new();
    for mix in Mix::ALL {
        let of_mix: Vec<&Measured> = all.iter().filter(|one| one.mix == mix).collect();
        let Some(ours) = of_mix.first().and_then(|one| cpu(one)) else { continue };
        let header: Vec<&str> = [mix.describe()].into_iter().chain(HEADER).collect();
        let rows: Vec<Vec<String>> = of_mix.iter().map(|one| row(one, ours)).collect();
        lines.extend(grid::lines(&header, &rows));
        lines.push(String::new());
    }
    lines
}

fn cpu(one: &Measured) -> Option<Spread> {
    Spread::of(one.runs.iter().map(Run::cpu_nanos))
}

fn row(one: &Measured, ours: Spread) -> Vec<String> {
    let mut row = vec![one.contender.name().to_owned()];
    let Some(cpu) = cpu(one) else {
        row.push(format!("did not run: {}", one.failure.as_deref().unwrap_or("no run")));
        return row;
    };
    let middle = |of: fn(&Run) -> f64| {
        Spread::of(one.runs.iter().map(of)).map_or(f64::NAN, |all| all.median)
    };
    let lost = one.lost();
    row.extend([
        format!("{:.0}", cpu.median),
        format!("{:.0}–{:.0}", cpu.low, cpu.high),
        format!("{:.1}", cpu.median / ours.median),
        if lost > 0 { format!("{lost}: VOID") } else { "0".to_owned() },
        format!("{:.0}", middle(|run| run.taken.bytes as f64 / run.taken.spans as f64)),
        format!("{:.0}", middle(|run| run.taken.spans as f64 / run.taken.requests as f64)),
        format!("{:.1}", middle(Run::peak_mib)),
        format!("{:.1}", middle(|run| run.usage.wall_nanos as f64 / 1e9)),
    ]);
    row
}
