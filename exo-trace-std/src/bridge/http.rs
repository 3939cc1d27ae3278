//! Trace context and baggage in the headers of HTTP.
