//! A replay shows no secret that it was called with, whatever the collector repeats.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::thread;

const MARK: &str = "m4rk3r-5ecret";
const LINE: &str = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","name":"step"}]}]}]}"#;

/// Answers each request with this status and with what it was told, on a port of its own.
fn collector(status: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = [0; 4_096];
            let read = stream.read(&mut head).unwrap_or_default();
            let told = String::from_utf8_lossy(&head[..read]);
            let place = format!("location: http://elsewhere.example/{MARK}?{MARK}");
            let _ =
                write!(stream, "HTTP/1.1 {status}\r\n{place}\r\nconnection: close\r\n\r\n{told}");
            let _ = stream.shutdown(std::net::Shutdown::Write);
            let _ = stream.read(&mut head);
        }
    });
    port
}

/// Runs a replay, and returns all that it said.
fn said(endpoint: &str, more: &[&str]) -> String {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("spans.jsonl");
    fs::write(&file, format!("{LINE}\n")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_exo-trace-replay"))
        .args(["--protocol", "http/protobuf", "--patience", "1", "--endpoint", endpoint])
        .args(["--header", &format!("authorization=Bearer {MARK}")])
        .args(more)
        .arg(&file)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(!said.contains(MARK) && !said.contains("m4rk3r"), "{said}");
    said
}

#[test]
fn what_a_collector_repeats_is_not_quoted() {
    for status in ["401 Unauthorized", "503 Service Unavailable", "302 Found"] {
        let port = collector(status);
        let said = said(&format!("http://me:{MARK}@127.0.0.1:{port}/v1/traces?key={MARK}"), &[]);
        assert!(said.contains(&status[..3]) && said.contains("1 failed"), "{said}");
        assert!(said.contains(&format!("http://****@127.0.0.1:{port}")), "{said}");
    }
}

#[test]
fn what_is_written_wrongly_is_not_shown() {
    let endpoint = format!("http://me:{MARK}@127.0.0.1:99999");
    assert!(said(&endpoint, &[]).contains("endpoint is \"****\""));
    let header = format!("authorization: Bearer {MARK}==");
    assert!(said("http://127.0.0.1:1", &["--header", &header]).contains("headers is ****"));
    let header = format!("authorization: Bearer {MARK}");
    assert!(said("http://127.0.0.1:1", &["--header", &header]).contains("--header expects"));
}
