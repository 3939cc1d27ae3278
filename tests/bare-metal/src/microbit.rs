//! The serial line of the BBC micro:bit: the UART of Nordic's nRF51.

use embedded_io::{Read, ReadReady, Write};
use nrf51_hal::gpio::{Level, p0::Parts};
use nrf51_hal::pac::{Peripherals, UART0};
use nrf51_hal::uart::{Baudrate, Parity, Pins, Uart};

/// How many ticks of SysTick make a second.
pub const TICKS_PER_SECOND: u32 = 16_000_000;

/// The line, once the pins are its own.
pub struct Serial(Uart<UART0>);

impl Serial {
    /// Takes the line; none the second time.
    pub fn take() -> Option<Self> {
        let board = Peripherals::take()?;
        let pins = Parts::new(board.GPIO);
        let pins = Pins {
            txd: pins.p0_24.into_push_pull_output(Level::High).degrade(),
            rxd: pins.p0_25.into_floating_input().degrade(),
            cts: None,
            rts: None,
        };
        // What a byte sent says, that the next may follow, is said for the first by a byte the driver
        // sends when it starts; the emulator hears it only from a line that runs already.
        let (uart, pins) = Self::started(board.UART0, pins).free();
        Some(Self(Self::started(uart, pins)))
    }

    fn started(uart: UART0, pins: Pins) -> Uart<UART0> {
        Uart::new(uart, pins, Parity::EXCLUDED, Baudrate::BAUD115200)
    }

    /// Sends `bytes`, waiting for the line.
    pub fn send(&mut self, bytes: &[u8]) {
        let Ok(()) = self.0.write_all(bytes);
    }

    /// Returns the next byte that came, if one did.
    pub fn heard(&mut self) -> Option<u8> {
        let mut byte = [0];
        let Ok(is_ready) = self.0.read_ready();
        let Ok(count) = if is_ready { self.0.read(&mut byte) } else { Ok(0) };
        byte.first().copied().filter(|_| count > 0)
    }
}
