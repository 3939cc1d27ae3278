//! Layers that make a span of each request, for servers and clients.
