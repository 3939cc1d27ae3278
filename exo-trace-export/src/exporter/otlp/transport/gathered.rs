//! A connection that sends what was written in few large pieces.
//!
//! HTTP/2 writes frame by frame, 16 KiB unless the server allows more, and flushes after each; every
//! such write goes through the whole of TCP. Here a flush lets the writer go on: what it writes until
//! it has nothing more to say is held, and leaves when its task runs again, which the flush asks for,
//! or when there is no room. Nothing waits for a timer. The request itself is not copied for that: its
//! parts are known ([`Lent`]), and leave with the heads of their frames between them.

use super::lent::{ANSWER_BYTES_MAX, Lent};
use bytes::{Buf, Bytes};
use hyper::rt::{Read, ReadBuf, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use std::collections::VecDeque;
use std::io::{Error, ErrorKind, IoSlice};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// How many bytes are held: twice what TCP passes on as one piece on a local connection.
const HELD_BYTES_MAX: usize = 128 * 1_024;
/// How many pieces leave at once: each frame is two, its head and its part of the request.
const SLICES_MAX: usize = 32;
/// How many bytes are read at once.
const READ_BYTES: usize = 8 * 1_024;

/// A connection whose writes are gathered.
pub(super) struct Gathered<T> {
    io: T,
    lent: Lent,
    is_to_proxy: bool,
    /// What waits, in its order.
    pieces: VecDeque<Piece>,
    /// How many bytes those are.
    waiting: usize,
    /// Copies of what is nobody's to lend; what was sent of them goes when it is as much as may wait.
    copies: Vec<u8>,
    /// How many of the copies were sent already.
    sent: usize,
    /// Whether the socket takes no more, and will say when it does.
    is_blocked: bool,
}

/// What leaves as a whole.
enum Piece {
    /// So many of the copies.
    Copied(usize),
    /// A part of the request.
    Lent(Bytes),
}

impl<T> Gathered<T> {
    pub(super) fn new(io: T, lent: Lent, is_to_proxy: bool) -> Self {
        let (pieces, copies) = (VecDeque::new(), Vec::new());
        Self { io, lent, is_to_proxy, pieces, waiting: 0, copies, sent: 0, is_blocked: false }
    }

    fn has_room_for(&self, bytes: usize) -> bool {
        self.waiting + bytes <= HELD_BYTES_MAX
    }

    fn hold(&mut self, piece: &[u8]) {
        self.waiting += piece.len();
        if let Some(part) = self.lent.part(piece) {
            self.pieces.push_back(Piece::Lent(part));
            return;
        }
        if self.sent >= HELD_BYTES_MAX {
            // A socket that is slower than the window never takes all that waits.
            self.copies.drain(..self.sent);
            self.sent = 0;
        }
        self.copies.extend_from_slice(piece);
        match self.pieces.back_mut() {
            Some(Piece::Copied(bytes)) => *bytes += piece.len(),
            _ => self.pieces.push_back(Piece::Copied(piece.len())),
        }
    }

    /// Lets go of what was sent.
    fn forget(&mut self, mut sent: usize) {
        self.waiting -= sent;
        while let Some(piece) = self.pieces.front_mut().filter(|_| sent > 0) {
            let left = match piece {
                Piece::Copied(bytes) => {
                    let now = sent.min(*bytes);
                    self.sent += now;
                    sent -= now;
                    *bytes -= now;
                    *bytes
                }
                Piece::Lent(part) => {
                    let now = sent.min(part.len());
                    sent -= now;
                    part.advance(now);
                    part.len()
                }
            };
            if left == 0 {
                self.pieces.pop_front();
            }
        }
        if self.pieces.is_empty() {
            self.copies.clear();
            self.sent = 0;
        }
    }
}

impl<T: Write + Unpin> Gathered<T> {
    /// Sends what is held.
    fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        while self.waiting > 0 {
            let mut copies = self.copies.get(self.sent..).unwrap_or_default();
            let mut slices = [IoSlice::new(&[]); SLICES_MAX];
            for (slice, piece) in slices.iter_mut().zip(&self.pieces) {
                *slice = IoSlice::new(match piece {
                    Piece::Lent(part) => part,
                    Piece::Copied(bytes) => {
                        let (now, later) = copies.split_at(copies.len().min(*bytes));
                        copies = later;
                        now
                    }
                });
            }
            let pieces = slices.get(..self.pieces.len()).unwrap_or(&slices);
            let written = Pin::new(&mut self.io).poll_write_vectored(cx, pieces);
            self.is_blocked = written.is_pending();
            match ready!(written)? {
                0 => return Poll::Ready(Err(ErrorKind::WriteZero.into())),
                sent => self.forget(sent.min(self.waiting)),
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: Write + Unpin> Write for Gathered<T> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize, Error>> {
        self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<Result<usize, Error>> {
        let bytes = pieces.iter().map(|piece| piece.len()).sum();
        if !self.has_room_for(bytes) {
            ready!(self.poll_send(cx))?;
        }
        if bytes > HELD_BYTES_MAX {
            return Pin::new(&mut self.io).poll_write_vectored(cx, pieces);
        }
        pieces.iter().filter(|piece| !piece.is_empty()).for_each(|piece| self.hold(piece));
        Poll::Ready(Ok(bytes))
    }

    /// Asks for one more turn, in which [`Read::poll_read`] sends what is held.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        if self.waiting == 0 {
            return Pin::new(&mut self.io).poll_flush(cx);
        }
        // A full socket wakes the task itself; to ask as well would turn it without end.
        if !self.is_blocked {
            cx.waker().wake_by_ref();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        ready!(self.poll_send(cx))?;
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

impl<T: Read + Unpin> Gathered<T> {
    /// Reads, but no more than one request may be answered by. A cursor does not say how far it went, so
    /// the few bytes of an answer are copied once.
    fn poll_hear(
        &mut self,
        cx: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<Result<(), Error>> {
        let mut room = [const { MaybeUninit::uninit() }; READ_BYTES];
        let (room, _) = room.split_at_mut(READ_BYTES.min(buffer.remaining()));
        let mut heard = ReadBuf::uninit(room);
        ready!(Pin::new(&mut self.io).poll_read(cx, heard.unfilled()))?;
        let heard = heard.filled();
        if !self.lent.may_hear(heard.len()) {
            let what = format!("more than {ANSWER_BYTES_MAX} bytes came for one request");
            return Poll::Ready(Err(Error::new(ErrorKind::InvalidData, what)));
        }
        buffer.put_slice(heard);
        Poll::Ready(Ok(()))
    }
}

impl<T: Read + Write + Unpin> Read for Gathered<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<Result<(), Error>> {
        let sent = self.poll_send(cx);
        let read = self.poll_hear(cx, buffer);
        match (sent, read) {
            // Only where there is nothing to read: who hangs up may have answered before.
            (Poll::Ready(Err(error)), Poll::Pending) => Poll::Ready(Err(error)),
            (_, read) => read,
        }
    }
}

impl<T: Connection> Connection for Gathered<T> {
    fn connected(&self) -> Connected {
        self.io.connected().proxy(self.is_to_proxy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper_util::rt::TokioIo;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
    use std::task::{Wake, Waker};
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    /// Counts how often it was asked for one more turn.
    #[derive(Default)]
    struct Turns(AtomicUsize);

    impl Wake for Turns {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Relaxed);
        }
    }

    type Near = Gathered<TokioIo<DuplexStream>>;

    fn connection(room: usize) -> (Near, DuplexStream) {
        let (near, far) = duplex(room);
        (Gathered::new(TokioIo::new(near), Lent::default(), false), far)
    }

    fn write(near: &mut Near, cx: &mut Context<'_>, pieces: &[&[u8]]) -> Poll<usize> {
        let pieces: Vec<_> = pieces.iter().map(|piece| IoSlice::new(piece)).collect();
        Pin::new(near).poll_write_vectored(cx, &pieces).map(Result::unwrap)
    }

    /// The task's next turn: there is nothing to read, and what is held leaves.
    fn turn(near: &mut Near, cx: &mut Context<'_>) {
        let (mut room, io) = ([0; 8], Pin::new(near));
        assert!(io.poll_read(cx, ReadBuf::new(&mut room).unfilled()).is_pending());
    }

    fn received(far: &mut DuplexStream, cx: &mut Context<'_>) -> Vec<u8> {
        let mut bytes = Vec::new();
        let _ = std::pin::pin!(far.read_to_end(&mut bytes)).poll(cx);
        bytes
    }

    #[test]
    fn what_one_turn_writes_leaves_together_in_the_next() {
        let turns = Arc::new(Turns::default());
        let asked = || turns.0.load(Relaxed);
        let waker = Waker::from(Arc::clone(&turns));
        let (asking, cx) =
            (&mut Context::from_waker(&waker), &mut Context::from_waker(Waker::noop()));
        let (mut near, mut far) = connection(1_000);
        assert_eq!(write(&mut near, cx, &[b"a frame", b" "]), Poll::Ready(8));
        assert!(Pin::new(&mut near).poll_flush(asking).is_ready());
        assert_eq!(write(&mut near, cx, &[b"and another"]), Poll::Ready(11));
        assert_eq!((received(&mut far, cx), asked()), (vec![], 1));
        turn(&mut near, cx);
        assert_eq!(received(&mut far, cx), b"a frame and another");
        turn(&mut near, cx);
        assert!(Pin::new(&mut near).poll_flush(asking).is_ready());
        assert_eq!((received(&mut far, cx), asked()), (vec![], 1), "nothing is held");
    }

    #[test]
    fn a_full_socket_is_not_asked_again_and_again() {
        let turns = Arc::new(Turns::default());
        let waker = Waker::from(Arc::clone(&turns));
        let (asking, cx) =
            (&mut Context::from_waker(&waker), &mut Context::from_waker(Waker::noop()));
        let (mut near, mut far) = connection(3);
        assert!(write(&mut near, cx, &[b"more than it takes"]).is_ready());
        turn(&mut near, cx);
        assert!(Pin::new(&mut near).poll_flush(asking).is_ready());
        assert_eq!(turns.0.load(Relaxed), 0, "the socket wakes the task when there is room");
        let mut bytes = Vec::new();
        while bytes.len() < 18 {
            bytes.extend(received(&mut far, cx));
            turn(&mut near, cx);
        }
        assert_eq!(bytes, b"more than it takes");
    }

    #[test]
    fn who_answers_and_hangs_up_is_heard() {
        let ((mut near, mut far), cx) = (connection(64), &mut Context::from_waker(Waker::noop()));
        assert!(write(&mut near, cx, &[b"a request"]).is_ready());
        let answer = std::pin::pin!(far.write_all(b"no")).poll(cx).map(Result::unwrap);
        assert!(answer.is_ready());
        drop(far);
        let mut room = [0; 8];
        let mut buffer = ReadBuf::new(&mut room);
        let read = Pin::new(&mut near).poll_read(cx, buffer.unfilled());
        assert!(matches!(read, Poll::Ready(Ok(()))), "{read:?}");
        assert_eq!(buffer.filled(), b"no", "before the broken pipe");
    }

    #[test]
    fn what_is_longer_than_the_room_is_not_copied() {
        let ((mut near, mut far), cx) =
            (connection(1 << 20), &mut Context::from_waker(Waker::noop()));
        let frame = vec![7; HELD_BYTES_MAX + 1];
        assert_eq!(write(&mut near, cx, &[b"ab"]), Poll::Ready(2));
        assert_eq!(write(&mut near, cx, &[&frame]), Poll::Ready(frame.len()));
        assert_eq!(near.waiting, 0);
        assert_eq!(received(&mut far, cx), [b"ab", &frame[..]].concat());
    }

    #[test]
    fn a_full_room_is_sent_before_more_is_taken() {
        let ((mut near, mut far), cx) =
            (connection(1 << 20), &mut Context::from_waker(Waker::noop()));
        let frame = vec![7; HELD_BYTES_MAX - 1];
        assert!(write(&mut near, cx, &[&frame]).is_ready());
        assert!(write(&mut near, cx, &[b"ab"]).is_ready());
        assert_eq!(received(&mut far, cx), frame);
        assert!(Pin::new(&mut near).poll_shutdown(cx).is_ready());
        assert_eq!(received(&mut far, cx), b"ab", "what is held leaves before the end");
    }

    #[test]
    fn parts_of_a_request_leave_in_their_order_without_a_copy() {
        for room in [3, 64, 1 << 20] {
            let ((mut near, mut far), cx) =
                (connection(room), &mut Context::from_waker(Waker::noop()));
            let request = Bytes::from((0..10_000).map(|place| place as u8).collect::<Vec<_>>());
            let on_its_way = near.lent.clone();
            let on_its_way = on_its_way.lend(request.clone());
            let (first, second) = request.split_at(4_000);
            assert!(write(&mut near, cx, &[b"head", first]).is_ready());
            assert!(write(&mut near, cx, &[b"another", b" head", second]).is_ready());
            assert_eq!((near.copies.len(), near.pieces.len()), (16, 4));
            drop(on_its_way);
            let mut bytes = Vec::new();
            let wanted = [b"head", first, b"another head", second].concat();
            while bytes.len() < wanted.len() {
                turn(&mut near, cx);
                bytes.extend(received(&mut far, cx));
            }
            assert!(bytes == wanted);
            assert!(near.pieces.is_empty() && near.copies.is_empty() && near.waiting == 0);
        }
    }

    #[test]
    fn what_was_sent_is_let_go_of_though_the_room_is_never_empty() {
        let ((mut near, mut far), cx) = (connection(100), &mut Context::from_waker(Waker::noop()));
        let (record, mut bytes) = ((0..100).collect::<Vec<u8>>(), Vec::new());
        assert_eq!(write(&mut near, cx, &[&record, &record]), Poll::Ready(200));
        // As a window does that is wider than the socket: each part read lets one more be written.
        for _ in 0..10_000 {
            turn(&mut near, cx);
            bytes.extend(received(&mut far, cx));
            assert_eq!(write(&mut near, cx, &[&record]), Poll::Ready(100));
        }
        assert!(bytes.chunks(100).all(|part| part == record) && near.waiting == 200);
        assert!(near.copies.len() <= 2 * HELD_BYTES_MAX, "{} bytes", near.copies.len());
    }

    #[test]
    fn a_peer_that_reads_slowly_gets_every_byte_in_order() {
        let ((mut near, mut far), cx) = (connection(3), &mut Context::from_waker(Waker::noop()));
        let frame: Vec<u8> = (0..HELD_BYTES_MAX).map(|place| place as u8).collect();
        assert!(write(&mut near, cx, &[&frame]).is_ready());
        assert!(write(&mut near, cx, &[b"more"]).is_pending(), "there is no room for it");
        let mut bytes = Vec::new();
        while bytes.len() < frame.len() {
            bytes.extend(received(&mut far, cx));
            turn(&mut near, cx);
        }
        assert!(bytes == frame);
    }
}
