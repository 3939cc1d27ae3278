//! One tree of the spans of both: ours by their names, those of the SDK in brackets.

use exo_trace::Trace;
use exo_trace::bridge::opentelemetry::join;
use exo_trace::testing::{capture, capture_async};
use exo_trace_std::Counter;
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::{InMemorySpanExporter, Sampler, SdkTracer, SdkTracerProvider};

/// The SDK, with what it exports kept.
pub(crate) struct Sdk {
    exporter: InMemorySpanExporter,
    provider: SdkTracerProvider,
}

struct Node {
    name: String,
    ids: (u128, u64),
    parent: u64,
}

impl Sdk {
    pub(crate) fn new() -> Self {
        join();
        let exporter = InMemorySpanExporter::default();
        let provider = SdkTracerProvider::builder()
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::AlwaysOn)))
            .with_simple_exporter(exporter.clone())
            .build();
        Self { exporter, provider }
    }

    pub(crate) fn tracer(&self) -> SdkTracer {
        self.provider.tracer("theirs")
    }

    pub(crate) fn shut_down(&self) {
        self.provider.shutdown().unwrap();
    }

    pub(crate) fn spans(&self) -> Vec<opentelemetry_sdk::trace::SpanData> {
        self.exporter.get_finished_spans().unwrap()
    }

    /// Returns the tree: one trace, siblings by name.
    pub(crate) fn tree_with(&self, ours: &Trace) -> String {
        let ours = ours.spans().iter().map(|span| Node {
            name: span.name().into_owned(),
            ids: (
                u128::from_be_bytes(span.trace_id().to_bytes()),
                u64::from_be_bytes(span.span_id().to_bytes()),
            ),
            parent: span.parent_span_id().map_or(0, |id| u64::from_be_bytes(id.to_bytes())),
        });
        let theirs = self.spans().into_iter().map(|span| Node {
            name: format!("[{}]", span.name),
            ids: (
                u128::from_be_bytes(span.span_context.trace_id().to_bytes()),
                u64::from_be_bytes(span.span_context.span_id().to_bytes()),
            ),
            parent: u64::from_be_bytes(span.parent_span_id.to_bytes()),
        });
        let mut nodes: Vec<_> = ours.chain(theirs).collect();
        nodes.sort_by(|one, other| one.name.cmp(&other.name));
        assert!(nodes.windows(2).all(|pair| pair[0].ids.0 == pair[1].ids.0), "one trace");
        assert_eq!(Counter::OutOfOrder.value(), 0, "nobody left out of order");
        let mut text = String::new();
        let is_root = |node: &&Node| !nodes.iter().any(|other| other.ids.1 == node.parent);
        nodes.iter().filter(is_root).for_each(|root| draw(&nodes, root, 0, &mut text));
        text
    }
}

fn draw(nodes: &[Node], node: &Node, depth: usize, text: &mut String) {
    text.push_str(&format!("{}{}\n", "  ".repeat(depth), node.name));
    for child in nodes.iter().filter(|child| child.parent == node.ids.1) {
        draw(nodes, child, depth + 1, text);
    }
}

/// Runs `f` and returns the tree of all that began in it.
pub(crate) fn tree_of(f: impl FnOnce(SdkTracer)) -> String {
    let sdk = Sdk::new();
    let ours = capture(|| f(sdk.tracer()));
    sdk.tree_with(&ours)
}

/// Runs a future and returns the tree of all that began in it.
pub(crate) async fn tree_of_async<F: Future<Output = ()>>(
    f: impl FnOnce(SdkTracer) -> F,
) -> String {
    let sdk = Sdk::new();
    let ours = capture_async(f(sdk.tracer())).await;
    sdk.tree_with(&ours)
}
