//! Bursts of all contenders in turn, round after round, and the table of what they took.

use crate::contenders::{Contender, Role};
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;
use tracing::{dispatcher, info_span};

/// How many spans one burst has, below one more; with some 16 words each, half of a ring.
const BURST: u64 = 1_000;
const ROUNDS: usize = 400;
const WARM_UP: usize = 40;
/// What our layer may cost, as a part of what the cheapest rival does.
const GOAL: f64 = 0.2;

/// Measures them, prints the table, and tells whether no span was lost and the goal was reached.
pub(crate) fn run(mut contenders: Vec<Contender>) -> Result<bool, Box<dyn Error>> {
    let mut nanos: Vec<Vec<f64>> = contenders.iter().map(|_| Vec::with_capacity(ROUNDS)).collect();
    let mut lost = 0;
    for round in 0..WARM_UP + ROUNDS {
        for (contender, nanos) in contenders.iter_mut().zip(&mut nanos) {
            let took = dispatcher::with_default(&contender.subscriber, timed);
            let arrived = (contender.arrived)();
            if contender.role != Role::Floor {
                lost += (BURST + 1).saturating_sub(arrived);
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

/// Returns how many nanoseconds one span of a burst took.
fn timed() -> f64 {
    let start = Instant::now();
    let run = info_span!("run", app.agent.name = "researcher", app.agent.step = 0_u64).entered();
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
    let (floor, ours, rival) = (least(Role::Floor)?, least(Role::Ours)?, least(Role::Rival)?);
    println!("{:<42} {:>8} {:>8} {:>8} {:>9}", "", "p10", "median", "p90", "the layer");
    for (contender, nanos) in contenders.iter().zip(nanos) {
        let (low, median, high) = (at(nanos, 0.1), at(nanos, 0.5), at(nanos, 0.9));
        let own = median - floor;
        println!("{:<42} {low:>8.1} {median:>8.1} {high:>8.1} {own:>9.1}", contender.name);
    }
    let (whole, layer) = (ours / rival, (ours - floor) / (rival - floor));
    println!("of the cheapest rival: {whole:.3} with the registry, {layer:.3} the layer alone");
    println!(
        "goal: {GOAL:.2} with the registry, {}",
        if whole <= GOAL { "reached" } else { "MISSED" }
    );
    Some(whole <= GOAL)
}
