//! A collector on loopback that counts the spans it took, and can be told how to misbehave.
//!
//! A real server over real sockets, gRPC or HTTP/1, on a thread of its own or in the runtime of the
//! story. What it took is decoded by messages that nobody here wrote. A fault can stand or come once,
//! and change while connections are open.
#![allow(dead_code, reason = "each story tells the collector its own faults")]

mod answering;
mod collector;
mod connection;
mod fault;
pub(crate) mod grpc;
mod received;
mod wire;

pub(crate) use collector::Collector;
pub(crate) use fault::Fault;

use exo_trace::{Delivery, Losses};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The most that anything here waits for; only what has failed takes that long.
pub(crate) const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

/// Recording is the process's: one story at a time.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns how many spans the one destination of a story did not take by the end of `shutdown`, by
/// whatever reason.
pub(crate) fn lost_of(delivery: &Delivery) -> u64 {
    let Losses { queue_full, export_failed, rejected, too_long, abandoned, .. } = delivery.lost;
    delivery.lost.spans() + queue_full + export_failed + rejected + too_long + abandoned
}
