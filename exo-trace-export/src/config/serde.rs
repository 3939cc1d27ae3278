//! Configuration files: the words of the documentation page, read and written by serde.
//!
//! A configuration can be read, not written: its headers are secrets. Fields that are not known
//! are ignored, as in the Python package.

use super::content::SaidOfContent;
use super::prices::SaidOfPrices;
use super::sending::SaidOfSending;
use super::{
    CodeAttributes, Compression, Protocol, ResourceValue, TlsFiles, TraceBackend, TraceConfig,
};
use crate::dialect::Dialect;
use ::serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

impl Serialize for TraceBackend {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for TraceBackend {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl Serialize for Protocol {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Protocol {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl Serialize for Compression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Compression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl Serialize for CodeAttributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for CodeAttributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl Serialize for Dialect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Dialect {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// The page's fields, and how spans are sent; a field that is null counts as unsaid.
#[derive(Deserialize)]
struct Fields {
    service_name: Option<String>,
    backend: Option<TraceBackend>,
    endpoint: Option<String>,
    sample_rate: Option<f64>,
    enabled: Option<bool>,
    headers: Option<BTreeMap<String, String>>,
    namespace: Option<String>,
    dialects: Option<Vec<Dialect>>,
    code_attributes: Option<CodeAttributes>,
    extra: Option<BTreeMap<String, Extra>>,
    protocol: Option<Protocol>,
    compression: Option<Compression>,
    timeout_ms: Option<u64>,
    certificate: Option<PathBuf>,
    client_certificate: Option<PathBuf>,
    client_key: Option<PathBuf>,
    batch_spans_max: Option<usize>,
    batch_delay_ms: Option<u64>,
    queue_spans_max: Option<usize>,
    give_up_after_ms: Option<u64>,
    spool: Option<PathBuf>,
    spool_bytes_max: Option<u64>,
    metrics: Option<bool>,
    metrics_every_ms: Option<u64>,
    prices_file: Option<PathBuf>,
    capture_content: Option<bool>,
}

/// A value of `extra`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Extra {
    Bool(bool),
    I64(i64),
    F64(f64),
    Text(String),
}

impl From<Extra> for ResourceValue {
    fn from(extra: Extra) -> Self {
        match extra {
            Extra::Bool(value) => Self::Bool(value),
            Extra::I64(value) => Self::I64(value),
            Extra::F64(value) => Self::F64(value),
            Extra::Text(value) => Self::Text(value),
        }
    }
}

impl<'de> Deserialize<'de> for TraceConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Fields::deserialize(deserializer)?;
        let extra = fields.extra.unwrap_or_default().into_iter();
        Ok(Self {
            service_name: fields.service_name,
            backend: fields.backend,
            endpoint: fields.endpoint,
            sample_rate: fields.sample_rate,
            enabled: fields.enabled,
            headers: fields.headers.unwrap_or_default().into_iter().collect(),
            namespace: fields.namespace,
            dialects: fields.dialects.map(Vec::into_iter).map(Iterator::collect),
            code_attributes: fields.code_attributes,
            extra: extra.map(|(key, value)| (key, value.into())).collect(),
            protocol: fields.protocol,
            compression: fields.compression,
            timeout: fields.timeout_ms.map(Duration::from_millis),
            tls: TlsFiles {
                certificate: fields.certificate,
                client_certificate: fields.client_certificate,
                client_key: fields.client_key,
            },
            sending: SaidOfSending {
                batch_spans_max: fields.batch_spans_max,
                batch_delay: fields.batch_delay_ms.map(Duration::from_millis),
                queue_spans_max: fields.queue_spans_max,
                give_up_after: fields.give_up_after_ms.map(Duration::from_millis),
                spool: fields.spool,
                spool_bytes_max: fields.spool_bytes_max,
                metrics: fields.metrics,
                metrics_every: fields.metrics_every_ms.map(Duration::from_millis),
            },
            prices: SaidOfPrices::of_file(fields.prices_file),
            content: SaidOfContent::of_switch(fields.capture_content),
            ..Self::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_with_the_page_s_fields_is_the_same_configuration() {
        let file = r#"{
            "service_name": "my-agent-app", "backend": "otlp", "endpoint": "http://localhost:4317",
            "sample_rate": 0.5, "enabled": true, "headers": {"authorization": "secret"},
            "namespace": "exo", "code_attributes": "all", "dialects": ["openinference", "PAGE"], "extra": {"zone": "a", "workers": 4, "share": 0.5, "spot": false},
            "protocol": "grpc", "of_a_later_version": [1, 2]
        }"#;
        let config = TraceConfig::new("my-agent-app")
            .backend(TraceBackend::Otlp)
            .endpoint("http://localhost:4317")
            .sample_rate(0.5)
            .enabled(true)
            .headers([("authorization", "secret")])
            .namespace("exo")
            .dialects([Dialect::Page, Dialect::OpenInference])
            .code_attributes(CodeAttributes::All)
            .extra("share", 0.5)
            .extra("spot", false)
            .extra("workers", 4)
            .extra("zone", "a")
            .protocol(Protocol::Grpc);
        assert_eq!(serde_json::from_str::<TraceConfig>(file).unwrap(), config);
    }

    #[test]
    fn a_file_says_how_spans_are_sent_in_milliseconds() {
        let file = r#"{
            "compression": "GZIP", "timeout_ms": 2500, "certificate": "ca.pem",
            "client_certificate": "me.pem", "client_key": "me.key", "batch_spans_max": 512,
            "batch_delay_ms": 0, "queue_spans_max": 2048, "give_up_after_ms": 60000,
            "spool": "spool", "spool_bytes_max": 1048576, "metrics": true, "metrics_every_ms": 500,
            "prices_file": "prices.toml", "capture_content": true
        }"#;
        let config = TraceConfig::default()
            .compression(Compression::Gzip)
            .timeout(Duration::from_millis(2_500))
            .certificate("ca.pem")
            .client_certificate("me.pem")
            .client_key("me.key")
            .batch_spans_max(512)
            .batch_delay(Duration::ZERO)
            .queue_spans_max(2_048)
            .give_up_after(Duration::from_secs(60))
            .spool("spool")
            .spool_bytes_max(1 << 20)
            .metrics(true)
            .metrics_every(Duration::from_millis(500))
            .prices_file("prices.toml")
            .capture_content(true);
        assert_eq!(serde_json::from_str::<TraceConfig>(file).unwrap(), config);
        assert_eq!(serde_json::to_string(&Compression::Zstd).unwrap(), r#""zstd""#);
    }

    #[test]
    fn what_a_file_does_not_say_is_unsaid() {
        let config: TraceConfig = serde_json::from_str(r#"{"endpoint": null}"#).unwrap();
        assert_eq!(config, TraceConfig::default());
    }

    #[test]
    fn backends_are_the_page_s_strings() {
        assert_eq!(serde_json::to_string(&TraceBackend::Memory).unwrap(), r#""memory""#);
        assert_eq!(
            serde_json::from_str::<TraceBackend>(r#""Console""#).unwrap(),
            TraceBackend::Console
        );
        let error = serde_json::from_str::<TraceConfig>(r#"{"backend": "jaeger"}"#).unwrap_err();
        let message = r#"backend is "jaeger", expected otlp, memory or console"#;
        assert!(error.to_string().starts_with(message), "{error}");
    }
}
