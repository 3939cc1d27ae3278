//! The OpenTelemetry SDK as what it is good at here: it adds up, in buckets and by dimensions.
//!
//! Its periodic reader reads only when it is told, and its exporter is a shelf: it keeps what was read
//! for our own reporter, which has the deadlines, the connection and the headers. So nothing of the
//! SDK ever waits for a collector, neither in a flush nor when it is dropped.

use opentelemetry::InstrumentationScope;
use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::ScopeMetrics;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider, Temporality};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The SDK, and the shelf that it fills.
pub(super) struct Meters {
    provider: SdkMeterProvider,
    shelf: Shelf,
}

impl Meters {
    /// Starts the SDK, and with it a thread that sleeps until it is told to read.
    pub(super) fn start() -> Self {
        let shelf = Shelf::default();
        let reader = PeriodicReader::builder(shelf.clone()).with_interval(Duration::MAX).build();
        let provider = SdkMeterProvider::builder()
            .with_resource(Resource::builder_empty().build())
            .with_reader(reader)
            .build();
        Self { provider, shelf }
    }

    pub(super) fn meter(&self, schema_url: Option<&'static str>) -> Meter {
        let scope = InstrumentationScope::builder(env!("CARGO_PKG_NAME"))
            .with_version(env!("CARGO_PKG_VERSION"));
        let scope = schema_url.into_iter().fold(scope, |scope, url| scope.with_schema_url(url));
        self.provider.meter_with_scope(scope.build())
    }

    /// Returns everything measured since the start; nothing before the first measure.
    pub(super) fn read(&self) -> Vec<ScopeMetrics> {
        // It fails when the SDK got no thread; the shelf is empty then.
        let _ = self.provider.force_flush();
        std::mem::take(&mut *self.shelf.lock())
    }

    /// Ends the SDK's thread, which has nobody to wait for.
    pub(super) fn end(&self) {
        // It has ended before, or there was no thread.
        let _ = self.provider.shutdown();
    }
}

/// Keeps what was read last.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Vec<ScopeMetrics>>>);

impl Shelf {
    fn lock(&self) -> MutexGuard<'_, Vec<ScopeMetrics>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PushMetricExporter for Shelf {
    fn export(&self, metrics: &ResourceMetrics) -> impl Future<Output = OTelSdkResult> + Send {
        let request = ExportMetricsServiceRequest::from(metrics);
        let scopes = request.resource_metrics.into_iter().flat_map(|one| one.scope_metrics);
        *self.lock() = scopes.filter(|scope| !scope.metrics.is_empty()).collect();
        std::future::ready(Ok(()))
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}
