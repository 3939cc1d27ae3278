//! Requests that are too long for a collector, in two: from their bytes, for on disk there is nothing else.

pub(crate) mod json;
mod protobuf;

use super::shelter::Part;
use super::spool::Form;

/// Returns the two halves of a request; `None` when it holds no more than one span, or is none.
pub(super) fn halves(request: &[u8], form: Form) -> Option<[Part; 2]> {
    match form {
        Form::Protobuf => protobuf::halves(request),
        Form::Json => {
            let [first, second] = json::Request::read(request).ok()?.halves()?;
            Some([json_part(&first)?, json_part(&second)?])
        }
    }
}

fn json_part(half: &json::Request<'_>) -> Option<Part> {
    let request = serde_json::to_vec(half).ok()?.into();
    Some(Part { request, spans: half.spans() as u64 })
}
