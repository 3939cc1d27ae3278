//! A model call: what it asks for, what came back, and when.
//!
//! The answer comes in pieces and in any order: the usage with the last chunk, the model's name with
//! the first, the reason it finished somewhere between. What is known at the end is written then.

use super::handle::{self, handle};
use super::request::request;
use super::site::{self, Site};
use super::{Chunks, Kept, Usage, keys};
use crate::{AttributeSource, Operation};
use exo_trace_core::{Gathered, Texts, Value};
use std::borrow::Cow;

request! {
    /// A model call that has not begun; made by [`chat`], [`text_completion`] and
    /// [`generate_content`].
    ///
    /// What is not set is not written.
    ChatRequest {
        given { provider => PROVIDER_NAME, model => REQUEST_MODEL, }
        texts {
            /// Sets `gen_ai.conversation.id`: which conversation, session or thread it belongs to.
            conversation => CONVERSATION_ID,
            /// Sets `gen_ai.output.type`: `text`, `json`, `image` or `speech`, as it was asked for.
            output_type => OUTPUT_TYPE,
            /// Sets `gen_ai.request.reasoning.level`: how much the model was asked to reason.
            reasoning_level => REQUEST_REASONING_LEVEL,
            /// Sets `gen_ai.request.previous_response.id`: the answer that this call goes on from.
            previous_response_id => REQUEST_PREVIOUS_RESPONSE_ID,
            /// Sets `gen_ai.prompt.name`: the name of a stored prompt.
            prompt_name => PROMPT_NAME,
            /// Sets `gen_ai.prompt.version`: the version of a stored prompt.
            prompt_version => PROMPT_VERSION,
            /// Sets `server.address`: the host that answers.
            server_address => SERVER_ADDRESS,
        }
        wholes {
            /// Sets `gen_ai.request.max_tokens`: how many tokens the answer may have.
            max_tokens => REQUEST_MAX_TOKENS,
            /// Sets `gen_ai.request.top_k`: from how many tokens each is chosen.
            top_k => REQUEST_TOP_K,
            /// Sets `gen_ai.request.seed`: what makes the answer repeatable.
            seed => REQUEST_SEED,
            /// Sets `gen_ai.request.choice.count`: how many answers are asked for, if not one.
            choice_count => REQUEST_CHOICE_COUNT,
            /// Sets `server.port`: the port of the host that answers.
            server_port => SERVER_PORT,
        }
        reals {
            /// Sets `gen_ai.request.temperature`.
            temperature => REQUEST_TEMPERATURE,
            /// Sets `gen_ai.request.top_p`.
            top_p => REQUEST_TOP_P,
            /// Sets `gen_ai.request.frequency_penalty`.
            frequency_penalty => REQUEST_FREQUENCY_PENALTY,
            /// Sets `gen_ai.request.presence_penalty`.
            presence_penalty => REQUEST_PRESENCE_PENALTY,
        }
        flags {
            /// Sets `gen_ai.conversation.compacted`: the messages are a shortened view.
            conversation_compacted => CONVERSATION_COMPACTED,
        }
        lists {
            /// Sets `gen_ai.request.stop_sequences`: texts that end the answer.
            ///
            /// The list is allocated.
            stop_sequences => REQUEST_STOP_SEQUENCES,
        }
    }
}

/// Asks a model for the next message of a conversation.
///
/// ```
/// use exo_trace_std::{Usage, chat};
///
/// let mut call = chat("openai", "gpt-4o").temperature(0.2).max_tokens(512).start();
/// let answer = call.in_scope(|| "a ring refuses when it is full");
/// call.usage(Usage::new(500, 150)).finish("stop");
/// # assert!(answer.starts_with("a ring"));
/// ```
#[inline(always)]
pub fn chat(
    provider: impl Into<Cow<'static, str>>,
    model: impl Into<Cow<'static, str>>,
) -> ChatRequest {
    request_at(&site::CHAT, provider.into(), model.into())
}

/// Asks a model to go on with a text: the older form of [`chat`].
#[inline(always)]
pub fn text_completion(
    provider: impl Into<Cow<'static, str>>,
    model: impl Into<Cow<'static, str>>,
) -> ChatRequest {
    request_at(&site::TEXT_COMPLETION, provider.into(), model.into())
}

/// Asks a model for content of any form: text, images, speech.
#[inline(always)]
pub fn generate_content(
    provider: impl Into<Cow<'static, str>>,
    model: impl Into<Cow<'static, str>>,
) -> ChatRequest {
    request_at(&site::GENERATE_CONTENT, provider.into(), model.into())
}

#[inline(always)]
fn request_at(
    site: &'static Site,
    provider: Cow<'static, str>,
    model: Cow<'static, str>,
) -> ChatRequest {
    let site = site.of(&model);
    ChatRequest::at(site, provider, model)
}

impl<A: AttributeSource> ChatRequest<A> {
    /// Begins the call, as a child of the current span.
    #[inline(always)]
    pub fn start(self) -> ChatSpan {
        ChatSpan {
            span: self.begin(),
            model: Kept::new(),
            id: Kept::new(),
            reason: Kept::new(),
            has_reasons: false,
            usage: Usage::default(),
            chunks: Chunks::default(),
            has_answer: false,
            is_stream: false,
        }
    }
}

/// A model call under way: its answer is told to it as it comes.
///
/// It ends when it is dropped. One whose answer was never told of, or that was dropped in the middle
/// of its chunks, is cancelled; [`ChatSpan::finish`] and [`ChatSpan::end`] say that all of it came.
///
/// The call is kept while a future runs in it, and told of what came, be that an answer or an error:
///
/// ```
/// use exo_trace_std::{Usage, chat};
///
/// async fn answer(request: impl Future<Output = Result<String, std::io::Error>>) -> Option<String> {
///     let mut call = chat("openai", "gpt-4o").start();
///     match call.instrument(request).await {
///         Ok(text) => {
///             call.usage(Usage::new(500, 150)).finish("stop");
///             Some(text)
///         }
///         Err(error) => {
///             call.fail_as("timeout", &error);
///             None
///         }
///     }
/// }
/// # drop(answer(async { Err(std::io::ErrorKind::TimedOut.into()) }));
/// ```
#[derive(Debug)]
#[must_use = "the call ends when this is dropped"]
pub struct ChatSpan {
    pub(super) span: Operation,
    /// What is said at its end: a stream may repeat it in each of its chunks.
    model: Kept,
    id: Kept,
    reason: Kept,
    /// Whether reasons were said already, so that another one has to take their place.
    has_reasons: bool,
    usage: Usage,
    chunks: Chunks,
    pub(super) has_answer: bool,
    is_stream: bool,
}

handle!(ChatSpan);

impl ChatSpan {
    /// Says how many tokens it took; what a later report leaves out stays as it was.
    #[inline(always)]
    pub fn usage(&mut self, usage: Usage) -> &mut Self {
        self.usage.take(usage);
        self.has_answer = true;
        self
    }

    /// Says why the model stopped, `gen_ai.response.finish_reasons`: the answer is whole.
    #[inline(always)]
    pub fn finish(&mut self, reason: impl Into<Cow<'static, str>>) -> &mut Self {
        let reason = reason.into();
        if self.has_reasons {
            return self.finish_all(&[&reason]);
        }
        self.reason.set(reason);
        handle::ended(&mut self.span);
        self
    }

    /// Says why the model stopped, for each of several answers.
    pub fn finish_all(&mut self, reasons: &[&str]) -> &mut Self {
        self.reason.clear();
        self.has_reasons = true;
        self.span.say(&keys::RESPONSE_FINISH_REASONS, Value::Texts(Texts::Borrowed(reasons)));
        handle::ended(&mut self.span);
        self
    }

    /// Says which model answered, `gen_ai.response.model`; nothing where that is empty.
    #[inline(always)]
    pub fn response_model(&mut self, model: impl Into<Cow<'static, str>>) -> &mut Self {
        let model = model.into();
        if !model.is_empty() {
            self.model.set(model);
        }
        self.has_answer = true;
        self
    }

    /// Says what the provider calls the answer, `gen_ai.response.id`; nothing where that is empty.
    #[inline(always)]
    pub fn response_id(&mut self, id: impl Into<Cow<'static, str>>) -> &mut Self {
        let id = id.into();
        if !id.is_empty() {
            self.id.set(id);
        }
        self.has_answer = true;
        self
    }

    /// Notes that a chunk of the answer came now: for streams that [`ChatSpan::stream`] does not fit.
    #[inline]
    pub fn chunk(&mut self) -> &mut Self {
        self.chunk_at(Chunks::now())
    }

    /// Notes that a chunk of the answer came at a moment that [`Chunks::now`] returned.
    #[inline]
    pub(super) fn chunk_at(&mut self, came: u64) -> &mut Self {
        self.chunks.add(came);
        self
    }

    /// Notes that the answer is streamed, and has not begun yet.
    #[inline]
    pub(super) fn streamed(mut self) -> Self {
        self.is_stream = true;
        self
    }
}

impl Drop for ChatSpan {
    #[inline(always)]
    fn drop(&mut self) {
        let is_stream = self.is_stream || !self.chunks.is_empty();
        if self.has_answer && !is_stream {
            handle::ended(&mut self.span);
        }
        let mut gathered = <Gathered>::new();
        if let Some(mut said) = self.span.description(&mut gathered) {
            said.text(&keys::RESPONSE_MODEL, self.model.take());
            said.text(&keys::RESPONSE_ID, self.id.take());
            said.list_of_one(&keys::RESPONSE_FINISH_REASONS, self.reason.take().as_deref());
            if is_stream {
                said.value(&keys::REQUEST_STREAM, Value::Bool(true));
                self.chunks.say(&mut said);
            }
            self.usage.describe(&mut said);
        }
        self.span.end_with(&gathered);
    }
}
