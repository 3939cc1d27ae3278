//! What a program can rely on when it says its configuration.

use exo_trace_export::{
    Compression, Console, ExportError, Protocol, SpanData, SpanExporter, TraceBackend, TraceConfig,
};
use std::time::Duration;

struct Nowhere;

impl SpanExporter for Nowhere {
    fn export(&mut self, _: &[SpanData<'_>]) -> Result<(), ExportError> {
        Ok(())
    }
}

/// Returns the line of a field, its columns joined by single spaces.
fn line(config: &TraceConfig, name: &str) -> String {
    let text = config.effective().to_string();
    let columns = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut lines = text.lines().map(columns);
    lines.find(|line| line.split(' ').next() == Some(name)).unwrap_or_default()
}

#[test]
fn the_page_s_configuration_is_what_it_says() {
    let config = TraceConfig::new("my-agent-app")
        .backend(TraceBackend::Otlp)
        .endpoint("http://localhost:4317")
        .sample_rate(1.0)
        .enabled(true);
    assert_eq!(line(&config, "service_name"), "service_name my-agent-app code");
    let backend = match cfg!(feature = "otlp") {
        true => "backend otlp code",
        false => "backend otlp code, refused: expected feature `otlp`, memory or console",
    };
    assert_eq!(line(&config, "backend"), backend);
    assert_eq!(line(&config, "endpoint"), "endpoint http://localhost:4317 code");
    assert_eq!(line(&config, "sample_rate"), "sample_rate 1.0 code");
    assert_eq!(line(&config, "enabled"), "enabled true code");
    assert_eq!(line(&config, "ring_bytes"), "ring_bytes 262144 default");
}

#[test]
fn how_spans_are_sent_is_shown_field_by_field() {
    let config = TraceConfig::new("x")
        .compression(Compression::Gzip)
        .timeout(Duration::from_millis(2_500))
        .certificate("ca.pem")
        .client_certificate("me.pem")
        .client_key("me.key")
        .batch_spans_max(512)
        .batch_delay(Duration::ZERO)
        .queue_spans_max(2_048)
        .give_up_after(Duration::from_secs(60))
        .spool_bytes_max(1 << 20)
        .metrics(false)
        .metrics_every(Duration::from_secs(5));
    for (name, shown) in [
        ("compression", "compression gzip code"),
        ("timeout", "timeout 2.5s code"),
        ("certificate", "certificate ca.pem code"),
        ("client_certificate", "client_certificate me.pem code"),
        ("client_key", "client_key me.key code"),
        ("batch_spans_max", "batch_spans_max 512 code"),
        ("batch_delay", "batch_delay 0ns code"),
        ("queue_spans_max", "queue_spans_max 2048 code"),
        ("give_up_after", "give_up_after 60s code"),
        ("spool", "spool none default"),
        ("spool_bytes_max", "spool_bytes_max 1048576 code"),
        ("metrics", "metrics false code"),
        ("metrics_every", "metrics_every 5s code"),
    ] {
        assert_eq!(line(&config, name), shown);
    }
    assert_eq!(config, config.clone());
    assert_ne!(config, config.clone().certificate("other.pem"));
    assert!(format!("{config:?}").contains("me.pem"), "paths are no secrets: {config:?}");
}

#[test]
fn a_process_says_who_and_where_it_is_and_says_the_same_again() {
    let config = TraceConfig::new("x");
    let pid = std::process::id();
    assert_eq!(
        line(&config, "resource.process.pid"),
        format!("resource.process.pid {pid} detected")
    );
    let instance = line(&config, "resource.service.instance.id");
    assert!(instance.ends_with(" detected"), "{instance}");
    assert_eq!(line(&config, "resource.service.instance.id"), instance);
    let said = config.extra("host.name", "a-machine");
    assert_eq!(line(&said, "resource.host.name"), "resource.host.name a-machine code");
}

#[test]
fn each_word_of_a_backend_or_protocol_is_read_in_any_case_and_written_as_on_the_page() {
    for (word, backend) in [
        ("otlp", TraceBackend::Otlp),
        ("memory", TraceBackend::Memory),
        ("console", TraceBackend::Console),
    ] {
        assert_eq!(word.to_uppercase().parse(), Ok(backend));
        assert_eq!((backend.to_string().as_str(), backend.as_str()), (word, word));
    }
    for word in ["grpc", "http/protobuf", "http/json"] {
        assert_eq!(word.to_uppercase().parse::<Protocol>().map(Protocol::as_str), Ok(word));
    }
}

#[test]
fn an_unknown_backend_or_protocol_is_named_with_what_was_expected() {
    let error = "jaeger".parse::<TraceBackend>().unwrap_err();
    assert_eq!(error.to_string(), r#"backend is "jaeger", expected otlp, memory or console"#);
    let error = "udp".parse::<Protocol>().unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"protocol is "udp", expected grpc, http/protobuf or http/json"#
    );
}

#[test]
fn configurations_are_equal_by_what_they_say_and_exporters_by_identity() {
    let config = || TraceConfig::new("x").headers([("a", "1")]).console(Console::stderr().lines());
    assert_eq!(config(), config());
    assert_ne!(config(), config().extra("zone", 1.5));
    let exporting = config().exporter(Nowhere);
    assert_eq!(exporting, exporting.clone());
    assert_ne!(exporting, config().exporter(Nowhere));
}

#[test]
fn nothing_printed_holds_a_secret() {
    let config = TraceConfig::new("x")
        .endpoint("https://user:hidden-1@collector:4317/x?key=hidden-2")
        .headers([("authorization", "hidden-3")]);
    let printed = format!("{config:?}{}{:?}", config.effective(), config.effective());
    assert!(!printed.contains("hidden"), "{printed}");
    assert_eq!(line(&config, "headers.authorization"), "headers.authorization **** code");
    assert_eq!(line(&config, "endpoint"), "endpoint https://****@collector:4317/x?**** code");
}

#[test]
fn a_value_that_init_will_refuse_is_shown_as_refused() {
    let config = TraceConfig::new("x").sample_rate(1.5);
    assert_eq!(line(&config, "sample_rate"), "sample_rate 1.5 code, refused: expected 0.0 to 1.0");
}

#[test]
fn a_field_is_one_line_whatever_it_holds() {
    let lines = |config: TraceConfig| config.effective().to_string().lines().count();
    assert_eq!(lines(TraceConfig::new("two\nlines\u{1b}[31m")), lines(TraceConfig::new("one")));
}

#[test]
fn the_columns_are_aligned() {
    let config = TraceConfig::new("x").backend(TraceBackend::Memory).console(Console::default());
    let text = config.effective().to_string();
    let column = |name: &str, word: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap();
        line.find(word).unwrap()
    };
    assert_eq!(column("service_name", " x "), column("backend", " memory "));
    assert_eq!(column("service_name", " code"), column("backend", " code"));
}
