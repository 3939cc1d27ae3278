//! A secret that a program was given is in no line it prints, no error, no span and no file, however the
//! sending fails and whatever the far side repeats.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod hostile;

use exo_trace_export::exporter::{FileExporter, Sender};
use exo_trace_export::{Protocol, TraceBackend, TraceConfig, init};
use exo_trace_std::span_sync;
use hostile::frames::{self, frame, head, opening, trailers};
use hostile::{BOTH, Hostile, Line, TIMEOUT};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Stands wherever a secret may.
const MARK: &str = "m4rk3r-5ecret";
/// The same as the login of a URL travels: `me:m4rk3r-5ecret`.
const AS_LOGIN: &str = "bWU6bTRyazNyLTVlY3JldA==";
/// And as the value of a header for bytes does.
const AS_BYTES: &str = "bTRyazNyLTVlY3JldA";

/// What a far side repeats that wants to see it in somebody's log.
fn repeated() -> String {
    format!("you said Bearer {MARK}, {MARK}, Basic {AS_LOGIN}, key={MARK}")
}

/// Answers with this status, these headers and all it was told.
fn answers(protocol: Protocol, status: &'static str, location: bool) -> Hostile {
    Hostile::start(move |line| {
        let (code, place) = (&status[..3], format!("http://elsewhere.example/{MARK}?key={MARK}"));
        if protocol == Protocol::Grpc {
            let mut fields = frames::field(":status", code);
            if location {
                fields.extend(frames::field("location", &place));
            }
            let flags = frames::END_HEADERS | frames::END_STREAM;
            line.say(&[opening(), frame(frames::HEADERS, flags, 1, &fields)].concat());
            return;
        }
        let location = if location { format!("location: {place}\r\n") } else { String::new() };
        let head = format!("HTTP/1.1 {status}\r\n{location}connection: close\r\n\r\n");
        line.say(head.as_bytes());
        line.say(repeated().as_bytes());
    })
}

/// Takes the spans, or refuses them in gRPC's own words, and says more than it should.
fn says_in_grpc(status: &'static str) -> Hostile {
    Hostile::start(move |line| {
        let message = frames::field("grpc-message", &format!("{AS_BYTES} {}", repeated()));
        line.say(&[head(), trailers(status, &message)].concat());
    })
}

fn warns(line: &mut Line) {
    let said = repeated();
    let partial = [&[0x08, 1, 0x12, said.len() as u8][..], said.as_bytes()].concat();
    let body = [&[0x0a, partial.len() as u8][..], &partial].concat();
    let kind = "content-type: application/x-protobuf\r\nconnection: close";
    line.say(format!("HTTP/1.1 200 OK\r\n{kind}\r\n\r\n").as_bytes());
    line.say(&body);
}

/// One child: what is in its environment, and the collector that it asks.
struct Child<'a> {
    endpoint: String,
    protocol: Protocol,
    environment: &'a [(&'a str, String)],
}

impl Child<'_> {
    /// Runs it, and returns all that it said, when it said no secret anywhere.
    fn says(&self) -> String {
        let home = tempfile::tempdir().expect("there is room");
        let program = std::env::current_exe().expect("it runs");
        let headers = format!("authorization=Bearer%20{MARK},x-key-bin={MARK}");
        let output = Command::new(program)
            .args(["--exact", "a_child_with_secrets", "--ignored", "--nocapture"])
            .env("OTEL_EXPORTER_OTLP_HEADERS", headers)
            .env("OTEL_EXPORTER_OTLP_METRICS_HEADERS", format!("x-key-bin={MARK}"))
            .env("CHILD_ENDPOINT", &self.endpoint)
            .env("CHILD_PROTOCOL", self.protocol.as_str())
            .env("CHILD_HOME", home.path())
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .output()
            .expect("it starts");
        let said = [output.stdout, output.stderr].concat();
        has_no_secret("output", &said);
        look_into(home.path());
        String::from_utf8_lossy(&said).into_owned()
    }
}

fn has_no_secret(of: &str, bytes: &[u8]) {
    for secret in [MARK, "m4rk3r", AS_LOGIN, AS_BYTES] {
        let is_there = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
        assert!(!is_there, "{secret} in {of}: {}", String::from_utf8_lossy(bytes));
    }
}

/// Looks into every file, and at its name.
fn look_into(directory: &Path) {
    for entry in std::fs::read_dir(directory).expect("it can be read").flatten() {
        let path = entry.path();
        has_no_secret("a name", path.as_os_str().as_encoded_bytes());
        match path.is_dir() {
            true => look_into(&path),
            false => has_no_secret("a file", &std::fs::read(&path).expect("it can be read")),
        }
    }
}

fn with_login(scheme: &str, place: impl std::fmt::Display) -> String {
    format!("{scheme}://me:{MARK}@{place}/v1/traces?key={MARK}")
}

/// Runs a child against a peer, which is to be named in what it says.
fn is_silent_about(what: &str, scheme: &str, protocol: Protocol, peer: &Hostile) {
    let endpoint = with_login(scheme, peer.address);
    let said = Child { endpoint, protocol, environment: &[] }.says();
    let named = format!("{scheme}://****@{}", peer.address);
    assert!(said.contains(&named), "{what} over {protocol}: {named}? {said}");
    has_no_secret("what was sent beside headers", &peer.heard());
}

#[test]
fn a_collector_that_repeats_what_it_was_told_is_not_quoted() {
    for protocol in BOTH {
        for (status, location) in [
            ("401 Unauthorized", false),
            ("503 Service Unavailable", false),
            ("200 OK", false),
            ("307 Temporary Redirect", true),
        ] {
            is_silent_about(status, "http", protocol, &answers(protocol, status, location));
        }
    }
    for status in ["16", "14", "8", "0"] {
        is_silent_about(status, "http", Protocol::Grpc, &says_in_grpc(status));
    }
    is_silent_about("a warning", "http", Protocol::HttpProtobuf, &Hostile::start(warns));
}

#[test]
fn a_collector_that_is_not_there_or_speaks_no_tls_is_named_without_them() {
    for protocol in BOTH {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        drop(listener);
        let endpoint = with_login("http", address);
        let said = Child { endpoint, protocol, environment: &[] }.says();
        assert!(said.contains("connection refused"), "{said}");
        let endpoint = with_login("http", "nobody.invalid:4317");
        let said = Child { endpoint, protocol, environment: &[] }.says();
        assert!(said.contains("nobody.invalid"), "{said}");
        let peer = Hostile::at_once(|line| line.say_for_ever(repeated().as_bytes()));
        is_silent_about("plain text", "https", protocol, &peer);
    }
}

#[test]
fn what_is_refused_before_anything_is_sent_is_named_without_them() {
    let key = tempfile::NamedTempFile::new().expect("there is room");
    let text = format!("-----BEGIN PRIVATE KEY-----\n{MARK}\n-----END PRIVATE KEY-----\n");
    std::fs::write(key.path(), text).expect("there is room");
    let key = key.path().to_string_lossy().into_owned();
    let sound = || with_login("http", "127.0.0.1:1");
    let headers = |text: String| vec![("OTEL_EXPORTER_OTLP_HEADERS", text)];
    for (endpoint, environment, told) in [
        (sound(), headers(format!("authorization=Bearer a,{MARK}/b==")), "HEADERS is ****"),
        (sound(), headers(format!("authorization: Bearer {MARK}")), "HEADERS is ****"),
        (sound(), headers(format!("authorization=Bearer%0d%0a{MARK}")), "HEADERS is ****"),
        (
            sound(),
            vec![("CHILD_HEADER", format!("authorization: Bearer {MARK}"))],
            "headers is ****",
        ),
        (sound(), vec![("CHILD_VALUE", format!("{MARK}\r\nx: {MARK}"))], "****"),
        (sound(), vec![("OTEL_EXPORTER_OTLP_CLIENT_KEY", key.clone())], "CLIENT_KEY"),
        (sound(), vec![("CHILD_KEY", key)], "client_key"),
        (with_login("http", "127.0.0.1:99999"), vec![], "endpoint is"),
        (with_login("ftp", "127.0.0.1:1"), vec![], "endpoint is"),
        (format!("http://127.0.0.1:x#{MARK}"), vec![], "endpoint is"),
    ] {
        let said = Child { endpoint, protocol: Protocol::Grpc, environment: &environment }.says();
        assert!(said.contains(told), "{told}? {said}");
    }
}

#[test]
fn a_proxy_is_taken_from_the_environment_over_http_alone_and_is_not_quoted() {
    let of_cgi = ("REQUEST_METHOD", "GET".to_owned());
    for (protocol, by_cgi, is_followed) in [
        (Protocol::Grpc, None, false),
        (Protocol::HttpProtobuf, None, true),
        (Protocol::HttpProtobuf, Some(of_cgi), false),
    ] {
        let proxy = answers(Protocol::HttpProtobuf, "407 Proxy Authentication Required", false);
        let address = proxy.address;
        let environment = ["HTTP_PROXY", "ALL_PROXY"]
            .map(|variable| (variable, format!("http://me:{MARK}@{address}")));
        let environment: Vec<_> = environment.into_iter().chain(by_cgi).collect();
        let endpoint = "http://nobody.invalid:4318".to_owned();
        let said = Child { endpoint, protocol, environment: &environment }.says();
        let is_asked = proxy.connections.load(std::sync::atomic::Ordering::Relaxed) > 0;
        assert_eq!(is_asked, is_followed, "{said}");
        assert_eq!(said.contains("HTTP 407"), is_asked, "{said}");
    }
}

/// What each story starts: a program with secrets, which shows all that a program can show.
#[test]
#[ignore = "a child of other stories"]
fn a_child_with_secrets() {
    let variable = |name: &str| std::env::var(name).ok();
    let home = variable("CHILD_HOME").expect("a story starts it");
    let protocol = variable("CHILD_PROTOCOL").and_then(|name| name.parse::<Protocol>().ok());
    let header = variable("CHILD_HEADER").unwrap_or_else(|| "x-api-key".to_owned());
    let value = variable("CHILD_VALUE").unwrap_or_else(|| MARK.to_owned());
    let mut config = TraceConfig::new("child")
        .endpoint(variable("CHILD_ENDPOINT").expect("a story starts it"))
        .protocol(protocol.expect("a story starts it"))
        .headers([(header, value)])
        .timeout(TIMEOUT)
        .backend(TraceBackend::Otlp)
        .also(TraceBackend::Console)
        .exporter(FileExporter::new(format!("{home}/spans.jsonl")))
        .spool(format!("{home}/spool"))
        .metrics(true);
    if let Some(key) = variable("CHILD_KEY") {
        config = config.client_certificate(&key).client_key(key);
    }
    println!("{config:?}\n{:?}\n{}", config.effective(), config.effective());
    match Sender::new(&config) {
        Ok(mut sender) => {
            println!("{sender:?} {}", sender.endpoint());
            let sent =
                sender.send(vec![0x0a, 0], Duration::from_millis(300), |why| println!("{why}"));
            println!("{sent:?}");
        }
        Err(error) => println!("{error}\n{error:?}"),
    }
    match init(config) {
        Ok(trace) => {
            (0..10).for_each(|n| drop(span_sync!("step", n)));
            println!("{:?}", trace.flush(TIMEOUT));
            (0..10).for_each(|n| drop(span_sync!("step", n)));
            println!("{:?} {:?} {trace:?}", trace.losses(), trace.statistics());
            let delivery = trace.shutdown(2 * TIMEOUT);
            println!("{delivery}\n{delivery:?}");
        }
        Err(error) => println!("{error}\n{error:?}"),
    }
}
