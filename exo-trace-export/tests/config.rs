//! What a program can rely on when it says its configuration.

use exo_trace_export::{
    Console, ExportError, Protocol, SpanData, SpanExporter, TraceBackend, TraceConfig,
};

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
    assert_eq!(line(&config, "backend"), "backend otlp code");
    assert_eq!(line(&config, "endpoint"), "endpoint http://localhost:4317 code");
    assert_eq!(line(&config, "sample_rate"), "sample_rate 1.0 code");
    assert_eq!(line(&config, "enabled"), "enabled true code");
    assert_eq!(line(&config, "ring_bytes"), "ring_bytes 262144 default");
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
