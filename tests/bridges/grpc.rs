//! One trace over gRPC: a channel and a server of tonic with a layer each, and a real connection.

use bytes::{Buf, BufMut};
use exo_trace::bridge::tower::{TracedClient, client, server};
use exo_trace::testing::capture_async;
use exo_trace::{get_baggage, set_baggage, span_async, span_sync};
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream, StreamExt};
use http::uri::PathAndQuery;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::task::{Context, Poll};
use tokio::net::TcpListener;
use tonic::body::Body;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::server::NamedService;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Code, Request, Response, Status};
use tower::{Layer, Service, service_fn};

/// Messages that are texts.
#[derive(Clone, Copy, Default)]
struct Texts;

impl Codec for Texts {
    type Encode = String;
    type Decode = String;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Texts {
    type Item = String;
    type Error = Status;

    fn encode(&mut self, text: String, bytes: &mut EncodeBuf<'_>) -> Result<(), Status> {
        bytes.put_slice(text.as_bytes());
        Ok(())
    }
}

impl Decoder for Texts {
    type Item = String;
    type Error = Status;

    fn decode(&mut self, bytes: &mut DecodeBuf<'_>) -> Result<Option<String>, Status> {
        let bytes = bytes.copy_to_bytes(bytes.remaining());
        String::from_utf8(bytes.into()).map(Some).map_err(|_| Status::internal("no text"))
    }
}

/// A service with a method for each way a call can go.
#[derive(Clone)]
struct Teller;

impl NamedService for Teller {
    const NAME: &'static str = "story.Teller";
}

impl Service<http::Request<Body>> for Teller {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        Box::pin(async move {
            let mut grpc = tonic::server::Grpc::new(Texts);
            Ok(if request.uri().path().ends_with("/Count") {
                grpc.server_streaming(service_fn(count), request).await
            } else {
                grpc.unary(service_fn(answer), request).await
            })
        })
    }
}

async fn answer(request: Request<String>) -> Result<Response<String>, Status> {
    let name = request.into_inner();
    span_async!("think", name = name.as_str(), {}).await;
    match &*name {
        "nobody" => Err(Status::not_found("nobody of that name")),
        "bug" => Err(Status::internal("a bug: é")),
        _ => Ok(Response::new(format!("{name}, {}", get_baggage("word").unwrap_or_default()))),
    }
}

type Counted = BoxStream<'static, Result<String, Status>>;

async fn count(request: Request<String>) -> Result<Response<Counted>, Status> {
    let most: u32 =
        request.into_inner().parse().map_err(|_| Status::invalid_argument("no number"))?;
    let numbers = stream::iter(0..most).map(|number| {
        let _span = span_sync!("count", number);
        Ok(number.to_string())
    });
    Ok(Response::new(numbers.boxed()))
}

type Client = tonic::client::Grpc<TracedClient<Channel>>;

async fn connected() -> (Client, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = Server::builder().layer(server()).add_service(Teller);
    tokio::spawn(serving.serve_with_incoming(TcpIncoming::from(listener)));
    let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
    let traced = client().origin(endpoint.uri().clone());
    (tonic::client::Grpc::new(traced.layer(endpoint.connect_lazy())), address)
}

async fn ask(client: &mut Client, name: &str) -> Result<String, Status> {
    client.ready().await.unwrap();
    let method = PathAndQuery::from_static("/story.Teller/Answer");
    let answer = client.unary(Request::new(name.to_owned()), method, Texts).await?;
    Ok(answer.into_inner())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_one_trace_on_both_sides_and_says_how_it_went() {
    let (mut client, address) = connected().await;
    let trace = capture_async(async move {
        set_baggage("word", "hello");
        assert_eq!(ask(&mut client, "Ada").await.unwrap(), "Ada, hello");
        assert_eq!(ask(&mut client, "nobody").await.unwrap_err().code(), Code::NotFound);
        assert_eq!(ask(&mut client, "bug").await.unwrap_err().code(), Code::Internal);
    })
    .await;
    let text = trace.to_text().replace(&address.port().to_string(), "PORT");
    assert_eq!(text, include_str!("traces/grpc.txt"));
}

async fn counted(client: &mut Client, most: &str) -> Result<Vec<String>, Status> {
    client.ready().await.unwrap();
    let method = PathAndQuery::from_static("/story.Teller/Count");
    let answer = client.server_streaming(Request::new(most.to_owned()), method, Texts).await?;
    answer.into_inner().collect::<Vec<_>>().await.into_iter().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_belongs_to_the_call_that_it_answers() {
    let (mut client, _) = connected().await;
    let trace = capture_async(async move {
        assert_eq!(counted(&mut client, "3").await.unwrap(), ["0", "1", "2"]);
        assert_eq!(counted(&mut client, "x").await.unwrap_err().code(), Code::InvalidArgument);
    })
    .await;
    let shape: Vec<_> = trace.to_text().lines().map(said).collect();
    assert_eq!(
        shape,
        [
            "story.Teller/Count OK",
            "  story.Teller/Count OK",
            "    count",
            "    count",
            "    count",
            "story.Teller/Count [error] INVALID_ARGUMENT",
            "  story.Teller/Count INVALID_ARGUMENT",
        ]
    );
}

/// Returns the name of a line of a trace, how the span ended, and the call's status.
fn said(line: &str) -> String {
    const STATUS: &str = "rpc.response.status_code=\"";
    let name = line.find(" rpc.").or_else(|| line.find(" number=")).unwrap_or(line.len());
    let status = line.split_once(STATUS).and_then(|(_, after)| after.split('"').next());
    status.map_or_else(|| line[..name].to_owned(), |status| format!("{} {status}", &line[..name]))
}
