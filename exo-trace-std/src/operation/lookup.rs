//! Embeddings and retrieval: a model that turns texts into vectors, and what finds texts by them.

use super::handle::handle;
use super::request::request;
use super::{keys, site};
use crate::{AttributeSource, Operation};
use exo_trace_core::Value;
use std::borrow::Cow;

request! {
    /// A call for embeddings that has not begun; made by [`embeddings`].
    EmbeddingsRequest {
        given { provider => PROVIDER_NAME, model => REQUEST_MODEL, }
        texts {
            /// Sets `server.address`: the host that answers.
            server_address => SERVER_ADDRESS,
        }
        wholes {
            /// Sets `gen_ai.embeddings.dimension.count`: how long each vector shall be.
            dimension_count => EMBEDDINGS_DIMENSION_COUNT,
            /// Sets `server.port`: the port of the host that answers.
            server_port => SERVER_PORT,
        }
        reals {}
        flags {}
        lists {
            /// Sets `gen_ai.request.encoding_formats`: `float`, `base64`.
            ///
            /// The list is allocated.
            encoding_formats => REQUEST_ENCODING_FORMATS,
        }
    }
}

/// Asks a model for embeddings.
///
/// ```
/// use exo_trace_std::embeddings;
///
/// let mut call = embeddings("openai", "text-embedding-3-small").dimension_count(512).start();
/// call.input_tokens(17).response_model("text-embedding-3-small");
/// call.end();
/// ```
#[inline(always)]
pub fn embeddings(
    provider: impl Into<Cow<'static, str>>,
    model: impl Into<Cow<'static, str>>,
) -> EmbeddingsRequest {
    let model = model.into();
    EmbeddingsRequest::at(site::EMBEDDINGS.of(&model), provider.into(), model)
}

impl<A: AttributeSource> EmbeddingsRequest<A> {
    /// Begins the call, as a child of the current span.
    #[inline(always)]
    pub fn start(self) -> EmbeddingsSpan {
        EmbeddingsSpan { span: self.begin() }
    }
}

/// A call for embeddings under way: cancelled, unless somebody ends it.
#[derive(Debug)]
#[must_use = "the call ends when this is dropped"]
pub struct EmbeddingsSpan {
    span: Operation,
}

handle!(EmbeddingsSpan);

impl EmbeddingsSpan {
    /// Says how many tokens the texts had, `gen_ai.usage.input_tokens`.
    pub fn input_tokens(&mut self, tokens: u64) -> &mut Self {
        self.span.say(&keys::USAGE_INPUT_TOKENS, tokens.into());
        self
    }

    /// Says which model answered, `gen_ai.response.model`; nothing where that is empty.
    pub fn response_model(&mut self, model: impl Into<Cow<'static, str>>) -> &mut Self {
        let model = model.into();
        if !model.is_empty() {
            self.span.say(&keys::RESPONSE_MODEL, Value::Text(&model));
        }
        self
    }
}

request! {
    /// A search that has not begun; made by [`retrieval`].
    RetrievalRequest {
        given { data_source => DATA_SOURCE_ID, }
        texts {
            /// Sets `gen_ai.provider.name`: who runs the data source.
            provider => PROVIDER_NAME,
            /// Sets `gen_ai.request.model`: the model that the search uses.
            model => REQUEST_MODEL,
            /// Sets `server.address`: the host that answers.
            server_address => SERVER_ADDRESS,
        }
        wholes {
            /// Sets `gen_ai.retrieval.top_k`: how many documents are asked for.
            top_k => RETRIEVAL_TOP_K,
            /// Sets `server.port`: the port of the host that answers.
            server_port => SERVER_PORT,
        }
        reals {}
        flags {}
        lists {}
    }
}

/// Searches a data source: a vector store, an index, a knowledge base.
#[inline(always)]
pub fn retrieval(data_source: impl Into<Cow<'static, str>>) -> RetrievalRequest {
    let data_source = data_source.into();
    RetrievalRequest::at(site::RETRIEVAL.of(&data_source), data_source)
}

impl<A: AttributeSource> RetrievalRequest<A> {
    /// Begins the search, as a child of the current span.
    #[inline(always)]
    pub fn start(self) -> RetrievalSpan {
        RetrievalSpan { span: self.begin() }
    }
}

/// A search under way: cancelled, unless somebody ends it.
#[derive(Debug)]
#[must_use = "the search ends when this is dropped"]
pub struct RetrievalSpan {
    span: Operation,
}

handle!(RetrievalSpan);
