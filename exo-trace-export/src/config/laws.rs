//! What holds for a whole configuration, told with an environment that the test makes up.

use super::detected::Detected;
use super::surroundings::{Features, Surroundings};
use super::{ConfigError, Protocol, Resolved, TraceBackend, TraceConfig};
use crate::SpanData;
use crate::exporter::{ExportError, SpanExporter};
use exo_trace_std::{Sampler, Settings};
use std::time::Duration;

struct Nowhere;

impl SpanExporter for Nowhere {
    fn export(&mut self, _: &[SpanData<'_>]) -> Result<(), ExportError> {
        Ok(())
    }
}

/// Every feature, beside a machine that knows nothing of itself.
pub(super) const FEATURES: Features = Features { otlp: true, zstd: true, spool: true };

pub(super) fn resolve_with(
    features: Features,
    config: &TraceConfig,
    environment: &[(&str, &str)],
) -> Result<Resolved, ConfigError> {
    resolve_on(Detected::default(), features, config, environment)
}

fn resolve_on(
    detected: Detected,
    features: Features,
    config: &TraceConfig,
    environment: &[(&str, &str)],
) -> Result<Resolved, ConfigError> {
    let environment = |asked: &str| {
        let found = environment.iter().find(|(variable, _)| *variable == asked);
        found.map(|(_, value)| (*value).to_owned())
    };
    config.resolve_in(&Surroundings { environment: &environment, features, detected })
}

fn resolve(config: &TraceConfig, environment: &[(&str, &str)]) -> Result<Resolved, ConfigError> {
    resolve_with(FEATURES, config, environment)
}

pub(super) fn resolved(config: &TraceConfig, environment: &[(&str, &str)]) -> Resolved {
    resolve(config, environment).expect("sound in code")
}

pub(super) fn in_environment(environment: &[(&str, &str)]) -> Resolved {
    resolved(&TraceConfig::default(), environment)
}

pub(super) fn refused(config: TraceConfig) -> String {
    resolve(&config, &[]).expect_err("refused").to_string()
}

fn attributes(resolved: &Resolved) -> Vec<String> {
    resolved.resource.iter().map(|(key, value)| format!("{key}={value}")).collect()
}

#[test]
fn nothing_said_is_the_page_s_defaults() {
    let resolved = in_environment(&[]);
    assert_eq!((resolved.service_name.as_str(), resolved.namespace.as_str()), ("exo", "exo"));
    assert_eq!(resolved.backends, [TraceBackend::Otlp]);
    assert_eq!(
        (resolved.collector.endpoint.as_str(), resolved.collector.protocol),
        ("http://localhost:4317", Protocol::Grpc)
    );
    assert_eq!(resolved.settings, Settings::default());
    assert!(resolved.enabled && resolved.panic_messages);
    assert!(resolved.collector.headers.is_empty() && resolved.notes.is_empty());
    assert_eq!(resolved.limits.attribute_count_max, 128);
    assert_eq!(resolved.memory_spans_max, 10_000);
    assert_eq!(resolved.orphan_tree_after, Duration::from_secs(10));
}

#[test]
fn code_wins_over_the_environment_and_the_environment_over_the_default() {
    let environment = [
        ("OTEL_SERVICE_NAME", "from-environment"),
        ("OTEL_TRACES_EXPORTER", "console"),
        ("OTEL_TRACES_SAMPLER", "always_off"),
        ("OTEL_SDK_DISABLED", "True"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318"),
        ("OTEL_SPAN_EVENT_COUNT_LIMIT", "7"),
    ];
    let unsaid = in_environment(&environment);
    assert_eq!(unsaid.service_name, "from-environment");
    assert_eq!(unsaid.backends, [TraceBackend::Console]);
    assert_eq!((unsaid.sampler, unsaid.enabled), (Sampler::AlwaysOff, false));
    assert_eq!(unsaid.collector.endpoint, "http://collector:4318/v1/traces");
    assert_eq!(unsaid.limits.event_count_max, 7);

    let config = TraceConfig::new("from-code").backend(TraceBackend::Memory).sample_rate(0.25);
    let config = config.enabled(true).endpoint("http://here:4317").event_count_max(9);
    let said = resolved(&config, &environment);
    assert_eq!(said.service_name, "from-code");
    assert_eq!(said.backends, [TraceBackend::Memory]);
    assert_eq!((said.sampler, said.enabled), (Sampler::TraceIdRatio(0.25), true));
    assert_eq!(said.collector.endpoint, "http://here:4317");
    assert_eq!(said.limits.event_count_max, 9);
}

#[test]
fn a_bad_value_in_code_names_the_field_the_value_and_what_was_expected() {
    let config = TraceConfig::default;
    for (config, message) in [
        (config().sample_rate(1.5), "sample_rate is 1.5, expected 0.0 to 1.0"),
        (config().sample_rate(f64::NAN), "sample_rate is NaN, expected 0.0 to 1.0"),
        (
            config().endpoint("localhost:4317"),
            r#"endpoint is "localhost:4317", expected an http:// or https:// URL with a host"#,
        ),
        (
            config().headers([("two words", "x")]),
            "headers is ****, expected a name that is an HTTP token",
        ),
        (
            config().headers([("Authorization", "two\nlines")]),
            "headers is authorization: ****, expected a value of visible ASCII characters, spaces \
             and tabs",
        ),
        (config().extra("", 1), r#"extra is "", expected a key that is not empty"#),
        (
            config().ring_bytes(5_000),
            "ring_bytes is 5000, expected a power of two from 4096 to 1073741824",
        ),
        (config().threads_max(0), "threads_max is 0, expected a whole number from 1 to 65536"),
        (
            config().ring_bytes(4_096).attribute_value_bytes_max(4_096),
            "attribute_value_bytes_max is 4096, expected a whole number from 0 to 128",
        ),
    ] {
        assert_eq!(refused(config), message);
    }
}

#[test]
fn bad_values_in_the_environment_are_noted_and_count_as_unset() {
    let resolved = in_environment(&[
        ("OTEL_TRACES_SAMPLER", "maybe"),
        ("OTEL_SDK_DISABLED", "yes"),
        ("OTEL_TRACES_EXPORTER", "zipkin,memory, Memory,none"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "user:secret@collector"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "secret"),
        // Read as a name with blanks in it, and an empty value behind it.
        ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "authorization: Bearer secret=="),
        ("OTEL_SPAN_LINK_COUNT_LIMIT", "-1"),
        ("OTEL_RESOURCE_ATTRIBUTES", "team"),
        ("OTEL_SERVICE_NAME", "  "),
    ]);
    assert_eq!((resolved.sampler, resolved.enabled), (Sampler::AlwaysOn, true));
    assert_eq!(resolved.backends, [TraceBackend::Memory]);
    assert_eq!(resolved.collector.endpoint, "http://collector:4317");
    assert_eq!((resolved.limits.link_count_max, resolved.service_name.as_str()), (128, "exo"));
    let starts = [
        r#"OTEL_RESOURCE_ATTRIBUTES is "team", expected a list"#,
        r#"OTEL_SDK_DISABLED is "yes", expected true or false"#,
        r#"OTEL_TRACES_SAMPLER is "maybe", expected always_on, always_off"#,
        r#"OTEL_TRACES_EXPORTER is "zipkin", expected otlp, memory or console"#,
        r#"OTEL_TRACES_EXPORTER is "none", expected otlp, memory or console"#,
        r#"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is "****", expected an http:// or https://"#,
        "OTEL_EXPORTER_OTLP_TRACES_HEADERS is ****, expected a name that is an HTTP token",
        r#"OTEL_EXPORTER_OTLP_HEADERS is ****, expected a list"#,
        r#"OTEL_SPAN_LINK_COUNT_LIMIT is "-1", expected a whole number from 0 to 65536"#,
    ];
    assert_eq!(resolved.notes.len(), starts.len(), "{:#?}", resolved.notes);
    for (note, start) in resolved.notes.iter().zip(starts) {
        assert!(note.starts_with(start), "{note}");
    }
}

#[test]
fn every_sampler_of_the_specification_is_known() {
    let quarter = Sampler::TraceIdRatio(0.25);
    for (name, expected) in [
        ("always_on", Sampler::AlwaysOn),
        ("parentbased_always_on", Sampler::AlwaysOn),
        ("Always_Off", Sampler::AlwaysOff),
        ("parentbased_always_off", Sampler::AlwaysOff),
        ("traceidratio", quarter),
        ("parentbased_traceidratio", quarter),
    ] {
        let environment = [("OTEL_TRACES_SAMPLER", name), ("OTEL_TRACES_SAMPLER_ARG", "0.25")];
        let resolved = in_environment(&environment);
        assert_eq!((resolved.sampler, resolved.settings.sampler), (expected, expected), "{name}");
        assert_eq!(resolved.notes, Vec::<String>::new());
    }
    let share_alone = [("OTEL_TRACES_SAMPLER_ARG", "0.25")];
    assert_eq!(in_environment(&share_alone).sampler, Sampler::AlwaysOn);
    let no_share = [("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "2")];
    assert_eq!(in_environment(&no_share).sampler, Sampler::AlwaysOn);
    assert_eq!(
        in_environment(&no_share).notes,
        [r#"OTEL_TRACES_SAMPLER_ARG is "2", expected 0.0 to 1.0"#]
    );
}

#[test]
fn the_protocol_is_said_or_read_off_the_port() {
    use Protocol::{Grpc, HttpJson, HttpProtobuf};
    let at = |url: &str| TraceConfig::default().endpoint(url);
    let variable = [("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")];
    for (config, environment, protocol, url) in [
        (at("http://a:4317"), &[][..], Grpc, "http://a:4317"),
        (at("http://a:4318"), &[], HttpProtobuf, "http://a:4318/v1/traces"),
        (at("http://a:9999"), &[], Grpc, "http://a:9999"),
        (at("http://a:4317"), &variable, HttpJson, "http://a:4317/v1/traces"),
        (at("http://a:4318/x").protocol(Grpc), &variable, Grpc, "http://a:4318/x"),
        (at("http://a/x").protocol(HttpProtobuf), &[], HttpProtobuf, "http://a/x"),
    ] {
        let resolved = resolved(&config, environment);
        assert_eq!(
            (resolved.collector.protocol, resolved.collector.endpoint.as_str()),
            (protocol, url)
        );
    }
    let traces = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://b:4318/spans");
    let all = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://a:4318/otlp/");
    assert_eq!(in_environment(&[traces, all]).collector.endpoint, "http://b:4318/spans");
    assert_eq!(in_environment(&[all]).collector.endpoint, "http://a:4318/otlp/v1/traces");
}

#[test]
fn a_password_in_the_endpoint_reaches_the_exporter_and_no_printout() {
    let resolved = in_environment(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://me:secret@a:4317")]);
    assert_eq!(resolved.collector.endpoint, "http://me:secret@a:4317");
    assert_eq!(resolved.collector.shown_endpoint(), "http://****@a:4317");
    assert!(!format!("{resolved:?}").contains("secret"));
}

#[test]
fn headers_join_by_name_and_stay_secret() {
    let config = TraceConfig::new("x").headers([("X-Team", "mine"), ("x-team", "ours")]);
    let environment =
        [("OTEL_EXPORTER_OTLP_HEADERS", "x-team=theirs,authorization=Basic%20eDp5==")];
    let resolved = resolved(&config, &environment);
    let read = |at: usize| {
        (
            resolved.collector.headers[at].0.as_str(),
            resolved.collector.headers[at].1.to_str().unwrap(),
        )
    };
    assert_eq!([read(0), read(1)], [("x-team", "ours"), ("authorization", "Basic eDp5==")]);
    let shown = config.effective_in(&|variable| {
        (variable == environment[0].0).then(|| environment[0].1.to_owned())
    });
    for secret in ["ours", "theirs", "mine", "eDp5"] {
        assert!(!format!("{config:?}{resolved:?}{shown}").contains(secret), "{secret}");
    }
}

#[test]
fn attributes_join_by_key_with_the_service_s_name_first() {
    let config =
        TraceConfig::default().extra("team", "ours").extra("workers", 4).extra("team", "mine");
    let environment = [("OTEL_RESOURCE_ATTRIBUTES", "zone=a%2Cb,team=theirs,service.name=listed")];
    let joined = resolved(&config, &environment);
    let version = concat!("telemetry.sdk.version=", env!("CARGO_PKG_VERSION"));
    let rest = ["telemetry.sdk.name=exo-trace", "telemetry.sdk.language=rust", version];
    let expected = ["service.name=listed", "zone=a,b", "team=mine", "workers=4"];
    assert_eq!(attributes(&joined), expected.into_iter().chain(rest).collect::<Vec<_>>());

    let named = [environment[0], ("OTEL_SERVICE_NAME", "variable")];
    assert_eq!(resolved(&config, &named).service_name, "variable");
    assert_eq!(resolved(&config.extra("service.name", "extra"), &named).service_name, "extra");
    assert_eq!(resolved(&TraceConfig::new(""), &named).service_name, "variable");
}

#[test]
fn what_was_detected_gives_way_to_what_was_said() {
    let keys = ["host.name", "os.type", "service.instance.id", "telemetry.sdk.name"];
    let detected = Detected(keys.map(|key| (key, "detected".into())).to_vec());
    let environment = [("OTEL_RESOURCE_ATTRIBUTES", "host.name=listed,os.type=listed")];
    let config = TraceConfig::new("x").extra("os.type", "code");
    let joined = resolve_on(detected, FEATURES, &config, &environment).expect("sound in code");
    let version = concat!("telemetry.sdk.version=", env!("CARGO_PKG_VERSION"));
    let expected = [
        "service.name=x",
        "host.name=listed",
        "os.type=code",
        "telemetry.sdk.name=exo-trace",
        "telemetry.sdk.language=rust",
        version,
        "service.instance.id=detected",
    ];
    assert_eq!(attributes(&joined), expected);
}

#[test]
fn an_exporter_takes_the_place_of_the_default_backend_only() {
    let config = TraceConfig::new("x").exporter(Nowhere);
    assert_eq!(resolved(&config, &[]).backends, []);
    assert_eq!(resolved(&config, &[]).exporters, config.exporters);
    let console = [("OTEL_TRACES_EXPORTER", "console")];
    assert_eq!(resolved(&config, &console).backends, [TraceBackend::Console]);
    let both =
        config.backend(TraceBackend::Otlp).also(TraceBackend::Memory).also(TraceBackend::Otlp);
    assert_eq!(resolved(&both, &[]).backends, [TraceBackend::Otlp, TraceBackend::Memory]);
    assert_eq!(in_environment(&[("OTEL_TRACES_EXPORTER", "None")]).backends, []);
    assert_eq!(
        in_environment(&[("OTEL_TRACES_EXPORTER", "zipkin")]).backends,
        [TraceBackend::Otlp]
    );
}
