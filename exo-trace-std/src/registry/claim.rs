//! How a thread comes by a lane at its first span, and gives it back when it ends.

use super::{FIRST, Link, lanes, wake_drain};
use crate::lane::Lane;
use crate::process::process_id;
use crate::settings;
use once_cell::race::OnceBox;

/// Claims a free lane, or makes one; `None` when `threads_max` of them are in use.
pub(crate) fn claim() -> Option<&'static Lane> {
    let process = process_id();
    let free = lanes().find(|lane| lane.claim(process));
    let lane = free.or_else(|| add(settings::threads_max(), process));
    if lane.is_none() {
        // Retired rings may wait for the drain: the sooner it comes, the sooner one is free.
        wake_drain();
    }
    lane
}

/// Adds a claimed lane to the end of the chain, unless there are `lanes_max`.
fn add(lanes_max: usize, process: u32) -> Option<&'static Lane> {
    let (mut place, mut known, mut made) = (&FIRST, 0, None);
    loop {
        if let Some(link) = place.get() {
            place = &link.next;
            known += 1;
            continue;
        }
        if known >= lanes_max {
            return None;
        }
        let link = match made.take() {
            Some(link) => link,
            None => {
                let lane = Lane::claimed(settings::ring_words(), process)?;
                Box::new(Link { lane, next: OnceBox::new() })
            }
        };
        match place.set(link) {
            Ok(()) => return place.get().map(|link| &link.lane),
            // Another thread was here first: its lane stands in this place, and this one comes after it.
            Err(link) => made = Some(link),
        }
    }
}

/// Gives a lane back and, when half of all lanes wait to be emptied, wakes the drain.
pub(crate) fn retire(lane: &Lane) {
    lane.retire();
    if lanes().filter(|lane| lane.is_retired()).count() * 2 > lanes().count() {
        wake_drain();
    }
}

/// Empties every lane in a forked child, where the records in it are the parent's, and takes back
/// those of threads that were not forked: all but `own`, and but those that threads of the child claimed.
pub(crate) fn free_others(own: Option<&'static Lane>) {
    let process = process_id();
    for lane in lanes() {
        lane.empty(|reader| reader.skip() > 0);
        if !own.is_some_and(|own| std::ptr::eq(own, lane)) {
            lane.take_back(process);
        }
    }
}
