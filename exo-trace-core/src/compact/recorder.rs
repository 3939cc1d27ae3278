//! What a program of one priority records with: its ring, its clock, and the span it is in.
//!
//! Written for few bytes: what every call site does is a call of one function that is there once, and no
//! call can fail, wait or panic. Everything is loads and stores; interrupts are never masked.

use super::clock::Moment;
use super::current::{Current, Place};
use super::encode::{context_bits, context_words};
use super::head::{COUNT_AT, CUT, Kind, TAGS_AT, TEXT_LENGTH_AT, TEXT_WORDS, WHOLE_CONTEXT};
use super::local_id::Turned;
use super::open_span::LONG_SPAN_WORDS;
use super::{Clock32, LocalId, OpenSpan, Ring, Site, SiteHead, Slot, Target, VALUES_MAX, Value32};
use crate::sync::{Relaxed, StaticAtomicU32};
use crate::word::Atom;
use crate::{SpanContext, Writer};
use core::cell::Cell;
use core::fmt;

/// The longest text that is said, in bytes: as much as a frame of the device stream holds beside two ids.
const SAID_BYTES_MAX: usize = 236;

/// The records of one priority: of the main loop, or of one interrupt.
///
/// It is not [`Sync`], and there is one at a time for a ring; making one costs a few loads, so an
/// interrupt may make its own each time it runs. Two at once overwrite each other's records, see
/// [`Ring::writer`](crate::Ring::writer).
///
/// ```
/// use exo_trace_core::compact::{Clock32, Record, Recorder, Ring, Site, Sites, Value32, site};
///
/// struct Timer;
///
/// impl Clock32 for Timer {
///     fn ticks(&self) -> u32 {
///         40 // a register of the chip
///     }
/// }
///
/// static RING: Ring<256> = Ring::new();
/// static READ: Site = site!("sensor.read", Internal, ["exo.agent.step", "celsius"]);
///
/// static SITES: &[&[Site]] = &[&[READ]];
///
/// Sites::new(SITES);
/// let recorder = Recorder::new(&RING, Timer);
/// let mut span = recorder.start(&READ);
/// span.set(0, 6);
/// span.set(1, 21.5);
/// drop(span);
///
/// let mut words = [0; 16];
/// let read = RING.by_ref().reader().read(&mut words);
/// let Ok(Record::Span { site: 1, values, .. }) = Record::decode(&words[..read]) else { panic!() };
/// assert_eq!(values.get(1), Some(Value32::Float(21.5)));
/// ```
pub struct Recorder<'r, C> {
    writer: Writer<'r, [Slot], fn(), Slot>,
    /// The slots up to the place where the writer has to look again.
    room: Cell<&'r [Slot]>,
    last_id: &'r StaticAtomicU32,
    pub(super) place: Place,
    clock: C,
}

impl<'r, C: Clock32> Recorder<'r, C> {
    /// Returns the recorder of a ring, which goes on where the last one stopped.
    #[inline]
    pub fn new<const N: usize, const NUMBER: u8>(ring: &'r Ring<N, NUMBER>, clock: C) -> Self {
        Self::waking(ring, clock, || {})
    }

    /// As [`Recorder::new`]; `wake` is called when the ring gets half full, once until somebody reads, and
    /// once by each recorder that is made while it is so.
    #[inline]
    pub fn waking<const N: usize, const NUMBER: u8>(
        ring: &'r Ring<N, NUMBER>,
        clock: C,
        wake: fn(),
    ) -> Self {
        let ring = ring.by_ref();
        let (writer, last_id) = (ring.words().writer(wake), ring.last_id());
        // Finds no words where there is no room yet, and refuses none.
        let room = if writer.has_room(0) { writer.room() } else { &[] };
        Self { writer, room: Cell::new(room), last_id, place: Place::new(), clock }
    }

    /// Begins a span inside the current one and makes it current; it ends when it is dropped, or by
    /// [`OpenSpan::end`].
    #[inline(always)]
    pub fn start(&self, site: &'static Site) -> OpenSpan<'_, 'r, C> {
        // A call site knows where its head is: nothing of its facts is loaded, nor need they be there.
        self.begin(site.head)
    }

    #[inline(never)]
    fn begin(&self, site: &'static SiteHead) -> OpenSpan<'_, 'r, C> {
        let before = self.place.get();
        let own = before.child(self.next_id());
        self.place.set(own);
        OpenSpan::begin(self, site.turned(), self.now(), before, own)
    }

    /// As [`Recorder::start`], for the root of a trace on this device whose parent is a span elsewhere.
    ///
    /// Where that trace is not sampled, nothing is recorded until the span ends, and nothing counts as
    /// lost. Where the record of the parent finds no room, the span is the root of a trace of its own.
    ///
    /// ```
    /// # use exo_trace_core::compact::{Clock32, Recorder, Ring, Site, site};
    /// # struct Timer;
    /// # impl Clock32 for Timer { fn ticks(&self) -> u32 { 40 } }
    /// use exo_trace_core::SpanContext;
    ///
    /// static RING: Ring<64> = Ring::new();
    /// static ANSWER: Site = site!("answer", Server);
    ///
    /// let recorder = Recorder::new(&RING, Timer);
    /// let asked = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    /// drop(recorder.continue_trace(&ANSWER, &SpanContext::from_traceparent(asked)?));
    /// assert_eq!(RING.by_ref().recorded(), 2);
    /// # Ok::<(), exo_trace_core::ParseTraceparentError>(())
    /// ```
    pub fn continue_trace(&self, site: &'static Site, parent: &SpanContext) -> OpenSpan<'_, 'r, C> {
        let before = self.place.get();
        let is_sampled = parent.is_sampled();
        self.place.set(if is_sampled { Current::NONE } else { Current::UNSAMPLED });
        let mut span = self.start(site);
        span.before = before;
        if let Some(root) = span.id() {
            self.put_context(Kind::Context as u32, root, parent);
        }
        span
    }

    /// Runs `work` inside a span that ends with it, on whatever way it leaves.
    ///
    /// ```
    /// # use exo_trace_core::compact::{Clock32, Recorder, Ring, Site, site};
    /// # struct Timer;
    /// # impl Clock32 for Timer { fn ticks(&self) -> u32 { 40 } }
    /// static RING: Ring<64> = Ring::new();
    /// static READ: Site = site!("sensor.read", ["celsius"]);
    ///
    /// let recorder = Recorder::new(&RING, Timer);
    /// let celsius = recorder.in_span(&READ, |span| {
    ///     span.set(0, 21.5);
    ///     21.5
    /// });
    /// assert_eq!(celsius, 21.5);
    /// ```
    #[inline]
    pub fn in_span<T>(
        &self,
        site: &'static Site,
        work: impl FnOnce(&mut OpenSpan<'_, 'r, C>) -> T,
    ) -> T {
        work(&mut self.start(site))
    }

    /// Returns the id of the current span, for a link from another priority, say; `None` outside any, and
    /// where its trace is not sampled.
    pub fn current(&self) -> Option<LocalId> {
        self.place.get().id()
    }

    /// Says that something happened inside the current span; a value whose key the site has not is
    /// refused and counted.
    ///
    /// Outside any span it is refused and counted, as everything that belongs to one.
    ///
    /// ```
    /// # use exo_trace_core::compact::{Clock32, Recorder, Ring, Site, site};
    /// # struct Timer;
    /// # impl Clock32 for Timer { fn ticks(&self) -> u32 { 40 } }
    /// static RING: Ring<64> = Ring::new();
    /// static STEP: Site = site!("agent.step");
    /// static RETRY: Site = site!("retry", ["tries"]);
    /// static ANSWER: Site = site!("answer", ["exo.agent.answer"]);
    ///
    /// let recorder = Recorder::new(&RING, Timer);
    /// let step = recorder.start(&STEP);
    /// recorder.event(&RETRY, &[3.into()]);
    /// recorder.text(&ANSWER, "turn left");
    /// drop(step);
    /// assert_eq!(RING.by_ref().recorded(), 3);
    /// ```
    #[inline]
    pub fn event(&self, site: &'static Site, values: &[Value32]) {
        self.put_event(site.head, values);
    }

    #[inline(never)]
    fn put_event(&self, site: &SiteHead, values: &[Value32]) {
        let ticks = self.clock.ticks();
        self.put_values(Kind::Event, site, values, Some(ticks));
    }

    /// Says more of the current span than its call site does; values and refusals as for
    /// [`Recorder::event`].
    #[inline]
    pub fn attributes(&self, site: &'static Site, values: &[Value32]) {
        self.put_values(Kind::Attributes, site.head, values, None);
    }

    /// Says a text of the current span, under the first key of `site`; cut on a character where it is
    /// longer than 236 bytes, or than an eighth of the ring holds beside two words; 88 bytes always fit.
    #[inline]
    pub fn text(&self, site: &'static Site, text: &str) {
        self.put_text(site.head, text);
    }

    #[inline(never)]
    fn put_text(&self, site: &SiteHead, text: &str) {
        let Some(span) = self.said_of() else { return };
        let room = self.writer.record_words_max().saturating_sub(TEXT_WORDS) * 4;
        let said = text.get(..text.floor_char_boundary(room.min(SAID_BYTES_MAX)));
        let said = said.unwrap_or_default().as_bytes();
        let cut = if said.len() < text.len() { CUT } else { 0 };
        let head = Kind::Text as u32 | cut | (said.len() as u32) << TEXT_LENGTH_AT;
        let words = TEXT_WORDS + said.len().div_ceil(4);
        self.put_with(words, |slots| {
            let fixed = [head | site.number_in_head(), span];
            slots.iter().zip(fixed).for_each(|(slot, word)| slot.store(word));
            for (slot, bytes) in slots.iter().skip(TEXT_WORDS).zip(said.chunks(4)) {
                let mut word = [0; 4];
                word.iter_mut().zip(bytes).for_each(|(to, byte)| *to = *byte);
                slot.store(u32::from_ne_bytes(word));
            }
        });
    }

    /// Lets the current span point to another one: of this device, of an interrupt say, or of any other.
    pub fn link(&self, to: Target) {
        let Some(span) = self.said_of() else { return };
        match to {
            Target::Local(to) => self.put(&[Kind::Link as u32, span, to.to_word()]),
            Target::Remote(context) => {
                if let Some(span) = LocalId::new(span) {
                    self.put_context(Kind::Link as u32 | WHOLE_CONTEXT, span, &context);
                }
            }
        }
    }

    /// Returns the current span; counts what is said where there is none, unless nothing is to be said.
    fn said_of(&self) -> Option<u32> {
        let current = self.place.get();
        if current == Current::NONE {
            self.refuse();
        }
        (current.span != 0 && current.is_sampled()).then_some(current.span)
    }

    #[inline(never)]
    fn put_values(&self, kind: Kind, site: &SiteHead, values: &[Value32], ticks: Option<u32>) {
        let Some(span) = self.said_of() else { return };
        let count = values.len().min(site.key_count());
        (count..values.len()).for_each(|_| self.refuse());
        let mut head = kind as u32 | (count as u32) << COUNT_AT | site.number_in_head();
        let mut words = [span; 3 + VALUES_MAX];
        let mut filled = 2;
        if let (Some(ticks), Some(to)) = (ticks, words.get_mut(2)) {
            *to = ticks;
            filled = 3;
        }
        for (place, value) in values.iter().take(count).enumerate() {
            let (tag, word) = value.to_parts();
            head |= tag << (TAGS_AT as usize + 2 * place);
            if let Some(to) = words.get_mut(filled) {
                *to = word;
                filled += 1;
            }
        }
        words[0] = head;
        self.put(words.get(..filled).unwrap_or_default());
    }

    #[inline(never)]
    fn put_context(&self, kind: u32, span: LocalId, context: &SpanContext) {
        let [a, b, c, d, e, f] = context_words(context);
        self.put(&[kind | context_bits(context), span.to_word(), a, b, c, d, e, f]);
    }

    /// Ends a span: makes current what was before it, and writes it.
    #[inline(always)]
    pub(super) fn finish(&self, span: &OpenSpan<'_, 'r, C>) {
        let end = self.now();
        // One branch for all that is rare.
        if self.place.oddity(span.own) | span.oddity(end) == 0 && span.own.is_sampled() {
            self.place.set(span.before);
            match self.take(span.words()) {
                Some(slots) => self.write_span(span, end, slots),
                None => self.finish_with_a_look(span, end),
            }
        } else {
            self.finish_thoughtfully(span, end);
        }
    }

    /// Writes a span for which there is no room yet that is known.
    #[cold]
    #[inline(never)]
    fn finish_with_a_look(&self, span: &OpenSpan<'_, 'r, C>, end: Moment) {
        if let Some(slots) = self.look_for_room(span.words()) {
            self.write_span(span, end, slots);
        }
    }

    #[inline(always)]
    fn write_span(&self, span: &OpenSpan<'_, 'r, C>, end: Moment, slots: &[Slot]) {
        span.write(end.ticks, slots);
        self.writer.publish_uncounted(span.words());
    }

    /// Ends a span that left out of order, is not sampled, or has what few spans have.
    #[cold]
    #[inline(never)]
    fn finish_thoughtfully(&self, span: &OpenSpan<'_, 'r, C>, end: Moment) {
        self.place.leave(span.own.span, span.before);
        if span.own.is_sampled() {
            self.put(span.long_words(end, &mut [0; LONG_SPAN_WORDS]));
        }
    }

    #[inline(never)]
    fn put(&self, words: &[u32]) {
        self.put_with(words.len(), |slots| {
            slots.iter().zip(words).for_each(|(slot, word)| slot.store(*word));
        });
    }

    /// Lets `write` fill so many words and publishes them, or refuses.
    #[inline(always)]
    fn put_with(&self, words: usize, write: impl FnOnce(&[Slot])) {
        if let Some(slots) = self.take(words).or_else(|| self.look_for_room(words)) {
            write(slots);
            self.writer.publish_uncounted(words);
        }
    }

    /// Takes so many words of the room that is known, to be filled and published.
    #[inline(always)]
    fn take(&self, words: usize) -> Option<&'r [Slot]> {
        let (slots, rest) = self.room.get().split_at_checked(words)?;
        self.room.set(rest);
        Some(slots)
    }

    /// As [`Recorder::take`], after a look where the reader is; refuses where that is too near.
    #[cold]
    #[inline(never)]
    fn look_for_room(&self, words: usize) -> Option<&'r [Slot]> {
        self.writer.has_room(words);
        // Whatever the answer: a refusal may have filled the lap up, and the room that was known with it.
        self.room.set(self.writer.room());
        self.take(words)
    }

    /// Counts what could not be said.
    #[cold]
    #[inline(never)]
    pub(super) fn refuse(&self) {
        let _ = self.writer.refuse();
    }

    #[inline(always)]
    fn next_id(&self) -> u32 {
        // Relaxed: only this recorder uses it.
        let id = Turned(self.last_id.load(Relaxed)).next();
        self.last_id.store(id.0, Relaxed);
        id.to_word()
    }

    #[inline(always)]
    fn now(&self) -> Moment {
        let half_laps = self.clock.half_laps();
        Moment { half_laps, ticks: self.clock.ticks() }
    }
}

impl<C> fmt::Debug for Recorder<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("place", &self.place).finish_non_exhaustive()
    }
}
