//! The serial line of TI's Stellaris board: the PL011 the emulator gives it.

use embedded_hal::serial::Read;
use pl011_qemu::{PL011, UART1};

/// How many ticks of SysTick make a second: what the chip runs at until somebody sets its clocks.
pub const TICKS_PER_SECOND: u32 = 12_500_000;

/// The line.
pub struct Serial(PL011<UART1>);

impl Serial {
    /// Takes the line; none the second time.
    pub fn take() -> Option<Self> {
        Some(Self(PL011::new(UART1::take()?)))
    }

    /// Sends `bytes`, waiting for the line.
    pub fn send(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0.write_byte(*byte);
        }
    }

    /// Returns the next byte that came, if one did.
    pub fn heard(&mut self) -> Option<u8> {
        self.0.read().ok()
    }
}
