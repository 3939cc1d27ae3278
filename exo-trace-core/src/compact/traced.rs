//! A future and the span it runs in: current while it is polled, and only then.
//!
//! Tasks of one executor take turns in one priority and so share a recorder. What is current inside a
//! future is put aside at the end of each poll, or the next task would work inside it.

use super::aside::Aside;
use super::current::{Current, Place};
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
            aside: Aside::NONE,
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
        // What is current inside it while it waits, and outside while it is polled.
        aside: Aside,
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
                let inside = Inside::enter(&this.recorder.place, span.own, this.aside);
                // What it holds ends inside it.
                this.future.set(None);
                drop(inside);
                span.set_outcome(Outcome::Cancelled);
                span.end_outside();
            }
        }
    }
}

impl<C: Clock32, F: Future, O: Fn(&F::Output) -> Outcome> Future for Traced<'_, '_, C, F, O> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else { return Poll::Pending };
        let place = &this.recorder.place;
        let span = this.span.get_or_insert_with(|| {
            let span = this.recorder.start(this.site);
            place.set(span.before);
            *this.aside = Aside::inside(span.own);
            span
        });
        let inside = Inside::enter(place, span.own, this.aside);
        let output = ready!(future.poll(context));
        // What it still holds ends inside it.
        this.future.set(None);
        drop(inside);
        if let Some(mut span) = this.span.take() {
            span.set_outcome((this.outcome)(&output));
            span.end_outside();
        }
        Poll::Ready(output)
    }
}

/// A poll inside a span; when it is over, even by a panic, what was current outside is so again.
struct Inside<'s> {
    place: &'s Place,
    own: Current,
    entered: Aside,
    aside: &'s mut Aside,
}

impl<'s> Inside<'s> {
    fn enter(place: &'s Place, own: Current, aside: &'s mut Aside) -> Self {
        let entered = *aside;
        *aside = place.swap(entered);
        Self { place, own, entered, aside }
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        *self.aside = self.place.leave_future(self.own, self.entered, *self.aside);
    }
}

impl<C: Clock32, F, O> fmt::Debug for Traced<'_, '_, C, F, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traced").field("span", &self.span).finish_non_exhaustive()
    }
}
