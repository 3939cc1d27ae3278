//! One boot of a board: what is known of it, and the records that wait for the rest.

use super::counts::DeviceCounts;
use super::identity::Identity;
use super::message::{Anchor, Boot, Head, Message, Span};
use super::origins::{Origin, Origins};
use super::record::{DeviceAnchor, DeviceBoot, DeviceRecord, DeviceSite, DeviceSpan, Heard};
use super::sequence::Sequence;
use super::waiting::Waiting;
use exo_trace_core::compact::{LocalId, Target};
use exo_trace_core::stream::{Kind, TICKS_BITS};
use exo_trace_core::{SpanContext, TraceFlags, TraceId};
use std::collections::HashMap;
use std::sync::Arc;

/// How many call sites one boot may name.
const SITES_MAX: usize = 4_096;

/// What is known of one boot.
#[derive(Debug)]
pub(super) struct Life {
    boot: Arc<DeviceBoot>,
    identity: Identity,
    sequence: Sequence,
    ticks: Option<u64>,
    sites: HashMap<u16, Arc<DeviceSite>>,
    origins: Origins,
    waiting: Waiting,
}

impl Life {
    /// Begins with what a boot frame said.
    pub(super) fn new(boot: &Boot) -> Self {
        let &Boot { seed, ticks_per_second, ref resource, is_cut, .. } = boot;
        let boot = DeviceBoot { seed, ticks_per_second, resource: resource.clone(), is_cut };
        Self::of(Arc::new(boot))
    }

    fn of(boot: Arc<DeviceBoot>) -> Self {
        Self {
            identity: Identity::of_boot(boot.seed),
            boot,
            sequence: Sequence::default(),
            ticks: None,
            sites: HashMap::from([(0, Arc::new(DeviceSite::not_listed()))]),
            origins: Origins::default(),
            waiting: Waiting::default(),
        }
    }

    pub(super) fn boot(&self) -> &Arc<DeviceBoot> {
        &self.boot
    }

    /// Tells whether a boot frame is of another boot: another seed, or frames that count from the
    /// beginning again, because a board started anew with the same one.
    pub(super) fn is_over(&self, boot: &Boot) -> bool {
        boot.seed != self.boot.seed || self.sequence.is_past(boot.number)
    }

    /// Tells whether a payload says that its board began anew with the same seed: the first boot frame was
    /// lost, and an anchor counts from the beginning.
    pub(super) fn is_left_behind_by(&self, payload: &[u8]) -> bool {
        let Some((head, bytes)) = Head::of(payload) else { return false };
        let kind = Kind::of_number(head.kind).filter(|kind| *kind == Kind::Anchor);
        let message = kind.and_then(|kind| Message::read(kind, bytes));
        matches!(message, Some(Message::Anchor(anchor))
            if head.is_of(anchor.number) && self.sequence.is_past(anchor.number))
    }

    /// Returns a life of which the same is known that boot frames say.
    pub(super) fn anew(&self) -> Self {
        Self::of(Arc::clone(&self.boot))
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Takes a boot frame of this boot: a round of repetitions begins.
    pub(super) fn round(
        &mut self,
        head: Head,
        boot: &Boot,
        counts: &mut DeviceCounts,
        take: &mut dyn FnMut(Heard),
    ) {
        counts.missing += self.sequence.low(head.sequence) + self.sequence.whole(boot.number);
        for message in self.waiting.round() {
            // A busy line takes its time to name all call sites; a context comes with its spans.
            match self.is_named(&message) {
                true => self.give_up(message, counts, take),
                false => self.waiting.put_back_anew(message),
            }
        }
    }

    /// Takes the payload of any other frame.
    pub(super) fn payload(
        &mut self,
        payload: &[u8],
        counts: &mut DeviceCounts,
        take: &mut dyn FnMut(Heard),
    ) {
        counts.frames += 1;
        let Some((head, bytes)) = Head::of(payload) else {
            counts.malformed += 1;
            return;
        };
        counts.missing += self.sequence.low(head.sequence);
        let Some(kind) = Kind::of_number(head.kind) else {
            counts.unknown += 1;
            return;
        };
        match Message::read(kind, bytes) {
            Some(Message::Anchor(anchor)) if !head.is_of(anchor.number) => counts.malformed += 1,
            Some(message) => self.message(message, counts, take),
            None => counts.malformed += 1,
        }
    }

    fn message(
        &mut self,
        message: Message,
        counts: &mut DeviceCounts,
        take: &mut dyn FnMut(Heard),
    ) {
        match message {
            // Opened before anything is asked of a life.
            Message::Boot(_) => counts.malformed += 1,
            Message::Site { number, kind, name, keys } => {
                if self.sites.len() < SITES_MAX && !self.sites.contains_key(&number) {
                    let site = DeviceSite { number, name, kind, keys };
                    self.sites.insert(number, Arc::new(site));
                    self.try_again(counts, take);
                }
            }
            Message::Context { root, remote } => {
                self.origins.learn(root, Origin::Remote(remote));
                self.try_again(counts, take);
            }
            Message::Anchor(Anchor { number, ticks, unix }) => {
                counts.missing += self.sequence.whole(number);
                let is_first = self.ticks.replace(ticks).is_none();
                take(Heard::Anchor(DeviceAnchor { ticks, unix }));
                if is_first {
                    self.try_again(counts, take);
                }
            }
            Message::Loss(loss) => counts.ring(&loss),
            record => {
                if let Message::Span(Span { id, root, is_remote, .. }) = record {
                    self.origins.saw(id, root, is_remote);
                }
                self.record(record, counts, take);
            }
        }
    }

    /// Lets a record out, or lets it wait.
    fn record(&mut self, message: Message, counts: &mut DeviceCounts, take: &mut dyn FnMut(Heard)) {
        let Some(record) = self.resolved(&message) else {
            for gone in self.waiting.push(message) {
                self.give_up(gone, counts, take);
            }
            return;
        };
        // A link may wait for the span that was let out.
        let is_waited_for = matches!(record, DeviceRecord::Span(_)) && self.waiting.has_links();
        let_out(record, counts, take);
        if is_waited_for {
            self.try_again(counts, take);
        }
    }

    fn try_again(&mut self, counts: &mut DeviceCounts, take: &mut dyn FnMut(Heard)) {
        for (message, since) in self.waiting.take() {
            match self.resolved(&message) {
                Some(record) => let_out(record, counts, take),
                None => self.waiting.put_back(message, since),
            }
        }
    }

    /// Lets a record out that waited for long enough, if only its trace's origin is not known.
    fn give_up(
        &mut self,
        message: Message,
        counts: &mut DeviceCounts,
        take: &mut dyn FnMut(Heard),
    ) {
        if let Message::Span(span) = &message
            && self.origins.of(span.root, span.is_remote).is_none()
        {
            self.origins.learn(span.root, Origin::Here);
            counts.orphaned += 1;
        }
        match self.resolved(&message) {
            Some(record) => let_out(record, counts, take),
            None => counts.evicted += 1,
        }
    }

    /// Gives up whatever still waits, because nothing more will come.
    pub(super) fn end(&mut self, counts: &mut DeviceCounts, take: &mut dyn FnMut(Heard)) {
        for (message, _) in self.waiting.take() {
            self.give_up(message, counts, take);
        }
    }

    /// Tells whether what every record needs is known: its call site, and the clock.
    fn is_named(&self, message: &Message) -> bool {
        let site = match message {
            Message::Span(Span { site, .. })
            | Message::Event { site, .. }
            | Message::Attributes { site, .. }
            | Message::Text { site, .. } => *site,
            _ => 0,
        };
        self.ticks.is_some() && self.sites.contains_key(&site)
    }

    /// Returns what a record says, if all it needs is known.
    fn resolved(&self, message: &Message) -> Option<DeviceRecord> {
        Some(match *message {
            Message::Span(span) => DeviceRecord::Span(self.span(&span)?),
            Message::Event { site, span, ticks, values } => DeviceRecord::Event {
                site: self.site(site)?,
                span_id: self.identity.span_id(span),
                ticks: self.extended(ticks)?,
                values,
            },
            Message::Attributes { site, span, values } => DeviceRecord::Attributes {
                site: self.site(site)?,
                span_id: self.identity.span_id(span),
                values,
            },
            Message::Text { site, span, is_cut, ref text } => DeviceRecord::Text {
                site: self.site(site)?,
                span_id: self.identity.span_id(span),
                is_cut,
                text: text.clone(),
            },
            Message::Link { span, to } => {
                let context = match to {
                    Target::Remote(context) => context,
                    Target::Local(to) => self.context(to)?,
                };
                DeviceRecord::Link { span_id: self.identity.span_id(span), context }
            }
            _ => return None,
        })
    }

    fn span(&self, span: &Span) -> Option<DeviceSpan> {
        let origin = self.origins.of(span.root, span.is_remote)?;
        let (trace_id, flags) = self.trace(span.root, origin);
        let (parent_id, is_parent_remote) = match (span.parent, origin) {
            (Some(parent), _) => (Some(self.identity.span_id(parent)), false),
            (None, Origin::Remote(context)) => (Some(context.span_id), true),
            (None, Origin::Here) => (None, false),
        };
        let end_ticks = self.extended(span.end)?;
        Some(DeviceSpan {
            site: self.site(span.site)?,
            trace_id,
            span_id: self.identity.span_id(span.id),
            parent_id,
            is_parent_remote,
            flags,
            start_ticks: end_ticks.saturating_sub(span.ticks),
            end_ticks,
            outcome: span.outcome,
            dropped: span.dropped,
            values: span.values,
        })
    }

    fn context(&self, span: LocalId) -> Option<SpanContext> {
        let (root, origin) = self.origins.of_span(span)?;
        let (trace_id, flags) = self.trace(root, origin);
        Some(SpanContext {
            trace_id,
            span_id: self.identity.span_id(span),
            flags,
            is_remote: false,
        })
    }

    fn trace(&self, root: LocalId, origin: Origin) -> (TraceId, TraceFlags) {
        match origin {
            Origin::Remote(context) => (context.trace_id, context.flags),
            Origin::Here => {
                (self.identity.trace_id(root), TraceFlags::SAMPLED.with(TraceFlags::RANDOM))
            }
        }
    }

    fn site(&self, number: u16) -> Option<Arc<DeviceSite>> {
        self.sites.get(&number).cloned()
    }

    /// Returns the whole tick count that ends in these bits and is nearest to the last anchor's.
    fn extended(&self, low: u64) -> Option<u64> {
        let anchor = self.ticks?;
        let unused = u64::BITS - TICKS_BITS;
        let distance = (low.wrapping_sub(anchor) << unused) as i64 >> unused;
        Some(anchor.saturating_add_signed(distance))
    }
}

fn let_out(record: DeviceRecord, counts: &mut DeviceCounts, take: &mut dyn FnMut(Heard)) {
    let site = match &record {
        DeviceRecord::Span(span) => Some(&span.site),
        DeviceRecord::Event { site, .. }
        | DeviceRecord::Attributes { site, .. }
        | DeviceRecord::Text { site, .. } => Some(site),
        DeviceRecord::Link { .. } => None,
    };
    counts.unlisted += u64::from(site.is_some_and(|site| site.number == 0));
    counts.records += 1;
    take(Heard::Record(record));
}
