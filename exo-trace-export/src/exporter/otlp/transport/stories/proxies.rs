//! A proxy between: what it is asked for, and what it never gets to see.

use super::peer::{self, Peer};
use super::tls::{Authority, over_tls};
use super::{BODY, accepted, collector, retried, runtime};
use crate::config::{Collector, Protocol, TlsFiles};
use crate::exporter::otlp::answer::Answer;
use crate::exporter::otlp::transport::http::Http;
use hyper_util::client::proxy::matcher::Matcher;
use std::io::{Read, Write, copy};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread::spawn;

const LOGIN: &str = "Basic bWU6cGFzcw==";

/// Sends one request, through a proxy where these name one.
fn ask(proxies: &Matcher, to: &Collector) -> Answer {
    let http = |to: &Collector| Http::through(proxies, to, to.timeout).unwrap();
    runtime().block_on(async { http(to).send(BODY).await })
}

/// Passes one connection on to `server`, and tells by which words it was asked to.
fn tunnel_to(server: SocketAddr) -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (tells, told) = channel();
    spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        tells.send(head(&mut client)).unwrap();
        client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").unwrap();
        let mut server = TcpStream::connect(server).unwrap();
        let (mut from_client, mut to_server) =
            (client.try_clone().unwrap(), server.try_clone().unwrap());
        spawn(move || copy(&mut from_client, &mut to_server));
        let _ = copy(&mut server, &mut client);
    });
    (address, told)
}

fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    String::from_utf8(head).unwrap().to_lowercase()
}

#[test]
fn a_proxy_is_asked_for_the_whole_url_and_told_who_asks() {
    let proxy = Peer::start(|_| peer::http(200, &[], b""));
    let proxies = Matcher::builder().http(format!("http://me:pass@{}", proxy.address)).build();
    let mut to = collector(Protocol::HttpProtobuf, proxy.address);
    to.endpoint = "http://nobody.invalid:4318/v1/traces".to_owned();
    assert_eq!(ask(&proxies, &to), accepted(0, ""));
    let asked = proxy.asked.recv().unwrap();
    assert_eq!(asked.uri(), "http://nobody.invalid:4318/v1/traces");
    assert_eq!(asked.headers()["host"], "nobody.invalid:4318");
    assert_eq!(asked.headers()["proxy-authorization"], LOGIN);
    assert_eq!(asked.body(), &BODY);
}

#[test]
fn who_needs_no_proxy_is_asked_straight() {
    let server = Peer::start(|_| peer::http(200, &[], b""));
    let nobody = "http://me:pass@nobody.invalid:1";
    let proxies = Matcher::builder().all(nobody).no("127.0.0.0/8").build();
    let to = collector(Protocol::HttpProtobuf, server.address);
    assert_eq!(ask(&proxies, &to), accepted(0, ""));
    let asked = server.asked.recv().unwrap();
    assert_eq!(asked.uri(), "/v1/traces");
    assert!(!asked.headers().contains_key("proxy-authorization"));
}

#[test]
fn behind_tls_a_proxy_passes_on_what_it_cannot_read_and_its_login_stays_with_it() {
    let authority = Authority::new("tunnel");
    authority.write_client();
    let server = authority.collector();
    let (proxy, told) = tunnel_to(server.address);
    let proxies = Matcher::builder().https(format!("http://me:pass@{proxy}")).build();
    let tls = TlsFiles {
        certificate: authority.file("ca.pem"),
        client_certificate: authority.file("client.pem"),
        client_key: authority.file("client.key"),
    };
    let mut to = over_tls(Protocol::HttpProtobuf, &server, tls);
    to.endpoint = "https://localhost:4318/v1/traces".to_owned();
    assert_eq!(ask(&proxies, &to), accepted(0, ""));
    let told = told.recv().unwrap();
    assert!(told.starts_with("connect localhost:4318 http/1.1\r\n"), "{told}");
    assert!(told.contains(&LOGIN.to_lowercase()) && !told.contains("v1/traces"), "{told}");
    let asked = server.asked.recv().unwrap();
    assert_eq!((asked.uri().path(), asked.body()), ("/v1/traces", &BODY));
    assert!(!asked.headers().contains_key("proxy-authorization"));
}

#[test]
fn a_proxy_that_passes_nothing_on_is_named_as_what_it_is() {
    let proxy = peer::raw(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    let proxies = Matcher::builder().https(format!("http://{proxy}")).build();
    let mut to = collector(Protocol::HttpProtobuf, proxy);
    to.endpoint = "https://localhost:4318/v1/traces".to_owned();
    let reason = retried(ask(&proxies, &to));
    assert!(reason.contains("proxy authorization required"), "{reason}");
}
