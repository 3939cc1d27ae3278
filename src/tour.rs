//! The page in Rust, section by section: what the Python package's documentation shows, and how it
//! is written here.
//!
//! Whoever knows the page finds each name at the page's own path: `exo.trace.X` is `exo_trace::X`,
//! `exo.trace.decorator.X` is `exo_trace::decorator::X`. Every block runs as a test, and asserts
//! what the text above it says.
//!
//! | section of the page | here |
//! |---|---|
//! | Basic Usage | [`basic_usage`] |
//! | The `@traced` Decorator | [`traced_decorator`] |
//! | Decorator Parameters | [`decorator_parameters`] |
//! | Span Context Managers | [`span_context_managers`] |
//! | Configuration, Backends | [`configuration`] |
//! | Semantic Conventions | [`semantic_conventions`] |
//! | Instrumentation Helpers, Building Attributes | [`instrumentation_helpers`] |
//! | Prompt Logger | [`prompt_logger`] |
//! | Propagation: W3C Baggage, Baggage Context Variables | [`propagation`] |
//! | Span Consumer Plugin System | [`span_consumers`] |
//! | Advanced Patterns: End-to-End Tracing | [`end_to_end`] |
//! | Advanced Patterns: Custom Metric Collection | [`custom_metrics`] |
//! | Advanced Patterns: Distributed Tracing with A2A | [`distributed_tracing`] |

pub mod basic_usage;
pub mod configuration;
pub mod custom_metrics;
pub mod decorator_parameters;
pub mod distributed_tracing;
pub mod end_to_end;
pub mod instrumentation_helpers;
pub mod prompt_logger;
pub mod propagation;
pub mod semantic_conventions;
pub mod span_consumers;
pub mod span_context_managers;
pub mod traced_decorator;
