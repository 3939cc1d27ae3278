//! What a program says about its tracing, and where every unsaid word comes from.
//!
//! One rule for each field: code, else the `OTEL_*` environment, else a default. A bad value in code
//! is an error, because its author is there to mend it; a bad value in the environment is a note and
//! counts as unset, because whoever set it may not be able to mend the program.
//!
//! | variable | field |
//! |---|---|
//! | `OTEL_SERVICE_NAME`, else `service.name` in `OTEL_RESOURCE_ATTRIBUTES` | `service_name` |
//! | `OTEL_RESOURCE_ATTRIBUTES` | resource attributes, joined with `extra` |
//! | `EXO_TRACE_DIALECTS` (`page`, `gen_ai`, `gen_ai_141`, `openinference`; several with commas) | `dialects` |
//! | `EXO_TRACE_CODE_ATTRIBUTES` (`functions`, `all`, `none`) | `code_attributes` |
//! | `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` (`NO_CONTENT`, `SPAN_ONLY`, `SPAN_AND_EVENT`, `true`, `false`) | `capture_content` |
//! | `OTEL_TRACES_EXPORTER` (`otlp`, `console`, `memory`, `none`; several with commas) | `backend` |
//! | `OTEL_TRACES_SAMPLER`, `OTEL_TRACES_SAMPLER_ARG` | `sample_rate` |
//! | `OTEL_SDK_DISABLED` | `enabled` |
//! | `OTEL_PROPAGATORS` (`tracecontext`, `baggage`, `b3`, `b3multi`, `none`; several with commas) | `propagators` |
//! | `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, `OTEL_EXPORTER_OTLP_ENDPOINT` | `endpoint` |
//! | `OTEL_EXPORTER_OTLP_TRACES_PROTOCOL`, `OTEL_EXPORTER_OTLP_PROTOCOL` | `protocol` |
//! | `OTEL_EXPORTER_OTLP_TRACES_HEADERS`, `OTEL_EXPORTER_OTLP_HEADERS` | headers, joined with `headers` |
//! | `OTEL_EXPORTER_OTLP_TRACES_INSECURE`, `OTEL_EXPORTER_OTLP_INSECURE` (`true`, `false`) | the scheme, where gRPC's endpoint in the environment is `host:port` alone |
//! | `OTEL_EXPORTER_OTLP_TRACES_COMPRESSION`, `OTEL_EXPORTER_OTLP_COMPRESSION` (`gzip`, `zstd`, `none`) | `compression` |
//! | `OTEL_EXPORTER_OTLP_TRACES_TIMEOUT`, `OTEL_EXPORTER_OTLP_TIMEOUT` (ms, 0 for the longest) | `timeout` |
//! | `OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE`, `OTEL_EXPORTER_OTLP_CERTIFICATE` | `certificate` |
//! | `OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE`, `OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE` | `client_certificate` |
//! | `OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY`, `OTEL_EXPORTER_OTLP_CLIENT_KEY` | `client_key` |
//! | `OTEL_BSP_MAX_EXPORT_BATCH_SIZE` | `batch_spans_max` |
//! | `OTEL_BSP_SCHEDULE_DELAY` (ms) | `batch_delay` |
//! | `OTEL_BSP_MAX_QUEUE_SIZE` | `queue_spans_max` |
//! | `OTEL_BSP_EXPORT_TIMEOUT` (ms, 0 for the longest) | `give_up_after` |
//! | `OTEL_METRICS_EXPORTER` (`otlp`, `none`; unset is agents' work, beside the spans) | `metrics` |
//! | `OTEL_EXPORTER_OTLP_METRICS_…` (as `…_TRACES_…`) | where metrics go, if not where spans go |
//! | `OTEL_METRIC_EXPORT_INTERVAL` (ms) | `metrics_every` |
//! | `OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT`, `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT` | `attribute_value_bytes_max` |
//! | `OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT`, `OTEL_ATTRIBUTE_COUNT_LIMIT` | `attribute_count_max` |
//! | `OTEL_SPAN_EVENT_COUNT_LIMIT` | `event_count_max` |
//! | `OTEL_SPAN_LINK_COUNT_LIMIT` | `link_count_max` |

mod backend;
mod bounds;
mod chain;
mod choices;
mod code_attributes;
mod collector;
mod compression;
mod connection;
mod content;
mod destinations;
mod detected;
mod dialects;
mod effective;
mod endpoint;
mod environment;
mod error;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod laws_of_metrics;
#[cfg(test)]
mod laws_of_sending;
#[cfg(not(target_family = "wasm"))]
mod machine;
#[cfg(target_family = "wasm")]
#[path = "no_machine.rs"]
mod machine;
mod metrics_place;
mod pem_files;
mod prices;
mod propagation;
mod protocol;
mod ranges;
mod reported;
mod resolved;
mod resource;
mod resource_value;
mod sampling;
mod sending;
mod sending_words;
#[cfg(feature = "serde")]
mod serde;
mod shared_exporter;
mod spool_place;
mod surroundings;
mod threads;
mod trace_config;

pub use backend::TraceBackend;
pub use code_attributes::CodeAttributes;
pub(crate) use collector::{Collector, TlsFiles};
pub use compression::Compression;
pub use effective::Effective;
pub(crate) use environment::process_environment;
pub use error::ConfigError;
pub(crate) use metrics_place::MetricsPlace;
#[cfg(all(test, feature = "otlp"))]
pub(crate) use pem_files::PemSource;
pub(crate) use pem_files::PemSources;
pub(crate) use propagation::Propagation;
pub use protocol::Protocol;
pub(crate) use reported::Reported;
pub(crate) use resolved::{Limits, Resolved};
pub use resource_value::ResourceValue;
pub(crate) use sending::Sending;
pub(crate) use shared_exporter::SharedExporter;
pub(crate) use spool_place::SpoolPlace;
pub use trace_config::TraceConfig;
