//! Which pipeline runs in this process: `init` starts one, and a forked child begins without.

use crate::config::{Reported, Resolved, Sending, TraceConfig};
use crate::delivery::Delivery;
use crate::destinations::StartError;
use crate::inherited::Inherited;
use crate::losses::Losses;
use crate::pipeline::Pipeline;
use crate::reading::{Reading, Right};
use exo_trace_core::Clock;
use exo_trace_std::{HostClock, PerProcess, State};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

static RUNNING: PerProcess<Mutex<Option<Running>>> = PerProcess::new();
/// The right to read the rings of this process.
static RIGHT: PerProcess<Right> = PerProcess::new();
/// The process that last started one; zero before the first.
static STARTED_BY: AtomicU32 = AtomicU32::new(0);

/// The pipeline of this process, and whether somebody asked for it.
struct Running {
    pipeline: Arc<Pipeline>,
    is_for_testing: bool,
}

fn running() -> MutexGuard<'static, Option<Running>> {
    RUNNING.lock()
}

/// Starts the pipeline that `init` asks for.
pub(crate) fn start(resolved: Resolved) -> Result<Arc<Pipeline>, StartError> {
    let mut running = running();
    let is_first = running.as_ref().is_none_or(|old| old.is_for_testing);
    if let Some(old) = running.take() {
        let is_ours = old.pipeline.is_ours();
        if is_ours && !old.is_for_testing && old.pipeline.is_running() {
            *running = Some(old);
            return Err(StartError::AlreadyRunning);
        }
        if !is_ours {
            // Its threads were not forked: nothing of it can be waited for, or ended.
            std::mem::forget(old);
        } else if old.is_for_testing {
            let _ = old.pipeline.shutdown(Duration::from_secs(5));
        }
    }
    forget_what_was_inherited();
    let is_enabled = resolved.enabled;
    let reading = begin_reading().ok_or(StartError::AlreadyRunning)?;
    let before = if is_first { losses_of_others() } else { Losses::of_call_sites() };
    let pipeline = Pipeline::start(resolved, reading, before)?;
    *running = Some(Running { pipeline: Arc::clone(&pipeline), is_for_testing: false });
    if is_enabled { State::On } else { State::Disabled }.set();
    Ok(pipeline)
}

/// Takes the right to read the rings, or returns `None` when another drain does not let go of it.
pub(crate) fn begin_reading() -> Option<Reading> {
    RIGHT.own(|_| Right::new()).take()
}

/// Starts afresh in a forked child, once.
fn forget_what_was_inherited() {
    let process = exo_trace_std::process_id();
    // Relaxed: whoever starts a pipeline holds the lock of this process.
    let started_by = STARTED_BY.swap(process, Relaxed);
    if started_by != process && started_by != 0 {
        exo_trace_std::forget_inherited();
        Inherited::ends_at(HostClock.ticks());
    }
}

/// Makes sure that a drain runs, for a test that has not called `init`.
pub(crate) fn ensure_for_testing() {
    let mut running = running();
    let is_there = |running: &Running| running.pipeline.is_ours() && running.pipeline.is_running();
    if running.as_ref().is_some_and(is_there) {
        return;
    }
    // A name and no destination: nothing in it can be refused, and the environment is not asked.
    let Ok(resolved) = TraceConfig::new("testing").resolve(&|_| None) else { return };
    let Some(reading) = begin_reading() else { return };
    forget_what_was_inherited();
    let sending = Sending { metrics: Reported::Nothing, ..resolved.sending.clone() };
    let resolved = Resolved { backends: Vec::new(), sending, ..resolved };
    if let Ok(pipeline) = Pipeline::start(resolved, reading, losses_of_others()) {
        *running = Some(Running { pipeline, is_for_testing: true });
        State::On.set();
    }
}

/// Returns what a first pipeline has nothing to do with: all but the spans that came before it.
fn losses_of_others() -> Losses {
    Losses { before_init: 0, ..Losses::of_call_sites() }
}

/// Flushes whatever pipeline runs.
pub(crate) fn flush_running(deadline: Duration) -> Option<Delivery> {
    let pipeline = running().as_ref().map(|running| Arc::clone(&running.pipeline))?;
    Some(pipeline.flush(deadline))
}
