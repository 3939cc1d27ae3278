//! The verbs that every handle of an operation has: how it ends, and by whom.
//!
//! An operation that nobody ends was given up: a future dropped in a `select!`, an early `?`. So a
//! span of whose end nothing is said is cancelled.

use crate::Operation;
use exo_trace_core::Outcome;

/// Ends well, unless something was said of its end already.
#[inline(always)]
pub(super) fn ended(span: &mut Operation) {
    if span.conclusion().is_none() {
        span.conclude(Outcome::Ended);
    }
}

macro_rules! handle {
    ($name:ident) => {
        impl $name {
            /// Ends the span now: it went well, unless something else was said of its end.
            ///
            /// Dropped without it, the span is cancelled.
            #[inline]
            pub fn end(mut self) {
                super::handle::ended(&mut self.span);
            }

            /// Records an error, under the name of its type: an `exception` event and the status.
            pub fn fail<E: std::fmt::Display + ?Sized>(&mut self, error: &E) -> &mut Self {
                self.span.fail_as(std::any::type_name::<E>(), &error);
                self
            }

            /// Records an error under a name of few kinds: the provider's code, or `timeout`.
            pub fn fail_as<E: std::fmt::Display + ?Sized>(
                &mut self,
                error_type: &str,
                error: &E,
            ) -> &mut Self {
                self.span.fail_as(error_type, &error);
                self
            }

            /// Sets attributes of the caller's own, as [`attributes!`](crate::attributes) makes
            /// them.
            pub fn attributes(&mut self, attributes: impl crate::AttributeSource) -> &mut Self {
                self.span.set_attributes(attributes);
                self
            }

            /// Runs `f` with the span current and ends it with what came of that.
            pub fn call<T, E: std::fmt::Display>(
                mut self,
                f: impl FnOnce() -> Result<T, E>,
            ) -> Result<T, E> {
                let result = self.span.in_scope(f);
                self.judge(&result);
                result
            }

            /// Runs `future` with the span current whenever it is polled, and ends it with what
            /// came of that: `Ok`, an error, or cancelled where the future is dropped before.
            ///
            /// Whoever has more to say afterwards keeps the handle:
            /// [`instrument`](crate::instrumentation::Operation::instrument) runs the future, and
            /// the handle is told what came of it, with `fail` where that is an error.
            pub async fn run<T, E: std::fmt::Display>(
                mut self,
                future: impl Future<Output = Result<T, E>>,
            ) -> Result<T, E> {
                let result = self.span.instrument(future).await;
                self.judge(&result);
                result
            }

            fn judge<T, E: std::fmt::Display>(&mut self, result: &Result<T, E>) {
                match result {
                    Ok(_) => super::handle::ended(&mut self.span),
                    Err(error) => {
                        self.fail(error);
                    }
                }
            }
        }

        impl std::ops::Deref for $name {
            type Target = crate::Operation;

            #[inline]
            fn deref(&self) -> &crate::Operation {
                &self.span
            }
        }
    };
}
pub(super) use handle;
