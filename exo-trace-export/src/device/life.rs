//! One boot of a board: what is known of it, and the records that wait for the rest.

use super::counts::DeviceCounts;
use super::known::{Known, Need};
use super::message::{Anchor, Boot, Head, Message, Told};
use super::record::{DeviceAnchor, DeviceBoot, DeviceRecord, DeviceSite, Heard};
use super::sequence::Sequence;
use super::waiting::Waiting;
use exo_trace_core::compact::LocalId;
use exo_trace_core::stream::Kind;
use std::sync::Arc;

/// One boot of a board.
#[derive(Debug)]
pub(super) struct Life {
    boot: Arc<DeviceBoot>,
    sequence: Sequence,
    known: Known,
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
            known: Known::of_boot(boot.seed),
            boot,
            sequence: Sequence::default(),
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
        for number in self.waiting.round() {
            // A busy line takes its time to name all call sites; a context comes with its spans.
            if !self.waiting.may_stay(number) {
                self.give_up(number, counts, take);
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
                self.known.learn_site(DeviceSite { number, name, kind, keys });
                self.learned(Need::Site(number), counts, take);
            }
            Message::Context { root, remote } => {
                self.known.origins.learn(root, remote);
                self.learned(Need::Trace(root), counts, take);
                self.learned(Need::Context(root), counts, take);
            }
            Message::Anchor(Anchor { number, ticks, unix }) => {
                counts.missing += self.sequence.whole(number);
                self.known.learn_ticks(ticks);
                take(Heard::Anchor(DeviceAnchor { ticks, unix }));
                self.learned(Need::Clock, counts, take);
            }
            Message::Loss(loss) => counts.ring(&loss),
            Message::Told(told) => {
                if let Told::Span(span) = &told {
                    if !self.known.origins.saw(span) {
                        counts.repeated += 1;
                        return;
                    }
                    let said = [Some(span.id), span.parent, Some(span.root)];
                    for known in said.into_iter().flatten() {
                        self.learned(Need::Trace(known), counts, take);
                    }
                }
                self.told(told, counts, take);
            }
        }
    }

    /// Lets a record out, or lets it wait.
    fn told(&mut self, told: Told, counts: &mut DeviceCounts, take: &mut dyn FnMut(Heard)) {
        if self.waiting.has(told.span()) {
            self.waiting.push(told, None);
        } else {
            match self.known.meaning(&told) {
                Ok(record) => return self.let_out(&told, record, counts, take),
                Err(need) => self.waiting.push(told, Some(need)),
            }
        }
        while let Some(oldest) = self.waiting.one_too_many() {
            self.give_up(oldest, counts, take);
        }
    }

    /// Lets out what waited for this alone.
    fn learned(&mut self, need: Need, counts: &mut DeviceCounts, take: &mut dyn FnMut(Heard)) {
        for span in self.waiting.woken(need) {
            self.go_on(span, counts, take);
        }
    }

    /// Lets out what waits of a span, up to the first record that lacks something.
    fn go_on(&mut self, span: LocalId, counts: &mut DeviceCounts, take: &mut dyn FnMut(Heard)) {
        while let Some((number, told)) = self.waiting.first(span) {
            match self.known.meaning(told) {
                Ok(record) => {
                    let Some(told) = self.waiting.take(number) else { return };
                    self.let_out(&told, record, counts, take);
                }
                Err(need) => return self.waiting.lacks(number, need),
            }
        }
    }

    /// Lets a span out that waited for long enough, if only its trace's origin is not known; a fact, and
    /// what has no name or time, is given up.
    fn give_up(&mut self, number: u64, counts: &mut DeviceCounts, take: &mut dyn FnMut(Heard)) {
        let Some(told) = self.waiting.get(number) else { return };
        let (span, lacks) = (told.span(), self.known.meaning(told).err());
        match (told, lacks) {
            (Told::Span(_), Some(Need::Context(root))) => {
                self.known.origins.give_up(root);
                self.learned(Need::Context(root), counts, take);
            }
            (_, Some(_)) => {
                self.waiting.take(number);
                counts.evicted += 1;
            }
            (_, None) => {}
        }
        self.go_on(span, counts, take);
    }

    /// Gives up whatever still waits, because nothing more will come.
    pub(super) fn end(&mut self, counts: &mut DeviceCounts, take: &mut dyn FnMut(Heard)) {
        while let Some(oldest) = self.waiting.oldest() {
            self.give_up(oldest, counts, take);
        }
    }

    fn let_out(
        &self,
        told: &Told,
        record: DeviceRecord,
        counts: &mut DeviceCounts,
        take: &mut dyn FnMut(Heard),
    ) {
        let is_orphan =
            matches!(told, Told::Span(span) if self.known.origins.is_given_up(span.root));
        let site = match &record {
            DeviceRecord::Span(span) => Some(&span.site),
            DeviceRecord::Event { site, .. }
            | DeviceRecord::Attributes { site, .. }
            | DeviceRecord::Text { site, .. } => Some(site),
            DeviceRecord::Link { .. } => None,
        };
        counts.orphaned += u64::from(is_orphan);
        counts.unlisted += u64::from(site.is_some_and(|site| site.number == 0));
        counts.records += 1;
        take(Heard::Record(record));
    }
}
