//! The bytes of one connection, on which what a server writes can be spoilt.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// No frame of HTTP/2 and no line of HTTP/1 begins like this.
pub(crate) const NOISE: [u8; 16] = *b"\xff\x00\xfe<noise>\r\n\r\n\x07\x80";

/// What happens to bytes on their way to the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Spoilt {
    #[default]
    Not,
    ByteByByte,
    Noise,
    /// So many more go out; then the connection is closed.
    CutAfter(usize),
    /// The connection ends, and not by a goodbye.
    Reset,
}

/// What those who answer say about the connection they answer on.
#[derive(Debug, Default)]
pub(crate) struct Line {
    spoilt: Mutex<Spoilt>,
    /// The connection is to be dropped.
    pub(crate) dropped: Notify,
    /// The client is to come back on another connection.
    pub(crate) sent_away: Notify,
}

impl Line {
    pub(crate) fn spoil(&self, spoilt: Spoilt) {
        *self.spoilt.lock().expect("nobody panics with it") = spoilt;
        if spoilt == Spoilt::Reset {
            self.dropped.notify_one();
        }
    }

    fn spoilt(&self) -> Spoilt {
        *self.spoilt.lock().expect("nobody panics with it")
    }
}

pub(crate) struct Wire {
    pub(crate) stream: TcpStream,
    pub(crate) line: Arc<Line>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.line.spoilt() == Spoilt::Reset {
            // A socket that the client has already left cannot be reset.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let spoilt = self.line.spoilt();
        let stream = Pin::new(&mut self.stream);
        match spoilt {
            Spoilt::Not => stream.poll_write(cx, bytes),
            Spoilt::ByteByByte => stream.poll_write(cx, &bytes[..bytes.len().min(1)]),
            Spoilt::Noise => {
                let noise = &NOISE[..bytes.len().min(NOISE.len())];
                stream.poll_write(cx, noise)
            }
            Spoilt::CutAfter(0) | Spoilt::Reset => {
                Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()))
            }
            Spoilt::CutAfter(left) => {
                let written = ready!(stream.poll_write(cx, &bytes[..bytes.len().min(left)]))?;
                self.line.spoil(Spoilt::CutAfter(left - written));
                Poll::Ready(Ok(written))
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
