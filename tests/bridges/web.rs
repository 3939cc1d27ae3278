//! One trace over HTTP: a client of reqwest, a server of axum, real connections between them.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, Path};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use exo_trace::bridge::reqwest::SendTraced;
use exo_trace::bridge::tower::{ServerLayer, server};
use exo_trace::testing::capture_async;
use exo_trace::{Propagators, get_baggage, set_baggage, span_async, span_sync};
use futures::stream::{self, StreamExt};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

fn traced() -> ServerLayer {
    server().route(|parts| parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str)).query()
}

/// Serves an application on a port of its own, up to the end of the test.
async fn served(app: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, app).await });
    address
}

fn client() -> reqwest::Client {
    // Another test may have installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().user_agent("story/1").build().unwrap()
}

/// The answer to a request without more to say.
async fn asked(url: &str) -> reqwest::Response {
    client().get(url).send_traced().await.unwrap()
}

/// Hands a value to the one request that comes for it.
fn once<T: Send>(value: T) -> impl Fn() -> T + Clone + Send + Sync {
    let value = Arc::new(Mutex::new(Some(value)));
    move || value.lock().unwrap().take().unwrap()
}

/// A trace as text, with the port that differs from run to run as `PORT`.
fn text(trace: &exo_trace::Trace, address: SocketAddr) -> String {
    trace.to_text().replace(&address.port().to_string(), "PORT")
}

async fn user(Path(id): Path<u32>) -> (StatusCode, &'static str) {
    span_async!("look_up", id, {}).await;
    match id {
        1 => (StatusCode::OK, "Ada"),
        2 => (StatusCode::NOT_FOUND, "nobody"),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, "broken"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_one_trace_on_both_sides() {
    let address = served(Router::new().route("/users/{id}", get(user)).layer(traced())).await;
    let client = client();
    let trace = capture_async(async {
        for id in [1, 2, 3] {
            let url = format!("http://{address}/users/{id}?sig=secret&page={id}");
            let answer = client.get(url).send_traced().await.unwrap();
            assert!(!answer.text().await.unwrap().is_empty());
        }
        let nowhere = client.post(format!("http://{address}/nowhere")).send_traced().await.unwrap();
        assert_eq!(nowhere.status(), 404);
    })
    .await;
    assert_eq!(text(&trace, address), include_str!("traces/web.txt"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let trace = capture_async(async {
        let url = format!("http://{address}/?key=secret");
        let error = client().get(&url).send_traced().await.unwrap_err();
        assert!(error.is_connect());
        assert_eq!(error.url().map(|url| url.as_str()), Some(&*url), "the caller sees all of it");
    })
    .await;
    let text = text(&trace, address);
    assert!(text.starts_with("GET [error] http.request.method=\"GET\""), "{text}");
    assert!(text.contains("error.type=\"connect\""), "{text}");
    assert!(text.contains("Connection refused") && !text.contains("secret"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_span_lasts_as_long_as_the_body_that_streams() {
    let (send, receive) = oneshot::channel::<()>();
    let receive = once(receive);
    let stream = move || {
        let gate = receive();
        let rest = stream::once(async move {
            gate.await.unwrap();
            let _late = span_sync!("late");
            Ok::<_, Infallible>(Bytes::from("second"))
        });
        let first = stream::iter([Ok(Bytes::from("first,"))]);
        async move { Body::from_stream(first.chain(rest)) }
    };
    let address = served(Router::new().route("/", get(stream)).layer(traced())).await;
    let trace = capture_async(async {
        let url = format!("http://{address}/");
        let mut answer = asked(&url).await;
        assert_eq!(answer.chunk().await.unwrap().unwrap(), "first,");
        send.send(()).unwrap();
        assert_eq!(answer.chunk().await.unwrap().unwrap(), "second");
        assert_eq!(answer.chunk().await.unwrap(), None);
    })
    .await;
    let names: Vec<_> = trace.to_text().lines().map(named).collect();
    assert_eq!(names, ["GET", "  GET /", "    late"]);
}

// On one thread, so that whoever sees the handler dropped comes after its span.
#[tokio::test]
async fn who_hangs_up_in_the_middle_is_cancelled_on_both_sides() {
    let (dropped, was_dropped) = oneshot::channel::<()>();
    let dropped = once(dropped);
    let endless = move || {
        let until_dropped = dropped();
        let first = stream::iter([Ok::<_, Infallible>(Bytes::from("first"))]);
        let never = stream::once(async move {
            let _until_dropped = until_dropped;
            std::future::pending().await
        });
        async move { Body::from_stream(first.chain(never)) }
    };
    let address = served(Router::new().route("/", get(endless)).layer(traced())).await;
    let trace = capture_async(async {
        let mut answer = asked(&format!("http://{address}/")).await;
        assert_eq!(answer.chunk().await.unwrap().unwrap(), "first");
        drop(answer);
        assert!(was_dropped.await.is_err(), "the server gave up too");
    })
    .await;
    let names: Vec<_> = trace.to_text().lines().map(named).collect();
    assert_eq!(
        names,
        ["GET [cancelled]", "  · cancelled", "  GET / [cancelled]", "    · cancelled"]
    );
}

// On one thread, so that whoever sees the handler dropped comes after its span.
#[tokio::test]
async fn a_request_that_is_given_up_is_cancelled_on_both_sides() {
    let (begun, has_begun) = oneshot::channel::<oneshot::Receiver<()>>();
    let begun = once(begun);
    let never = move || {
        let begun = begun();
        async move {
            let (alive, until_dropped) = oneshot::channel::<()>();
            begun.send(until_dropped).unwrap();
            let _alive = alive;
            std::future::pending::<()>().await;
        }
    };
    let address = served(Router::new().route("/", get(never)).layer(traced())).await;
    let trace = capture_async(async {
        let url = format!("http://{address}/");
        let answer = client().get(url).send_traced();
        let until_dropped = tokio::select! {
            _ = answer => unreachable!("it never answers"),
            until_dropped = has_begun => until_dropped.unwrap(),
        };
        assert!(until_dropped.await.is_err(), "the server gave up too");
    })
    .await;
    let names: Vec<_> = trace.to_text().lines().map(named).collect();
    assert_eq!(
        names,
        ["GET [cancelled]", "  · cancelled", "  GET / [cancelled]", "    · cancelled"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_panics_is_a_panic() {
    let panics = || async {
        let hungry = true;
        assert!(!hungry, "no food");
    };
    let address = served(Router::new().route("/", get(panics)).layer(traced())).await;
    let trace = capture_async(async {
        let url = format!("http://{address}/");
        assert!(client().get(url).send_traced().await.is_err());
    })
    .await;
    let names: Vec<_> = trace.to_text().lines().map(named).collect();
    let [client, _, server, ..] = &names[..] else { panic!("{names:?}") };
    assert_eq!((&**client, &**server), ("GET [error]", "  GET / [panic]"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_at_the_status_alone_has_not_given_up() {
    let address =
        served(Router::new().route("/", get(|| async { "unread" })).layer(traced())).await;
    let trace = capture_async(async {
        let answer = asked(&format!("http://{address}/")).await;
        assert!(answer.status().is_success());
    })
    .await;
    assert_eq!(trace.to_text().lines().next().map(named).as_deref(), Some("GET"));
}

async fn echo(headers: HeaderMap) -> String {
    tokio::task::yield_now().await;
    let own = headers.get("x-number").unwrap().to_str().unwrap();
    let carried = get_baggage("number").unwrap_or_default();
    let _span = span_sync!("echo", number = own, carried = carried.as_str());
    carried
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_at_the_same_time_keep_to_their_own_context() {
    let address = served(Router::new().route("/", get(echo)).layer(traced())).await;
    let client = client();
    let one = |number: u32| {
        let request = client.get(format!("http://{address}/")).header("x-number", number);
        async move {
            let trace = capture_async(async move {
                set_baggage("number", number.to_string());
                let answer = request.send_traced().await.unwrap();
                assert_eq!(answer.text().await.unwrap(), number.to_string());
            });
            let text = trace.await.to_text();
            let last = text.lines().last().unwrap();
            assert_eq!(last, format!("    echo number=\"{number}\" carried=\"{number}\""));
            assert_eq!(text.lines().count(), 3, "{text}");
        }
    };
    stream::iter(0..64).map(one).buffer_unordered(16).collect::<()>().await;
}

#[tokio::test]
async fn the_next_request_of_a_pooled_thread_knows_nothing_of_the_last() {
    let address = served(Router::new().route("/", get(echo)).layer(traced())).await;
    let client = client();
    let request = || client.get(format!("http://{address}/")).header("x-number", 7);
    let first = capture_async(async {
        set_baggage("number", "7");
        assert_eq!(request().send_traced().await.unwrap().text().await.unwrap(), "7");
    });
    assert_eq!(first.await.to_text().lines().count(), 3);
    let second = capture_async(async {
        let answer = request().send().await.unwrap();
        assert_eq!(answer.text().await.unwrap(), "", "on the same connection, without a context");
    });
    assert_eq!(second.await.to_text(), "", "a trace of its own");
}

#[tokio::test]
async fn a_host_that_is_not_ours_is_told_no_more_than_we_say() {
    let address = served(Router::new().route("/", get(echo)).layer(traced())).await;
    let asked = |propagators| {
        let request = client().get(format!("http://{address}/")).header("x-number", 7);
        capture_async(async move {
            set_baggage("number", "7");
            let answer = request.send_traced_with(propagators).await.unwrap().text().await.unwrap();
            assert_eq!(answer, "", "no baggage goes along");
        })
    };
    assert_eq!(asked(Propagators::NONE).await.to_text().lines().count(), 1, "ours alone");
    assert_eq!(asked(Propagators::TRACE_CONTEXT).await.to_text().lines().count(), 3);
}

/// Returns the name of a line of a trace, with its indent and how it ended.
fn named(line: &str) -> String {
    let end = line.find(" http.").or_else(|| line.find(" number=")).unwrap_or(line.len());
    line[..end].to_owned()
}
