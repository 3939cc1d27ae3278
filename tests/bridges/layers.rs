//! What the layers of tower do with requests of every kind, without a connection.

use axum::body::Body;
use exo_trace::bridge::tower::{ServerLayer, client, server};
use exo_trace::propagation::Propagators;
use exo_trace::testing::capture_async;
use exo_trace::{Context, SpanContext, span_sync};
use http::{Method, Request, Response, StatusCode};
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use tower::{Layer, ServiceExt, service_fn};

type Answer = Result<Response<Body>, Infallible>;

/// Sends a request through the client's layer and the server's to a handler.
async fn sent(layer: ServerLayer, request: Request<Body>, handler: fn() -> Response<Body>) {
    let handler = service_fn(move |_: Request<Body>| async move {
        let _span = span_sync!("handle");
        Answer::Ok(handler())
    });
    let answer = client().layer(layer.layer(handler)).oneshot(request).await.unwrap();
    let body = Body::new(answer.into_body());
    // As HTTP does where it knows that nothing follows: the body is not asked.
    if body_is_expected(&body) {
        axum::body::to_bytes(body, 1_000).await.unwrap();
    }
}

fn body_is_expected(body: &Body) -> bool {
    !http_body::Body::is_end_stream(body)
}

fn request(method: Method) -> Request<Body> {
    let request = Request::builder().method(method).uri("http://worker.example/tasks?token=1");
    request.body(Body::empty()).unwrap()
}

fn ok() -> Response<Body> {
    Response::new(Body::from("done"))
}

fn nothing() -> Response<Body> {
    let mut response = Response::new(Body::from_stream(futures::stream::pending::<Answered>()));
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

type Answered = Result<&'static str, Infallible>;

async fn lines(run: impl Future<Output = ()>) -> Vec<String> {
    let text = capture_async(run).await.to_text();
    let name = |line: &str| {
        let end = line.find(" http.").or_else(|| line.find(" server.")).unwrap_or(line.len());
        line[..end].to_owned()
    };
    text.lines().map(name).collect()
}

#[tokio::test]
async fn a_client_and_a_server_in_one_process_are_one_trace() {
    let lines = lines(sent(server(), request(Method::POST), ok)).await;
    assert_eq!(lines, ["POST", "  POST", "    handle"]);
}

#[tokio::test]
async fn a_method_that_nobody_knows_makes_no_name_of_its_own() {
    let purge = request(Method::from_bytes(b"PURGE-1234").unwrap());
    let trace = capture_async(sent(server(), purge, ok)).await;
    let text = trace.to_text();
    let said = r#"HTTP http.request.method="_OTHER" http.request.method_original="PURGE-1234""#;
    assert!(text.starts_with(said), "{text}");
    assert_eq!(text.matches(said).count(), 2, "{text}");
}

#[tokio::test]
async fn an_answer_without_a_body_ends_its_span_at_once() {
    let endless = || Response::new(Body::from_stream(futures::stream::pending::<Answered>()));
    let head = lines(async {
        let handler = service_fn(move |_: Request<Body>| async move { Answer::Ok(endless()) });
        let answer = server().layer(handler).oneshot(with_context(request(Method::HEAD))).await;
        drop(answer.unwrap());
    });
    assert_eq!(head.await, ["HEAD"]);
    let no_content = lines(async {
        let handler = service_fn(|_: Request<Body>| async { Answer::Ok(nothing()) });
        let answer = server().layer(handler).oneshot(with_context(request(Method::GET))).await;
        drop(answer.unwrap());
    });
    assert_eq!(no_content.await, ["GET"]);
}

/// Writes the calling task's context into a request by hand.
fn with_context(mut request: Request<Body>) -> Request<Body> {
    Propagators::default().inject(request.headers_mut());
    request
}

#[tokio::test]
async fn a_body_that_was_sent_to_its_stated_length_is_not_cancelled() {
    let lines = lines(async {
        let handler = service_fn(|_: Request<Body>| async {
            let body = Body::from_stream(futures::stream::iter([Answered::Ok("four")]));
            Answer::Ok(Response::builder().header("content-length", 4).body(body).unwrap())
        });
        let request = with_context(request(Method::GET));
        let answer = server().layer(handler).oneshot(request).await.unwrap();
        let mut body = answer.into_body();
        let frame = std::future::poll_fn(|cx| {
            http_body::Body::poll_frame(std::pin::Pin::new(&mut body), cx)
        });
        assert_eq!(frame.await.unwrap().unwrap().into_data().unwrap(), "four");
        drop(body);
    });
    assert_eq!(lines.await, ["GET"]);
}

#[tokio::test]
async fn what_is_skipped_has_no_span_and_stays_in_its_trace() {
    let quiet = server().skip(|parts| parts.uri.path() == "/tasks");
    let lines = lines(sent(quiet, request(Method::GET), ok)).await;
    assert_eq!(lines, ["GET", "  handle"]);
}

#[tokio::test]
async fn callers_that_are_not_trusted_are_not_believed() {
    let strict = server().propagators(Propagators::NONE);
    assert_eq!(lines(sent(strict, request(Method::GET), ok)).await, ["GET"], "a trace of its own");
}

#[tokio::test]
async fn a_trace_that_is_not_sampled_is_passed_on_and_not_recorded() {
    let sent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
    let onward = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&onward);
    let next = service_fn(move |request: Request<Body>| {
        *seen.lock().unwrap() = request.headers().get("traceparent").cloned();
        async { Answer::Ok(ok()) }
    });
    let handler = service_fn(move |_: Request<Body>| {
        let next = client().layer(next.clone());
        async move { Answer::Ok(next.oneshot(request(Method::GET)).await.unwrap().map(Body::new)) }
    });
    let mut request = request(Method::GET);
    request.headers_mut().insert("traceparent", sent.parse().unwrap());
    let layer = server();
    assert_eq!(lines(async { drop(layer.layer(handler).oneshot(request).await) }).await, [""; 0]);
    let onward = onward.lock().unwrap().take().unwrap();
    let onward = SpanContext::from_traceparent(onward.to_str().unwrap()).unwrap();
    assert!(!onward.is_sampled());
    assert_eq!(onward.trace_id.to_string(), "0af7651916cd43dd8448eb211c80319c");
    assert_eq!(Context::current().span_context(), None, "nothing stays behind");
}
