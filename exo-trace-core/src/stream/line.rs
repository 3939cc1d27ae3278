//! What goes on the line next: records as they come, and in turns what one needs to read them.
//!
//! A round says the boot, the clock, what was lost, every call site and the last contexts. It gets a
//! fifth of a busy line and all of an idle one; the next begins when it is over, at the earliest. Whoever listens from the middle on thus knows everything after one round.

use super::board::Board;
use super::contexts::Contexts;
use super::frame::{Frame, Key, Payload};
use super::held::Held;
use super::lane::Lane;
use super::payload::Sending;
use super::wire::RINGS_MAX;
use crate::SpanContext;
use crate::compact::{LocalId, Record, RingRef};

/// How many bytes of records go before one byte of a round on a busy line.
const SHARE: u16 = 4;

/// Writes the records of a board's rings as frames, a few bytes at a time.
///
/// It belongs to the lowest priority, an idle loop for one: nothing of it may be called from an
/// interrupt, and nothing of it disturbs one. It never waits and never allocates; its two buffers make
/// it about 800 bytes large. The format is described in `STREAM.md`.
///
/// ```
/// use exo_trace_core::compact::{Clock32, HalfLaps, Recorder, Ring, Site, Sites, site};
/// use exo_trace_core::stream::{Board, Stream};
///
/// static MAIN: Ring<256> = Ring::new();
/// static HALF_LAPS: HalfLaps = HalfLaps::new();
/// static READ: Site = site!("sensor.read", Internal, ["celsius"]);
/// static SITES: &[&[Site]] = &[&[READ]];
///
/// struct Timer;
///
/// impl Clock32 for Timer {
///     fn ticks(&self) -> u32 {
///         40 // a register of the chip
///     }
/// }
///
/// let board = Board {
///     seed: 0x5eed, // of the chip's random generator
///     ticks_per_second: 16_000_000,
///     resource: &[("device.id", "bench-7")],
///     sites: Sites::new(SITES),
///     half_laps: &HALF_LAPS,
/// };
/// let mut stream = Stream::new(board, [MAIN.by_ref()]);
/// let recorder = Recorder::new(&MAIN, Timer);
/// recorder.in_span(&READ, |span| span.set(0, 21));
///
/// // Whenever there is nothing better to do:
/// stream.poll(Timer.ticks());
/// let mut uart = [0; 16];
/// let mut sent = 0;
/// loop {
///     match stream.next_bytes(&mut uart) {
///         0 => break,
///         filled => sent += filled, // and out with them
///     }
/// }
/// assert!(sent > 32);
/// ```
#[derive(Debug)]
pub struct Stream<'r, const RINGS: usize> {
    board: Board<'r>,
    key: Key,
    lanes: [Lane<'r>; RINGS],
    held: Held,
    frame: Frame,
    contexts: Contexts,
    /// What the clock said last, extended; `None` before the first look.
    now: Option<u64>,
    unix: Option<(u64, u64)>,
    /// The number of the next frame.
    number: u32,
    round_ticks: u32,
    round_began: u32,
    first: First,
    turn: Turn,
    /// How many bytes of records come before the next frame of the round.
    owed: u16,
}

/// What of a round goes first, in one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum First {
    Boot,
    Anchor,
    Nothing,
}

/// What of a round is said next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Loss(u8),
    Site(u16),
    Context(u8),
    Done,
}

impl<'r, const RINGS: usize> Stream<'r, RINGS> {
    /// Returns a stream that has said nothing; its rounds are a second apart.
    ///
    /// The rings are read by nobody else. What they hold already is sent as well; it must be younger than
    /// half of the clock's range.
    pub fn new(board: Board<'r>, rings: [RingRef<'r>; RINGS]) -> Self {
        const { assert!(RINGS <= RINGS_MAX, "a stream reads 16 rings at most") };
        Self {
            board,
            key: Key::of_seed(board.seed),
            lanes: rings.map(Lane::new),
            held: Held::empty(),
            frame: Frame::empty(),
            contexts: Contexts::default(),
            now: None,
            unix: None,
            number: 0,
            round_ticks: board.ticks_per_second,
            round_began: 0,
            first: First::Boot,
            turn: Turn::Loss(0),
            owed: 0,
        }
    }

    /// Sets how many ticks lie between the beginnings of two rounds; a quarter of 2³² at most.
    #[must_use]
    pub fn with_round_ticks(mut self, ticks: u32) -> Self {
        self.round_ticks = ticks;
        self
    }

    /// Looks at the clock, and begins a round when it is time for one.
    ///
    /// Called before [`Stream::next_bytes`], and at least once while the tick count goes through a
    /// quarter of its range: with that, ticks are extended correctly for ever. What waits in its ring
    /// for longer than a half is skipped and counted, because nobody could tell when it was.
    pub fn poll(&mut self, now: u32) {
        self.board.half_laps.advance(now);
        let extended = self.board.half_laps.extend(now);
        // Nothing is known to be old at the first look, wherever the clock begins.
        let before = self.now.replace(extended).unwrap_or(extended);
        let quarters = (extended >> 30).wrapping_sub(before >> 30);
        if quarters > 0 {
            self.lanes.iter_mut().for_each(|lane| lane.mark(quarters));
            self.held.age(quarters);
        }
        let is_due = quarters > 0 || now.wrapping_sub(self.round_began) >= self.round_ticks;
        // On a slow line a round takes as long as it takes, or records would never have their turn.
        if is_due && self.turn == Turn::Done {
            self.round_began = now;
            self.first = First::Boot;
            self.turn = Turn::Loss(0);
        }
    }

    /// Says what time it was at the last [`Stream::poll`], in nanoseconds since the Unix epoch.
    ///
    /// For boards that know it. Without it the host goes by when anchors arrive.
    pub fn set_unix_time(&mut self, unix_nanos: u64) {
        self.unix = self.now.map(|ticks| (ticks, unix_nanos));
    }

    /// Moves the next bytes of the stream into `room` and returns how many that are.
    ///
    /// Fewer than there is room for means that there is nothing more to say at present, or that nobody
    /// called [`Stream::poll`] yet.
    pub fn next_bytes(&mut self, room: &mut [u8]) -> usize {
        let mut filled = 0;
        while let Some(left) = room.get_mut(filled..).filter(|left| !left.is_empty()) {
            filled += self.frame.give(left);
            if self.frame.is_given() && !self.next_frame() {
                break;
            }
        }
        filled
    }

    /// Makes the next frame; `false` when there is nothing to say.
    fn next_frame(&mut self) -> bool {
        let Some(now) = self.now else { return false };
        if self.first == First::Anchor {
            self.first = First::Nothing;
            let unix = self.unix;
            return self
                .owe(|stream| stream.say(|payload, number| payload.anchor(number, now, unix)));
        }
        if self.owed == 0 && self.next_of_round() || self.next_record(now) {
            return true;
        }
        // Nobody else wants an idle line.
        self.owed = 0;
        self.next_of_round()
    }

    /// Makes the next frame of the round, its boot frame first.
    fn next_of_round(&mut self) -> bool {
        if self.first != First::Boot {
            return self.owe(Self::next_turn);
        }
        self.first = First::Anchor;
        self.owe(|stream| {
            let (board, number) = (stream.board, stream.number);
            stream.frame.seal(Key::BOOT, |payload| payload.boot(&board, number));
            stream.number = number.wrapping_add(1);
            true
        })
    }

    /// Makes a frame that so many bytes of records come before the next of its kind.
    fn owe(&mut self, say: impl FnOnce(&mut Self) -> bool) -> bool {
        let is_said = say(self);
        if is_said {
            self.owed = self.owed.saturating_add(self.frame.len() as u16 * SHARE);
        }
        is_said
    }

    /// Makes the next frame of the round, if it is not over.
    fn next_turn(&mut self) -> bool {
        loop {
            let (is_said, turn) = match self.turn {
                Turn::Done => return false,
                Turn::Loss(place) => match self.lanes.get(usize::from(place)) {
                    Some(lane) => {
                        let [recorded, refused, taken] = lane.counts();
                        let counts = [recorded, refused, taken, lane.sent, lane.stale];
                        let ring = lane.number();
                        let is_said =
                            self.say(|payload, number| payload.loss(ring, counts, number));
                        (is_said, Turn::Loss(place + 1))
                    }
                    None => (false, Turn::Site(1)),
                },
                Turn::Site(number) => match self.board.sites.get(number) {
                    Some(site) => {
                        let is_said = self.say(|payload, sequence| {
                            payload.site(site, number, sequence);
                        });
                        (is_said, number.checked_add(1).map_or(Turn::Context(0), Turn::Site))
                    }
                    None => (false, Turn::Context(0)),
                },
                Turn::Context(place) => match self.contexts.get(place) {
                    Some((root, remote)) => {
                        let is_said = self.say_context(root, remote);
                        (is_said, Turn::Context(place + 1))
                    }
                    None => (false, Turn::Done),
                },
            };
            self.turn = turn;
            if is_said {
                return true;
            }
        }
    }

    /// Makes a frame of the next record, if there is one.
    fn next_record(&mut self, now: u64) -> bool {
        if let Some((root, remote)) = self.contexts.take_due() {
            return self.say_context(root, remote);
        }
        loop {
            while let Some((record, lane, is_fresh)) = self.held.next() {
                let Some(lane) = self.lanes.get_mut(lane) else { continue };
                if !is_fresh {
                    lane.stale = lane.stale.wrapping_add(1);
                    continue;
                }
                lane.sent = lane.sent.wrapping_add(1);
                let is_remote = match record {
                    Record::Span { root, .. } => self.contexts.is_remote(root),
                    Record::Context { root, remote } => {
                        self.contexts.keep(root, remote);
                        true
                    }
                    _ => false,
                };
                let sending = Sending { sequence: self.number, now, is_remote };
                self.frame.seal(self.key, |payload| payload.record(&record, sending));
                self.number = self.number.wrapping_add(1);
                self.owed = self.owed.saturating_sub(self.frame.len() as u16);
                return true;
            }
            if !self.held.fill(&mut self.lanes) {
                return false;
            }
        }
    }

    /// Makes a frame of a context, which says no time.
    fn say_context(&mut self, root: LocalId, remote: SpanContext) -> bool {
        self.say(|payload, sequence| {
            let sending = Sending { sequence, now: 0, is_remote: true };
            payload.record(&Record::Context { root, remote }, sending);
        })
    }

    /// Makes a frame of this boot and gives it its number.
    fn say(&mut self, write: impl FnOnce(&mut Payload<'_>, u32)) -> bool {
        let number = self.number;
        self.frame.seal(self.key, |payload| write(payload, number));
        self.number = number.wrapping_add(1);
        true
    }
}
