//! What a collector's answer means, without a collector: what fuzz targets drive.
//!
//! Not for callers: it changes without notice.

pub use crate::exporter::otlp::transport::heard::{Heard, Meaning, over_grpc, over_http};
