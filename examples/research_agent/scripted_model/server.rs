//! The server: answers chats on a loopback port, at the pace of a real model.

use super::mind::think;
use super::speech::{prompt_tokens, speak};
use crate::conversation::ChatRequest;
use crate::endpoint::Endpoint;
use futures::{Stream, StreamExt, stream};
use http_body_util::{BodyExt, Either, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::CONTENT_TYPE;
use hyper::http::HeaderValue;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use reqwest::Url;
use sse_stream::{Sse, SseBody};
use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;

pub(crate) const MODEL: &str = "scripted-1";
const PATH: &str = "/v1/chat/completions";
const REQUEST_BYTES_MAX: usize = 4 << 20;
/// Connections served at once; a further one waits.
const CONNECTIONS_MAX: usize = 16;

/// How long the model takes: a pause that grows with the prompt, then a steady stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) before_first: Duration,
    pub(crate) per_prompt_token: Duration,
    pub(crate) between_chunks: Duration,
}

impl Pace {
    /// Roughly a small hosted model.
    pub(crate) const LIFELIKE: Self = Self {
        before_first: Duration::from_millis(80),
        per_prompt_token: Duration::from_micros(40),
        between_chunks: Duration::from_millis(10),
    };
}

/// A running server; dropping it closes the port and every connection.
#[derive(Debug)]
pub(crate) struct ScriptedModel {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl ScriptedModel {
    /// Listens on a port that the system chooses.
    ///
    /// # Errors
    ///
    /// Fails if no loopback port can be had.
    pub(crate) async fn start(pace: Pace) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let serving = tokio::spawn(serve(listener, pace));
        Ok(Self { address, serving })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns how a client reaches this model, as the environment would say it.
    ///
    /// # Errors
    ///
    /// None in practice: an address with a port always makes a URL.
    pub(crate) fn endpoint(&self) -> io::Result<Endpoint> {
        let base_url = Url::parse(&format!("http://{}/v1", self.address));
        Ok(Endpoint {
            base_url: base_url.map_err(io::Error::other)?,
            api_key: None,
            model: MODEL.to_owned(),
        })
    }
}

impl Drop for ScriptedModel {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, pace: Pace) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        if connections.len() == CONNECTIONS_MAX {
            connections.join_next().await;
        }
        connections.spawn(serve_connection(stream, pace));
    }
}

async fn serve_connection(stream: TcpStream, pace: Pace) {
    let service = service_fn(move |request| respond(request, pace));
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // A client that goes away in the middle of a reply is no failure of the server.
    let _ = connection.await;
}

async fn respond(
    request: Request<Incoming>,
    pace: Pace,
) -> Result<
    Response<Either<Full<Bytes>, SseBody<impl Stream<Item = Result<Sse, Infallible>>>>>,
    Infallible,
> {
    let chat = match (request.method(), request.uri().path()) {
        (&Method::POST, PATH) => read_chat(request).await,
        (_, path) => {
            Err((StatusCode::NOT_FOUND, format!("path is \"{path}\", expected POST {PATH}")))
        }
    };
    let (status, kind, body) = match chat {
        Ok(chat) => {
            let body = SseBody::new(paced(&chat, pace));
            (StatusCode::OK, "text/event-stream", Either::Right(body))
        }
        Err((status, message)) => {
            let body = serde_json::json!({ "error": { "message": message } }).to_string();
            let body = Full::new(Bytes::from(body));
            (status, "application/json", Either::Left(body))
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    Ok(response)
}

async fn read_chat(request: Request<Incoming>) -> Result<ChatRequest, (StatusCode, String)> {
    let body = Limited::new(request.into_body(), REQUEST_BYTES_MAX);
    let body = body.collect().await;
    let body = body.map_err(|error| (StatusCode::PAYLOAD_TOO_LARGE, error.to_string()))?;
    serde_json::from_slice(&body.to_bytes())
        .map_err(|error| (StatusCode::BAD_REQUEST, format!("no chat request: {error}")))
}

fn paced(chat: &ChatRequest, pace: Pace) -> impl Stream<Item = Result<Sse, Infallible>> + use<> {
    let reading = pace.per_prompt_token * u32::try_from(prompt_tokens(chat)).unwrap_or(u32::MAX);
    let first = pace.before_first + reading;
    let pauses = std::iter::once(first).chain(std::iter::repeat(pace.between_chunks));
    let events = speak(chat, think(chat));
    stream::iter(pauses.zip(events)).then(|(pause, event)| async move {
        sleep(pause).await;
        Ok(event)
    })
}

#[cfg(test)]
mod tests {
    use super::{MODEL, Pace, ScriptedModel};
    use crate::conversation::{Message, ToolChoice};
    use crate::model::Model;
    use crate::reply::Reply;
    use crate::tools::definitions;
    use futures::StreamExt;
    use std::pin::pin;
    use std::time::Duration;

    const AT_ONCE: Pace = Pace {
        before_first: Duration::ZERO,
        per_prompt_token: Duration::ZERO,
        between_chunks: Duration::ZERO,
    };

    #[tokio::test]
    async fn tool_calls_and_token_counts_arrive_over_the_wire() {
        let scripted = ScriptedModel::start(AT_ONCE).await.unwrap();
        let model = Model::new(scripted.endpoint().unwrap()).unwrap();
        let content = "How big is a ring, and who reads it?".to_owned();
        let messages = vec![Message::User { content }];
        let stream = model.stream(messages, definitions(), ToolChoice::Auto).await.unwrap();
        let mut stream = pin!(stream);
        let mut reply = Reply::default();
        let mut chunks = 0;
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.unwrap();
            assert_eq!(chunk.model, MODEL);
            reply.add(chunk).unwrap();
            chunks += 1;
        }
        let calls: Vec<_> = reply.tool_calls.iter().map(|call| &call.function).collect();
        let asked: Vec<_> =
            calls.iter().map(|call| (call.name.as_str(), call.arguments.as_str())).collect();
        let expected = [
            ("search", "{\"query\":\"big ring\"}"),
            ("search", "{\"query\":\"reads\"}"),
            ("read_file", "{\"path\":\"NOTES.md\"}"),
        ];
        assert_eq!(asked, expected);
        assert!(chunks > 10, "{chunks} chunks");
        let usage = reply.usage.unwrap();
        assert!(usage.prompt_tokens > 200 && usage.completion_tokens > 15, "{usage:?}");
        assert_eq!(reply.finish_reason.as_deref(), Some("tool_calls"));
    }

    #[tokio::test]
    async fn another_path_is_refused_with_what_was_expected() {
        let scripted = ScriptedModel::start(AT_ONCE).await.unwrap();
        let mut endpoint = scripted.endpoint().unwrap();
        endpoint.base_url.set_path("/v2");
        let model = Model::new(endpoint).unwrap();
        let result = model.stream(Vec::new(), Vec::new(), ToolChoice::None).await;
        let error = result.err().map(|error| error.to_string()).unwrap();
        assert!(
            error.contains("answered 404") && error.contains("expected POST /v1/chat"),
            "{error}"
        );
    }
}
