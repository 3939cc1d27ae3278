//! Propagation: W3C Baggage, and with it the trace, across service boundaries.
//!
//! The page's two blocks. `inject` writes `baggage`, `traceparent` and `tracestate` where there is something
//! to say; `extract` returns a [`Context`](crate::Context) and changes nothing until that is attached,
//! because a change of its own would stay on a pooled thread for its next request.
//!
//! ```
//! use exo_trace::propagation::{BaggagePropagator, DictCarrier, get_baggage, set_baggage};
//! # let _caller = exo_trace::Context::empty().attach();
//! # set_baggage("user_id", "u-123");
//!
//! let propagator = BaggagePropagator::new();
//!
//! // Inject baggage into outgoing request headers
//! let mut carrier = DictCarrier::new();
//! propagator.inject(&mut carrier);
//! assert_eq!(carrier.items().collect::<Vec<_>>(), [("baggage", "user_id=u-123")]);
//!
//! // Extract baggage from incoming request headers: for the rest of this scope
//! let incoming_headers = DictCarrier::from_iter([("Baggage", "user_id=u-124,session_id=s-456")]);
//! let _remote = propagator.extract(&incoming_headers).attach();
//! assert_eq!(get_baggage("session_id").as_deref(), Some("s-456"));
//! ```
//!
//! # Baggage Context Variables
//!
//! Baggage belongs to the piece of work that is under way: a `#[traced]` future, an attached context, a
//! thread. What a task sets is there again after each of its awaits, goes along to what it begins, and
//! never reaches its caller.
//!
//! ```
//! use exo_trace::propagation::{clear_baggage, get_baggage, set_baggage};
//! use exo_trace::traced;
//!
//! // Set baggage values
//! set_baggage("user_id", "u-123");
//! set_baggage("session_id", "s-456");
//!
//! // Read baggage
//! let user_id = get_baggage("user_id");
//! assert_eq!(user_id.as_deref(), Some("u-123"));
//!
//! #[traced]
//! async fn impersonate() -> Option<String> {
//!     set_baggage("user_id", "u-999");
//!     get_baggage("user_id")
//! }
//! assert_eq!(futures::executor::block_on(impersonate()).as_deref(), Some("u-999"));
//! assert_eq!(get_baggage("user_id"), user_id);
//!
//! // Clear all baggage
//! clear_baggage();
//! assert_eq!(get_baggage("user_id"), None);
//! ```
//!
//! Where the trace goes on in a library, a module of [`bridge`](crate::bridge) carries it: layers of `tower`
//! for servers and clients, `reqwest`, `tonic`, MCP, A2A, spans of `tracing` and of OpenTelemetry's API,
//! tasks of `tokio`.
