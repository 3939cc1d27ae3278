//! Bursts of all contenders in turn, round after round, and the table of what they took.

use crate::contenders::{Contender, Role};
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;
use tracing::{dispatcher, info_span};

/// How many spans one burst has, below one more; with some 16 words each, half of a ring.
const BURST: i64 = 1_000;
const ROUNDS: usize = 400;
const WARM_UP: usize = 40;
/// What our layer may cost, as a part of what the cheapest does that says as much.
const GOAL: f64 = 0.2;

/// Measures them, prints the table, and tells whether no span was lost and the goal was reached.
pub(crate) fn run(mut contenders: Vec<Contender>) -> Result<bool, Box<dyn Error>> {
    let mut nanos: Vec<Vec<f64>> = contenders.iter().map(|_| Vec::with_capacity(ROUNDS)).collect();
    let mut lost = 0;
    for round in 0..WARM_UP + ROUNDS {
        for (contender, nanos) in contenders.iter_mut().zip(&mut nanos) {
            let took = dispatcher::with_default(&contender.subscriber, timed);
            let arrived = (contender.arrived)();
            if !matches!(contender.role, Role::Floor | Role::Keeper) {
                lost += (BURST as u64 + 1).saturating_sub(arrived);
            }
            if round >= WARM_UP {
                nanos.push(took);
            }
        }
    }
    nanos.iter_mut().for_each(|nanos| nanos.sort_by(f64::total_cmp));
    let is_reached = print(&contenders, &nanos).ok_or("there are a floor, ours and a rival")?;
    println!("ns a span; {ROUNDS} rounds of {BURST}, in turn; {lost} spans lost");
    Ok(is_reached && lost == 0)
}

/// Runs the contender of this name and no other.
pub(crate) fn alone(contenders: Vec<Contender>, name: &str) -> Result<bool, Box<dyn Error>> {
    let named = contenders.into_iter().find(|contender| contender.name == name);
    let mut contender = named.ok_or_else(|| format!("nobody is called {name:?}"))?;
    let mut arrived = 0;
    for _ in 0..10 * ROUNDS {
        dispatcher::with_default(&contender.subscriber, timed);
        arrived += (contender.arrived)();
    }
    println!("{arrived} spans arrived");
    Ok(true)
}

/// Returns how many nanoseconds one span of a burst took.
fn timed() -> f64 {
    let start = Instant::now();
    let run = info_span!("run", app.agent.name = "researcher", app.agent.step = 0_i64).entered();
    for step in 1..=BURST {
        let span = info_span!("step", app.agent.name = "researcher", app.agent.step = step);
        let _entered = span.enter();
        black_box(step);
    }
    drop(run);
    start.elapsed().as_nanos() as f64 / BURST as f64
}

fn print(contenders: &[Contender], nanos: &[Vec<f64>]) -> Option<bool> {
    let at = |nanos: &[f64], share: f64| nanos[((nanos.len() - 1) as f64 * share) as usize];
    let medians: Vec<(Role, f64)> =
        contenders.iter().zip(nanos).map(|(one, nanos)| (one.role, at(nanos, 0.5))).collect();
    let least = |role: Role| {
        let of_role = medians.iter().filter(|(known, _)| *known == role).map(|(_, median)| *median);
        of_role.min_by(f64::total_cmp)
    };
    let (floor, ours) = (least(Role::Floor)?, least(Role::Ours)?);
    println!("{:<42} {:>8} {:>8} {:>8} {:>9}", "", "p10", "median", "p90", "the layer");
    for (contender, nanos) in contenders.iter().zip(nanos) {
        let (low, median, high) = (at(nanos, 0.1), at(nanos, 0.5), at(nanos, 0.9));
        let own = median - floor;
        println!("{:<42} {low:>8.1} {median:>8.1} {high:>8.1} {own:>9.1}", contender.name);
    }
    let share = |rival: f64| ((ours - floor) / (rival - floor), ours / rival);
    let (layer, whole) = share(least(Role::Rival)?);
    let (bare_layer, bare_whole) = share(least(Role::Bare)?);
    println!("of the cheapest rival: the layer {layer:.3}, with the registry {whole:.3}");
    println!("of the barest rival: the layer {bare_layer:.3}, with the registry {bare_whole:.3}");
    let is_reached = layer <= GOAL;
    let verdict = if is_reached { "reached" } else { "MISSED" };
    println!("goal: a layer of at most {GOAL:.2} of the cheapest rival's: {verdict}");
    Some(is_reached)
}
