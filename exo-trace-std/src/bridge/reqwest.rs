//! Requests of `reqwest` as spans of a client.
