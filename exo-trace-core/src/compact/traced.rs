//! A future and the span it runs in: current while it is polled, and only then.
//!
//! Tasks of one executor take turns in one priority and so share a recorder. What is current inside a
//! future is put aside at the end of each poll, or the next task would work inside it.

use super::current::Current;
use super::{Clock32, OpenSpan, Recorder, Site};
use crate::Outcome;
use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use pin_project_lite::pin_project;

impl<'r, C: Clock32> Recorder<'r, C> {
    /// Returns a future that does what `future` does, in a span from its first poll to its end.
    ///
    /// Dropped before that, the span is [`Outcome::Cancelled`]; never polled, there is none.
    ///
    /// ```
    /// # use core::{pin::pin, task::{Context, Poll, Waker}};
    /// # use exo_trace_core::compact::{Clock32, Recorder, Ring, Site, site};
    /// # struct Timer;
    /// # impl Clock32 for Timer { fn ticks(&self) -> u32 { 40 } }
    /// static RING: Ring<64> = Ring::new();
    /// static READ: Site = site!("sensor.read");
    ///
    /// let recorder = Recorder::new(&RING, Timer);
    /// let reading = recorder.traced(&READ, async { 21 });
    /// # let mut reading = pin!(reading);
    /// # let mut context = Context::from_waker(Waker::noop());
    /// assert_eq!(reading.as_mut().poll(&mut context), Poll::Ready(21));
    /// assert_eq!(RING.by_ref().recorded(), 1);
    /// ```
    pub fn traced<F: Future>(
        &self,
        site: &'static Site,
        future: F,
    ) -> Traced<'_, 'r, C, F, impl Fn(&F::Output) -> Outcome> {
        self.traced_by(site, future, |_| Outcome::Ended)
    }

    /// As [`Recorder::traced`], for a future that may fail: then its span is [`Outcome::Error`].
    pub fn try_traced<T, E, F: Future<Output = Result<T, E>>>(
        &self,
        site: &'static Site,
        future: F,
    ) -> Traced<'_, 'r, C, F, impl Fn(&F::Output) -> Outcome> {
        self.traced_by(site, future, |result| match result {
            Ok(_) => Outcome::Ended,
            Err(_) => Outcome::Error,
        })
    }

    fn traced_by<F: Future, O: Fn(&F::Output) -> Outcome>(
        &self,
        site: &'static Site,
        future: F,
        outcome: O,
    ) -> Traced<'_, 'r, C, F, O> {
        Traced {
            recorder: self,
            site,
            span: None,
            within: Current::NONE,
            outcome,
            future: Some(future),
        }
    }
}

pin_project! {
    /// A future in a span: see [`Recorder::traced`].
    #[must_use = "futures do nothing unless polled"]
    pub struct Traced<'a, 'r, C, F, O>
    where
        C: Clock32,
    {
        recorder: &'a Recorder<'r, C>,
        site: &'static Site,
        // None before the first poll, and after the last.
        span: Option<OpenSpan<'a, 'r, C>>,
        // What was current inside it when it was polled last.
        within: Current,
        outcome: O,
        // None after the last poll.
        #[pin]
        future: Option<F>,
    }

    impl<C, F, O> PinnedDrop for Traced<'_, '_, C, F, O>
    where
        C: Clock32,
    {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(mut span) = this.span.take() {
                span.enter(*this.within);
                // What it holds ends inside it.
                this.future.set(None);
                span.set_outcome(Outcome::Cancelled);
                span.leave_within();
            }
        }
    }
}

impl<C: Clock32, F: Future, O: Fn(&F::Output) -> Outcome> Future for Traced<'_, '_, C, F, O> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else { return Poll::Pending };
        let span = match this.span {
            Some(span) => {
                span.enter(*this.within);
                span
            }
            None => this.span.insert(this.recorder.start(this.site)),
        };
        let polled = Inside { span, within: this.within }.poll(future, context);
        let output = ready!(polled);
        if let Some(mut span) = this.span.take() {
            span.set_outcome((this.outcome)(&output));
            span.leave_within();
        }
        this.future.set(None);
        Poll::Ready(output)
    }
}

/// A poll inside a span; when it is over, even by a panic, what was current before is so again.
struct Inside<'s, 'a, 'r, C: Clock32> {
    span: &'s mut OpenSpan<'a, 'r, C>,
    within: &'s mut Current,
}

impl<C: Clock32> Inside<'_, '_, '_, C> {
    fn poll<F: Future>(self, future: Pin<&mut F>, context: &mut Context<'_>) -> Poll<F::Output> {
        future.poll(context)
    }
}

impl<C: Clock32> Drop for Inside<'_, '_, '_, C> {
    fn drop(&mut self) {
        *self.within = self.span.put_aside();
    }
}

impl<C: Clock32, F, O> fmt::Debug for Traced<'_, '_, C, F, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traced").field("span", &self.span).finish_non_exhaustive()
    }
}
