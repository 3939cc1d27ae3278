//! A peer that speaks TLS wrongly is told of in words, within the timeout, and gets nothing: no span and
//! no header.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod hostile;

use exo_trace_export::exporter::Sent;
use exo_trace_export::{Protocol, TraceConfig};
use hostile::{BOTH, Came, Hostile, Line, TIMEOUT, ask, assert_little_was_held};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const SECRET: &str = "hunter-two";
const PATIENCE: Duration = Duration::from_millis(1_500);

/// An authority of our own, in a directory of its own.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    directory: TempDir,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("there is randomness");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("it signs itself");
        let directory = tempfile::tempdir().expect("there is room");
        std::fs::write(directory.path().join("ca.pem"), issuer.pem()).expect("there is room");
        Self { issuer, directory }
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join("ca.pem")
    }

    /// Returns what a server shows that this authority signed.
    fn server(&self, name: &str, expired: bool) -> Arc<ServerConfig> {
        let mut params = CertificateParams::new([name.to_owned()]).expect("it is a name");
        if expired {
            params.not_before = date_time_ymd(2001, 1, 1);
            params.not_after = date_time_ymd(2002, 1, 1);
        }
        let key = KeyPair::generate().expect("there is randomness");
        let certificate = params.signed_by(&key, &self.issuer).expect("it is signed");
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("it is a key");
        let mut server = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|server| {
                server.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key)
            })
            .expect("it is a certificate");
        server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Arc::new(server)
    }
}

fn over_tls(peer: &Hostile, protocol: Protocol) -> TraceConfig {
    let config = peer.config(protocol).headers([("authorization", format!("Bearer {SECRET}"))]);
    config.endpoint(format!("https://localhost:{}", peer.address.port()))
}

/// Asks, and checks that nothing was said that this peer should not hear.
fn asked(peer: &Hostile, config: &TraceConfig) -> Came {
    let came = ask(config, PATIENCE);
    let heard = peer.heard();
    assert!(!heard.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()), "it was told");
    assert!(!came.last().contains(SECRET), "{}", came.last());
    came
}

/// Shakes hands as a server, and then does something else.
fn shakes_hands(
    server: &Arc<ServerConfig>,
    then: impl Fn(&mut StreamOwned<ServerConnection, std::net::TcpStream>) + Send + Sync + 'static,
) -> Hostile {
    let server = Arc::clone(server);
    Hostile::raw(move |line| {
        let Ok(connection) = ServerConnection::new(Arc::clone(&server)) else { return };
        let Ok(stream) = line.stream.try_clone() else { return };
        let mut stream = StreamOwned::new(connection, stream);
        // The first byte of the client's comes when hands are shaken, or never.
        if stream.read(&mut [0; 64]).is_ok() {
            then(&mut stream);
        }
    })
}

fn is_refused_with(came: &Came, words: &[&str]) {
    let said = came.last();
    assert!(!matches!(came.sent, Sent::Accepted { .. }), "{:?}", came.sent);
    let said_low = said.to_lowercase();
    assert!(words.iter().any(|word| said_low.contains(word)), "one of {words:?}? {said}");
}

#[test]
fn whoever_nobody_vouches_for_is_not_trusted_unless_told() {
    let authority = Authority::new();
    for protocol in BOTH {
        let peer = shakes_hands(&authority.server("localhost", false), |_| {});
        let came = asked(&peer, &over_tls(&peer, protocol));
        is_refused_with(&came, &["certificate", "issuer"]);
    }
}

#[test]
fn insecure_is_of_plain_text_alone_and_switches_no_verification_off() {
    // Two variables that other exporters, and other tools, take for such a switch.
    let authority = Authority::new();
    let peer = shakes_hands(&authority.server("localhost", false), |_| {});
    let program = std::env::current_exe().expect("it runs");
    let child = std::process::Command::new(program)
        .args(["--exact", "a_child_that_asks", "--ignored", "--nocapture"])
        .env("OTEL_EXPORTER_OTLP_INSECURE", "true")
        .env("OTEL_EXPORTER_OTLP_TRACES_INSECURE", "true")
        .env("SSL_VERIFY", "false")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("https://localhost:{}", peer.address.port()))
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&child.stdout).into_owned();
    assert!(child.status.success() && said.contains("certificate"), "{said}");
}

/// What the story above starts.
#[test]
#[ignore = "a child of another story"]
fn a_child_that_asks() {
    let came = ask(&TraceConfig::new("child").timeout(TIMEOUT), PATIENCE);
    assert!(!matches!(came.sent, Sent::Accepted { .. }));
    println!("{}", came.last());
}

#[test]
fn another_name_and_another_time_are_no_certificate() {
    let authority = Authority::new();
    for (name, expired, word) in
        [("elsewhere.example", false, "not valid for name"), ("localhost", true, "expired")]
    {
        for protocol in BOTH {
            let peer = shakes_hands(&authority.server(name, expired), |_| {});
            let config = over_tls(&peer, protocol).certificate(authority.file());
            is_refused_with(&asked(&peer, &config), &[word]);
        }
    }
}

/// What it is called, what the peer does, and the words of the error.
type Strange = (&'static str, fn(&mut Line), &'static [&'static str]);

const STRANGE: [Strange; 6] = [
    (
        "plain text",
        |line| line.say_for_ever(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        &["does not speak tls"],
    ),
    ("noise", |line| line.say_for_ever(b"\xff\x00\x07"), &["does not speak tls"]),
    ("silence", |line| line.trickle_nothing(), &["no answer within"]),
    // A record of a handshake that is never whole.
    (
        "half a handshake",
        |line| {
            line.say(b"\x16\x03\x03\x40\0\x02\0\x3f\xfc");
            line.trickle(0);
        },
        &["no answer within", "corrupt", "does not speak tls"],
    ),
    // A server's hello of TLS 1.1, without anything that came later.
    (
        "an old version",
        |line| {
            let hello = [&b"\x02\0\0\x26\x03\x02"[..], &[7; 32], b"\0\x00\x2f\0"].concat();
            line.say(&[&b"\x16\x03\x02\0\x2a"[..], &hello].concat());
            line.trickle_nothing();
        },
        &["peer", "version", "incompatible", "hello"],
    ),
    (
        "an alert over the version",
        |line| {
            line.say(b"\x15\x03\x02\0\x02\x02\x46");
        },
        &["version"],
    ),
];

#[test]
fn what_is_no_tls_is_named_and_the_timeout_is_kept() {
    for (what, act, words) in STRANGE {
        for protocol in BOTH {
            let peer = Hostile::at_once(act);
            let came = asked(&peer, &over_tls(&peer, protocol));
            println!("{what} over {protocol}: {}", came.last());
            is_refused_with(&came, words);
            assert!(peer.taken() < hostile::KERNEL_BYTES_MAX, "{what}: {} bytes", peer.taken());
        }
    }
    assert_little_was_held();
}

#[test]
fn noise_behind_the_handshake_is_an_error_and_no_answer() {
    let authority = Authority::new();
    let server = authority.server("localhost", false);
    for protocol in BOTH {
        // Past TLS, as whoever stands between would write it.
        let peer = shakes_hands(&server, |stream| {
            let noise = b"\x17\x03\x03\x00\x20garbage garbage garbage garbage ".repeat(1_000);
            while stream.sock.write_all(&noise).is_ok() {}
        });
        let config = over_tls(&peer, protocol).certificate(authority.file());
        let came = ask(&config, PATIENCE);
        assert!(!matches!(came.sent, Sent::Accepted { .. }), "{:?}", came.sent);
        assert!(!came.last().is_empty() && !came.last().contains(SECRET), "{}", came.last());
    }
    assert_little_was_held();
}
