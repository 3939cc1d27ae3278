//! A collector behind TLS: its authority is ours to name, and it may ask who we are.

use super::peer::{Peer, grpc, http};
use super::{accepted, ask, collector, header, refused, retried};
use crate::config::{Collector, Protocol, TlsFiles};
use crate::exporter::otlp::transport::Transport;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::RootCertStore;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use std::path::PathBuf;
use std::sync::Arc;
use std::{fs, process};
use tokio_rustls::rustls::ServerConfig;

const WAYS: [Protocol; 2] = [Protocol::Grpc, Protocol::HttpProtobuf];

/// An authority of our own, and a directory with what it signed.
pub(super) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    directory: PathBuf,
}

impl Authority {
    /// Each test names a directory of its own.
    pub(super) fn new(test: &str) -> Self {
        let directory = std::env::temp_dir().join(format!("exo-trace-{}-{test}", process::id()));
        fs::create_dir_all(&directory).unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        fs::write(directory.join("ca.pem"), issuer.pem()).unwrap();
        Self { issuer, directory }
    }

    pub(super) fn file(&self, name: &str) -> Option<PathBuf> {
        Some(self.directory.join(name))
    }

    fn signed(&self, names: Vec<String>) -> (CertificateDer<'static>, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(names).unwrap();
        (params.signed_by(&key, &self.issuer).unwrap().der().clone(), key)
    }

    /// Writes a certificate for a client, and the key to it.
    pub(super) fn write_client(&self) {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::default().signed_by(&key, &self.issuer).unwrap().pem();
        fs::write(self.directory.join("client.pem"), certificate).unwrap();
        fs::write(self.directory.join("client.key"), key.serialize_pem()).unwrap();
    }

    /// Starts a collector that asks for a client's certificate.
    pub(super) fn collector(&self) -> Peer {
        self.collector_with(vec!["localhost".into(), "127.0.0.1".into()])
    }

    /// Starts one whose own certificate is for another name.
    fn collector_as(&self, name: &str) -> Peer {
        self.collector_with(vec![name.into()])
    }

    fn collector_with(&self, names: Vec<String>) -> Peer {
        let provider = Arc::new(default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).unwrap();
        let clients =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone());
        let (certificate, key) = self.signed(names);
        let mut tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(clients.build().unwrap())
            .with_single_cert(
                vec![certificate],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Peer::start_at(([127, 0, 0, 1], 0).into(), Some(tls), |request| match request.version() {
            ::http::Version::HTTP_2 => grpc(b""),
            _ => http(200, &[], b""),
        })
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.directory);
    }
}

pub(super) fn over_tls(way: Protocol, peer: &Peer, tls: TlsFiles) -> Collector {
    let mut to = collector(way, peer.address);
    to.endpoint = to.endpoint.replace("http://", "https://");
    Collector { tls, ..to }
}

#[test]
fn an_authority_of_our_own_and_a_client_certificate_open_the_door() {
    let authority = Authority::new("open");
    authority.write_client();
    let peer = authority.collector();
    let tls = TlsFiles {
        certificate: authority.file("ca.pem"),
        client_certificate: authority.file("client.pem"),
        client_key: authority.file("client.key"),
    };
    for way in WAYS {
        assert_eq!(ask(&over_tls(way, &peer, tls.clone())), accepted(0, ""), "{way}");
    }
}

#[test]
fn without_a_client_certificate_the_door_stays_shut() {
    let authority = Authority::new("shut");
    let peer = authority.collector();
    let tls = TlsFiles { certificate: authority.file("ca.pem"), ..TlsFiles::default() };
    for way in WAYS {
        let reason = retried(ask(&over_tls(way, &peer, tls.clone())));
        assert!(reason.to_lowercase().contains("certificate"), "{way}: {reason}");
    }
}

#[test]
fn a_stranger_is_not_trusted_and_may_be_mended() {
    let (authority, other) = (Authority::new("stranger"), Authority::new("other"));
    let peer = authority.collector();
    let tls = TlsFiles { certificate: other.file("ca.pem"), ..TlsFiles::default() };
    for way in WAYS {
        let reason = retried(ask(&over_tls(way, &peer, tls.clone())));
        assert!(reason.contains("certificate"), "{way}: {reason}");
    }
}

#[test]
fn a_certificate_for_somebody_else_is_told_of_without_the_secrets_in_it() {
    let authority = Authority::new("named");
    let peer = authority.collector_as("tok-en.example");
    let tls = TlsFiles { certificate: authority.file("ca.pem"), ..TlsFiles::default() };
    for way in WAYS {
        let mut to = over_tls(way, &peer, tls.clone());
        to.headers = vec![header("x-token", "tok-en")];
        let reason = retried(ask(&to));
        assert!(reason.contains("****.example") && !reason.contains("tok-en"), "{way}: {reason}");
    }
}

#[test]
fn tls_to_one_who_speaks_plainly_is_refused() {
    let authority = Authority::new("plain");
    let peer = Peer::start(|_| http(200, &[], b""));
    let tls = TlsFiles { certificate: authority.file("ca.pem"), ..TlsFiles::default() };
    for way in WAYS {
        let reason = refused(ask(&over_tls(way, &peer, tls.clone())));
        assert!(reason.contains("does not speak TLS"), "{way}: {reason}");
    }
}

#[test]
fn a_bad_file_is_named_with_its_field() {
    let authority = Authority::new("bad");
    authority.write_client();
    fs::write(authority.directory.join("empty.pem"), "").unwrap();
    let file = |name: &str| authority.file(name);
    let ca = |certificate| TlsFiles { certificate, ..TlsFiles::default() };
    let client = |client_certificate, client_key| TlsFiles {
        client_certificate,
        client_key,
        ..TlsFiles::default()
    };
    for (tls, field, why) in [
        (ca(file("none.pem")), "certificate is", "No such file"),
        (ca(file("empty.pem")), "certificate is", "no certificate in it"),
        (client(file("client.pem"), None), "client_key is unset", "expected the key"),
        (client(None, file("client.key")), "client_certificate is unset", "expected the cert"),
        (client(file("client.pem"), file("ca.pem")), "client_key is", "no private key in it"),
        (client(file("ca.pem"), file("client.key")), "client_key is", "PEM file"),
    ] {
        for way in WAYS {
            let to = Collector { tls: tls.clone(), ..collector(way, ([127, 0, 0, 1], 1).into()) };
            let error = Transport::new(&to).err().unwrap().to_string();
            assert!(error.contains(field) && error.contains(why), "{way}: {error}");
        }
    }
}
