//! What a board says of itself and its call sites, once a round.

use super::frame::Payload;
use super::wire::{Kind, PAYLOAD_BYTES_MAX, VERSION};
use crate::compact::{HalfLaps, Site, Sites};

/// What a boot frame has room for beside its head, version, seed, two numbers of five bytes and a flag.
const RESOURCE_BYTES_MAX: usize = PAYLOAD_BYTES_MAX - 2 - 1 - 8 - 5 - 5 - 1;

const _: () = assert!(RESOURCE_BYTES_MAX == 227, "as the documents say");

/// What a stream has to know of its board.
///
/// The seed is what makes ids of this boot differ from those of all others: a number that the board
/// never used before, from its random generator, from noise or from a counter in flash. A board that
/// starts with the same seed again says the same ids again.
#[derive(Clone, Copy, Debug)]
pub struct Board<'r> {
    /// What all ids of this boot are made with; another for each boot.
    pub seed: u64,
    /// How many ticks the board's clock makes in a second; not zero.
    pub ticks_per_second: u32,
    /// Its attributes as a resource: `device.id`, `service.name`. The first are sent, as many as fit into
    /// 227 bytes with four more for each.
    pub resource: &'r [(&'r str, &'r str)],
    /// Its call sites.
    pub sites: Sites,
    /// How often its clock has wrapped: the stream counts it, and the recorders read it.
    pub half_laps: &'r HalfLaps,
}

impl Payload<'_> {
    /// Appends a boot frame, whose number is `number`.
    pub(super) fn boot(&mut self, board: &Board<'_>, number: u32) {
        self.head(Kind::Boot, number);
        self.byte(VERSION);
        self.bytes(&board.seed.to_le_bytes());
        self.varint(number);
        self.varint(board.ticks_per_second);
        // The same for each frame of a boot, however long its number is.
        let mut left = RESOURCE_BYTES_MAX;
        let fits = |(key, value): &&(&str, &str)| {
            // Their lengths take two bytes each at the most.
            let bytes = 4 + key.len() + value.len();
            let fits = bytes <= left;
            left -= if fits { bytes } else { 0 };
            fits
        };
        let fitting = board.resource.iter().take_while(fits).count();
        self.byte(u8::from(fitting < board.resource.len()));
        for (key, value) in board.resource.iter().take(fitting) {
            self.text(key);
            self.text(value);
        }
    }

    /// Appends a call site.
    pub(super) fn site(&mut self, site: &Site, number: u16, sequence: u32) {
        self.head(Kind::Site, sequence);
        self.varint(number.into());
        let frame = site.frame();
        let end = frame.floor_char_boundary(self.left());
        self.bytes(frame.get(..end).unwrap_or_default().as_bytes());
    }

    /// Appends what the clock says, and since when it is known what time it is.
    pub(super) fn anchor(&mut self, number: u32, ticks: u64, unix: Option<(u64, u64)>) {
        self.head(Kind::Anchor, number);
        self.varint(number);
        self.bytes(&ticks.to_le_bytes());
        if let Some((at, unix_nanos)) = unix {
            self.bytes(&at.to_le_bytes());
            self.bytes(&unix_nanos.to_le_bytes());
        }
    }

    /// Appends what one ring did.
    pub(super) fn loss(&mut self, ring: u8, counts: [u32; 5], sequence: u32) {
        self.head(Kind::Loss, sequence);
        self.byte(ring);
        for count in counts {
            self.varint(count);
        }
    }
}
