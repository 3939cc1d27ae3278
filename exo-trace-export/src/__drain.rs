//! The drain without its thread: it empties the rings when it is told to, for those who time it.
//!
//! Not for callers: it changes without notice.

use crate::assemble::Assembler;
use crate::config::TraceConfig;
use crate::destinations::{self, StartError};
use crate::dialect::Vocabulary;
use crate::drain::Drain;
use crate::exporter::ExportError;
use crate::front::Shared;
use crate::measure::Measures;
use crate::resource::Resource;
use crate::running;
use crate::served::Served;
use exo_trace_std::{HostClock, State};
use std::error::Error;
use std::sync::{Arc, mpsc};

/// Recording that is on, and a drain that waits to be told.
pub struct DrainByHand {
    shared: Arc<Shared>,
    drain: Drain,
}

impl DrainByHand {
    /// Starts recording for the backends and exporters of `config`, which has neither metrics nor prices.
    ///
    /// # Errors
    ///
    /// Says why `config` does not do, or that another drain runs.
    pub fn start(config: TraceConfig) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let resolved = config.resolve(&|_| None)?;
        let reading = running::begin_reading().ok_or("another drain reads the rings")?;
        HostClock::start();
        resolved.settings.apply();
        let resource = Arc::new(Resource::new(resolved.resource.clone()));
        let exporters =
            destinations::start(&resolved, &resource, None, &Served::ByThreads).map_err(why)?;
        let vocabulary = Vocabulary::new(resolved.dialects, &resolved.namespace);
        let vocabulary = vocabulary.with_code_of(resolved.code_attributes);
        let assembler = Assembler::new(resolved.limits, resource, Arc::new(vocabulary));
        let (shared, measures) = (Arc::<Shared>::default(), Measures::from(Vec::new()));
        let drain = Drain::new(Arc::clone(&shared), reading, assembler, measures, exporters);
        State::On.set();
        Ok(Self { shared, drain })
    }

    /// Empties the rings, joins what was in them, and returns when every destination has had it: what a
    /// flush does, on this thread.
    pub fn turn(&mut self) {
        let (done, is_done) = mpsc::sync_channel(1);
        self.drain.flush(Box::new(move || {
            // Whoever waits is there until this was said.
            let _ = done.send(());
        }));
        // Fails where a destination died; its losses are counted.
        let _ = is_done.recv();
    }

    /// Returns how many spans of sampled traces came out of the rings.
    pub fn spans(&self) -> u64 {
        self.shared.tally().spans
    }
}

impl Drop for DrainByHand {
    fn drop(&mut self) {
        State::AfterShutdown.set();
    }
}

fn why(error: StartError) -> Box<dyn Error + Send + Sync> {
    match error {
        StartError::AlreadyRunning => Box::new(ExportError::new("another drain runs")),
        StartError::Thread(error) => Box::new(error),
        StartError::Exporter(error) => Box::new(error),
    }
}
