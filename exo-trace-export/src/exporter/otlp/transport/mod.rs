//! The way to a collector: bytes go out, and one of five words comes back.
//!
//! Both ways share one TLS configuration, one set of headers, one reading of what went wrong and
//! one rule for what may be shown of it. Both are hyper's client over connections of ours, which count
//! what comes back; gRPC is tonic's client over that, not over tonic's own channel. Nothing a program
//! switches on in tonic or reqwest for itself changes what happens here.
//!
//! What only this program's configuration can mend (a wrong port, plaintext against TLS) is refused;
//! what the far side can mend (it is away, it is slow, its certificate ran out) may be tried again.

mod compress;
mod discreet;
mod failure;
mod fields;
mod gateway;
mod gathered;
mod gathering;
mod grpc;
mod headers;
pub(crate) mod heard;
mod http;
mod lent;
mod message;
mod place;
mod proxies;
mod reply;
mod response;
mod route;
mod send;
mod status;
#[cfg(test)]
mod stories;
mod tls;
mod zstd;

pub(crate) use send::Transport;
