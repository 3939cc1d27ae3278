//! For whom spans work when nothing is recorded: for nobody.

use super::future::poll_once;
use exo_trace_core::{IdentityId, InternedKey};
use pin_project_lite::pin_project;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// Whose session, user, conversation and task it is; here, nobody's.
///
/// ```
/// use exo_trace_std::{Identity, span_sync};
///
/// let _identity = Identity::new().session("s-456").user("u-123").attach();
/// let _span = span_sync!("answer");
/// assert_eq!(Identity::current(), Identity::new());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[must_use = "an identity says nothing until it is attached or a future runs in its scope"]
pub struct Identity(());

impl Identity {
    /// Returns an identity that says nothing.
    #[inline(always)]
    pub fn new() -> Self {
        Self(())
    }

    /// Forgets the session.
    #[inline(always)]
    pub fn session(self, _id: impl Into<Arc<str>>) -> Self {
        self
    }

    /// Forgets the user.
    #[inline(always)]
    pub fn user(self, _id: impl Into<Arc<str>>) -> Self {
        self
    }

    /// Forgets the conversation.
    #[inline(always)]
    pub fn conversation(self, _id: impl Into<Arc<str>>) -> Self {
        self
    }

    /// Forgets the task.
    #[inline(always)]
    pub fn task(self, _id: impl Into<Arc<str>>) -> Self {
        self
    }

    /// Returns an identity that says nothing.
    #[inline(always)]
    pub fn current() -> Self {
        Self(())
    }

    /// Returns a guard of nothing.
    #[inline(always)]
    pub fn attach(&self) -> AttachedIdentity {
        AttachedIdentity { on_this_thread: PhantomData }
    }

    /// Returns `future` with nothing around it.
    #[inline(always)]
    pub fn scope<F: Future>(&self, future: F) -> InIdentity<F> {
        InIdentity { inner: Some(future) }
    }

    /// Returns `None`.
    #[doc(hidden)]
    #[inline(always)]
    pub fn of(_id: IdentityId) -> Option<Arc<Self>> {
        None
    }

    /// Returns nothing.
    #[doc(hidden)]
    #[inline(always)]
    pub fn attributes(&self) -> impl Iterator<Item = (&'static InternedKey, &str, bool)> {
        std::iter::empty()
    }
}

/// An identity that spans are stamped with until this is dropped; here, none. Stays on its thread all
/// the same.
#[derive(Debug)]
#[must_use = "spans are stamped until this is dropped"]
pub struct AttachedIdentity {
    on_this_thread: PhantomData<*const ()>,
}

impl Drop for AttachedIdentity {
    #[inline(always)]
    fn drop(&mut self) {}
}

pin_project! {
    /// A future that stamps the spans which begin in it; here, with nothing.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct InIdentity<F> {
        #[pin]
        inner: Option<F>,
    }
}

impl<F: Future> Future for InIdentity<F> {
    type Output = F::Output;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        poll_once(self.project().inner, cx)
    }
}
