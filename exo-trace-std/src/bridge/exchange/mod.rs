//! What servers and clients of HTTP and gRPC have in common: a span over a request and the body of its answer.

mod ask;
mod body;
mod grpc;
mod method;
mod site;
mod url;
mod watch;
mod watched;

pub use body::ResponseBody;

pub(super) use {
    ask::ask,
    grpc::is_grpc,
    method::Method,
    site::{Site, keys},
    url::{Host, redacted_query},
    watch::{Protocol, Side, Watch, name_of},
    watched::{Watched, answered},
};
