//! Which spans the calling thread is inside of, and what was current before each.
//!
//! What was current before belongs to the thread, not to the span: several threads may be inside of one
//! span. The list grows with the deepest nesting there was; nothing else of it is allocated.

use crate::counters::Counter;
use crate::recording::{Bridged, leave};
use exo_trace_core::Stay;
use std::cell::RefCell;
use tracing_core::span::Id;

/// How many spans a thread can be inside of at once: more than its stack has room for in most programs.
/// One more is not made current, which is counted.
const ENTERED_MAX: usize = 16_384;

struct Entered {
    layer: u32,
    id: u64,
    stay: Stay,
}

thread_local! {
    static ENTERED: RefCell<Vec<Entered>> = const { RefCell::new(Vec::new()) };
}

/// Makes a span current on this thread.
pub(super) fn enter(layer: u32, id: &Id, span: &Bridged) {
    // While the thread is torn down it fails, and what is current stays so.
    let _ = ENTERED.try_with(|entered| {
        // Borrowed only here and below, where no code of anybody else runs.
        let Ok(mut entered) = entered.try_borrow_mut() else { return };
        if entered.len() >= ENTERED_MAX {
            Counter::EntersRefused.add(1);
        } else if let Some(stay) = span.enter() {
            entered.push(Entered { layer, id: id.into_u64(), stay });
        }
    });
}

/// Leaves a span, wherever it was entered among others, and tells whether others may go on to say
/// something of it.
pub(super) fn exit(layer: u32, id: &Id) -> bool {
    let exited = ENTERED.try_with(|entered| {
        let mut entered = entered.try_borrow_mut().ok()?;
        let is_it = |entered: &Entered| entered.id == id.into_u64() && entered.layer == layer;
        let place = entered.iter().rposition(is_it)?;
        Some(entered.remove(place))
    });
    exited.ok().flatten().is_some_and(|Entered { stay, .. }| leave(stay))
}
