//! The client: posts a conversation to a chat-completions server and hands out its events as they come.
//!
//! Every wait has a bound: ten seconds to connect, a minute without a byte, four mebibytes a reply.

use crate::conversation::{
    ChatChunk, ChatRequest, Message, StreamOptions, ToolChoice, ToolDefinition,
};
use crate::endpoint::Endpoint;
use exo_trace::{ChatSpan, Usage, chat};
use futures::{Stream, StreamExt, stream};
use http_body_util::{BodyExt, Limited};
use hyper::body::Body;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use sse_stream::{Sse, SseStream};
use std::borrow::Cow;
use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::io;
use std::pin::pin;
use std::time::Duration;

/// Whose protocol it is, as the conventions name providers; who answers is said by `server.address`.
const PROVIDER: &str = "openai";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const READ_TIMEOUT: Duration = Duration::from_secs(60);
const REPLY_BYTES_MAX: usize = 4 << 20;
/// Of a refusal's body, what is shown.
const REFUSAL_CHARS_MAX: usize = 300;

/// A model behind an endpoint.
#[derive(Debug)]
pub(crate) struct Model {
    client: Client,
    endpoint: Endpoint,
}

impl Model {
    /// Prepares to talk to `endpoint`; connects with the first chat.
    ///
    /// # Errors
    ///
    /// Fails if TLS can not be set up, for instance without any root certificate.
    pub(crate) fn new(endpoint: Endpoint) -> Result<Self, ModelError> {
        // An error means that the process has chosen a provider before, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT);
        // Plain http must work where no certificate is installed, and a proxy does not know this machine's ports.
        let client = match endpoint.base_url.scheme() {
            "http" => client.tls_certs_only([]),
            _ => client,
        };
        let client = match endpoint.is_loopback() {
            true => client.no_proxy(),
            false => client,
        };
        let client = client.build();
        let client = client.map_err(|error| unreachable(&endpoint, &error))?;
        Ok(Self { client, endpoint })
    }

    /// Returns the name that is asked for.
    pub(crate) fn name(&self) -> &str {
        &self.endpoint.model
    }

    /// Sends the conversation and returns the events of the reply; one span covers both.
    ///
    /// # Errors
    ///
    /// Fails at once if the server is not reached or refuses; later, as the last item, if the stream breaks.
    pub(crate) async fn stream(
        &self,
        messages: Vec<Message>,
        tools: Vec<ToolDefinition>,
        tool_choice: ToolChoice,
    ) -> Result<impl Stream<Item = Result<ChatChunk, ModelError>> + use<>, ModelError> {
        let mut call = self.begin_call();
        match call.instrument(self.post(messages, tools, tool_choice)).await {
            Ok(response) => Ok(call.stream_with(chunks(reqwest::Body::from(response)), tell)),
            Err(error) => {
                call.fail_as(&error.kind(), &error);
                Err(error)
            }
        }
    }

    fn begin_call(&self) -> ChatSpan {
        let Endpoint { base_url, model, .. } = &self.endpoint;
        let host = base_url.host_str().unwrap_or_default().to_owned();
        let port = base_url.port_or_known_default().unwrap_or_default();
        chat(PROVIDER, model.clone()).server_address(host).server_port(port).start()
    }

    async fn post(
        &self,
        messages: Vec<Message>,
        tools: Vec<ToolDefinition>,
        tool_choice: ToolChoice,
    ) -> Result<Response, ModelError> {
        let request = ChatRequest {
            model: self.endpoint.model.clone(),
            messages,
            tools,
            tool_choice,
            stream: true,
            stream_options: StreamOptions { include_usage: true },
        };
        let mut post = self.client.post(self.endpoint.chat_url()).json(&request);
        if let Some(key) = &self.endpoint.api_key {
            post = post.bearer_auth(key);
        }
        let response = post.send().await;
        let response = response.map_err(|error| unreachable(&self.endpoint, &error))?;
        if !response.status().is_success() {
            return Err(refused(response).await);
        }
        Ok(response)
    }
}

/// Tells the call's span what an event says of it: the tokens, the model, why it stopped, or an error.
fn tell(call: &mut ChatSpan, event: &Result<ChatChunk, ModelError>) {
    let chunk = match event {
        Ok(chunk) => chunk,
        Err(error) => {
            call.fail_as(&error.kind(), error);
            return;
        }
    };
    if let Some(usage) = chunk.usage {
        call.usage(Usage::new(usage.prompt_tokens, usage.completion_tokens));
    }
    if let Some(reason) = chunk.choices.iter().find_map(|choice| choice.finish_reason.clone()) {
        call.response_model(chunk.model.clone()).finish(reason);
    }
}

/// Decodes the events of `body` up to `[DONE]` or its end.
fn chunks<B>(body: B) -> impl Stream<Item = Result<ChatChunk, ModelError>>
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let bounded = Limited::new(body, REPLY_BYTES_MAX).map_err(io::Error::other);
    let events = Box::pin(SseStream::new(bounded));
    stream::unfold(Some(events), |events| async {
        let mut events = events?;
        loop {
            let chunk = match events.next().await? {
                Ok(Sse { data: None, .. }) => continue,
                Ok(Sse { data: Some(data), .. }) if data == "[DONE]" => return None,
                Ok(Sse { data: Some(data), .. }) => decode(&data),
                Err(error) => Err(ModelError::Broken(chain(&error))),
            };
            let rest = chunk.is_ok().then_some(events);
            return Some((chunk, rest));
        }
    })
}

fn decode(data: &str) -> Result<ChatChunk, ModelError> {
    let chunk: ChatChunk = serde_json::from_str(data)
        .map_err(|error| ModelError::Protocol(format!("an event is no chat chunk: {error}")))?;
    match chunk.error {
        Some(error) => Err(ModelError::Protocol(format!("the server reports {error}"))),
        None => Ok(chunk),
    }
}

async fn refused(response: Response) -> ModelError {
    let status = response.status().as_u16();
    let body = Limited::new(reqwest::Body::from(response), REPLY_BYTES_MAX);
    let body = pin!(body.collect()).await;
    let body = body.map(|body| body.to_bytes()).unwrap_or_default();
    let body = String::from_utf8_lossy(&body);
    let words = body.split_whitespace().collect::<Vec<_>>().join(" ");
    ModelError::Refused(status, words.chars().take(REFUSAL_CHARS_MAX).collect())
}

fn unreachable(endpoint: &Endpoint, error: &reqwest::Error) -> ModelError {
    ModelError::Unreachable(endpoint.base_url.to_string(), chain(error))
}

/// Returns the innermost cause, which says more than the layers around it.
fn chain(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

/// Why a chat with the model failed.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) enum ModelError {
    Unreachable(String, String),
    Refused(u16, String),
    Broken(String),
    Protocol(String),
}

impl ModelError {
    /// Returns the kind of failure, a word of few as `error.type` wants it: the status, where one came.
    fn kind(&self) -> Cow<'static, str> {
        match self {
            Self::Unreachable(..) => "unreachable".into(),
            Self::Refused(status, _) => status.to_string().into(),
            Self::Broken(_) => "broken_off".into(),
            Self::Protocol(_) => "protocol".into(),
        }
    }
}

impl Display for ModelError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(url, cause) => write!(f, "no model reached at {url}: {cause}"),
            Self::Refused(status, body) => {
                write!(f, "the model's server answered {status}, expected 200: {body}")
            }
            Self::Broken(cause) => write!(f, "the model's reply broke off: {cause}"),
            Self::Protocol(detail) => write!(f, "the model's reply can not be read: {detail}"),
        }
    }
}

impl Error for ModelError {}

#[cfg(test)]
mod tests {
    use super::{ModelError, chunks};
    use crate::conversation::ChatChunk;
    use futures::{StreamExt, stream};
    use http_body_util::StreamBody;
    use hyper::body::{Bytes, Frame};
    use std::convert::Infallible;

    const STREAM: &str = "\u{feff}: a comment\r\n\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"Größe \"}}]}\n\n\
        event: x\r\ndata: {\"choices\":[{\"delta\":{\ndata: \"content\":\"≤ 8\"}}]}\r\n\r\ndata: [DONE]\n\ndata: {\"never\":\"read\"}\n\n";

    async fn read(pieces: &[&[u8]]) -> Vec<Result<ChatChunk, ModelError>> {
        let frames: Vec<_> = pieces
            .iter()
            .map(|piece| Ok::<_, Infallible>(Frame::data(Bytes::copy_from_slice(piece))))
            .collect();
        chunks(StreamBody::new(stream::iter(frames))).collect().await
    }

    #[tokio::test]
    async fn events_split_at_any_byte_are_the_same_events() {
        let bytes = STREAM.as_bytes();
        for at in 0..=bytes.len() {
            let (left, right) = bytes.split_at(at);
            let text: String = read(&[left, right])
                .await
                .into_iter()
                .filter_map(|chunk| chunk.unwrap().choices.remove(0).delta.content)
                .collect();
            assert_eq!(text, "Größe ≤ 8", "split at byte {at}");
        }
        let single: Vec<_> = bytes.chunks(1).collect();
        assert_eq!(read(&single).await.len(), 2);
    }

    #[tokio::test]
    async fn an_event_that_is_no_json_ends_the_stream_with_a_reason() {
        let found = read(&[b"data: oops\n\ndata: {}\n\n"]).await;
        assert_eq!(found.len(), 1);
        let error = found[0].as_ref().unwrap_err().to_string();
        assert!(error.contains("no chat chunk"), "{error}");
    }

    #[tokio::test]
    async fn a_failure_in_the_stream_is_no_empty_reply() {
        let found =
            read(&[b"data: {\"error\":{\"message\":\"overloaded\"}}\n\ndata: {}\n\n"]).await;
        assert_eq!(found.len(), 1);
        let error = found[0].as_ref().unwrap_err().to_string();
        assert!(error.contains("overloaded"), "{error}");
    }

    #[tokio::test]
    async fn a_reply_without_end_is_cut_off() {
        let flood = vec![b'x'; super::REPLY_BYTES_MAX];
        let found = read(&[b"data: ", &flood, &flood]).await;
        let error = found[0].as_ref().unwrap_err().to_string();
        assert!(error.contains("broke off"), "{error}");
    }
}
