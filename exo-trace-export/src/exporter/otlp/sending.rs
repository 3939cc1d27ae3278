//! Spans to a collector, one request at a time, each span settled before the next: taken, rejected,
//! on disk, or lost and counted.
//!
//! While a request is tried again the batches behind it wait in the queue, which is bounded. With a
//! spool a request is tried once, and waits on disk until the collector is back.

use super::attempts::{Attempts, Fate};
use super::bodies::Bodies;
use super::ending::Ending;
use super::health::Health;
use super::runtime::OwnRuntime;
use super::share::Share;
use super::shelter::{Part, Shelter};
use super::transport::Transport;
use super::under_way::UnderWay;
use crate::batch::Batch;
use crate::config::{Collector, Protocol, Sending};
use crate::counts::Toll;
use crate::destination;
use crate::exporter::ExportError;
use crate::note::note;
use crate::queue::Appetite;
use crate::resource::Resource;
use crate::sink::{Request, Sink};
use bytes::Bytes;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A request that is refused as too long is halved until it is as short as this.
const HALVED_BYTES_MIN: usize = 64 << 10;
/// How many requests leave the spool at a time, before the queue is looked at again.
const UNSPOOLED_MAX: usize = 16;
/// How often a request from the spool is refused before it is given up: whoever can mend what the
/// collector does not like, a key say, has this many pauses for it.
const REFUSALS_MAX: u32 = 3;
const REFUSED_PAUSE: Duration = Duration::from_secs(30);
/// How long a spool that cannot be read is left alone.
const UNREADABLE_PAUSE: Duration = Duration::from_secs(1);

/// The destination behind [`TraceBackend::Otlp`](crate::TraceBackend::Otlp).
pub(super) struct CollectorSink {
    // Before the runtime: the connection's tasks belong to it.
    attempts: Attempts,
    runtime: OwnRuntime,
    bodies: Bodies,
    shelter: Shelter,
    /// Its oldest request, or what is left of that.
    under_way: Option<UnderWay>,
    /// Until then the spool is left alone.
    unspool_after: Option<Instant>,
    /// How often its oldest request was refused.
    refusals: u32,
    /// It was said that the spool does not take any more.
    is_full_noted: bool,
    sending: Sending,
    component: &'static str,
}

impl CollectorSink {
    pub(super) fn new(
        transport: Transport,
        collector: &Collector,
        sending: &Sending,
        resource: &Arc<Resource>,
        runtime: OwnRuntime,
        ending: destination::Ending,
    ) -> Result<Self, ExportError> {
        let shown = format!("{} ({})", collector.shown_endpoint(), collector.protocol);
        let (ending, health) = (Ending::new(ending), Health::new(shown));
        let shelter = Shelter::open(sending, collector.protocol)?;
        let is_sheltered = shelter.is_there();
        Ok(Self {
            attempts: Attempts::new(transport, ending, health, sending.give_up_after, is_sheltered),
            runtime,
            bodies: Bodies::new(collector.protocol, Arc::clone(resource)),
            shelter,
            under_way: None,
            unspool_after: None,
            refusals: 0,
            is_full_noted: false,
            sending: sending.clone(),
            component: match collector.protocol {
                Protocol::Grpc => "otlp_grpc_span_exporter",
                Protocol::HttpProtobuf => "otlp_http_span_exporter",
                Protocol::HttpJson => "otlp_http_json_span_exporter",
            },
        })
    }

    /// Writes a request of the first spans of a share, and returns which those are.
    fn fill(&mut self, share: &mut Share, group: &[Arc<Batch>], toll: &mut Toll) -> (Bytes, Share) {
        let mut filled = Share::default();
        // All batches of a group say the same.
        let Some(first) = group.first() else { return (Bytes::new(), filled) };
        let body = self.bodies.of(&first.resource);
        while let Some((batch, places)) = share.first(self.sending.batch_spans_max - filled.len())
            && let Some(spans) = group.get(batch)
            && !places.is_empty()
        {
            let mut taken = body.push(spans, places.clone());
            if taken == 0 && filled.is_empty() {
                if !body.push_cut(spans, places.start) {
                    toll.too_long += 1;
                    share.take(1);
                    continue;
                }
                taken = 1;
            }
            filled.append(share.take(taken));
            if taken < places.len() {
                break;
            }
        }
        (body.finish(), filled)
    }

    /// Sends the spans of a group, and halves of a request where it is too long.
    fn send(&mut self, group: &[Arc<Batch>]) -> Toll {
        let mut toll = Toll::default();
        let mut shares = vec![Share::whole(group)];
        while let Some(mut share) = shares.pop() {
            let (request, sent) = self.fill(&mut share, group, &mut toll);
            if !share.is_empty() {
                shares.push(share);
            }
            let spans = sent.len() as u64;
            match self.settle(&request, sent.len()) {
                _ if spans == 0 => {}
                Fate::Taken { rejected } => toll.rejected += rejected.min(spans),
                Fate::TooLong if sent.len() > 1 && request.len() > HALVED_BYTES_MIN => {
                    shares.extend(sent.halves().into_iter().rev());
                }
                Fate::TooLong => toll = toll.and(self.too_long(spans)),
                Fate::Failed => toll.failed += spans,
                Fate::Away | Fate::Abandoned if self.is_sheltered(&request, spans) => {
                    toll.spooled += spans;
                }
                Fate::Away => toll.failed += spans,
                Fate::Abandoned => toll.abandoned += spans,
            }
        }
        toll
    }

    /// Sends a request until it is settled; only once where it can wait on disk.
    fn settle(&mut self, request: &Bytes, spans: usize) -> Fate {
        if spans == 0 {
            return Fate::Taken { rejected: 0 };
        }
        let is_sheltered = self.shelter.is_there();
        if is_sheltered && self.attempts.pause_left().is_some() {
            return Fate::Away;
        }
        let Self { runtime, attempts, .. } = self;
        let request = request.clone();
        let sent = runtime.run_anywhere(async {
            match is_sheltered {
                true => attempts.once(request).await,
                false => attempts.until_settled(request).await,
            }
        });
        sent.unwrap_or(Fate::Failed)
    }

    /// Puts a request on disk; `false` where there is no place for it.
    fn is_sheltered(&mut self, request: &[u8], spans: u64) -> bool {
        if !self.shelter.is_there() {
            return false;
        }
        let put = self.shelter.put(request, spans);
        if let Err(reason) = &put
            && !self.is_full_noted
        {
            note(format_args!("{spans} spans are lost, and more may be: {reason}"));
        }
        self.is_full_noted = put.is_err();
        put.is_ok()
    }

    /// Sends what waits on disk, until the collector is away again.
    fn unspool(&mut self, requests_max: usize) -> Toll {
        let mut toll = Toll::default();
        for _ in 0..requests_max {
            if self.spool_pause_left().is_some() {
                break;
            }
            let oldest = self.under_way.take().or_else(|| self.shelter.oldest().map(UnderWay::of));
            let Some(mut oldest) = oldest else {
                if !self.shelter.is_empty() {
                    self.leave_spool_alone(UNREADABLE_PAUSE);
                }
                break;
            };
            if !self.is_settled(&mut oldest) {
                self.under_way = Some(oldest);
                break;
            }
            self.shelter.remove_oldest(oldest.spans());
            toll = toll.and(oldest.toll());
        }
        let damaged = self.shelter.take_damaged();
        let inherited = self.shelter.take_lost_of_others();
        toll.and(Toll { unspooled: damaged, failed: damaged, inherited, ..Toll::default() })
    }

    /// Sends what is left of a request from the spool; `false` when some of it has to wait.
    fn is_settled(&mut self, request: &mut UnderWay) -> bool {
        while let Some(part) = request.next() {
            let lost = match self.settle(&part.request, 1) {
                Fate::Away | Fate::Abandoned => return false,
                Fate::Taken { rejected } => Toll { rejected, ..Toll::default() },
                Fate::Failed if self.refusals + 1 < REFUSALS_MAX => {
                    self.refusals += 1;
                    self.leave_spool_alone(REFUSED_PAUSE);
                    return false;
                }
                Fate::Failed => Toll::failed(part.spans),
                Fate::TooLong => match self.halves(part) {
                    Some(halves) => {
                        request.divide(halves);
                        continue;
                    }
                    None => self.too_long(part.spans),
                },
            };
            self.refusals = 0;
            request.settle(lost);
        }
        true
    }

    /// Returns the halves of a part from the spool, unless it is short enough for any collector.
    fn halves(&self, part: &Part) -> Option<[Part; 2]> {
        let is_long = part.request.len() > HALVED_BYTES_MIN;
        is_long.then(|| self.shelter.halves(part)).flatten()
    }

    /// Says and counts that spans are too long to be divided any further.
    fn too_long(&mut self, spans: u64) -> Toll {
        self.attempts.say_too_long();
        // One alone is what is too long; of many, none can be named.
        match spans {
            1 => Toll { too_long: 1, ..Toll::default() },
            _ => Toll::failed(spans),
        }
    }

    fn leave_spool_alone(&mut self, pause: Duration) {
        self.unspool_after = Instant::now().checked_add(pause);
    }

    /// Returns how long the spool is left alone.
    fn spool_pause_left(&self) -> Option<Duration> {
        let left = self.unspool_after?.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }
}

impl Sink for CollectorSink {
    fn component(&self) -> &'static str {
        self.component
    }

    fn appetite(&self) -> Appetite {
        let Sending { batch_spans_max, batch_delay, queue_spans_max, .. } = self.sending;
        Appetite { spans: batch_spans_max, delay: batch_delay, queue_spans_max }
    }

    fn deliver(&mut self, batches: &[Arc<Batch>]) -> Toll {
        let toll = self.send(batches);
        match self.attempts.pause_left() {
            Some(_) => toll,
            None => toll.and(self.unspool(UNSPOOLED_MAX)),
        }
    }

    fn ask(&mut self, request: Request) -> Toll {
        let requests_max = match request {
            // What is recorded meanwhile stands in the queue, and must not find it full.
            Request::Tick | Request::Flush => UNSPOOLED_MAX,
            Request::Shutdown => usize::MAX,
        };
        if request != Request::Tick {
            // Who asks wants it tried now.
            self.attempts.end_pause();
        }
        let toll = self.unspool(requests_max);
        if request != Request::Tick {
            self.shelter.sync();
        }
        toll
    }

    fn trouble(&self) -> Option<&str> {
        self.attempts.trouble()
    }

    /// Comes back for what waits on disk.
    fn next_tick(&self) -> Option<Duration> {
        let pauses = [self.attempts.pause_left(), self.spool_pause_left()];
        (!self.shelter.is_empty()).then(|| pauses.into_iter().flatten().max().unwrap_or_default())
    }
}
