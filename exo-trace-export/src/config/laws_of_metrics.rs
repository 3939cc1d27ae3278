//! What holds for the way metrics take, told with an environment that the test makes up.

use super::laws::{in_environment, resolved};
use super::{Resolved, TlsFiles, TraceConfig};
use std::path::PathBuf;

/// Returns where metrics go, and what is shown there of who sends them.
fn shown_to_metrics(resolved: &Resolved) -> (String, Vec<&str>, TlsFiles) {
    let collector = &resolved.metrics_place.collector;
    let words = collector.headers.iter().map(|(_, value)| value.to_str().unwrap()).collect();
    (collector.endpoint.clone(), words, collector.tls.clone())
}

const KEYS_OF_TRACES: [(&str, &str); 4] = [
    ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://vendor:4317"),
    ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "key=of-traces"),
    ("OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE", "traces.pem"),
    ("OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", "traces.key"),
];

#[test]
fn the_keys_of_traces_go_with_metrics_to_the_collector_of_traces_and_to_nobody_else() {
    let nothing = TlsFiles::default();
    let at =
        |endpoint: &'static str| [&KEYS_OF_TRACES[..], &[(endpoint, "http://mine:4317")]].concat();
    for endpoint in ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"] {
        let resolved = in_environment(&at(endpoint));
        assert_eq!(resolved.collector.endpoint, "https://vendor:4317");
        assert_eq!(resolved.collector.headers.len(), 1);
        let expected = ("http://mine:4317".to_owned(), vec![], nothing.clone());
        assert_eq!(shown_to_metrics(&resolved), expected, "{endpoint}");
    }
    let same = in_environment(&KEYS_OF_TRACES);
    let (endpoint, words, files) = shown_to_metrics(&same);
    assert_eq!((endpoint.as_str(), &words[..]), ("https://vendor:4317", &["of-traces"][..]));
    assert_eq!(files, same.collector.tls);
    let in_code = resolved(
        &TraceConfig::default().endpoint("http://code:4317"),
        &at("OTEL_EXPORTER_OTLP_ENDPOINT"),
    );
    let (endpoint, words, _) = shown_to_metrics(&in_code);
    assert_eq!((endpoint.as_str(), &words[..]), ("http://code:4317", &["of-traces"][..]));
}

#[test]
fn for_metrics_the_general_variable_stands_before_the_one_for_traces() {
    let general = [
        ("OTEL_EXPORTER_OTLP_HEADERS", "key=of-all"),
        ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "all.pem"),
        ("OTEL_EXPORTER_OTLP_CLIENT_KEY", "all.key"),
    ];
    let resolved = in_environment(&[&KEYS_OF_TRACES[..], &general[..]].concat());
    let (endpoint, words, files) = shown_to_metrics(&resolved);
    assert_eq!((endpoint.as_str(), &words[..]), ("https://vendor:4317", &["of-all"][..]));
    assert_eq!(files.client_certificate, Some(PathBuf::from("all.pem")));
    assert_eq!(files.client_key, Some(PathBuf::from("all.key")));
    let empty = [&KEYS_OF_TRACES[..], &[("OTEL_EXPORTER_OTLP_HEADERS", " ")]].concat();
    assert_eq!(shown_to_metrics(&in_environment(&empty)).1, ["of-traces"], "empty is unset");
}

#[test]
fn a_file_for_metrics_is_known_by_the_variable_that_named_it() {
    let of_metrics = ("OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE", "metrics.pem");
    let named = in_environment(&[&KEYS_OF_TRACES[..], &[of_metrics]].concat());
    let variables: Vec<_> = named.metrics_place.pem_sources.variables().collect();
    let [.., (certificate, _), (key, _)] = KEYS_OF_TRACES;
    assert_eq!(variables, [of_metrics.0, certificate, key]);
}

#[test]
fn a_bad_general_endpoint_that_only_metrics_need_is_said_once() {
    let sound = KEYS_OF_TRACES[0];
    for of_traces in [sound, (sound.0, "")] {
        let notes = in_environment(&[of_traces, ("OTEL_EXPORTER_OTLP_ENDPOINT", "nowhere")]).notes;
        assert!(
            notes.len() == 1 && notes[0].starts_with("OTEL_EXPORTER_OTLP_ENDPOINT is"),
            "{notes:?}"
        );
    }
}
