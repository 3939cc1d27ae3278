//! What looks at every finished span before any destination has it: sampled or not.
//!
//! A measured span of an unsampled trace feeds figures and is seen by nobody: it comes here, and goes
//! no further. Measures work on the drain's thread, so they count and add and never wait.

use crate::SpanData;
use crate::batch::Batch;

/// Something that makes figures of spans.
pub(crate) trait Measure: Send {
    /// Looks at one finished span; each comes once, children that ended before their parent first.
    fn measure(&mut self, span: &SpanData<'_>);

    /// Looks at every span of a batch.
    fn measure_all(&mut self, batch: &Batch) {
        batch.by_end().for_each(|span| self.measure(&span));
    }

    /// Hears that no more spans come.
    fn end(&mut self) {}
}

/// Everything that measures.
#[derive(Default)]
pub(crate) struct Measures {
    list: Vec<Box<dyn Measure>>,
}

impl Measures {
    /// Shows every span of a batch to each of them.
    pub(crate) fn measure(&mut self, batch: &Batch) {
        self.list.iter_mut().for_each(|measure| measure.measure_all(batch));
    }

    /// Tells each that no more spans come.
    pub(crate) fn end(&mut self) {
        self.list.iter_mut().for_each(|measure| measure.end());
    }
}

impl From<Vec<Box<dyn Measure>>> for Measures {
    fn from(list: Vec<Box<dyn Measure>>) -> Self {
        Self { list }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assemble::Assembler;
    use crate::config::Limits;
    use crate::deadline::Deadline;
    use crate::destination::Destination;
    use crate::drain::Drain;
    use crate::front::{Command, Shared};
    use crate::pipeline::alone;
    use crate::running;
    use crate::served::Served;
    use crate::sink::Own;
    use crate::{ExportError, SpanExporter};
    use exo_trace_std::__private::begin_measured_named;
    use exo_trace_std::{Context, Sampler, Settings, State, attributes, span_sync};
    use std::sync::Arc;
    use std::sync::mpsc::{Sender, channel};
    use std::time::Duration;

    /// Tells what it sees, as a measure and as an exporter.
    struct Tells(&'static str, Sender<String>);

    impl Measure for Tells {
        fn measure(&mut self, span: &SpanData<'_>) {
            let attributes: Vec<_> =
                span.attributes().filter(|(key, _)| !key.starts_with("code.")).collect();
            let status = span.status().code().as_str();
            self.1.send(format!("{} {} {attributes:?} {status}", self.0, span.name())).unwrap();
        }
    }

    impl SpanExporter for Tells {
        fn export(&mut self, spans: &[SpanData<'_>]) -> Result<(), ExportError> {
            spans.iter().for_each(|span| self.measure(span));
            Ok(())
        }
    }

    /// Runs `work` in front of a drain with a measure and an exporter, and returns what they tell.
    fn told(sampler: Sampler, work: impl FnOnce()) -> Vec<String> {
        let _alone = alone();
        Settings { sampler, ..Settings::default() }.apply();
        let (tell, told) = channel();
        let measures: Vec<Box<dyn Measure>> = vec![Box::new(Tells("measured", tell.clone()))];
        let exporter =
            Destination::start(Own(Tells("exported", tell), "tells"), &Served::ByThreads).unwrap();
        let limits = Limits { attribute_count_max: 9, event_count_max: 9, link_count_max: 9 };
        let shared = Arc::<Shared>::default();
        let drain = Drain::new(
            Arc::clone(&shared),
            running::begin_reading().unwrap(),
            Assembler::new(limits, Arc::default(), Arc::default()),
            Measures::from(measures),
            vec![exporter],
        );
        State::On.set();
        work();
        State::AfterShutdown.set();
        shared.send(Command::Stop { deadline: Deadline::after(Duration::MAX) });
        assert!(drain.run());
        told.iter().collect()
    }

    #[test]
    fn a_measured_span_of_an_unsampled_trace_is_measured_whole_and_not_exported() {
        let told = told(Sampler::AlwaysOff, || {
            let _root = span_sync!("plain root");
            let agent = begin_measured_named("agent", attributes! { step = 1 }).enter();
            let _plain = span_sync!("plain", unseen = true);
            drop(begin_measured_named("tool", attributes! { said = "text" }).enter());
            agent.record_error("refused");
        });
        let tool = r#"measured tool [("said", Text("text"))] unset"#;
        let agent = told.last().map(String::as_str).unwrap_or_default();
        assert_eq!((told.len(), told[0].as_str()), (2, tool), "{told:?}");
        assert!(agent.starts_with(r#"measured agent [("step", I64(1))"#), "{agent}");
        assert!(agent.ends_with(" error"), "{agent}");
    }

    #[test]
    fn a_span_of_a_sampled_trace_is_measured_before_it_is_exported() {
        let told = told(Sampler::AlwaysOn, || {
            let _agent = begin_measured_named("agent", ()).enter();
            drop(span_sync!("plain"));
            // Held for another pass, because its context left the thread.
            let _ = Context::current();
        });
        let place = |name: &str| told.iter().position(|told| told.starts_with(name)).unwrap();
        assert!(place("measured plain") < place("exported plain"), "{told:?}");
        assert!(place("measured agent") < place("exported agent"), "{told:?}");
        assert_eq!(told.len(), 4, "each once by each: {told:?}");
    }
}
