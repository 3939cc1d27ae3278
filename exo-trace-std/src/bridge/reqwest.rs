//! Requests of `reqwest` as spans of a client.
//!
//! [`send_traced`](SendTraced::send_traced) stands where `send` did; [`execute`] stands for
//! `Client::execute`. The request's headers carry the span's context, and the span ends with the body of
//! the answer.
//!
//! Redirects and retries happen inside the client and belong to the one span, which says the address
//! that was asked for first. The body of an answer is boxed once more than without a span.
//!
//! Baggage goes along to whoever is asked, and it may say who your users are. For hosts that are not yours,
//! as a provider's, [`send_traced_with`](SendTraced::send_traced_with) says what may go.

use super::exchange::{Watch, Watched, answered, ask};
use crate::propagation::Propagators;
use http::Uri;
use reqwest::{Body, Client, Error, Request, RequestBuilder, Response, ResponseBuilderExt, Url};
use std::error::Error as _;
use std::fmt;

/// Lets a request be sent inside a span of its own.
pub trait SendTraced {
    /// Sends the request inside a span below the current one, and its context along with it.
    ///
    /// ```no_run
    /// use exo_trace_std::bridge::reqwest::SendTraced;
    ///
    /// # async fn example() -> Result<(), reqwest::Error> {
    /// let client = reqwest::Client::new();
    /// let answer = client.get("http://search.example/v1?q=rust").send_traced().await?;
    /// println!("{}", answer.text().await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`RequestBuilder::send`]; the span fails with it.
    fn send_traced(self) -> impl Future<Output = Result<Response, Error>> + Send;

    /// As [`SendTraced::send_traced`], with these formats of headers alone.
    ///
    /// ```no_run
    /// use exo_trace_std::bridge::reqwest::SendTraced;
    /// use exo_trace_std::propagation::Propagators;
    ///
    /// # async fn example() -> Result<(), reqwest::Error> {
    /// let ask = reqwest::Client::new().post("https://api.example/v1/chat").body("{}");
    /// ask.send_traced_with(Propagators::NONE).await?; // a span, and nothing of it leaves
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`RequestBuilder::send`]; the span fails with it.
    fn send_traced_with(
        self,
        propagators: Propagators,
    ) -> impl Future<Output = Result<Response, Error>> + Send;
}

impl SendTraced for RequestBuilder {
    fn send_traced(self) -> impl Future<Output = Result<Response, Error>> + Send {
        self.send_traced_with(Propagators::chosen())
    }

    fn send_traced_with(
        self,
        propagators: Propagators,
    ) -> impl Future<Output = Result<Response, Error>> + Send {
        let (client, request) = self.build_split();
        let answer = request.map(|request| execute_with(&client, request, propagators));
        async { answer?.await }
    }
}

/// Sends a request inside a span below the current one, and its context along with it.
///
/// # Errors
///
/// As [`Client::execute`]; the span fails with it.
pub fn execute(
    client: &Client,
    request: Request,
) -> impl Future<Output = Result<Response, Error>> + Send + use<> {
    execute_with(client, request, Propagators::chosen())
}

/// As [`execute`], with these formats of headers alone.
///
/// # Errors
///
/// As [`Client::execute`]; the span fails with it.
pub fn execute_with(
    client: &Client,
    mut request: Request,
    propagators: Propagators,
) -> impl Future<Output = Result<Response, Error>> + Send + use<> {
    let (method, uri) = (request.method().clone(), uri_of(request.url()));
    let mut watch = ask(&method, &uri, None, request.headers_mut(), propagators);
    let answer = Watch::during(watch.as_mut(), || client.execute(request));
    let answer = Watched::new(answer, watch);
    async {
        match answer.await {
            (Ok(response), Some(watch)) => Ok(watched(response, watch)),
            (Ok(response), None) => Ok(response),
            (Err(error), watch) => Err(failed(error, watch)),
        }
    }
}

/// An address that HTTP cannot express is refused by the client as well, and said of nothing.
fn uri_of(url: &Url) -> Uri {
    url.as_str().parse().unwrap_or_default()
}

fn watched(response: Response, watch: Watch) -> Response {
    let url = response.url().clone();
    let mut response =
        answered(http::Response::<Body>::from(response), Some(watch)).map(Body::wrap);
    let with_url = http::Response::builder().url(url).body(()).unwrap_or_default();
    response.extensions_mut().extend(with_url.into_parts().0.extensions);
    Response::from(response)
}

fn failed(error: Error, watch: Option<Watch>) -> Error {
    let Some(mut watch) = watch else { return error };
    let url = error.url().cloned();
    let error = error.without_url();
    watch.failed(name_of(&error), &Causes(&error));
    match url {
        Some(url) => error.with_url(url),
        None => error,
    }
}

/// Returns what sort of error it is.
fn name_of(error: &Error) -> &'static str {
    if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "connect"
    } else {
        "reqwest::Error"
    }
}

/// An error with what caused it: alone it says that a request failed. Not with its address, in which
/// secrets may stand.
struct Causes<'e>(&'e Error);

impl fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
