//! The line out: what was recorded, in pieces that a serial port takes; and what comes in.

use crate::board::{Serial, TICKS_PER_SECOND};
use crate::clock::{Clock, HALF_LAPS, LAP};
use cortex_m_semihosting::heprintln;
use exo_trace_core::compact::{Clock32, RingRef, Sites};
use exo_trace_core::stream::{Board, Stream};

/// How many ticks lie between two rounds of what a host must know.
const ROUND: u32 = 20 * LAP;

/// A serial line that a stream goes out over; it belongs to whoever has nothing better to do.
pub struct Line<const RINGS: usize> {
    stream: Stream<'static, RINGS>,
    serial: Serial,
    rings: [RingRef<'static>; RINGS],
}

impl<const RINGS: usize> Line<RINGS> {
    /// Returns a line that has sent nothing.
    pub fn new(serial: Serial, sites: Sites, rings: [RingRef<'static>; RINGS]) -> Self {
        let board = Board {
            // A board that sends to others than a test takes it from its random generator.
            seed: 0x5eed_0fab_0a4d,
            ticks_per_second: TICKS_PER_SECOND,
            resource: &[("device.id", "bench-7"), ("service.name", "greenhouse")],
            sites,
            half_laps: &HALF_LAPS,
        };
        Self { stream: Stream::new(board, rings).with_round_ticks(ROUND), serial, rings }
    }

    /// Returns the next byte that came in, if one did.
    pub fn heard(&mut self) -> Option<u8> {
        self.serial.heard()
    }

    /// Sends what waits.
    pub fn send(&mut self) {
        self.stream.poll(Clock.ticks());
        let mut piece = [0; 16];
        loop {
            let filled = self.stream.next_bytes(&mut piece);
            let Some(bytes) = piece.get(..filled).filter(|bytes| !bytes.is_empty()) else { return };
            self.serial.send(bytes);
        }
    }

    /// Sends what waits, then once more all that a host must know, and says to the emulator what the host should
    /// have heard by now.
    pub fn end(&mut self) {
        self.send();
        let sent = Clock.ticks();
        while Clock.ticks().wrapping_sub(sent) < ROUND {}
        self.send();
        for ring in &self.rings {
            let (number, recorded, refused) = (ring.number(), ring.recorded(), ring.refused());
            heprintln!("ring {} recorded {} refused {}", number, recorded, refused);
        }
    }
}
