//! The SDK's instruments, each made when there is something to record: one takes 130 kB of memory.

use super::catalog::Definition;
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram, Meter};
use rustc_hash::FxHashMap;

/// All instruments that were needed so far, by name.
pub(super) struct Instruments {
    meter: Meter,
    durations: FxHashMap<&'static str, Histogram<f64>>,
    sizes: FxHashMap<&'static str, Histogram<u64>>,
    counters: FxHashMap<&'static str, Counter<u64>>,
}

impl Instruments {
    pub(super) fn new(meter: Meter) -> Self {
        Self {
            meter,
            durations: FxHashMap::default(),
            sizes: FxHashMap::default(),
            counters: FxHashMap::default(),
        }
    }

    /// Records how long something took.
    pub(super) fn seconds(&mut self, of: &'static Definition, seconds: f64, about: &[KeyValue]) {
        let Self { meter, durations, .. } = self;
        let histogram = durations.entry(of.name).or_insert_with(|| {
            let builder = meter.f64_histogram(of.name).with_unit(of.unit);
            let builder = builder.with_description(of.about);
            match of.bounds {
                Some(bounds) => builder.with_boundaries(bounds.to_vec()).build(),
                None => builder.build(),
            }
        });
        histogram.record(seconds, about);
    }

    /// Records how much of something there was, once.
    pub(super) fn size(&mut self, of: &'static Definition, size: u64, about: &[KeyValue]) {
        let Self { meter, sizes, .. } = self;
        let histogram = sizes.entry(of.name).or_insert_with(|| {
            let builder = meter.u64_histogram(of.name).with_unit(of.unit);
            let builder = builder.with_description(of.about);
            match of.bounds {
                Some(bounds) => builder.with_boundaries(bounds.to_vec()).build(),
                None => builder.build(),
            }
        });
        histogram.record(size, about);
    }

    /// Counts so many more.
    pub(super) fn add(&mut self, of: &'static Definition, more: u64, about: &[KeyValue]) {
        let Self { meter, counters, .. } = self;
        let counter = counters.entry(of.name).or_insert_with(|| {
            meter.u64_counter(of.name).with_unit(of.unit).with_description(of.about).build()
        });
        counter.add(more, about);
    }
}
