//! What every macro of this crate writes: the call site, the attributes, and the spans between them.
//!
//! Written tokens carry `Span::mixed_site()`: their local variables can not be confused with the
//! caller's, whatever both are named. Only statics are visible to the caller's expressions, and
//! their names begin with `__EXO_TRACE_`.

mod array;
mod call_site;
mod put;
mod span_async;
mod span_sync;
mod wrapped;

pub(crate) use array::attributes_in;
pub(crate) use call_site::{CallSite, span_ref};
pub(crate) use put::{argument, interned, put_all};
pub(crate) use span_async::span_async_in;
pub(crate) use span_sync::span_sync_in;
