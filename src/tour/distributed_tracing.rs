//! Distributed Tracing with A2A: one trace for agents that call each other.
//!
//! The page's block: the sender's headers go along with its request, and the spans that the receiver
//! makes are linked to the sender's trace, with the sender's span as their parent.
//!
//! ```
//! use exo_trace::propagation::{BaggagePropagator, DictCarrier};
//! use exo_trace::{TraceBackend, TraceConfig, span_sync};
//! use std::time::Duration;
//!
//! let trace = exo_trace::init(TraceConfig::new("planner").backend(TraceBackend::Memory))?;
//! let call = span_sync!("call the researcher");
//!
//! // Sender: inject context into request
//! let mut carrier = DictCarrier::new();
//! let propagator = BaggagePropagator::new();
//! propagator.inject(&mut carrier);
//! // Send carrier.items as HTTP headers
//! let headers = carrier.items();
//! # let headers: DictCarrier = headers.collect();
//!
//! // Receiver: extract context from request
//! std::thread::spawn(move || {
//!     let _sender = propagator.extract(&headers).attach();
//!     // Spans created here are linked to the sender's trace
//!     drop(span_sync!("answer"));
//! })
//! .join()
//! .expect("the receiver does not panic");
//!
//! drop(call);
//! let _ = trace.flush(Duration::from_secs(5));
//! let memory = trace.memory().expect("the memory backend was asked for");
//! assert_eq!(memory.tree(), "call the researcher\n  answer\n");
//! # Ok::<(), exo_trace::InitError>(())
//! ```
//!
//! In an async receiver the context goes around the handler: `propagator.extract(&headers)
//! .scope(handler(request)).await`. `cargo run --release --example a2a` shows it with three processes.
