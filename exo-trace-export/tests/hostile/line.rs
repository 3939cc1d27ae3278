//! One connection of a peer that says too much.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread;
use std::time::Duration;

/// What is offered on one connection and still no end of it: whoever takes that takes anything.
pub(crate) const OFFERED_BYTES_MAX: u64 = 256 << 20;
/// What of a client's words is kept.
const KEPT_BYTES_MAX: usize = 1 << 20;
/// A client that neither reads nor leaves is left.
const WRITE_TIMEOUT: Duration = Duration::from_secs(20);
const CHUNK_BYTES: usize = 64 << 10;

pub(crate) struct Line {
    pub(crate) stream: TcpStream,
    /// How much was written on this connection.
    written: u64,
    /// How much was written on the one that took most.
    most: Arc<AtomicU64>,
    heard: Arc<RwLock<Vec<u8>>>,
}

impl Line {
    pub(super) fn new(
        stream: TcpStream,
        most: Arc<AtomicU64>,
        heard: Arc<RwLock<Vec<u8>>>,
    ) -> Self {
        let _ = stream.set_nodelay(true);
        let _ = stream.set_write_timeout(Some(WRITE_TIMEOUT));
        Self { stream, written: 0, most, heard }
    }

    /// Writes, and tells whether anybody is still there to take more.
    pub(crate) fn say(&mut self, bytes: &[u8]) -> bool {
        if self.stream.write_all(bytes).is_err() {
            return false;
        }
        self.written += bytes.len() as u64;
        self.most.fetch_max(self.written, Relaxed);
        self.written < OFFERED_BYTES_MAX
    }

    /// Writes the same again and again, until nobody takes it.
    pub(crate) fn say_for_ever(&mut self, bytes: &[u8]) {
        let chunk = bytes.repeat(CHUNK_BYTES / bytes.len() + 1);
        while self.say(&chunk) {}
    }

    /// Writes the same again and again, but not as fast as it can.
    pub(crate) fn say_on_and_on(&mut self, bytes: &[u8]) {
        let chunk = bytes.repeat(CHUNK_BYTES / bytes.len() / 16 + 1);
        while self.say(&chunk) {
            thread::park_timeout(Duration::from_millis(10));
        }
    }

    /// Writes a byte now and then, until nobody takes it.
    pub(crate) fn trickle(&mut self, byte: u8) {
        while self.say(&[byte]) {
            thread::park_timeout(Duration::from_millis(100));
        }
    }

    /// Says nothing for longer than anybody waits.
    pub(crate) fn trickle_nothing(&mut self) {
        thread::park_timeout(WRITE_TIMEOUT);
    }

    /// Waits for a request: HTTP/1 has its head first, and HTTP/2 its first frame of headers.
    pub(super) fn begin(&mut self) -> bool {
        let is_there = self.read_request().is_ok();
        self.listen();
        is_there
    }

    fn read_request(&mut self) -> io::Result<()> {
        const PREFACE_REST: usize = 20;
        const HEADERS: u8 = 1;
        let mut method = [0; 4];
        self.stream.read_exact(&mut method)?;
        if &method != b"PRI " {
            let mut head = method.to_vec();
            while !head.ends_with(b"\r\n\r\n") && head.len() < KEPT_BYTES_MAX {
                let mut byte = [0];
                self.stream.read_exact(&mut byte)?;
                head.extend(byte);
            }
            return Ok(());
        }
        self.stream.read_exact(&mut [0; PREFACE_REST])?;
        loop {
            let mut frame = [0; 9];
            self.stream.read_exact(&mut frame)?;
            let length = u64::from(u32::from_be_bytes([0, frame[0], frame[1], frame[2]]));
            io::copy(&mut (&self.stream).take(length), &mut io::sink())?;
            if frame[3] == HEADERS {
                return Ok(());
            }
        }
    }

    /// Reads whatever comes on a thread of its own, so that the client is never held up by that.
    pub(super) fn listen(&self) {
        let Ok(mut stream) = self.stream.try_clone() else { return };
        let heard = Arc::clone(&self.heard);
        thread::spawn(move || {
            let mut room = [0; 4_096];
            while let Ok(read @ 1..) = stream.read(&mut room) {
                let mut heard = heard.write().unwrap_or_else(PoisonError::into_inner);
                if heard.len() < KEPT_BYTES_MAX {
                    heard.extend_from_slice(&room[..read]);
                }
            }
        });
    }

    pub(super) fn hang_up(&self) {
        let _ = self.stream.shutdown(Shutdown::Write);
    }
}
