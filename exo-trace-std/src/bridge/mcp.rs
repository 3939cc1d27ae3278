//! Trace context and baggage in requests of the Model Context Protocol.
