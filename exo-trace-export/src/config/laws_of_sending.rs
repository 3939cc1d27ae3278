//! What holds for the way to a collector, told with an environment and features that the test makes up.

use super::laws::{FEATURES, in_environment, refused, resolve_with, resolved};
use super::pem_files::{PemSource, PemSources};
use super::surroundings::Features;
use super::{
    Compression, Protocol, Reported, Resolved, Sending, SpoolPlace, TlsFiles, TraceBackend,
    TraceConfig,
};
use std::path::PathBuf;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

fn config() -> TraceConfig {
    TraceConfig::default()
}

fn batch_and_queue(resolved: &Resolved) -> (usize, usize) {
    (resolved.sending.batch_spans_max, resolved.sending.queue_spans_max)
}

#[test]
fn nothing_said_is_sent_plainly_in_big_requests_and_tried_for_five_minutes() {
    let resolved = in_environment(&[]);
    assert_eq!(resolved.sending, Sending::default());
    assert_eq!(batch_and_queue(&resolved), (8_192, 1_048_576));
    let collector = &resolved.collector;
    assert_eq!((collector.compression, collector.timeout), (Compression::None, SECOND * 10));
    assert_eq!(collector.tls, TlsFiles::default());
    assert_eq!(resolved.pem_sources, PemSources::default());
}

#[test]
fn a_variable_for_traces_stands_before_the_general_one_and_code_before_both() {
    let general = [
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "GZip"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "2000"),
        ("OTEL_EXPORTER_OTLP_CERTIFICATE", "all.pem"),
        ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "100"),
        ("OTEL_ATTRIBUTE_COUNT_LIMIT", "10"),
    ];
    let of_traces = [
        ("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "zstd"),
        ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "1000"),
        ("OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", "traces.pem"),
        ("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "200"),
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "20"),
    ];
    let seen = |resolved: &Resolved| {
        let collector = &resolved.collector;
        let certificate = collector.tls.certificate.clone();
        let counts =
            (resolved.settings.attribute_value_bytes_max, resolved.limits.attribute_count_max);
        (collector.compression, collector.timeout, certificate, counts)
    };
    let path = |path: &str| Some(PathBuf::from(path));
    let by_general = in_environment(&general);
    assert_eq!(seen(&by_general), (Compression::Gzip, SECOND * 2, path("all.pem"), (100, 10)));
    let both = [general, of_traces].concat();
    let by_traces = in_environment(&both);
    assert_eq!(seen(&by_traces), (Compression::Zstd, SECOND, path("traces.pem"), (200, 20)));
    let said = config().compression(Compression::None).timeout(SECOND * 3).certificate("code.pem");
    let said = said.attribute_value_bytes_max(300).attribute_count_max(30);
    assert_eq!(
        seen(&resolved(&said, &both)),
        (Compression::None, SECOND * 3, path("code.pem"), (300, 30))
    );
}

#[test]
fn a_bad_value_of_traces_leaves_the_word_to_the_general_one() {
    let resolved = in_environment(&[
        ("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "brotli"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
        ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "10s"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "0"),
    ]);
    assert_eq!(resolved.collector.compression, Compression::Gzip);
    assert_eq!(resolved.collector.timeout, SECOND * 3_600, "the longest there is");
    assert_eq!(
        resolved.notes,
        [
            r#"OTEL_EXPORTER_OTLP_TRACES_COMPRESSION is "brotli", expected gzip, zstd or none"#,
            r#"OTEL_EXPORTER_OTLP_TRACES_TIMEOUT is "10s", expected a whole number of milliseconds from 0 to 3600000"#,
        ]
    );
}

#[test]
fn the_batch_processor_s_variables_are_read() {
    let resolved = in_environment(&[
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "512"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "2048"),
        ("OTEL_BSP_SCHEDULE_DELAY", "0"),
        ("OTEL_BSP_EXPORT_TIMEOUT", "30000"),
        ("OTEL_METRICS_EXPORTER", "otlp"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "5000"),
    ]);
    assert_eq!(
        resolved.sending,
        Sending {
            batch_spans_max: 512,
            batch_delay: Duration::ZERO,
            queue_spans_max: 2_048,
            give_up_after: SECOND * 30,
            spool: None,
            metrics: Reported::Everything,
            metrics_every: SECOND * 5,
        }
    );
    assert_eq!(resolved.notes, Vec::<String>::new());
}

#[test]
fn a_bad_value_in_code_says_the_range() {
    for (config, message) in [
        (config().timeout(Duration::ZERO), "timeout is 0ns, expected 1ms to 3600s"),
        (config().batch_delay(SECOND * 3_601), "batch_delay is 3601s, expected 0ns to 3600s"),
        (config().give_up_after(Duration::ZERO), "give_up_after is 0ns, expected 1ms to 86400s"),
        (config().metrics_every(Duration::ZERO), "metrics_every is 0ns, expected 1ms to 86400s"),
        (
            config().batch_spans_max(0),
            "batch_spans_max is 0, expected a whole number from 1 to 2147483647",
        ),
        (
            config().queue_spans_max(0),
            "queue_spans_max is 0, expected a whole number from 1 to 2147483647",
        ),
        (
            config().spool("x").spool_bytes_max(1),
            "spool_bytes_max is 1, expected a whole number from 1048576 to 1099511627776",
        ),
        (config().spool(""), r#"spool is "", expected the path of a directory"#),
        (config().certificate(""), r#"certificate is "", expected the path of a PEM file"#),
    ] {
        assert_eq!(refused(config), message);
    }
}

#[test]
fn a_request_holds_no_more_than_the_queue() {
    let small = config().queue_spans_max(100);
    assert_eq!(batch_and_queue(&resolved(&small, &[])), (100, 100), "the default gives way");
    assert_eq!(
        refused(small.clone().batch_spans_max(101)),
        "batch_spans_max is 101, expected queue_spans_max, which is 100, or less"
    );
    let big_batch = [("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "101")];
    let noted = resolved(&small, &big_batch);
    assert_eq!(batch_and_queue(&noted), (100, 100));
    assert_eq!(
        noted.notes,
        [
            r#"OTEL_BSP_MAX_EXPORT_BATCH_SIZE is "101", expected queue_spans_max, which is 100, or less"#
        ]
    );
    let small_queue = [("OTEL_BSP_MAX_QUEUE_SIZE", "100")];
    let both = in_environment(&[big_batch, small_queue].concat());
    assert_eq!((batch_and_queue(&both), both.notes.len()), ((100, 100), 1));
    let noted = resolved(&config().batch_spans_max(101), &small_queue);
    assert_eq!(batch_and_queue(&noted), (101, 1_048_576), "code wins over the environment");
    assert_eq!(
        noted.notes,
        [r#"OTEL_BSP_MAX_QUEUE_SIZE is "100", expected batch_spans_max, which is 101, or more"#]
    );
}

#[test]
fn a_client_s_certificate_and_its_key_come_together() {
    assert_eq!(
        refused(config().client_certificate("me.pem")),
        r#"client_certificate is "me.pem", expected client_key beside it (or OTEL_EXPORTER_OTLP_CLIENT_KEY)"#
    );
    assert_eq!(
        refused(config().client_key("me.key")),
        r#"client_key is "me.key", expected client_certificate beside it (or OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE)"#
    );
    let alone = in_environment(&[("OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", "me.key")]);
    assert_eq!(alone.collector.tls, TlsFiles::default());
    assert_eq!(
        alone.notes,
        [
            r#"OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY is "me.key", expected client_certificate beside it (or OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE)"#
        ]
    );

    let key = [("OTEL_EXPORTER_OTLP_CLIENT_KEY", "me.key")];
    let both = resolved(&config().client_certificate("me.pem"), &key);
    let tls = &both.collector.tls;
    assert_eq!(tls.client_certificate, Some(PathBuf::from("me.pem")));
    assert_eq!(tls.client_key, Some(PathBuf::from("me.key")));
    let sources = PemSources {
        certificate: None,
        client_certificate: Some(PemSource::Code("client_certificate")),
        client_key: Some(PemSource::Environment(key[0].0)),
    };
    assert_eq!(both.pem_sources, sources);
}

#[test]
fn over_grpc_the_environment_may_leave_out_the_scheme() {
    let place = ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317");
    let insecure = |value| ("OTEL_EXPORTER_OTLP_INSECURE", value);
    let endpoint = |environment: &[(&str, &str)]| in_environment(environment).collector.endpoint;
    assert_eq!(endpoint(&[place]), "https://collector:4317");
    assert_eq!(endpoint(&[place, insecure("False")]), "https://collector:4317");
    assert_eq!(endpoint(&[place, insecure("TRUE")]), "http://collector:4317");
    let of_traces = ("OTEL_EXPORTER_OTLP_TRACES_INSECURE", "false");
    assert_eq!(endpoint(&[place, insecure("true"), of_traces]), "https://collector:4317");
    let with_scheme = ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector:4317");
    assert_eq!(endpoint(&[with_scheme, insecure("true")]), "https://collector:4317");

    let doubted = in_environment(&[place, insecure("1")]);
    assert_eq!(doubted.collector.endpoint, "https://collector:4317");
    assert_eq!(doubted.notes, [r#"OTEL_EXPORTER_OTLP_INSECURE is "1", expected true or false"#]);
}

#[test]
fn over_http_an_endpoint_has_a_scheme_wherever_it_is_said() {
    let expected = r#"OTEL_EXPORTER_OTLP_ENDPOINT is "collector:4318", expected an http:// or https:// URL with a host, or host:port where the protocol is grpc"#;
    let by_port = in_environment(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318")]);
    assert_eq!(by_port.notes, [expected]);
    assert_eq!(by_port.collector.endpoint, "http://localhost:4317");
    let said = [("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318")];
    let grpc = resolved(&config().protocol(Protocol::Grpc), &said);
    assert_eq!(grpc.collector.endpoint, "https://collector:4318");
    let http = [("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317")];
    let http = resolved(&config().protocol(Protocol::HttpJson), &http);
    assert_eq!(http.notes.len(), 1);
    let insecure = [("OTEL_EXPORTER_OTLP_INSECURE", "true")];
    let in_code = resolve_with(FEATURES, &config().endpoint("collector:4317"), &insecure);
    assert_eq!(
        in_code.expect_err("code says the scheme").to_string(),
        r#"endpoint is "collector:4317", expected an http:// or https:// URL with a host"#
    );
}

#[test]
fn agents_work_is_reported_beside_their_spans_and_tracing_itself_on_request() {
    let reported = |resolved: Resolved| resolved.sending.metrics;
    let exporter = |names| [("OTEL_METRICS_EXPORTER", names)];
    assert_eq!(reported(in_environment(&[])), Reported::Work);
    let console = config().backend(TraceBackend::Console);
    assert_eq!(reported(resolved(&console, &[])), Reported::Nothing, "there is no collector");
    let both = console.clone().also(TraceBackend::Otlp);
    assert_eq!(reported(resolved(&both, &[])), Reported::Work);
    assert_eq!(reported(resolved(&console.metrics(true), &[])), Reported::Everything);
    let said = config().metrics(true);
    assert_eq!(reported(resolved(&said, &exporter("none"))), Reported::Everything);
    assert_eq!(reported(in_environment(&exporter("OTLP"))), Reported::Everything);
    assert_eq!(reported(in_environment(&exporter("none"))), Reported::Nothing);
    let unwanted = config().metrics(false);
    assert_eq!(reported(resolved(&unwanted, &exporter("otlp"))), Reported::Nothing);
    let mixed = in_environment(&exporter("prometheus, otlp"));
    assert_eq!(mixed.notes, [r#"OTEL_METRICS_EXPORTER is "prometheus", expected otlp or none"#]);
    assert_eq!(reported(mixed), Reported::Everything);
    let every = |resolved: Resolved| resolved.sending.metrics_every;
    assert_eq!(every(in_environment(&[])), SECOND * 60);
    assert_eq!(every(resolved(&config().metrics_every(SECOND), &[])), SECOND);
}

#[test]
fn metrics_go_where_spans_go_unless_something_is_said_of_metrics_alone() {
    let at = |resolved: &Resolved| {
        let place = &resolved.metrics_place;
        (place.collector.endpoint.clone(), place.collector.protocol, place.is_of_metrics)
    };
    let of_traces = [("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://t:4318/v1/traces")];
    let traces = ("http://t:4318/v1/traces".to_owned(), Protocol::HttpProtobuf, false);
    assert_eq!(at(&in_environment(&of_traces)), traces);
    let of_metrics = [
        ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://m:4317"),
        ("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "key=secret"),
        ("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "soon"),
    ];
    let both = in_environment(&[&of_traces[..], &of_metrics[..]].concat());
    assert_eq!(at(&both), ("http://m:4317".to_owned(), Protocol::Grpc, true));
    assert_eq!(both.collector.endpoint, "http://t:4318/v1/traces");
    assert_eq!(both.metrics_place.collector.headers.len(), 1);
    assert!(both.collector.headers.is_empty());
    assert_eq!(
        both.notes,
        [
            r#"OTEL_EXPORTER_OTLP_METRICS_TIMEOUT is "soon", expected a whole number of milliseconds from 0 to 3600000"#
        ]
    );
    let said = resolved(&config().endpoint("http://code:4317"), &of_metrics);
    assert_eq!(at(&said), ("http://code:4317".to_owned(), Protocol::Grpc, false));
    let bad = [of_traces[0], ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "nowhere")];
    let bad = in_environment(&bad);
    assert!(
        bad.notes.len() == 1 && bad.notes[0].starts_with("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT is")
    );
    assert!(!bad.metrics_place.is_of_metrics);
}

#[test]
fn a_spool_is_a_directory_and_a_bound() {
    let place = |config| resolved(&config, &[]).sending.spool;
    let at = |bytes_max| Some(SpoolPlace { directory: PathBuf::from("spool"), bytes_max });
    assert_eq!(place(config().spool("spool")), at(256 << 20));
    assert_eq!(place(config().spool("spool").spool_bytes_max(1 << 20)), at(1 << 20));
    assert_eq!(place(config().spool_bytes_max(1 << 20)), None);
}

#[test]
fn what_was_not_compiled_in_is_refused_by_the_name_of_its_feature() {
    let nothing = Features { otlp: false, zstd: false, spool: false };
    let refused = |config: TraceConfig| {
        resolve_with(nothing, &config, &[]).expect_err("not compiled in").to_string()
    };
    for (config, message) in [
        (
            config().backend(TraceBackend::Otlp),
            "backend is otlp, expected feature `otlp`, memory or console",
        ),
        (
            config().also(TraceBackend::Otlp),
            "also is otlp, expected feature `otlp`, memory or console",
        ),
        (
            config().compression(Compression::Zstd),
            "compression is zstd, expected gzip or none, or feature `zstd`",
        ),
        (config().spool("x"), r#"spool is "x", expected no spool, or feature `spool`"#),
        (config().metrics(true), "metrics is true, expected false, or feature `otlp`"),
    ] {
        assert_eq!(refused(config), message);
    }
    let environment = [
        ("OTEL_TRACES_EXPORTER", "otlp,memory"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "ZSTD"),
        ("OTEL_METRICS_EXPORTER", "otlp"),
    ];
    let noted = resolve_with(nothing, &config(), &environment).expect("notes only");
    assert_eq!(noted.backends, [TraceBackend::Memory]);
    assert_eq!(noted.collector.compression, Compression::None);
    assert_eq!(
        noted.notes,
        [
            r#"OTEL_TRACES_EXPORTER is "otlp", expected feature `otlp`, memory or console"#,
            r#"OTEL_EXPORTER_OTLP_COMPRESSION is "ZSTD", expected gzip or none, or feature `zstd`"#,
            r#"OTEL_METRICS_EXPORTER is "otlp", expected none, or feature `otlp`"#,
        ]
    );
}

#[test]
fn without_the_feature_the_console_is_the_default_and_nobody_is_told() {
    let without = Features { otlp: false, ..FEATURES };
    let resolved = resolve_with(without, &config(), &[]).expect("nothing said");
    assert_eq!((resolved.backends, resolved.notes), (vec![TraceBackend::Console], vec![]));
}
