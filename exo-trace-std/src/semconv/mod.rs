//! The names of attributes that conventions fix, and the values they know, as constants.
//!
//! One rule makes them: upper case, dots to underscores. So `gen_ai.request.model` is
//! [`GEN_AI_REQUEST_MODEL`], and `exo.agent.step` is [`EXO_AGENT_STEP`]. Each is a [`Key`](crate::Key):
//! it stands in brackets where attributes are written, and wherever a key is asked for.
//!
//! ```
//! use exo_trace_std::semconv::{self, operation};
//! use exo_trace_std::{Span, span_sync};
//!
//! assert_eq!(semconv::EXO_AGENT_STEP.as_str(), "exo.agent.step");
//!
//! let _span = span_sync!("chat", [semconv::GEN_AI_OPERATION_NAME] = operation::CHAT);
//! Span::current().set_attribute(semconv::GEN_AI_USAGE_INPUT_TOKENS, 500);
//! ```
//!
//! # Whose a name is
//!
//! Beside each name stand its type and its stability. The type `any` is a JSON text on a span. A
//! name of type `template[…]` is the beginning of a name: a dot and the rest follow it. The
//! stability is
//!
//! - `stable`, `release_candidate`, `development`: what OpenTelemetry's conventions say of it;
//! - `proposal`: nobody has agreed to it yet;
//! - `non-standard`: it looks like a convention's, and never was;
//! - `page`, `package`: from the Python package's page, or only from its code;
//! - `exo-trace`: what this library says and nobody else has a name for;
//! - `Langfuse`, `OpenInference`, `Traceloop`: theirs.
//!
//! A deprecated name says what replaces it, and is no `#[deprecated]` item: three of the page's
//! names are among them, nobody shall be warned of following the page, and there are back ends that
//! know only the older name.

mod agent;
mod back_ends;
mod call;
mod content;
mod convention;
mod exo;
mod http;
mod knowledge;
#[cfg(test)]
mod laws;
mod mcp;
pub mod openinference;
mod package;
mod program;
mod providers;
mod response;
mod tool;
mod usage;
mod values;

pub use agent::*;
pub use back_ends::*;
pub use call::*;
pub use content::*;
pub use exo::*;
pub use http::*;
pub use knowledge::*;
pub use mcp::*;
pub use package::*;
pub use program::*;
pub use providers::*;
pub use response::*;
pub use tool::*;
pub use usage::*;
pub use values::*;
