//! How connections over HTTP/1 come about: straight, or through the proxy that the environment names.

use super::gathered::Gathered;
use super::gathering::Gathering;
use super::place::Place;
use http::{HeaderValue, Uri};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Intercept;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::net::TcpStream;
use tower::Service;

/// A connection, with TLS where a proxy wants it for itself.
type Line = MaybeHttpsStream<Gathered<TokioIo<TcpStream>>>;

/// The way to one collector; TLS with the collector itself goes around it.
#[derive(Clone)]
pub(super) enum Route {
    Straight(Gathering),
    /// The proxy is asked for what the collector is asked for: plain HTTP.
    Proxy(HttpsConnector<Gathering>, Uri),
    /// The proxy passes bytes on, and TLS ends at the collector.
    Tunnel(Tunnel<HttpsConnector<Gathering>>),
}

impl Route {
    /// Returns the way to a collector, and what a proxy there wants to see in every request.
    pub(super) fn to(
        place: &Place,
        proxy: Option<Intercept>,
        gathering: Gathering,
        configuration: &ClientConfig,
    ) -> (Self, Option<HeaderValue>) {
        let Some(proxy) = proxy else { return (Self::Straight(gathering), None) };
        let (uri, login) = (proxy.uri().clone(), proxy.basic_auth().cloned());
        let behind_tls = |gathering| HttpsConnector::from((gathering, configuration.clone()));
        if !place.is_tls() {
            return (Self::Proxy(behind_tls(gathering.asking_a_proxy()), uri), login);
        }
        let tunnel = Tunnel::new(uri, behind_tls(gathering));
        (Self::Tunnel(if let Some(login) = login { tunnel.with_auth(login) } else { tunnel }), None)
    }
}

impl Service<Uri> for Route {
    type Response = Line;
    type Error = Box<dyn Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Line, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        match self {
            Self::Straight(straight) => straight.poll_ready(cx).map_err(Into::into),
            Self::Proxy(proxy, _) => proxy.poll_ready(cx),
            Self::Tunnel(tunnel) => tunnel.poll_ready(cx).map_err(Into::into),
        }
    }

    fn call(&mut self, collector: Uri) -> Self::Future {
        match self {
            Self::Straight(straight) => {
                let connecting = straight.call(collector);
                Box::pin(async { Ok(MaybeHttpsStream::Http(connecting.await?)) })
            }
            Self::Proxy(proxy, uri) => proxy.call(uri.clone()),
            Self::Tunnel(tunnel) => {
                let connecting = tunnel.call(collector);
                Box::pin(async { Ok(connecting.await?) })
            }
        }
    }
}
