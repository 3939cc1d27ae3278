//! How a thread comes by a lane at its first span, and gives it back when it ends.

use super::{lanes, wake_drain};
use crate::lane::Lane;
use crate::settings;

/// Claims a free lane, or makes one; `None` when `threads_max` of them are in use.
pub(crate) fn claim() -> Option<&'static Lane> {
    let mut lanes = lanes();
    if let Some(free) = lanes.iter().find(|lane| lane.claim()) {
        return Some(free);
    }
    if lanes.len() >= settings::threads_max() {
        drop(lanes);
        // Retired rings may wait for the drain: the sooner it comes, the sooner one is free.
        wake_drain();
        return None;
    }
    let lane: &'static Lane = Box::leak(Box::new(Lane::claimed(settings::ring_words())?));
    lanes.push(lane);
    Some(lane)
}

/// Gives a lane back and, when half of all lanes wait to be emptied, wakes the drain.
pub(crate) fn retire(lane: &Lane) {
    lane.retire();
    let is_half_retired = {
        let lanes = lanes();
        lanes.iter().filter(|lane| lane.is_retired()).count() * 2 > lanes.len()
    };
    if is_half_retired {
        wake_drain();
    }
}

/// Empties every lane in a forked child, where the records in it are the parent's, and takes back
/// those of threads that were not forked: all but `own`.
pub(crate) fn free_others(own: Option<&'static Lane>) {
    for &lane in lanes().iter() {
        lane.reader().skip();
        if !own.is_some_and(|own| std::ptr::eq(own, lane)) {
            lane.free();
        }
    }
}
