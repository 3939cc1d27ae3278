//! Any environment, any words in code and any file are a configuration or an error that says which value is
//! wrong and what was expected; no secret stands in anything that is shown.
#![no_main]

use exo_trace_export::__config::decided;
use exo_trace_export::{PriceTable, TraceBackend, TraceConfig};
use exo_trace_fuzz::script::Script;
use libfuzzer_sys::fuzz_target;
use std::time::Duration;

/// In capitals too: what is a header's name is shown in small letters, and is no secret.
const SECRET: &str = "s3cretT0ken";

/// Every variable there is, and two that are none of ours.
const VARIABLES: &[&str] = &[
    "OTEL_EXPORTER_OTLP_HEADERS",
    "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
    "OTEL_EXPORTER_OTLP_METRICS_HEADERS",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
    "OTEL_EXPORTER_OTLP_PROTOCOL",
    "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
    "OTEL_EXPORTER_OTLP_INSECURE",
    "OTEL_EXPORTER_OTLP_TRACES_INSECURE",
    "OTEL_EXPORTER_OTLP_COMPRESSION",
    "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION",
    "OTEL_EXPORTER_OTLP_TIMEOUT",
    "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT",
    "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT",
    "OTEL_EXPORTER_OTLP_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_CLIENT_KEY",
    "OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY",
    "OTEL_SERVICE_NAME",
    "OTEL_RESOURCE_ATTRIBUTES",
    "EXO_TRACE_DIALECTS",
    "EXO_TRACE_CODE_ATTRIBUTES",
    "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
    "OTEL_TRACES_EXPORTER",
    "OTEL_TRACES_SAMPLER",
    "OTEL_TRACES_SAMPLER_ARG",
    "OTEL_SDK_DISABLED",
    "OTEL_PROPAGATORS",
    "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
    "OTEL_BSP_SCHEDULE_DELAY",
    "OTEL_BSP_MAX_QUEUE_SIZE",
    "OTEL_BSP_EXPORT_TIMEOUT",
    "OTEL_METRICS_EXPORTER",
    "OTEL_METRIC_EXPORT_INTERVAL",
    "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_SPAN_EVENT_COUNT_LIMIT",
    "OTEL_SPAN_LINK_COUNT_LIMIT",
    "OTEL_LOG_LEVEL",
    "PATH",
];

/// The variables, by what may be secret in them: the first are headers, the next endpoints.
const HEADERS: usize = 3;
const ENDPOINTS: usize = 6;

const OF_HEADERS: &[&str] = &[
    SECRET,
    "authorization=",
    "authorization: Bearer ",
    "Bearer ",
    "x-key=",
    "X-KEY=",
    ",",
    "=",
    " ",
    "%20",
    "%",
    "%ff",
    "\n",
    "é",
    ":",
];

const OF_ENDPOINTS: &[&str] = &[
    "http://",
    "https://",
    "HTTP://",
    "user:s3cretT0ken@",
    "s3cretT0ken@",
    "?key=s3cretT0ken",
    "collector",
    "[::1]",
    ":4317",
    ":4318",
    ":",
    "/v1/traces",
    "/",
    "#",
    "99999",
    " ",
];

const WORDS: &[&str] = &[
    "true",
    "FALSE",
    "none",
    "otlp",
    "console",
    "memory",
    "grpc",
    "http/protobuf",
    "http/json",
    "gzip",
    "zstd",
    "page",
    "gen_ai",
    "openinference",
    "functions",
    "all",
    "tracecontext",
    "b3",
    "b3multi",
    "baggage",
    "always_on",
    "traceidratio",
    "parentbased_traceidratio",
    "parentbased_always_off",
    "span_only",
    "0",
    "1",
    "-1",
    "0.5",
    "1e400",
    "nan",
    "4096",
    "18446744073709551616",
    ",",
    "=",
    " ",
    "a=b",
    "service.name=",
    "%41",
    "é",
    "\u{1b}[2J",
    "\u{202e}",
    "/tmp/a.pem",
];

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    match script.below(8) {
        0 => file(script.rest()),
        1 => prices(script.rest()),
        how => said(script, how == 7),
    }
});

fn said(mut script: Script<'_>, mut is_shown: bool) {
    let mut config = TraceConfig::default();
    let mut variables: Vec<(&str, String)> = Vec::new();
    while let Some(step) = script.step() {
        match usize::from(step) {
            place @ 0..128 => {
                let place = place % VARIABLES.len();
                variables.push((VARIABLES[place], value(place, &mut script)));
            }
            step => {
                config = in_code(config, step % 16, &mut script);
                is_shown = true;
            }
        }
    }
    let environment = |asked: &str| {
        let known = variables.iter().find(|(name, _)| *name == asked);
        known.map(|(_, value)| value.clone())
    };
    let (effective, resolved) = decided(&config, &environment);
    match &resolved {
        Ok(lines) => {
            lines.iter().skip(1).for_each(|note| is_of_a_variable(note));
            lines.iter().for_each(|line| is_discreet(line));
        }
        Err(error) => {
            assert!(is_shown, "only code can be refused");
            assert!(!error.field.is_empty() && !error.value.is_empty());
            assert!(!error.expected.is_empty());
            is_discreet(&error.to_string());
        }
    }
    // To write all fields takes longer than to decide them. Where code says nothing, one in six is
    // written, and each in which there is a secret or a sign to be escaped.
    let is_telling = |text: &str| text.contains(SECRET) || text.contains(char::is_control);
    if is_shown || variables.iter().any(|(_, value)| is_telling(value)) {
        let shown = effective.to_string();
        is_discreet(&shown);
        assert!(shown.chars().all(|sign| sign == '\n' || !sign.is_control()), "{shown:?}");
        assert!(resolved.is_ok() || shown.contains("code, refused: expected "), "{shown}");
        is_discreet(&format!("{config:?}"));
    }
}

fn is_of_a_variable(note: &str) {
    let is_of = |name: &&str| note.strip_prefix(*name).is_some_and(|rest| rest.starts_with(" is "));
    assert!(VARIABLES.iter().any(is_of) && note.contains(", expected "), "{note}");
}

fn is_discreet(shown: &str) {
    assert!(!shown.contains(SECRET), "a secret is shown: {shown}");
}

/// Puts a value together that nearly is one; secrets stand only where the user means them to.
fn value(place: usize, script: &mut Script<'_>) -> String {
    let pieces = match place {
        0..HEADERS => OF_HEADERS,
        HEADERS..ENDPOINTS => OF_ENDPOINTS,
        _ => WORDS,
    };
    pieced(pieces, script)
}

fn pieced(pieces: &[&str], script: &mut Script<'_>) -> String {
    let count = script.below(8);
    (0..count)
        .map(|_| match usize::from(script.byte()) {
            place if place < 224 => pieces[place % pieces.len()],
            _ => script.text(),
        })
        .collect()
}

fn in_code(config: TraceConfig, which: usize, script: &mut Script<'_>) -> TraceConfig {
    match which {
        0 | 1 => config.headers([(pieced(WORDS, script), pieced(OF_HEADERS, script))]),
        2 => config.endpoint(pieced(OF_ENDPOINTS, script)),
        3 => {
            config.sample_rate(f64::from_bits(script.number().wrapping_mul(0x0101_0101_0101_0101)))
        }
        4 => config.timeout(Duration::from_nanos(script.number())),
        5 => config.ring_bytes(script.number() as usize),
        6 => config.attribute_value_bytes_max(script.number() as usize),
        7 => config.extra(pieced(WORDS, script), pieced(WORDS, script)),
        8 => config.namespace(pieced(WORDS, script)),
        9 => config.certificate(pieced(WORDS, script)),
        10 => config.client_key(pieced(WORDS, script)),
        11 => config.batch_spans_max(script.number() as usize),
        12 => config.batch_delay(Duration::from_millis(script.number())),
        13 => config.content_bytes_max(script.number() as usize),
        14 => config.also(TraceBackend::Memory),
        _ => config.threads_max(script.number() as usize),
    }
}

/// A file of a configuration: what it says is what it is, and shown no secret either.
fn file(bytes: &[u8]) {
    let Ok(config) = serde_json::from_slice::<TraceConfig>(bytes) else { return };
    match decided(&config, &|_| None).1 {
        Ok(lines) => assert!(lines.len() == 1, "an empty environment has no wrong values"),
        Err(error) => assert!(!error.expected.is_empty()),
    }
}

/// A file of prices: a table, or an error that says where.
fn prices(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match PriceTable::from_toml(&text) {
        Ok(table) => _ = table.price_of("gpt-4o"),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
