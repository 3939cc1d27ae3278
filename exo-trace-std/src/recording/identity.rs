//! For whom spans work: set once around a piece of work, a number in each span, texts in one table.

use super::identities::{self, Lease};
use super::joined::Beside;
use super::pen;
use crate::semconv;
use crate::settings::{self, State};
use exo_trace_core::{IdentityId, IdentityTurn, InternedKey};
use pin_project_lite::pin_project;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// The keys of the fields, in their order.
static KEYS: [InternedKey; 4] = [
    InternedKey::new(semconv::SESSION_ID),
    InternedKey::new(semconv::USER_ID),
    InternedKey::new(semconv::GEN_AI_CONVERSATION_ID),
    InternedKey::new(semconv::EXO_TASK_ID),
];

/// Whose session, user, conversation and task it is: set once, said by every span below.
///
/// Back ends filter by the attributes that a span has itself, so each gets them: `session.id`, `user.id`,
/// `gen_ai.conversation.id` and `exo.task.id`, under the names of the chosen dialects. What a span says
/// itself under one of these keys stands. A span costs no more for it than one word in its record: the
/// texts are kept once, and joined on the other side of the ring.
///
/// An identity goes where the current span goes: into guards, futures and streams. Threads and tasks that are
/// spawned begin without one, as they begin without a span: give them a [`Context`](crate::Context), or give
/// the future its own scope, `tokio::spawn(identity.scope(future))`. What runs in another context or span
/// works for whom that was begun for. One identity inside another overrides it field by field; an empty
/// text takes a field away.
///
/// The process remembers 65,536 of them in 32 MiB at most: all that are attached or in whose scope a
/// future lives, then those that spans were last seen of. What is past that is counted, in
/// `Losses::identities_full` and `Losses::identities_gone`.
///
/// ```
/// use exo_trace_std::{Identity, span_sync};
///
/// let _identity = Identity::new().session("s-456").user("u-123").attach();
/// let _span = span_sync!("answer");
/// let _task = Identity::new().task("t-1").attach();
/// assert_eq!(Identity::current(), Identity::new().session("s-456").user("u-123").task("t-1"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[must_use = "an identity says nothing until it is attached or a future runs in its scope"]
pub struct Identity {
    texts: [Option<Arc<str>>; KEYS.len()],
}

impl Identity {
    /// Returns an identity that says nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says which session it is: `session.id`, `exo.session.id` on the page.
    pub fn session(self, id: impl Into<Arc<str>>) -> Self {
        let [_, user, conversation, task] = self.texts;
        Self { texts: [Some(id.into()), user, conversation, task] }
    }

    /// Says which user it is for: `user.id`, `exo.user.id` on the page.
    pub fn user(self, id: impl Into<Arc<str>>) -> Self {
        let [session, _, conversation, task] = self.texts;
        Self { texts: [session, Some(id.into()), conversation, task] }
    }

    /// Says which conversation it is part of: `gen_ai.conversation.id`.
    pub fn conversation(self, id: impl Into<Arc<str>>) -> Self {
        let [session, user, _, task] = self.texts;
        Self { texts: [session, user, Some(id.into()), task] }
    }

    /// Says which task is worked on: `exo.task.id`.
    pub fn task(self, id: impl Into<Arc<str>>) -> Self {
        let [session, user, conversation, _] = self.texts;
        Self { texts: [session, user, conversation, Some(id.into())] }
    }

    /// Returns the identity that spans of the calling thread get at present.
    pub fn current() -> Self {
        let identity = pen::with(|pen| pen.current().identity()).flatten();
        let known = identity.and_then(identities::find);
        known.map_or_else(Self::new, |known| Self::clone(&known))
    }

    /// Stamps spans of this thread until the guard is dropped.
    ///
    /// Those that begin inside: one that is open already says what it was begun with. In a span, it lasts no
    /// longer than that span is current. Like the guard of a span, it is not to be held across an await.
    pub fn attach(&self) -> AttachedIdentity {
        let lease = self.lease();
        let turn = Turn::new(lease.as_ref());
        AttachedIdentity { turn, lease }
    }

    /// Returns `future` stamping the spans that begin in it, on whatever thread it is polled.
    ///
    /// What is attached now, where this is called, is overridden field by field.
    pub fn scope<F: Future>(&self, future: F) -> InIdentity<F> {
        InIdentity { inner: Some(future), lease: self.lease() }
    }

    /// Returns the identity that a span carries the number of, unless it was forgotten.
    #[doc(hidden)]
    pub fn of(id: IdentityId) -> Option<Arc<Self>> {
        identities::find(id)
    }

    /// Returns what it says, and whether a text was cut to the limit of values.
    #[doc(hidden)]
    pub fn attributes(&self) -> impl Iterator<Item = (&'static InternedKey, &str, bool)> {
        let bytes_max = settings::attribute_value_bytes_max();
        KEYS.iter().zip(&self.texts).filter_map(move |(key, text)| {
            let text: &str = text.as_ref()?;
            let kept = &text[..text.floor_char_boundary(bytes_max)];
            Some((key, kept, kept.len() < text.len()))
        })
    }

    pub(super) fn text_bytes(&self) -> usize {
        self.texts.iter().flatten().map(|text| text.len()).sum()
    }

    /// Returns a lease of what is current with this over it; `None` where that says nothing.
    fn lease(&self) -> Option<Lease> {
        if matches!(State::current(), State::AfterShutdown | State::Disabled) {
            return None;
        }
        let before = pen::with(|pen| pen.current().identity()).flatten();
        let merged = self.over(before.and_then(identities::find).as_deref());
        // Where something is current, saying nothing takes it away.
        (before.is_some() || merged != Self::new()).then(|| Lease::of(merged)).flatten()
    }

    fn over(&self, before: Option<&Self>) -> Self {
        let mut merged = before.cloned().unwrap_or_default();
        for (text, own) in merged.texts.iter_mut().zip(&self.texts) {
            if let Some(own) = own {
                *text = Some(Arc::clone(own)).filter(|text| !text.is_empty());
            }
        }
        merged
    }
}

/// An identity that spans are stamped with until this is dropped.
#[derive(Debug)]
#[must_use = "spans are stamped until this is dropped"]
pub struct AttachedIdentity {
    // In this order: a lease ends after what it is for.
    #[expect(dead_code, reason = "it is there to be dropped")]
    turn: Turn,
    #[expect(dead_code, reason = "it is there to be dropped")]
    lease: Option<Lease>,
}

/// Stamps spans for as long as this lives; puts the old identity back even in a panic.
#[derive(Debug)]
struct Turn {
    entered: Option<(IdentityTurn, Beside)>,
    on_this_thread: PhantomData<*const ()>,
}

impl Turn {
    fn new(lease: Option<&Lease>) -> Self {
        let entered = lease.and_then(|lease| pen::with(|pen| pen.enter_identity(lease.id())));
        Self { entered, on_this_thread: PhantomData }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(entered) = self.entered.take() {
            pen::with(|pen| pen.leave_identity(entered));
        }
    }
}

pin_project! {
    /// A future that stamps the spans which begin in it.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct InIdentity<F> {
        #[pin]
        inner: Option<F>,
        lease: Option<Lease>,
    }

    impl<F> PinnedDrop for InIdentity<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.inner.is_some() {
                let _turn = Turn::new(this.lease.as_ref());
                this.inner.set(None);
            }
        }
    }
}

impl<F: Future> Future for InIdentity<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let _turn = Turn::new(this.lease.as_ref());
        let Some(inner) = this.inner.as_mut().as_pin_mut() else { return Poll::Pending };
        let output = inner.poll(cx);
        if output.is_ready() {
            this.inner.set(None);
        }
        output
    }
}
