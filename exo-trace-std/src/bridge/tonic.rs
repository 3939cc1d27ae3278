//! Trace context and baggage in the metadata of gRPC.
//!
//! Metadata is a [`Carrier`], so an interceptor can write or read it. An interceptor sees no answer,
//! though: for spans of calls there are the layers of [`bridge::tower`](crate::bridge), which tonic's
//! servers and channels take as they are.
//!
//! ```
//! use exo_trace_std::{Context, Span};
//! use exo_trace_std::propagation::Propagators;
//! use tonic::{Request, Status};
//!
//! // On the side that calls: `Service::with_interceptor(channel, send_context)`.
//! fn send_context(mut request: Request<()>) -> Result<Request<()>, Status> {
//!     Propagators::chosen().inject(request.metadata_mut());
//!     Ok(request)
//! }
//!
//! let run = Span::start("run", ());
//! let request = run.in_scope(|| send_context(Request::new(())))?;
//! let caller = Propagators::chosen().extract_over(Context::empty(), request.metadata());
//! assert_eq!(caller.span_context().map(|caller| caller.span_id), run.span_context().map(|run| run.span_id));
//! # Ok::<(), Status>(())
//! ```

use crate::propagation::Carrier;
use http::HeaderMap;
use tonic::metadata::MetadataMap;

/// As the headers that it is sent as; names of binary metadata, which end in `-bin`, are not for texts.
impl Carrier for MetadataMap {
    fn get(&self, key: &str) -> Option<&str> {
        Carrier::get(headers(self), key)
    }

    fn set(&mut self, key: &str, value: String) {
        let headers: &mut HeaderMap = self.as_mut();
        Carrier::set(headers, key, value);
    }

    fn each_value<'c>(&'c self, key: &str, see: &mut dyn FnMut(&'c str)) {
        headers(self).each_value(key, see);
    }
}

fn headers(metadata: &MetadataMap) -> &HeaderMap {
    metadata.as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_read_and_written_in_any_case() {
        let mut metadata = MetadataMap::new();
        Carrier::set(&mut metadata, "X-B3-TraceId", "1".to_owned());
        metadata.append("baggage", "a=1".parse().unwrap());
        metadata.append("baggage", "b=2".parse().unwrap());
        let mut seen = Vec::new();
        metadata.each_value("Baggage", &mut |value| seen.push(value));
        assert_eq!(
            (seen, Carrier::get(&metadata, "x-b3-traceid")),
            (vec!["a=1", "b=2"], Some("1"))
        );
    }
}
