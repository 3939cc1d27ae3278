//! Connections over TCP whose writes are gathered, for hyper's client.

use super::gathered::Gathered;
use super::lent::Lent;
use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::net::TcpStream;
use tower::Service;

/// Connects over TCP.
#[derive(Clone)]
pub(super) struct Gathering {
    tcp: HttpConnector,
    lent: Lent,
    is_to_proxy: bool,
}

impl Gathering {
    /// Returns what connects as `tcp` does; its connections know the request that is lent.
    pub(super) fn new(tcp: HttpConnector, lent: Lent) -> Self {
        Self { tcp, lent, is_to_proxy: false }
    }

    /// As it is, for connections to a proxy that is asked for what others have: it needs their whole URL.
    pub(super) fn asking_a_proxy(self) -> Self {
        Self { is_to_proxy: true, ..self }
    }
}

impl Service<Uri> for Gathering {
    type Response = Gathered<TokioIo<TcpStream>>;
    type Error = <HttpConnector as Service<Uri>>::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.tcp.poll_ready(cx)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let (connecting, lent) = (self.tcp.call(uri), self.lent.clone());
        let is_to_proxy = self.is_to_proxy;
        Box::pin(async move { Ok(Gathered::new(connecting.await?, lent, is_to_proxy)) })
    }
}
