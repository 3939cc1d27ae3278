//! Trace context and baggage in the metadata of gRPC.
