//! An answer that comes in chunks: the model call lasts as long as its stream.
//!
//! The span is current while the stream is polled, and never while its consumer works between two
//! chunks. A stream that is dropped before its end was given up.

use super::Chunks;
use super::chat::ChatSpan;
use exo_trace_core::Outcome;
use futures_core::stream::{FusedStream, Stream};
use pin_project_lite::pin_project;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

pin_project! {
    /// The chunks of an answer, with the model call around them.
    #[must_use = "streams do nothing unless polled"]
    pub struct ChatStream<S, F> {
        #[pin]
        inner: Option<S>,
        chat: Option<ChatSpan>,
        see: F,
    }

    impl<S, F> PinnedDrop for ChatStream<S, F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(chat) = this.chat.take() {
                chat.in_scope(|| this.inner.set(None));
            }
        }
    }
}

impl ChatSpan {
    /// Returns `stream` with the call around it: counts its chunks, measures the wait for the first,
    /// records an `Err`, and ends with the stream. Dropped before, the call is cancelled, unless the
    /// reason for its [finish](ChatSpan::finish) was known.
    ///
    /// ```
    /// use exo_trace_std::chat;
    /// # use futures_core::Stream;
    /// # fn answer() -> impl Stream<Item = Result<String, std::io::Error>> {
    /// #     TraceNothing
    /// # }
    /// # struct TraceNothing;
    /// # impl Stream for TraceNothing {
    /// #     type Item = Result<String, std::io::Error>;
    /// #     fn poll_next(
    /// #         self: std::pin::Pin<&mut Self>,
    /// #         _: &mut std::task::Context<'_>,
    /// #     ) -> std::task::Poll<Option<Self::Item>> {
    /// #         std::task::Poll::Ready(None)
    /// #     }
    /// # }
    ///
    /// let stream = chat("openai", "gpt-4o").start().stream(answer());
    /// # drop(stream);
    /// ```
    pub fn stream<S, T, E>(
        self,
        stream: S,
    ) -> ChatStream<S, impl FnMut(&mut ChatSpan, &Result<T, E>)>
    where
        S: Stream<Item = Result<T, E>>,
        E: fmt::Display,
    {
        let see = |chat: &mut ChatSpan, item: &Result<T, E>| match item {
            Ok(_) => {
                chat.chunk();
            }
            Err(error) => {
                chat.fail(error);
            }
        };
        ChatStream { inner: Some(stream), chat: Some(self.streamed()), see }
    }

    /// As [`ChatSpan::stream`], for items of any type: `see` looks at each and tells the call what is
    /// in it, the usage in the last chunk say, or that it is an error, which is no chunk.
    pub fn stream_with<S: Stream>(
        self,
        stream: S,
        mut see: impl FnMut(&mut ChatSpan, &S::Item),
    ) -> ChatStream<S, impl FnMut(&mut ChatSpan, &S::Item)> {
        let see = move |chat: &mut ChatSpan, item: &S::Item| {
            let came = Chunks::now();
            see(chat, item);
            if chat.span.conclusion() != Some(Outcome::Error) {
                chat.chunk_at(came);
            }
        };
        ChatStream { inner: Some(stream), chat: Some(self.streamed()), see }
    }
}

impl<S, F> ChatStream<S, F> {
    /// Returns the call, to be told what a chunk said; `None` after its end.
    pub fn chat(self: Pin<&mut Self>) -> Option<&mut ChatSpan> {
        self.project().chat.as_mut()
    }
}

/// The call while its stream is polled; a panic in there ends it, because the task that holds the
/// stream may be dropped much later.
struct Turn<'a> {
    chat: &'a mut Option<ChatSpan>,
    was_panicking: bool,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() && !self.was_panicking {
            self.chat.take();
        }
    }
}

impl<S, F> Stream for ChatStream<S, F>
where
    S: Stream,
    F: FnMut(&mut ChatSpan, &S::Item),
{
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let mut this = self.project();
        let turn = Turn { chat: this.chat, was_panicking: std::thread::panicking() };
        let Some(inner) = this.inner.as_mut().as_pin_mut() else { return Poll::Ready(None) };
        let polled = match turn.chat {
            Some(chat) => chat.in_scope(|| inner.poll_next(cx)),
            None => inner.poll_next(cx),
        };
        let Poll::Ready(item) = polled else { return Poll::Pending };
        match &item {
            Some(item) => {
                if let Some(chat) = turn.chat {
                    (this.see)(chat, item);
                }
            }
            None => {
                if let Some(chat) = turn.chat.take() {
                    chat.in_scope(|| this.inner.set(None));
                    chat.end();
                }
            }
        }
        Poll::Ready(item)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.inner.as_ref().map_or((0, Some(0)), Stream::size_hint)
    }
}

impl<S, F> FusedStream for ChatStream<S, F>
where
    S: Stream,
    F: FnMut(&mut ChatSpan, &S::Item),
{
    fn is_terminated(&self) -> bool {
        self.inner.is_none()
    }
}

impl<S, F> fmt::Debug for ChatStream<S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatStream").field("chat", &self.chat).finish_non_exhaustive()
    }
}
