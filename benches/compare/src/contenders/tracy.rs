//! Tracy's client without its viewer, which keeps every zone in memory until a viewer comes.
//!
//! At its best: built without what else it can watch (samples, context switches, the system), the
//! client and the place of a zone at hand. Not built `ondemand`, which would record nothing here. What
//! it keeps nobody takes, so its queue grows into new pages, which are part of its figure; that it does
//! keep them is seen by what is resident: 32 bytes for each beginning, end and value.

use crate::contender::{About, Contender, EARLY, SPAN, TWO, Way, timed};
use crate::exported::memory_kib;
use exo_trace_ways::floor::work;
use std::error::Error;
use tracy_client::{Client, span_location};

pub(super) const ABOUT: About = About {
    packages: &["tracy-client", "tracy-client-sys"],
    settings: "features `enable`, `manual-lifetime`, `only-localhost`, `only-ipv4`: no sampling, no system tracing; the \
               attributes are two values",
    lacks: "trace ids, span ids, names and types of attributes (two bare numbers), OTLP, and a bound: without its \
            viewer it keeps everything in memory, in pages that are new to it",
};

const ITEM_BYTES: u64 = 32;
/// Its beginning and its end, at least.
const ITEMS_PER_SPAN: u64 = 2;

pub(super) fn set_up() -> Result<Contender, Box<dyn Error>> {
    let client = Client::start();
    let same_client = client.clone();
    let before_kib = memory_kib("VmRSS:")?;
    let mut kept_bytes = 0;
    Ok(Contender {
        ways: vec![
            Way::new(SPAN, move |times| timed(times, |step| alone(&client, step))),
            Way::new(TWO, move |times| timed(times, |step| two_attributes(&same_client, step))),
        ],
        missing: Box::new(move |expected| {
            kept_bytes += expected * ITEMS_PER_SPAN * ITEM_BYTES;
            let now_kib = memory_kib("VmRSS:").unwrap_or(0);
            let grown_bytes = now_kib.saturating_sub(before_kib) << 10;
            if grown_bytes < kept_bytes { expected } else { 0 }
        }),
    })
}

#[inline(always)]
fn alone(client: &Client, step: usize) {
    let _span = client.clone().span(span_location!("span"), 0);
    work(step);
}

#[inline(always)]
fn two_attributes(client: &Client, step: usize) {
    let span = client.clone().span(span_location!("two"), 0);
    span.emit_value(step as u64);
    span.emit_value(u64::from(step < EARLY));
    work(step);
}
