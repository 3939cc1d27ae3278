//! What the rounds came to: medians with their spread, and whether the goal is reached.

use crate::contenders::Contender;
use crate::load::Mix;
use crate::meter::Usage;
use crate::sink::Taken;

/// Goals: the processor time of a span, and as a part of the better rival's.
const CPU_NANOS_MAX: f64 = 300.0;
const PART_OF_RIVAL_MAX: f64 = 0.1;

/// One contender's run, and what arrived.
pub(crate) struct Run {
    pub(crate) recorded: u64,
    pub(crate) usage: Usage,
    pub(crate) taken: Taken,
}

impl Run {
    fn lost(&self) -> u64 {
        self.recorded.saturating_sub(self.taken.spans)
    }

    fn cpu_nanos(&self) -> f64 {
        self.usage.cpu_nanos as f64 / self.taken.spans as f64
    }
}

/// Prints the table of a mix; `false` when it is void or a goal is missed.
pub(crate) fn print(mix: Mix, contenders: &[(Contender, Vec<Run>)]) -> bool {
    let median_of = |runs: &[Run]| at(runs, Run::cpu_nanos, 0.5);
    let rivals = contenders.iter().filter(|(contender, _)| *contender != Contender::ExoTrace);
    let better = rivals.map(|(_, runs)| median_of(runs)).fold(f64::INFINITY, f64::min);
    println!("\n{}, CPU ns per span received:", mix.describe());
    println!(
        "{:<22}{:>8}{:>8}{:>8}{:>10}{:>12}{:>6}{:>9}{:>11}{:>9}{:>10}",
        "",
        "min",
        "median",
        "max",
        "× rival",
        "received",
        "lost",
        "bytes",
        "a request",
        "wall s",
        "peak MiB"
    );
    for (contender, runs) in contenders {
        let [low, median, high] = [0.0, 0.5, 1.0].map(|share| at(runs, Run::cpu_nanos, share));
        let middle = |of: fn(&Run) -> f64| at(runs, of, 0.5);
        println!(
            "{:<22}{low:>8.0}{median:>8.0}{high:>8.0}{:>10.3}{:>12}{:>6}{:>9.0}{:>11.0}{:>9.2}{:>10.1}",
            contender.name(),
            median / better,
            runs.iter().map(|run| run.taken.spans).sum::<u64>(),
            runs.iter().map(Run::lost).sum::<u64>(),
            middle(|run| run.taken.bytes as f64 / run.taken.spans as f64),
            middle(|run| run.taken.spans as f64 / run.taken.requests as f64),
            middle(|run| run.usage.wall_nanos as f64 / 1e9),
            middle(|run| run.usage.peak_kib as f64 / 1024.0),
        );
    }
    let own = contenders.iter().find(|(contender, _)| *contender == Contender::ExoTrace);
    let own = own.map_or(f64::INFINITY, |(_, runs)| median_of(runs));
    let goals = [
        goal("CPU ns per span", own, CPU_NANOS_MAX),
        goal("of the better rival's", own / better, PART_OF_RIVAL_MAX),
        is_sound(contenders),
    ];
    goals.into_iter().all(|is_reached| is_reached)
}

fn goal(what: &str, is: f64, goal: f64) -> bool {
    let is_reached = is <= goal;
    let word = if is_reached { "reached" } else { "MISSED" };
    println!("goal: at most {goal} {what}: {is:.3}, {word}");
    is_reached
}

fn is_sound(contenders: &[(Contender, Vec<Run>)]) -> bool {
    let is_sound = contenders.iter().flat_map(|(_, runs)| runs).all(|run| run.lost() == 0);
    if !is_sound {
        println!("VOID: a span that is lost is cheaper than one that is exported");
    }
    is_sound
}

fn at(runs: &[Run], of: impl Fn(&Run) -> f64, share: f64) -> f64 {
    let mut sorted: Vec<f64> = runs.iter().map(of).collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(((runs.len() - 1) as f64 * share) as usize).copied().unwrap_or(f64::NAN)
}
